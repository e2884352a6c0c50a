// The assessor's report, as the team of a setting reads it, and corrects its facts.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { assessmentReport } from '../elements/assessment-report.js'
import { rowsOf } from '../elements/criterion-texts.js'
import { wayOf } from '../elements/award-words.js'
import { fetchedState } from '../elements/fetched-state.js'
import { choiceField } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { Fetched } from '../lib/fetched.js'
import { find } from '../lib/find.js'
import { day } from '../lib/time.js'
import { t, useAwardWords } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { missing } from './audit-parts.js'
import '../elements/criterion-texts.js'
import '../elements/online-form.js'

export class SiteReportView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false }, correcting: { state: true } }

  #told = new Fetched(this, () => `report/${this.params.audit}`, () =>
    this.app.sync.fetchJSON(`/api/audits/${this.params.audit}/assessment-report`), { kept: true })

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** The form is open. @type {boolean} */
    this.correcting = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  async opening() {
    await Promise.all([useAwardWords(), this.app.store.loadAudit(this.params.audit), this.#told.recall()])
  }

  render() {
    const audit = this.app.store.audit(this.params.audit)
    if (!audit?.edition) return missing(audit, this.app, this.params.audit)
    const told = this.#told.body
    return html`
      <header class="head"><a class="up" href="#/audits/${audit.id}/award">${icon('back')}${t('way.title')}</a>
        <h1 tabindex="-1">${t('told.title')}</h1>
        ${told ? html`<p class="quiet">${t('told.by', { who: told.assessor.name, body: told.body.name,
          day: day(told.released_on) })}</p>` : nothing}</header>
      ${fetchedState(this.#told)}
      ${told ? html`${this.#facts(audit, told)}${assessmentReport(audit.edition, told)}` : nothing}`
  }

  /** The team says whether the facts are right. What was judged is not theirs to change. */
  #facts(audit, { stage, facts_checked }) {
    if (stage !== 'released') return nothing
    const { facts_by } = /** @type {any} */ (wayOf(this.app, audit).submission ?? {})
    const may = audit.siteOf?.may.includes('report.correct')
    return html`<section class="card" aria-labelledby="facts-title"><h2 id="facts-title" tabindex="-1" data-heading>${t(
        'facts.title')}</h2>
      <p>${facts_checked ? t('facts.checked') : facts_by ? t('facts.about', { day: day(facts_by) })
        : t('facts.about-today')}</p>
      ${facts_checked ? nothing : !may ? html`<p class="quiet">${t('way.lead-only')}</p>` : !this.correcting
        ? html`<div class="row"><button class="button" data-main @click=${() => { this.correcting = true }}>${t(
          'facts.begin')}</button></div>`
        : html`<online-form .app=${this.app} .name=${`facts/${audit.id}`} .words=${t('facts.go')}
          .closed=${() => { this.correcting = false }}
          .fields=${(given, values) => html`${choiceField({ ...given('right'), legend: t('facts.right'),
            options: ['yes',
            'no'].map(value => ({ value, label: t(`facts.${value}`) })) })}
            ${values.right === 'no' ? html`<criterion-texts id="corrections" name="corrections"
              .edition=${audit.edition}
              .value=${given('corrections').value} .legend=${t('facts.which')} .label=${t('facts.what')}
              .whole=${t('facts.whole')} .error=${given('corrections').error}></criterion-texts>` : nothing}`}
          .check=${({ right, corrections }) => !right ? { right: t('facts.need') } : right === 'no'
            && !rowsOf(corrections).length ? { corrections: t('facts.need-which') } : {}}
          .act=${({ right, corrections }) => this.#correct(right === 'yes' ? [] : rowsOf(corrections).map(
            ({ criterion, text }) => criterion ? { criterion, text } : { text }))}></online-form>`}</section>`
  }

  async #correct(corrections) {
    const { sync } = this.app
    await sync.perform(this.params.audit, 'report.correct', { corrections })
    await sync.fetchAudit(this.params.audit).catch(() => {})
    await this.#told.load()
    this.correcting = false
    announce(t('facts.done'))
    await this.updateComplete
    find(this, '#facts-title')?.focus()
  }
}
customElements.define('site-report-view', SiteReportView)
