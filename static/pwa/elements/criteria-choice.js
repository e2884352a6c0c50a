// <criteria-choice>: which statements something shows: those chosen, and more by principle or by their words.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { t } from '../lib/words.js'
import { plain } from '../store/evidencing.js'

let choices = 0

/** Dispatches `change` when something was ticked or unticked. */
export class CriteriaChoice extends LitElement {
  static properties = { edition: { attribute: false }, chosen: { attribute: false }, legend: {}, rest: {}, error: {},
    query: { state: true }, first: { state: true } }
  #id = `criteria-${++choices}`
  #isTicking = false

  constructor() {
    super()
    /** The checklist. @type {any} */
    this.edition = undefined
    /** Ids of criteria. @type {string[]} */
    this.chosen = []
    /** @type {string} */
    this.legend = undefined
    /** The words that open the rest, where nothing is shown but something planned. @type {string | undefined} */
    this.rest = undefined
    /** What is wrong with the choice. @type {string | undefined} */
    this.error = undefined
    this.query = ''
    /** Those on top. What is ticked below stays there under the finger until the list is drawn anew. @type {string[]} */
    this.first = []
  }

  createRenderRoot() { return this }

  willUpdate(changed) {
    if (changed.has('chosen') && !this.#isTicking) this.#gather()
    this.#isTicking = false
  }

  render() {
    const principles = this.edition.principles
    const all = principles.flatMap(({ criteria }) => criteria)
    return html`<fieldset class="field criteria" ?data-wrong=${Boolean(this.error)}
      aria-describedby=${this.error ? `${this.#id}-error` : nothing}>
      <legend>${this.legend}</legend>
      ${this.error ? html`<span class="error" id="${this.#id}-error">${this.error}</span>` : nothing}
      <div class="choice">${all.filter(({ id }) => this.first.includes(id)).map(one => this.#box(one))}</div>
      <details class="more" @toggle=${this.#opened}><summary>${this.rest ?? t(this.first.length
        ? 'criteria.more' : 'criteria.choose')}</summary>
        <div class="stack">
          <div class="field"><label for="${this.#id}-search">${t('criteria.search')}</label>
            <input class="input" type="search" id="${this.#id}-search" autocomplete="off" .value=${this.query}
              @input=${this.#search} @change=${stop} @keydown=${this.#enter}></div>
          ${this.query.trim() ? this.#found(all) : principles.map(({ title, criteria }) =>
            html`<details class="more"><summary>${title}</summary><div
              class="choice">${this.#others(criteria).map(one => this.#box(one))}</div></details>`)}
        </div></details></fieldset>`
  }

  focus() { /** @type {any} */ (this.querySelector('input[type=checkbox], summary'))?.focus() }

  #box({ id, statement }) {
    return html`<label><input type="checkbox" value=${id} .checked=${this.chosen.includes(id)}
      @change=${this.#ticked}><span>${statement}</span></label>`
  }

  #found(all) {
    const words = plain(this.query).trim().split(/\s+/)
    const found = this.#others(all).filter(({ statement }) => words.every(word => plain(statement).includes(word)))
    return html`<p class="quiet" role="status">${t('criteria.found', { n: found.length })}</p>
      <div class="choice">${found.map(one => this.#box(one))}</div>`
  }

  #others(criteria) { return criteria.filter(({ id }) => !this.first.includes(id)) }

  #gather() { this.first = [...new Set([...this.first, ...this.chosen])] }

  #opened = event => {
    event.stopPropagation()
    this.#gather()
  }

  #search = event => {
    event.stopPropagation()
    this.#gather()
    this.query = event.target.value
  }

  /** The search is part of a form that it must not send. */
  #enter = event => {
    if (event.key === 'Enter') event.preventDefault()
  }

  #ticked = event => {
    event.stopPropagation()
    const { value, checked } = event.target
    this.#isTicking = true
    this.chosen = checked ? [...this.chosen, value] : this.chosen.filter(id => id !== value)
    this.dispatchEvent(new Event('change'))
  }
}
customElements.define('criteria-choice', CriteriaChoice)

/** What is searched for is nobody's choice. */
const stop = event => event.stopPropagation()
