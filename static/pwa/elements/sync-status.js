// <sync-status>: always in the header; says whether what was said is saved here, sent, or cannot be sent, and why.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { drafts, refused } from '../lib/drafts.js'
import { t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { announce } from './announce.js'
import { icon } from './icons.js'

export class SyncStatus extends LitElement {
  static properties = { store: { attribute: false }, sync: { attribute: false } }
  #last = ''

  constructor() {
    super()
    /** @type {import('../store/store.js').Store} */
    this.store = undefined
    /** @type {import('../sync/sync.js').Sync} */
    this.sync = undefined
    new Watching(this, () => [this.store, this.sync, drafts])
  }

  createRenderRoot() { return this }

  render() {
    const { state, words, why, href = '#/unsent' } = this.#standing
    return html`<a class="sync" data-state=${state} href=${href}>${icon(/** @type {any} */ (state === 'waiting'
      ? 'saved' : state))}
      <span>${words}${why ? html` <br><small>${why}</small>` : nothing}</span></a>`
  }

  get #standing() {
    const { store, sync } = this
    const found = standing(store.unsent(), sync.state, { of: store.photosWaiting(), sending: sync.photos })
    const fetches = found.state === 'sent' && !sync.isReady && sync.state.problem === null
    return fetches ? { state: 'sending', words: t('sync.fetching'), why: t('sync.fetching-why') } : found
  }

  /** Aloud only when the kind of news changes, not at every number. */
  updated() {
    const { state, words, why } = this.#standing
    if (this.#last && this.#last !== state && state !== 'sending') announce(why ? `${words}: ${why}` : words)
    if (state !== 'sending') this.#last = state
  }
}
customElements.define('sync-status', SyncStatus)

/**
 * What the header says. Nothing is sent as long as a photo of it is not.
 * @param {{state: string}[]} unsent
 * @param {{phase: string, problem: string | null}} sync
 * @param {{of: {state: string}[], sending: {sent: number, of: number} | null}} photos that the service has not confirmed
 */
export function standing(unsent, sync, { of, sending }) {
  const waiting = unsent.filter(({ state }) => state === 'local' || state === 'sent').length
  const photos = of.filter(({ state }) => state !== 'refused').length
  const stuck = unsent.length - waiting + of.length - photos
  if (refused.size) return { state: 'cannot', words: t('sync.not-saved', { n: refused.size }) }
  if (sending && photos) return { state: 'sending', words: t('sync.sending', { n: waiting || photos }),
    why: t('sync.photos-sent', { n: sending.of, sent: sending.sent }) }
  const why = sync.problem ? t(`sync.${sync.problem}`) : photos ? t('sync.photos', { n: photos }) : undefined
  if (sync.problem === 'sign-in') return { state: 'cannot', words: t('sync.cannot'), why, href: '#/sign-in' }
  if (stuck && !waiting && !photos) return { state: 'cannot', words: t('sync.stuck', { n: stuck }) }
  if (!waiting && !photos) return { state: 'sent', words: t('sync.sent'), why }
  const n = waiting || photos
  if (sync.problem === 'offline') return { state: 'waiting', words: t('sync.saved', { n }), why }
  if (sync.problem) return { state: 'cannot', words: t('sync.cannot'), why }
  if (sync.phase === 'busy') return { state: 'sending', words: t('sync.sending', { n }), why }
  return { state: 'saved', words: t('sync.saved', { n }), why }
}
