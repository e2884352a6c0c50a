// <online-form>: a form that needs the network; what is typed stays until it is sent.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { problemWords } from '../lib/problem-words.js'
import { forgetTyped, typedInto } from '../lib/typed.js'
import { t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { announce } from './announce.js'
import { errorSummary, filledIn, focusSummary } from './form.js'

/**
 * @typedef {(id: string) => {id: string, value: string, error: string | undefined}} Given what a field is drawn with
 */
export class OnlineForm extends LitElement {
  static properties = {
    app: { attribute: false }, name: {}, words: {}, start: { attribute: false }, fields: { attribute: false },
    check: { attribute: false }, make: { attribute: false }, act: { attribute: false }, closed: { attribute: false },
    errors: { state: true }, busy: { state: true },
  }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** Under this name it is found again. @type {string} */
    this.name = undefined
    /** What its button says. @type {string} */
    this.words = undefined
    /** @type {Record<string, string>} */
    this.start = undefined
    /** Draws the fields. @type {(given: Given, values: Record<string, string>) => unknown} */
    this.fields = undefined
    /** What is wrong, by field. @type {(values: Record<string, string>) => Record<string, string>} */
    this.check = undefined
    /**
     * Makes ids and the like: once for the same words, so that sending them again is the same deed.
     * @type {() => Promise<any>}
     */
    this.make = undefined
    /**
     * Sends it; rejects with Problem or Offline.
     * @type {(values: Record<string, string>, made: any) => Promise<void>}
     */
    this.act = undefined
    /** The form is to be put away. @type {(() => void) | undefined} */
    this.closed = undefined
    /** @type {Record<string, string>} */
    this.errors = undefined
    /** @type {boolean} */
    this.busy = undefined
    this.errors = {}
    new Watching(this, () => [this.app.sync])
  }

  createRenderRoot() { return this }

  firstUpdated() { /** @type {any} */ (this.querySelector('input:not([type=hidden]), select, textarea, button'))?.focus() }

  render() {
    const { values } = this.#typed
    const given = id => ({ id, value: values[id] ?? '', error: this.errors[id] })
    const offline = this.app.sync.state.problem === 'offline'
    return html`<form class="stack" novalidate @input=${this.#keep} @change=${this.#keep} @submit=${this.#submit}>
      ${errorSummary(this.errors)}
      ${offline ? html`<div class="notice"><p>${t('online-form.offline')}</p></div>` : nothing}
      ${this.fields(given, values)}
      <div class="row"><button class="button" data-main aria-disabled=${this.busy ? 'true' : nothing}>
        ${this.busy ? t('online-form.busy') : this.words}</button>
        ${this.closed ? html`<button type="button" class="linklike" @click=${this.#close}>
          ${t('online-form.close')}</button>` : nothing}</div></form>`
  }

  get #typed() { return typedInto(this.app.store, this.name, this.start) }

  #keep = event => {
    Object.assign(this.#typed.values, filledIn(event.currentTarget))
    if (event.type === 'change') this.requestUpdate()
  }

  #close = () => {
    forgetTyped(this.app.store, this.name)
    this.closed()
  }

  #submit = async event => {
    event.preventDefault()
    if (this.busy) return
    const typed = Object.entries({ ...this.#typed.values, ...filledIn(event.target) })
    const values = Object.fromEntries(typed.map(([id, text]) => [id, text.trim()]))
    this.errors = this.check?.(values) ?? {}
    if (Object.keys(this.errors).length) return focusSummary(this)
    this.busy = true
    announce(t('online-form.busy'))
    try {
      await this.act(values, await this.#made(values))
      forgetTyped(this.app.store, this.name)
    } catch (problem) {
      this.errors = this.#wrong(problem)
      focusSummary(this)
    } finally {
      if (this.isConnected) this.busy = false // one that was put away draws no more: what was sent would begin anew
    }
  }

  async #made(values) {
    const of = JSON.stringify(values)
    const typed = this.#typed
    if (typed.attempt?.of !== of) typed.attempt = { of, made: await this.make?.() }
    return typed.attempt.made
  }

  /** What the server found wrong, beside the field it is about where there is one. */
  #wrong(/** @type {any} */ problem) {
    const errors = Object.entries(/** @type {Record<string, string[]>} */ (problem?.errors ?? {}))
    const fields = errors.filter(([field]) => this.querySelector(`#${CSS.escape(field)}`))
    if (fields.length) return Object.fromEntries(fields.map(([field, words]) => [field, words[0]]))
    return { form: `${problemWords(problem)} ${t('online-form.kept')}` }
  }
}
customElements.define('online-form', OnlineForm)
