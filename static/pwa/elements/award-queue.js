// <award-queue>: what waits for somebody at an awarding body, on Home; and what is the next thing to do about each.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { Fetched } from '../lib/fetched.js'
import { isoDay } from '../lib/time.js'
import { t } from '../lib/words.js'
import { icon } from './icons.js'

const SHOWN = 5

/** What waits for this person at awarding bodies; the last reply is there without a network too. @param {any} host */
export const waitingAtBodies = host => new Fetched(host, () => 'submissions', () =>
  host.app.sync.fetchJSON('/api/submissions'), { kept: true })

/**
 * @typedef {object} Wait something that waits with a submission, of `GET /api/submissions`
 * @property {'team' | 'manager' | 'assessor' | 'panel'} of @property {string} what @property {boolean} yours
 * @property {string[]} people @property {string | null} opens @property {string | null} by
 */

/**
 * What waits with a submission today; what opens on a later day does not yet.
 * @param {{waits?: Wait[]}} row one that was kept before this was told has none @returns {Wait[]}
 */
export const waitsToday = ({ waits = [] }) => waits.filter(({ opens }) => !opens || opens <= isoDay())

/** What waits for oneself there, the most urgent first. @param {{waits?: Wait[]}} row @returns {Wait | undefined} */
export const nextFor = row => waitsToday(row).find(({ yours }) => yours)

export class AwardQueue extends LitElement {
  static properties = { app: { attribute: false } }

  #told = waitingAtBodies(this)

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
  }

  createRenderRoot() { return this }

  connectedCallback() {
    super.connectedCallback()
    this.#told.recall().then(() => this.requestUpdate())
  }

  render() {
    const all = this.#told.body?.submissions
    if (!all) return nothing
    const mine = all.map(row => ({ row, next: nextFor(row) })).filter(({ next }) => next)
    return html`<section class="card" aria-labelledby="award-queue"><h2 id="award-queue">${t('queue.home',
        { n: mine.length })}</h2>
      ${mine.length ? html`<ul class="link-list">${mine.slice(0, SHOWN).map(({ row, next }) => html`<li>
        <a href=${whereTo(row,
          next)}>${icon('awards')}<span>${row.setting}<br><small>${t(`queue.next-${next.what}`)}</small></span>
        ${icon('next')}</a></li>`)}</ul>` : html`<p>${t('queue.home-none')}</p>`}
      <div class="row"><a class="linklike" href="#/submissions">${t('queue.all',
        { n: all.length })}</a></div></section>`
  }
}
customElements.define('award-queue', AwardQueue)

/** What is asked of people before they read anything, or of a manager, is done in the queue itself. */
const IN_QUEUE = ['take', 'assign', 'assign-second', 'assign-interim', 'declare']

/** The screen on which the next thing is done. */
const whereTo = ({ audit, assessment }, { of, what }) => IN_QUEUE.includes(what) ? '#/submissions'
  : of === 'assessor' && what !== 'interim' ? `#/desk/${assessment.id}` : `#/submissions/${audit}`
