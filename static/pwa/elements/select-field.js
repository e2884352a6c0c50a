// One of many, where radio buttons would fill the screen.
import { html } from '../vendor/lit.js'
import { describedBy, field } from './form.js'

/**
 * @param {{id: string, label: string, hint?: string, error?: string, value?: string, empty?: string,
 *   options: {value: string, label: string}[]}} select `empty`: the words for nothing chosen yet
 */
export const selectField = ({ id, label, hint, error, value = '', empty, options }) => field({
  id, label, hint, error, control: html`<select class="input" id=${id} name=${id}
    aria-describedby=${describedBy(id, hint, error)} aria-invalid=${error ? 'true' : 'false'}>
    ${empty === undefined ? '' : html`<option value="" .selected=${value === ''}>${empty}</option>`}
    ${options.map(option =>
      html`<option value=${option.value} .selected=${option.value === value}>${option.label}</option>`)}</select>`,
})
