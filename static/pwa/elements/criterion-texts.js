// <criterion-texts>: some sentences, each about one statement; a field of a form, under its name, as JSON.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { find } from '../lib/find.js'
import { t } from '../lib/words.js'

/** @typedef {{criterion: string, text: string}} Row `criterion` is empty where it is about the whole */

const MOST = 120

/** What was written, without rows that say nothing. @param {string} value @returns {Row[]} */
export const rowsOf = value => /** @type {Row[]} */ (JSON.parse(value || '[]')).filter(({ text }) => text.trim())
  .map(({ criterion, text }) => ({ criterion, text: text.trim() }))

export class CriterionTexts extends LitElement {
  static properties = { edition: { attribute: false }, name: {}, value: {}, legend: {}, hint: {}, label: {}, whole: {},
    error: {}, rows: { state: true } }

  constructor() {
    super()
    /** The checklist. @type {any} */
    this.edition = undefined
    /** Of the field. @type {string} */
    this.name = undefined
    /** What stands there at the start, as JSON. @type {string} */
    this.value = ''
    /** @type {string} */
    this.legend = undefined
    /** @type {string | undefined} */
    this.hint = undefined
    /** What is asked of each statement. @type {string} */
    this.label = undefined
    /** The words for what is about no one statement; without them each row needs one. @type {string | undefined} */
    this.whole = undefined
    /** @type {string | undefined} */
    this.error = undefined
    /** @type {Row[]} */
    this.rows = []
  }

  createRenderRoot() { return this }

  willUpdate(changed) {
    if (!this.hasUpdated && changed.has('value')) this.rows = JSON.parse(this.value || '[]')
    if (!this.rows.length) this.rows = [{ criterion: '', text: '' }]
  }

  render() {
    const id = this.name
    return html`<fieldset class="field texts" ?data-wrong=${Boolean(this.error)}><legend>${this.legend}</legend>
      ${this.hint ? html`<span class="hint">${this.hint}</span>` : nothing}
      ${this.error ? html`<span class="error" id="${id}-error">${this.error}</span>` : nothing}
      <input type="hidden" name=${id} .value=${JSON.stringify(this.rows)}>
      ${this.rows.map((row, n) => this.#row(row, n))}
      ${this.rows.length < MOST ? html`<button type="button" class="linklike" @click=${this.#add}>${t(
        'texts.another')}</button>` : nothing}</fieldset>`
  }

  #row({ criterion, text }, n) {
    const id = `${this.name}-${n}`
    return html`<div class="stack inset" data-row>
      <div class="field"><label for="${id}-about">${t('texts.about', { n: n + 1 })}</label>
        <select class="input" id="${id}-about" @change=${event => this.#write(n, { criterion:
          event.target.value })}>
          <option value="" .selected=${!criterion}>${this.whole ?? t('texts.choose')}</option>
          ${this.edition.principles.map((principle, at) => html`<optgroup label=${principle.title}>${principle.criteria
            .map((one, m) => html`<option value=${one.id} .selected=${one.id === criterion}>${at + 1}.${m + 1} ${
              one.statement}</option>`)}</optgroup>`)}</select></div>
      <div class="field"><label for="${id}-text">${this.label}</label>
        <textarea class="input" id="${id}-text" rows="3" maxlength="2000" .value=${text} aria-invalid=${this.error
          ? 'true' : nothing} @input=${event => this.#write(n, { text: event.target.value })}></textarea></div>
      ${this.rows.length > 1 ? html`<button type="button" class="linklike" @click=${() => this.#remove(n)}>${t(
        'texts.remove')}<span class="unseen"> ${n + 1}</span></button>` : nothing}</div>`
  }

  focus() { find(this, 'select')?.focus() }

  /** The field says it at once: the form around it reads its fields while the same event goes by. */
  #write(n, changed) {
    this.rows = this.rows.map((row, at) => at === n ? { ...row, ...changed } : row)
    find(this, 'input[type=hidden]').value = JSON.stringify(this.rows)
  }

  #add = async () => {
    this.#become([...this.rows, { criterion: '', text: '' }])
    await this.updateComplete
    find(this, `#${CSS.escape(`${this.name}-${this.rows.length - 1}-about`)}`).focus()
  }

  #remove = async n => {
    this.#become(this.rows.filter((_, at) => at !== n))
    await this.updateComplete
    this.focus()
  }

  #become(rows) {
    this.rows = rows
    find(this, 'input[type=hidden]').value = JSON.stringify(rows)
    this.dispatchEvent(new Event('input', { bubbles: true }))
  }
}
customElements.define('criterion-texts', CriterionTexts)
