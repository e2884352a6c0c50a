// <check-list>: some of many, to be ticked; a field of a form under its name, the values joined by spaces.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { find } from '../lib/find.js'

export class CheckList extends LitElement {
  static properties = { name: {}, value: {}, legend: {}, hint: {}, error: {}, options: { attribute: false } }

  constructor() {
    super()
    /** Of the field. @type {string} */
    this.name = undefined
    /** Those ticked, joined by spaces. @type {string} */
    this.value = ''
    /** @type {string} */
    this.legend = undefined
    /** @type {string | undefined} */
    this.hint = undefined
    /** @type {string | undefined} */
    this.error = undefined
    /** `why`: why one cannot be ticked. @type {{value: string, label: string, why?: string}[]} */
    this.options = undefined
  }

  createRenderRoot() { return this }

  render() {
    const chosen = this.value.split(' ')
    return html`<fieldset class="field" ?data-wrong=${Boolean(this.error)} aria-describedby=${this.error
        ? `${this.name}-error` : nothing}><legend>${this.legend}</legend>
      ${this.hint ? html`<span class="hint">${this.hint}</span>` : nothing}
      ${this.error ? html`<span class="error" id="${this.name}-error">${this.error}</span>` : nothing}
      <input type="hidden" name=${this.name} .value=${this.value}>
      <div class="choice">${this.options.map(({ value, label, why }) => html`<label><input
        type="checkbox" value=${value}
        .checked=${chosen.includes(value)} ?disabled=${Boolean(why)} @change=${this.#ticked}>
        <span><b>${label}</b>${why ? html`<small>${why}</small>` : nothing}</span></label>`)}</div></fieldset>`
  }

  focus() { /** @type {any} */ (this.querySelector('input[type=checkbox]:not(:disabled)'))?.focus() }

  #ticked = event => {
    const { value, checked } = event.target
    const others = this.value.split(' ').filter(one => one && one !== value)
    this.value = (checked ? [...others, value] : others).join(' ')
    find(this, 'input[type=hidden]').value = this.value
  }
}
customElements.define('check-list', CheckList)
