// What the screens of a desk share: opening it, how far it is, and what to say when it is not here.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { icon } from '../elements/icons.js'
import { find } from '../lib/find.js'
import { problemWords } from '../lib/problem-words.js'
import { t, useAwardWords } from '../lib/words.js'
import { judgement } from '../store/judging.js'

const JUDGED_AT = ['submitted', 'assessing', 'ready', 'visited']

/** Has an assessment, and the audit it is about, from this device. @param {any} app @param {string} id */
export async function sitDown({ store }, id) {
  const [assessment] = await Promise.all([store.loadAssessment(id), useAwardWords()])
  if (assessment) await store.loadAudit(assessment.audit)
}

/** The assessment and its audit, when all of both is here. @param {any} app @param {string} id */
export function deskOf({ store }, id) {
  const assessment = store.assessment(id)
  const audit = assessment && store.audit(assessment.audit)
  return assessment?.edition && audit?.edition ? { assessment, audit, ...standing(store, assessment) } : undefined
}

/** At which stage it is, and whether it may be judged now. */
function standing(store, { id, blinded, reported_at, released_at }) {
  const row = store.submissions?.submissions.find(({ assessment }) => assessment?.id === id)
  const stage = row?.stage ?? (released_at ? 'released' : 'assessing')
  const finished = Boolean(released_at || (blinded && reported_at))
  return { row, stage, finished, may: !finished && row?.declared !== 'conflict' && JUDGED_AT.includes(stage) }
}

/** How many criteria of each principle one has judged. @param {any} assessment */
export const judgedSoFar = ({ registers, edition }) => edition.principles.map(({ id, criteria }) => ({ id,
  agreed: criteria.filter(criterion => judgement(registers, criterion.id).judgement).length, answered: 0,
  criteria: criteria.length }))

/** The desk is not on this device. @param {any} app @param {string} id */
export const missingDesk = (app, id) => html`
  <header class="head"><a class="up" href="#/submissions">${icon('back')}${t('tabs.awards')}</a><h1
    tabindex="-1">${t('desk.missing')}</h1></header><missing-desk .app=${app} .assessment=${id}></missing-desk>`

/** Fetches at once what is lacking; where that fails it says why, and tries again when asked. */
class MissingDesk extends LitElement {
  static properties = { app: { attribute: false }, assessment: {}, busy: { state: true }, problem: { state: true } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {string} */
    this.assessment = undefined
    /** @type {boolean} */
    this.busy = undefined
    /** @type {any} */
    this.problem = undefined
  }

  createRenderRoot() { return this }

  render() {
    return html`<div class="stack"><p>${t('desk.missing-why')}</p>
      ${this.problem ? html`<div class="notice" data-kind="problem"
        role="alert"><p>${problemWords(this.problem)}</p></div>` : nothing}
      ${this.busy ? html`<p class="busy">${t('home.fetching-one')}</p>` : html`<div class="row"><button class="button"
        data-main @click=${this.#again}>${t('audit.fetch')}</button></div>`}</div>`
  }

  firstUpdated() { this.#fetch() }

  #again = async () => {
    await this.#fetch()
    await this.updateComplete
    find(this, 'button')?.focus()
  }

  async #fetch() {
    const { sync } = this.app
    this.busy = true
    this.problem = undefined
    try {
      await sync.fetchAssessment(this.assessment)
      await sync.now()
      await sitDown(this.app, this.assessment)
      if (deskOf(this.app, this.assessment) && this.isConnected) this.app.go(location.hash)
    } catch (problem) {
      this.problem = problem
    } finally {
      this.busy = false
    }
  }
}
customElements.define('missing-desk', MissingDesk)
