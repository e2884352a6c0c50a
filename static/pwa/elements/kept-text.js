// <kept-text>: a text that saves itself while it is written; what cannot be saved stays on screen. So does what could
// say who somebody is, until its writer has looked at it again.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { addField, refuse, refused, removeField, settle } from '../lib/drafts.js'
import { Warned } from '../lib/warned.js'
import { t } from '../lib/words.js'
import { announce } from './announce.js'
import { foundWords } from './identifying-words.js'
import { savedLine } from './saved-line.js'

const PAUSE = 1000
const AGAIN = 10_000
let fields = 0

export class KeptText extends LitElement {
  static properties = {
    label: {}, hint: {}, name: {}, value: {}, save: { attribute: false }, saved: { attribute: false },
      maxlength: { type: Number },
    problem: { state: true }, found: { state: true },
  }
  #id = `text-${++fields}`
  #pause
  #saving = Promise.resolve()
  #warned = new Warned()
  #where = ''

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
    /**
     * Resolves when the text is on the device. `warned`: what it seems to hold, when its writer was told and kept it.
     * @type {(text: string, about: {warned: string[]}) => Promise<unknown>}
     */
    this.save = undefined
    /** Where the value is, for the line below. @type {Parameters<typeof savedLine>[0] | undefined} */
    this.saved = undefined
    /** @type {number} */
    this.maxlength = undefined
    /** Why it is not saved, as in a Draft. @type {string | undefined} */
    this.problem = undefined
    /** What it seems to hold. @type {string[]} */
    this.found = []
  }

  createRenderRoot() { return this }

  connectedCallback() {
    super.connectedCallback()
    addField(this)
    this.#where = location.hash
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.flush().then(() => {
      if (refused.get(this.name)?.reason === 'identifying') announce(t('identifying.left'))
    })
    removeField(this)
  }

  render() {
    const over = this.problem
    return html`<div class="field" ?data-wrong=${Boolean(over)}>
      <label for=${this.#id}>${this.label}</label>
      ${this.hint ? html`<span class="hint" id="${this.#id}-hint">${this.hint}</span>` : nothing}
      ${over ? html`<span class="error" id="${this.#id}-error">${this.#why()}</span>` : nothing}
      <textarea class="input" id=${this.#id} rows="3" maxlength=${this.maxlength ?? 4000} aria-invalid=${over ? 'true'
        : nothing}
        aria-describedby=${[this.hint && `${this.#id}-hint`, over && `${this.#id}-error`].filter(Boolean).join(' ')
          || nothing}
        @input=${this.#typed} @blur=${() => this.flush()}></textarea>
      ${over === 'identifying' ? html`<button type="button" class="button"
        @click=${this.#saveAsItIs}>${t('identifying.save')}</button>` : nothing}
      ${over || !this.saved ? nothing : savedLine(this.saved)}
    </div>`
  }

  #why() {
    return this.problem === 'identifying' ? t('identifying.held', { what: foundWords(this.found) })
      : html`${t(`storage.${this.problem}`)} <a href="#/unsent">${t('storage.rescue')}</a>`
  }

  /** Another text from the store shows unless somebody is writing here. */
  updated(changed) {
    const area = this.querySelector('textarea')
    if (changed.has('name')) {
      const kept = refused.get(this.name)
      area.value = kept?.text ?? this.value ?? ''
      this.problem = kept?.reason
      this.found = kept?.found ?? []
      this.#warned = new Warned(kept?.known)
      if (kept && kept.reason !== 'identifying') this.#tryAgain()
    } else if (changed.has('value') && !this.#pause && !this.problem && document.activeElement !== area) {
      area.value = this.value ?? ''
    }
  }

  /** Saves now what has been typed. Resolves when it is saved, refused, or waits for its writer's word. */
  flush() {
    if (this.#pause) this.#keep()
    return this.#saving
  }

  /** What stands in the field now. */
  get text() { return this.querySelector('textarea')?.value ?? this.value ?? '' }

  /** What may be said now: what stands in the field, or while that waits for its writer's word, what is saved. */
  get sayable() { return this.#warned.unknown(this.text, this.value).length ? this.value ?? '' : this.text }

  /** What that seems to hold, when its writer was told and kept it. */
  get warned() { return this.#warned.kept(this.sayable) }

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
    const same = text.normalize('NFC').trim() === (this.value ?? '')
    if (same && !this.problem) return
    const found = this.#warned.unknown(text, this.value)
    const draft = { label, text, found, where: this.#where }
    this.#saving = this.#saving.then(async () => {
      if (found.length) return this.#hold(name, draft)
      try {
        if (!same || this.problem !== 'identifying') await save(text, { warned: this.#warned.kept(text) })
        settle(name)
        this.problem = undefined
      } catch (/** @type {any} */ problem) {
        const reason = problem.reason ?? 'closed'
        refuse(name, { ...draft, reason, known: this.#warned.known })
        if (this.problem !== reason) announce(t(`storage.${reason}`))
        this.problem = reason
        if (this.isConnected) this.#tryAgain()
      }
    })
  }

  /** Somebody might be recognised by it: it stays here, and nowhere else, until its writer has looked at it again. */
  #hold(name, draft) {
    refuse(name, { ...draft, reason: 'identifying', known: this.#warned.known })
    if (this.problem !== 'identifying' || this.found.join() !== draft.found.join()) announce(t('identifying.held',
      { what: foundWords(draft.found) }))
    this.problem = 'identifying'
    this.found = draft.found
  }

  #saveAsItIs = () => {
    this.#warned.tell(this.text)
    this.#keep()
    this.focus()
    return this.#saving
  }
}
customElements.define('kept-text', KeptText)
