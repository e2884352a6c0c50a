// What an assessor hands in: the first report, or giving the audit back; and after the visit, the report for the panel.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { criterionIn } from '../elements/award-words.js'
import { rowsOf } from '../elements/criterion-texts.js'
import { choiceField, textField } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { find } from '../lib/find.js'
import { day, isoDay } from '../lib/time.js'
import { Watching } from '../lib/watching.js'
import { t } from '../lib/words.js'
import { judgement, missing, remark } from '../store/judging.js'
import { deskOf, missingDesk, sitDown } from './desk-parts.js'
import '../elements/criterion-texts.js'
import '../elements/online-form.js'

export class ReportView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false }, form: { state: true } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** The form that is open. @type {'report' | 'return' | 'release' | undefined} */
    this.form = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  async opening() { await sitDown(this.app, this.params.assessment) }

  render() {
    const desk = deskOf(this.app, this.params.assessment)
    if (!desk) return missingDesk(this.app, this.params.assessment)
    const { assessment, stage } = desk
    return html`
      <header class="head"><a class="up" href="#/desk/${assessment.id}">${icon('back')}${assessment.setting}</a>
        <h1 tabindex="-1">${t(assessment.blinded ? 'desk.report-blinded' : 'desk.report')}</h1></header>
      <div class="two"><div class="cards">
        <section class="card" aria-labelledby="next-title"><h2 id="next-title" tabindex="-1" data-heading>${t(
          'report.next')}</h2>${this.#next(desk)}</section>
        ${['submitted', 'assessing'].includes(stage) && desk.may && !assessment.blinded ? this.#return(desk)
          : nothing}</div>
        <div class="cards">${this.#lacking(desk)}${this.#earlier(assessment)}</div></div>`
  }

  /** The one thing that follows now. */
  #next(desk) {
    const { assessment, stage, finished } = desk
    const { blinded, reported_at, id } = assessment
    const unsent = this.app.store.unsent().filter(({ stream }) => stream === id).length
    if (finished) return html`<p>${t(blinded ? 'report.blinded-done' : 'report.released')}</p>`
    if (stage === 'submitted') return html`<p>${t('report.begin-first')}</p>`
    if (stage === 'action-points') return html`<p>${t('report.waiting')}</p>`
    if (unsent) return html`<p class="notice" data-kind="differ"><span>${t('report.unsent', { n: unsent })} <a
      href="#/unsent">${t('home.see-unsent')}</a></span></p>`
    if (stage === 'ready') return html`<p>${t('report.visit-first')}</p><div class="row"><a class="button" data-main
      href="#/desk/${id}/visit">${t('desk.visit')}</a></div>`
    if (stage === 'visited') return this.#release(desk)
    return blinded && reported_at ? nothing : this.#report(desk)
  }

  // The first report

  #report({ assessment }) {
    const { blinded, edition, registers } = assessment
    if (this.form !== 'report') return html`<p>${t(blinded ? 'report.about-blinded' : 'report.about')}</p>
      <div class="row"><button class="button" data-main @click=${() => { this.form = 'report' }}>${t(blinded
        ? 'report.begin-blinded' : 'report.begin')}</button></div>`
    if (blinded) return html`<p>${t('report.sure-blinded')}</p><online-form .app=${this.app}
      .name=${`report/${assessment.id}`} .words=${t('report.begin-blinded')} .closed=${this.#close}
      .fields=${() => nothing} .act=${() => this.#send(assessment, 'assessment.report', { outcome: 'ready',
        points: [] },
        t('report.done'))}></online-form>`
    const weak = edition.principles.flatMap(({ criteria }) => criteria).filter(({ id }) => ['not-yet',
      'partly'].includes(
      judgement(registers, id).judgement))
    return html`<online-form .app=${this.app} .name=${`report/${assessment.id}`} .words=${t('report.go')}
      .closed=${this.#close} .start=${{ points: JSON.stringify(weak.map(({ id }) => ({ criterion: id, text: judgement(
        registers, id).reason ?? '' }))) }}
      .fields=${(given, values) => html`
        ${choiceField({ ...given('outcome'), legend: t('report.outcome'), options: ['ready',
          'action-points'].map(value =>
          ({ value, label: t(`report.${value}`), hint: t(`report.${value}-hint`) })) })}
        ${values.outcome === 'action-points' ? html`
          <criterion-texts id="points" name="points" .edition=${edition} .value=${given('points').value}
            .legend=${t('report.points')} .hint=${t('report.points-hint')} .label=${t('report.point')}
            .error=${given('points').error}></criterion-texts>
          ${textField({ ...given('due'), label: t('report.due'), type: 'date' })}` : nothing}`}
      .check=${values => wrongReport(values)}
      .act=${({ outcome, points, due }) => this.#send(assessment, 'assessment.report', outcome === 'ready'
        ? { outcome, points: [] } : { outcome, points: rowsOf(points), due }, t('report.done'))}></online-form>`
  }

  // After the visit

  #release({ assessment }) {
    const { registers, expects, edition } = assessment
    const lacks = missing(registers, expects,
      edition.principles.flatMap(({ criteria }) => criteria.map(({ id }) => id)))
    if (lacks.judgements.length || lacks.reasons.length || lacks.differing.length) return html`<p>${t(
      'report.release-lacks')}</p>`
    const { strengths, suggestions } = remark(registers)
    if (this.form !== 'release') return html`<p>${t('report.release-about')}</p>
      ${strengths || suggestions ? nothing : html`<p class="quiet">${t('report.no-remarks')} <a
        href="#/desk/${assessment.id}/visit">${t('desk.visit')}</a></p>`}
      <div class="row"><button class="button" data-main @click=${() => { this.form = 'release' }}>${t(
        'report.release')}</button></div>`
    return html`<p>${t('report.release-sure')}</p><online-form .app=${this.app} .name=${`release/${assessment.id}`}
      .words=${t('report.release-go')} .closed=${this.#close} .fields=${() => nothing}
      .act=${() => this.#send(assessment, 'report.release', {}, t('report.release-done'))}></online-form>`
  }

  // Giving it back

  #return({ assessment, row }) {
    if (!row?.stream) return nothing
    return html`<section class="card"><h2>${t('return.title')}</h2><p>${t('return.about')}</p>
      ${this.form !== 'return' ? html`<div class="row"><button class="button"
        @click=${() => { this.form = 'return' }}>${t(
        'return.begin')}</button></div>` : html`<online-form .app=${this.app} .name=${`return/${assessment.id}`}
        .words=${t('return.go')} .closed=${this.#close}
        .fields=${given => html`<criterion-texts id="reasons" name="reasons" .edition=${assessment.edition}
          .value=${given('reasons').value} .legend=${t('return.reasons')} .label=${t('return.reason')}
          .whole=${t('texts.whole')} .error=${given('reasons').error}></criterion-texts>`}
        .check=${({ reasons }) => rowsOf(reasons).length ? {} : { reasons: t('return.need') }}
        .act=${async ({ reasons }) => {
          await this.app.sync.perform(row.stream, 'audit.return', { reasons: rowsOf(reasons).map(({ criterion,
            text }) =>
            criterion ? { criterion, text } : { text }) })
          await this.app.sync.now()
          announce(t('return.done'))
          this.app.go('#/submissions')
        }}></online-form>`}</section>`
  }

  // What is lacking, and what went before

  #lacking({ assessment, finished }) {
    const { registers, expects, edition, id } = assessment
    const lacks = missing(registers, expects, edition.principles.flatMap(({ criteria }) => criteria.map(one => one.id)))
    const parts = Object.entries(lacks).filter(([, criteria]) => criteria.length)
    if (finished || !parts.length) return nothing
    return html`<section class="card"><h2>${t('report.lacks')}</h2>${parts.map(([part, criteria]) => html`
      <details class="more" ?open=${criteria.length <= 5}><summary>${t(`report.lacks-${part}`,
        { n: criteria.length })}</summary>
        <ul class="statements">${criteria.map(criterion => {
          const found = criterionIn(edition, criterion)
          return html`<li><a href="#/desk/${id}/p/${found.principle.id}/${criterion}">${found.number} ${
            found.criterion.statement}</a></li>`
        })}</ul></details>`)}</section>`
  }

  #earlier({ reports, corrections, edition, blinded }) {
    if (blinded) return nothing
    const named = criterion => criterion ? criterionIn(edition, criterion) : undefined
    return html`${reports.map(({ at, outcome, due, points, answered_at }) => html`<section class="card"><h2>${t(
        `report.was-${outcome}`)}</h2><p class="quiet">${day(at)}${due ? ` · ${t('report.was-due', { day: day(due) })}`
          : ''}${
        answered_at ? ` · ${t('report.was-answered', { day: day(answered_at) })}` : ''}</p>
        ${points.length ? html`<ul class="listed">${points.map(({ criterion, text, answer }) => html`<li><b>${
          named(criterion)?.number} ${named(criterion)?.criterion.statement}</b><p class="written">${text}</p>
          ${answer ? html`<p class="said written">${answer}</p>` : nothing}</li>`)}</ul>` : nothing}</section>`)}
      ${corrections.map(({ at, by, corrections: said }) => html`<section class="card"><h2>${t('report.corrected')}</h2>
        <p class="quiet">${t('report.corrected-by', { who: by.name, day: day(at) })}</p>
        ${said.length ? html`<ul class="listed">${said.map(({ criterion, text }) => html`<li>${criterion ? html`<b>${
          named(criterion)?.number} ${named(criterion)?.criterion.statement}</b>` : nothing}<p
            class="written">${text}</p></li>`)}</ul>`
          : html`<p>${t('report.facts-right')}</p>`}</section>`)}`
  }

  #close = () => { this.form = undefined }

  async #send(assessment, kind, payload, said) {
    const { sync } = this.app
    await sync.perform(assessment.id, kind, payload)
    await sync.fetchAssessment(assessment.id).catch(() => {})
    await sync.now()
    this.form = undefined
    announce(said)
    await this.updateComplete
    find(this, '#next-title')?.focus()
  }
}
customElements.define('report-view', ReportView)

/** What is wrong with a first report, by field. @returns {Record<string, string>} */
function wrongReport({ outcome, points, due }) {
  if (!outcome) return { outcome: t('report.need-outcome') }
  if (outcome === 'ready') return {}
  const rows = rowsOf(points)
  return {
    ...(!rows.length ? { points: t('report.need-points') } : rows.some(({ criterion }) => !criterion)
      ? { points: t('report.need-criterion') } : {}),
    ...(due > isoDay() ? {} : { due: t('report.need-due') }),
  }
}
