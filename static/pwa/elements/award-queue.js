// <award-queue>: what waits for somebody at an awarding body, on Home; and what is the next thing to do about each.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { Fetched } from '../lib/fetched.js'
import { t } from '../lib/words.js'
import { icon } from './icons.js'

const SHOWN = 5

/** What waits for this person at awarding bodies; the last reply is there without a network too. @param {any} host */
export const waitingAtBodies = host => new Fetched(host, () => 'submissions', () =>
  host.app.sync.fetchJSON('/api/submissions'), { kept: true })

/**
 * What there is to do about a submission for whom it waits, the most urgent first; nothing where others are at work.
 * @param {any} row of `GET /api/submissions`
 * @returns {'take' | 'assign' | 'declare' | 'assess' | 'go-on' | 'panel' | undefined}
 */
export function nextFor({ parts, stage, stream, declared, assessment, assessments }) {
  const judges = parts.includes('assessor') || parts.includes('panel')
  if (judges && declared === null) return 'declare'
  if (declared === 'clear' && assessment && isAtWork(stage, assessment)) return stage === 'submitted' ? 'assess'
    : 'go-on'
  if (declared === 'clear' && parts.includes('panel') && ['released', 'appealed'].includes(stage)) return 'panel'
  if (!parts.includes('manager')) return undefined
  if (!stream) return 'take'
  if (['released', 'appealed'].includes(stage)) return 'panel'
  return assessments.length === 0 && ['submitted', 'assessing'].includes(stage) ? 'assign' : undefined
}

/** An assessor's own work is under way until it is released; that of a second one until it is reported. */
const isAtWork = (stage, { blinded, reported_at, released_at }) => !released_at && !(blinded && reported_at)
  && ['submitted', 'assessing', 'ready', 'visited'].includes(stage)

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
          next)}>${icon('awards')}<span>${row.setting}<br><small>${t(`queue.next-${next}`)}</small></span>
        ${icon('next')}</a></li>`)}</ul>` : html`<p>${t('queue.home-none')}</p>`}
      <div class="row"><a class="linklike" href="#/submissions">${t('queue.all',
        { n: all.length })}</a></div></section>`
  }
}
customElements.define('award-queue', AwardQueue)

/** The screen on which the next thing is done. */
const whereTo = ({ audit }, next) => next === 'panel' ? `#/submissions/${audit}` : '#/submissions'
