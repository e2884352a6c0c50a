// An assessor's desk: how far they are, principle by principle, what to look at on the visit, and the report.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { stageTag } from '../elements/award-words.js'
import { icon } from '../elements/icons.js'
import { progressRing } from '../elements/ring-of-ten.js'
import { Watching } from '../lib/watching.js'
import { deviceWord, t } from '../lib/words.js'
import { judgement, seen } from '../store/judging.js'
import { deskOf, judgedSoFar, missingDesk, sitDown } from './desk-parts.js'

export class DeskView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    new Watching(this, () => [this.app.store, this.app.sync])
  }

  createRenderRoot() { return this }

  async opening() { await sitDown(this.app, this.params.assessment) }

  render() {
    const desk = deskOf(this.app, this.params.assessment)
    if (!desk) return missingDesk(this.app, this.params.assessment)
    const { assessment, stage } = desk
    const so = judgedSoFar(assessment)
    const late = desk.row?.late ?? 0
    return html`
      <header class="head"><a class="up" href="#/submissions">${icon('back')}${t('tabs.awards')}</a>
        <h1 tabindex="-1">${assessment.setting}</h1>
        <p class="quiet">${[assessment.organisation, assessment.edition.title].join(' · ')}</p>
        <p class="row">${stageTag(stage)}${assessment.blinded ? html`<span class="tag">${t('assign.second')}</span>`
          : nothing}${late ? html`<span class="tag">${t('queue.late', { n: late })}</span>` : nothing}</p></header>
      <div class="audit">
        <div class="cards">${this.#kept(desk)}${this.#standing(desk, so)}</div>
        <ol class="card principles" aria-label=${t('audit.principles')}>${assessment.edition.principles.map((principle,
          n) => this.#principle(assessment, principle, so[n], n))}</ol>
        <div class="cards">${this.#further(desk)}</div>
      </div>`
  }

  #standing({ assessment, may, stage, finished }, so) {
    const of = so.reduce((sum, { criteria }) => sum + criteria, 0)
    const n = so.reduce((sum, { agreed }) => sum + agreed, 0)
    const next = assessment.edition.principles.find((_, at) => so[at].agreed < so[at].criteria)
    return html`<section class="card standing">${progressRing({ principles: so }, t('desk.judged', { n, of }), 'large')}
      <div class="stack" data-tight><h2>${t('desk.judged', { n, of })}</h2>
        <p class="quiet">${t(finished ? 'desk.finished' : `desk.now-${may ? stage : 'closed'}`)}</p></div>
      ${finished ? nothing : this.#photos(assessment.audit)}
      ${may && next ? html`<a class="button wide" data-main href="#/desk/${assessment.id}/p/${next.id}">${t(n
        ? 'home.go-on-with' : 'audit.begin-with', { title: next.short })}</a>` : nothing}</section>`
  }

  /** How many of the audit's photos are here to look at without a network. */
  #photos(audit) {
    const { store, sync } = this.app
    const { here, of: n } = store.photosHere(audit)
    if (!n) return nothing
    const device = deviceWord()
    if (here === n) return html`<p class="state wide">${icon('sent')}${t('desk.photos-all', { n, device })}</p>`
    const coming = !sync.state.problem && store.photosAhead().length
    return html`<p class="state wide">${icon('camera')}<span>${t('desk.photos', { here, n, device })}. ${t(coming
      ? 'desk.photos-coming' : 'desk.photos-rest')}</span></p>`
  }

  /** What is kept of one's own and not counted: to be put in force, or since the report is out, to be read. */
  #kept({ assessment: { id, kept }, finished }) {
    const n = kept.length
    return n ? html`<section class="notice"><h2>${t('audit.kept', { n })}</h2><p>${t(finished ? 'desk.kept-late'
      : 'desk.kept-why')}</p><p><a class="button" href="#/desk/${id}/kept">${t('audit.see-kept')}</a></p></section>`
      : nothing
  }

  #principle({ id, registers, thin }, principle, { agreed, criteria }, n) {
    const is = agreed >= criteria ? 'done' : agreed ? 'part' : 'open'
    const probes = principle.criteria.filter(one => judgement(registers, one.id).probe).length
    const weak = principle.criteria.filter(one => thin[one.id]?.length).length
    return html`<li><a href="#/desk/${id}/p/${principle.id}">
      <span class="number" data-is=${is} aria-hidden="true">${is === 'done' ? icon('sent') : n + 1}</span>
      <span class="stack" data-tight><span class="title">${principle.title}</span>
        <span class="row"><small>${t(is === 'open' ? 'audit.not-begun' : 'desk.part', { n: agreed,
          of: criteria })}</small>
        ${weak ? html`<small>${t('desk.weak', { n: weak })}</small>` : nothing}
        ${probes ? html`<span class="tag">${icon('eye')}${t('desk.probes', { n: probes })}</span>`
          : nothing}</span></span>
      ${icon('next')}</a></li>`
  }

  #further({ assessment, row }) {
    const { registers, edition, id, blinded } = assessment
    const probes = edition.principles.flatMap(({ criteria }) => criteria).filter(one =>
      judgement(registers, one.id).probe).length
    return html`<section class="card"><ul class="link-list">
      ${blinded ? nothing : html`<li><a href="#/desk/${id}/visit">${icon('eye')}<span>${t('desk.visit')}<br><small>${t(
        'desk.visit-holds', { probes, seen: seen(registers).length })}</small></span>${icon('next')}</a></li>`}
      <li><a href="#/desk/${id}/report">${icon('page')}<span>${t(blinded ? 'desk.report-blinded'
        : 'desk.report')}</span>${icon('next')}</a></li>
      ${row?.late ? html`<li><a href="#/audits/${assessment.audit}/kept">${icon('history')}<span>${t(
        'audit.see-kept')}</span>${icon('next')}</a></li>` : nothing}</ul></section>`
  }
}
customElements.define('desk-view', DeskView)
