// <kept-text>: a text that saves itself while it is written; what cannot be saved stays on screen.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { addField, refuse, refused, removeField, settle } from '../lib/drafts.js'
import { t } from '../lib/words.js'
import { announce } from './announce.js'
import { savedLine } from './saved-line.js'

const PAUSE = 1000
const AGAIN = 10_000
let fields = 0

export class KeptText extends LitElement {
  static properties = {
    label: {}, hint: {}, name: {}, value: {}, save: { attribute: false }, saved: { attribute: false },
      maxlength: { type: Number },
    problem: { state: true },
  }
  #id = `text-${++fields}`
  #pause
  #saving = Promise.resolve()

  constructor() {
    super()
    /** @type {string} */
    this.label = undefined
    /** @type {string} */
    this.hint = undefined
    /** Stays the same for the same text: what could not be saved is found again by it. @type {string} */
    this.name = undefined
    /** What is saved now. @type {string} */
    this.value = undefined
    /** Resolves when the text is on the device. @type {(text: string) => Promise<unknown>} */
    this.save = undefined
    /** Where the value is, for the line below. @type {Parameters<typeof savedLine>[0] | undefined} */
    this.saved = undefined
    /** @type {number} */
    this.maxlength = undefined
    /** @type {any} */
    this.problem = undefined
  }

  createRenderRoot() { return this }

  connectedCallback() {
    super.connectedCallback()
    addField(this)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.flush()
    removeField(this)
  }

  render() {
    const over = this.problem
    return html`<div class="field" ?data-wrong=${Boolean(over)}>
      <label for=${this.#id}>${this.label}</label>
      ${this.hint ? html`<span class="hint" id="${this.#id}-hint">${this.hint}</span>` : nothing}
      ${over ? html`<span class="error" id="${this.#id}-error">${t(`storage.${over}`)} <a
        href="#/unsent">${t('storage.rescue')}</a></span>` : nothing}
      <textarea class="input" id=${this.#id} rows="3" maxlength=${this.maxlength ?? 4000} aria-invalid=${over ? 'true'
        : nothing}
        aria-describedby=${[this.hint && `${this.#id}-hint`, over && `${this.#id}-error`].filter(Boolean).join(' ')
          || nothing}
        @input=${this.#typed} @blur=${() => this.flush()}></textarea>
      ${over || !this.saved ? nothing : savedLine(this.saved)}
    </div>`
  }

  /** Another text from the store shows unless somebody is writing here. */
  updated(changed) {
    const area = this.querySelector('textarea')
    if (changed.has('name')) {
      const kept = refused.get(this.name)
      area.value = kept?.text ?? this.value ?? ''
      this.problem = kept?.reason
      if (kept) this.#tryAgain()
    } else if (changed.has('value') && !this.#pause && !this.problem && document.activeElement !== area) {
      area.value = this.value ?? ''
    }
  }

  /** Saves now what has been typed. Resolves when it is saved or refused. */
  flush() {
    if (this.#pause) this.#keep()
    return this.#saving
  }

  /** What stands in the field now. */
  get text() { return this.querySelector('textarea')?.value ?? this.value ?? '' }

  focus() { this.querySelector('textarea')?.focus() }

  #typed = () => {
    clearTimeout(this.#pause)
    this.#pause = setTimeout(() => this.#keep(), PAUSE)
  }

  /** There may be room again soon. Only on the screen: elsewhere a newer text of this name may stand. */
  #tryAgain() {
    this.#pause ??= setTimeout(() => this.#keep(), AGAIN)
  }

  #keep() {
    clearTimeout(this.#pause)
    this.#pause = undefined
    const { name, label, save } = this
    const text = this.querySelector('textarea').value
    if (text.normalize('NFC').trim() === (this.value ?? '') && !this.problem) return
    this.#saving = this.#saving.then(async () => {
      try {
        await save(text)
        settle(name)
        this.problem = undefined
      } catch (/** @type {any} */ problem) {
        const reason = problem.reason ?? 'closed'
        refuse(name, { label, text, reason })
        if (this.problem !== reason) announce(t(`storage.${reason}`))
        this.problem = reason
        if (this.isConnected) this.#tryAgain()
      }
    })
  }
}
customElements.define('kept-text', KeptText)
