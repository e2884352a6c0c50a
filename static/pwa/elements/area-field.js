// A text of several lines in a form.
import { html, nothing } from '../vendor/lit.js'
import { describedBy, field } from './form.js'

/**
 * @param {{id: string, label: string, hint?: string, error?: string, value?: string, maxlength?: number,
 *   rows?: number}} area
 */
export const areaField = ({ id, label, hint, error, value = '', maxlength = 2000, rows = 3 }) => field({
  id, label, hint, error, control: html`<textarea class="input" id=${id} name=${id} rows=${rows} maxlength=${maxlength}
    .value=${value} aria-describedby=${describedBy(id, hint, error)} aria-invalid=${error ? 'true'
      : nothing}></textarea>`,
})
