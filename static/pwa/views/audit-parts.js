// What the screens of an audit share: what to say when it is not here, and the dots of a principle.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { icon } from '../elements/icons.js'
import { find } from '../lib/find.js'
import { lastPlace } from '../lib/place.js'
import { problemWords } from '../lib/problem-words.js'
import { t } from '../lib/words.js'
import { answer, finding } from '../store/reading.js'

/** The audit, its checklist or the principle is not on this device. */
export const missing = (audit, app, id) => html`
  <header class="head"><a class="up" href="#/">${icon('back')}${t('tabs.home')}</a><h1
    tabindex="-1">${t('audit.missing')}</h1></header>
  <missing-audit .app=${app} .audit=${id} ?lacking=${!audit?.edition} .why=${t(audit && !audit.edition
    ? 'audit.no-checklist' : 'audit.missing-why')}></missing-audit>`

/** Fetches at once what is lacking; where that fails it says why, and tries again when asked. */
class MissingAudit extends LitElement {
  static properties = {
    app: { attribute: false }, audit: {}, why: {}, lacking: { type: Boolean }, busy: { state: true },
    problem: { state: true },
  }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {string} */
    this.audit = undefined
    /** @type {string} */
    this.why = undefined
    /** Not here at all, rather than an audit without what was asked for. @type {boolean} */
    this.lacking = undefined
    /** @type {boolean} */
    this.busy = undefined
    /** @type {any} */
    this.problem = undefined
  }

  createRenderRoot() { return this }

  render() {
    return html`<div class="stack"><p>${this.why}</p>
      ${this.problem ? html`<div class="notice" data-kind="problem"
        role="alert"><p>${problemWords(this.problem)}</p></div>` : nothing}
      ${this.busy ? html`<p class="busy">${t('home.fetching-one')}</p>` : html`<div class="row"><button class="button"
        data-main @click=${this.#fetchAgain}>${t('audit.fetch')}</button></div>`}</div>`
  }

  firstUpdated() {
    if (this.lacking) this.#fetch()
  }

  #fetchAgain = async () => {
    await this.#fetch()
    await this.updateComplete
    find(this, 'button')?.focus()
  }

  async #fetch() {
    const { store, sync } = this.app
    const isHere = async () => Boolean((await store.loadAudit(this.audit))?.edition)
    this.busy = true
    this.problem = undefined
    try {
      await sync.fetchAudit(this.audit)
      if (!await isHere()) await sync.now()
      if (await isHere() && this.isConnected) this.app.go(location.hash)
    } catch (problem) {
      this.problem = problem
    } finally {
      this.busy = false
    }
  }
}
customElements.define('missing-audit', MissingAudit)

/**
 * The principle to go on with: the one where one was while something is left in it, else the first that this speaker,
 * or then the team, has not finished.
 * @param {any} app @param {any} audit @param {{id: string} | undefined} speaker
 */
export function nextPrinciple(app, audit, speaker) {
  if (!speaker || audit.asked) return undefined
  const { principles } = audit.edition
  const silent = ({ criteria }) => criteria.some(({ id }) => isOpen(audit.registers, speaker.id, id))
  const place = lastPlace(app.store.person.id)
  return principles.find(one => place?.audit === audit.id && one.id === place.principle && silent(one))
    ?? principles.find(silent)
    ?? principles.find(({ criteria }) => criteria.some(({ id }) => !finding(audit.registers, id).agreed))
}

/** Whether this speaker has still to answer this criterion. */
export function isOpen(registers, speaker, criterion) {
  const { rating, differs } = answer(registers, speaker, criterion)
  return rating === undefined && !differs
}

/** A dot a criterion: agreed, answered by this speaker, or neither; in words for those who do not see it. */
export function pips(registers, criteria, speaker) {
  const states = criteria.map(({ id }) => finding(registers, id).agreed ? 'agreed' : speaker && !isOpen(registers,
    speaker.id, id) ? 'answered' : 'open')
  const count = state => states.filter(one => one === state).length
  const words = t(speaker ? 'audit.pips' : 'audit.pips-read', { n: criteria.length, agreed: count('agreed'),
    answered: count('answered') })
  return html`<span class="pips" role="img" aria-label=${words}>${states.map(state =>
    html`<i data-is=${state}></i>`)}</span>`
}
