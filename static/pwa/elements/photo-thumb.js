// <photo-thumb>: a small picture that opens the large one; fetched only when it comes near the screen.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { icon } from './icons.js'

const NEAR = '300px'

/** Dispatches `open` when somebody wants to see it large. */
export class PhotoThumb extends LitElement {
  static properties = { app: { attribute: false }, audit: {}, sha256: {}, words: {}, url: { state: true },
    lacking: { state: true } }
  /** @type {IntersectionObserver | undefined} */
  #observer
  #near = false
  #asked = ''

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** The audit's id. @type {string} */
    this.audit = undefined
    /** @type {string} */
    this.sha256 = undefined
    /** What it shows. @type {string} */
    this.words = undefined
    /** @type {string | undefined} */
    this.url = undefined
    /** It is not on this device, and could not be fetched. */
    this.lacking = false
    new Watching(this, () => [this.app.store, this.app.sync])
  }

  createRenderRoot() { return this }

  connectedCallback() {
    super.connectedCallback()
    this.#observer = new IntersectionObserver(seen => {
      if (!seen.some(({ isIntersecting }) => isIntersecting)) return
      this.#near = true
      this.#observer.disconnect()
      this.#look()
    }, { rootMargin: NEAR })
    this.#observer.observe(this)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#observer.disconnect()
    this.#forget()
    this.#near = false
  }

  render() {
    return html`<button type="button" class="thumb" ?data-lacking=${this.lacking}
      @click=${() => this.dispatchEvent(new Event('open'))}>
      ${this.url ? html`<img src=${this.url} alt="">` : icon('camera')}
      <span class="unseen">${t('photo.open', { caption: this.words })}${this.lacking
        ? ` ${t(this.#state === 'missing' ? 'viewer.missing' : 'photo.not-here')}` : nothing}</span></button>`
  }

  updated() { this.#look() }

  get #state() { return this.app.store.photoState(this.audit, this.sha256) }

  /** Once for each photo, and again when there is a connection after there was none. */
  async #look() {
    const online = !this.app.sync.state.problem
    const asked = `${this.sha256} ${this.#state} ${online}`
    if (!this.#near || this.url || this.#asked === asked) return
    this.#asked = asked
    const bytes = await pictureOf(this.app, this.audit, this.sha256, { small: true }).catch(() => null)
    if (!this.isConnected || this.url) return
    this.lacking = !bytes
    if (bytes) this.url = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }))
  }

  #forget() {
    if (this.url) URL.revokeObjectURL(this.url)
    this.url = undefined
    this.#asked = ''
  }
}
customElements.define('photo-thumb', PhotoThumb)

/**
 * A photo's bytes: from this device, else from the service. Rejects with Problem or Offline.
 * @param {any} app @param {string} audit @param {string} sha256 @param {{small: boolean}} size
 * @returns {Promise<ArrayBuffer>}
 */
export const pictureOf = async (app, audit, sha256, size) =>
  await app.store.picture(audit, sha256) ?? app.sync.fetchPicture(audit, sha256, size)
