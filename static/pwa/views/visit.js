// The visit: what to look at, what was seen, what the place does well and could do. Saved here at once, sent later.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { areaField } from '../elements/area-field.js'
import { criterionIn } from '../elements/award-words.js'
import { errorSummary, filledIn, focusSummary, textField } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { foundWords } from '../elements/identifying-words.js'
import { savedLine } from '../elements/saved-line.js'
import { find } from '../lib/find.js'
import { uuid7 } from '../lib/ids.js'
import { problemWords } from '../lib/problem-words.js'
import { day, isoDay } from '../lib/time.js'
import { forgetTyped, typedInto } from '../lib/typed.js'
import { Warned, warnedOf } from '../lib/warned.js'
import { Watching } from '../lib/watching.js'
import { t } from '../lib/words.js'
import { judgement, remark, seen } from '../store/judging.js'
import { deskOf, missingDesk, sitDown } from './desk-parts.js'
import '../elements/criteria-choice.js'
import '../elements/kept-text.js'
import '../elements/online-form.js'

const PARTS = ['strengths', 'suggestions']

export class VisitView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false }, changing: { state: true },
    errors: { state: true }, recording: { state: true } }
  /** What the writer has been warned of. */
  #warned = new Warned()

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** What is being written: 'new', or the id of what was seen before. @type {string | undefined} */
    this.changing = undefined
    /** @type {Record<string, string>} */
    this.errors = {}
    /** The form about the whole visit is open. @type {boolean} */
    this.recording = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  async opening() { await sitDown(this.app, this.params.assessment) }

  render() {
    const desk = deskOf(this.app, this.params.assessment)
    if (!desk) return missingDesk(this.app, this.params.assessment)
    const { assessment } = desk
    return html`
      <header class="head"><a class="up" href="#/desk/${assessment.id}">${icon('back')}${assessment.setting}</a>
        <h1 tabindex="-1">${t('visit.title')}</h1><p class="quiet">${t('visit.about')}</p></header>
      <div class="two"><div class="cards">${this.#seen(desk)}${this.#remarks(desk)}</div>
        <div class="cards">${this.#probes(assessment)}${this.#recorded(desk)}</div></div>`
  }

  // What was seen

  #seen({ assessment, may }) {
    const all = seen(assessment.registers)
    return html`<section class="card" aria-labelledby="seen-title"><h2 id="seen-title" tabindex="-1" data-heading>${t(
        'visit.seen', { n: all.length })}</h2>
      ${may ? this.changing === 'new' ? this.#form(assessment) : html`<div class="row"><button class="button" data-main
        @click=${() => this.#open('new')}>${icon('plus')}${t('visit.add')}</button></div>` : nothing}
      ${all.length ? html`<ul class="listed">${all.map(one => html`<li>${this.changing === one.id
        ? this.#form(assessment, one) : this.#one(assessment, one, may)}</li>`)}</ul>` : nothing}</section>`
  }

  #one({ id, edition }, one, may) {
    const saved = this.app.store.saved(id, `seen/${one.id}/said`)
    return html`<div class="stack" data-tight><p class="written">${one.text}</p>
      <ul class="statements">${one.criteria.map(criterion => html`<li>${this.#link(id, edition, criterion)}</li>`)}</ul>
      ${saved ? savedLine(saved) : nothing}
      ${may ? html`<div class="row" data-links><button class="linklike" @click=${() => this.#open(one.id)}>${t(
        'visit.change')}<span class="unseen">: ${one.text}</span></button>
        <button class="linklike" @click=${() => this.#take(one)}>${t('visit.take-away')}<span
          class="unseen">: ${one.text}</span></button></div>` : nothing}</div>`
  }

  #link(id, edition, criterion) {
    const found = criterionIn(edition, criterion)
    return found ? html`<a href="#/desk/${id}/p/${found.principle.id}/${criterion}">${found.number} ${
      found.criterion.statement}</a>` : nothing
  }

  #form(assessment, one) {
    const { values } = this.#typed(one)
    return html`<form class="stack" novalidate @input=${event => this.#keep(event, one)}
      @submit=${event => this.#submit(event, assessment, one)}>
      ${errorSummary(this.errors)}
      ${areaField({ id: 'seen-text', label: t('visit.what'), hint: t('visit.what-hint'), value: values.text,
        error: this.errors['seen-text'], maxlength: 4000 })}
      <criteria-choice .edition=${assessment.edition} .chosen=${values.criteria.split(' ').filter(Boolean)}
        .legend=${t('visit.which')} .error=${this.errors['seen-criteria']} id="seen-criteria"
        @change=${event => { values.criteria = event.target.chosen.join(' ') }}></criteria-choice>
      <div class="row"><button class="button" data-main>${t('visit.save')}</button><button type="button"
        class="linklike"
        @click=${() => this.#close(one)}>${t('ask.no')}</button></div></form>`
  }

  #typed(one) {
    return typedInto(this.app.store, `${this.params.assessment}/seen/${one?.id ?? 'new'}`, { text: one?.text ?? '',
      criteria: (one?.criteria ?? []).join(' ') })
  }

  #keep(event, one) {
    if (event.target.id === 'seen-text') this.#typed(one).values.text = event.target.value
  }

  #open = async id => {
    this.changing = id
    this.errors = {}
    this.#warned = new Warned()
    await this.updateComplete
    find(this, '#seen-text').focus()
  }

  #close = async one => {
    forgetTyped(this.app.store, `${this.params.assessment}/seen/${one?.id ?? 'new'}`)
    this.changing = undefined
    await this.updateComplete
    find(this, '#seen-title').focus()
  }

  #submit = async (event, assessment, one) => {
    event.preventDefault()
    const { values } = this.#typed(one)
    const text = values.text.trim()
    const criteria = values.criteria.split(' ').filter(Boolean).sort()
    const found = this.#warned.unknown(text, one?.text)
    this.#warned.tell(text)
    this.errors = {
      ...(!text ? { 'seen-text': t('visit.need-what') } : found.length ? { 'seen-text': t('identifying.again',
        { what: foundWords(found) }) } : {}),
      ...(criteria.length ? {} : { 'seen-criteria': t('visit.need-which') }),
    }
    if (Object.keys(this.errors).length) return focusSummary(this)
    try {
      await this.app.store.record(assessment.id, 'visit.see', { seen: one?.id ?? uuid7(), criteria, text,
        ...warnedOf(this.#warned.kept(text)) })
      announce(t('criterion.saved'))
      await this.#close(one)
    } catch (problem) {
      this.errors = { form: problemWords(problem) }
      focusSummary(this)
    }
  }

  async #take({ id }) {
    await this.app.store.record(this.params.assessment, 'visit.unsee', { seen: id })
    announce(t('visit.taken-away'))
    find(this, '#seen-title').focus()
  }

  // What the place does well, and could do

  #remarks({ assessment, may }) {
    const said = remark(assessment.registers)
    const saved = this.app.store.saved(assessment.id, 'assessment/remark')
    const fields = () => PARTS.map(part => find(this, `kept-text[data-part=${part}]`))
    const save = () => this.app.store.record(assessment.id, 'assessment.remark', {
      ...Object.fromEntries(fields().map((field, n) => [PARTS[n], field.sayable])),
      ...warnedOf(fields().flatMap(({ warned }) => warned)),
    })
    return html`<section class="card"><h2>${t('visit.remarks')}</h2>
      ${may ? PARTS.map(part => html`<kept-text data-part=${part} .name=${`${assessment.id}/remark/${part}`}
        .label=${t(`visit.${part}`)} .hint=${t(`visit.${part}-hint`)} .value=${said[part] ?? ''} .maxlength=${8000}
        .save=${save}></kept-text>`) : PARTS.map(part => said[part] ? html`<div class="said"><b>${t(
          `visit.${part}`)}</b><p class="written">${said[part]}</p></div>` : nothing)}
      ${saved ? savedLine(saved) : nothing}</section>`
  }

  // What to look at

  #probes({ id, registers, edition }) {
    const probes = edition.principles.flatMap(({ criteria }) => criteria).filter(one => judgement(registers,
      one.id).probe)
    return html`<section class="card"><h2>${t('visit.probes', { n: probes.length })}</h2>
      ${probes.length ? html`<ul class="listed">${probes.map(one => html`<li><b>${this.#link(id, edition, one.id)}</b>
        ${judgement(registers, one.id).note ? html`<p class="quiet written">${judgement(registers, one.id).note}</p>`
          : nothing}</li>`)}</ul>` : html`<p class="quiet">${t('visit.no-probes')}</p>`}</section>`
  }

  /** The visit as a whole, which the panel reads: recorded with a network, when it is over. */
  #recorded({ assessment, stage, may }) {
    const { visits, id, blinded } = assessment
    const mine = may && stage === 'ready' && !blinded
    if (!visits.length && !mine) return nothing
    return html`<section class="card" aria-labelledby="recorded-title"><h2 id="recorded-title" tabindex="-1"
        data-heading>${t('visit.recorded')}</h2>
      ${visits.map(({ date, people, seen: what }) => html`<div class="stack" data-tight><b>${day(date)}</b>
        <p>${people}</p><p class="written">${what}</p></div>`)}
      ${!mine ? nothing : this.recording ? html`<online-form .app=${this.app} .name=${`visit/${id}`}
        .words=${t('visit.record-go')} .closed=${() => { this.recording = false }} .start=${{ date: isoDay() }}
        .fields=${given => html`${textField({ ...given('date'), label: t('visit.date'), type: 'date' })}
          ${textField({ ...given('people'), label: t('visit.people'), hint: t('visit.people-hint'), maxlength: 500 })}
          ${areaField({ ...given('seen'), label: t('visit.did'), hint: t('visit.did-hint'), maxlength: 4000 })}`}
        .check=${({ date, people, seen: what }) => ({
          ...(/^20\d\d-\d\d-\d\d$/.test(date) && date <= isoDay() ? {} : { date: t('visit.need-date') }),
          ...(people ? {} : { people: t('visit.need-people') }), ...(what ? {} : { seen: t('visit.need-did') }) })}
        .act=${({ date, people, seen: what }) => this.#record({ date, people, seen: what })}></online-form>`
        : html`<p>${t('visit.record-about')}</p><div class="row"><button class="button" @click=${() => {
          this.recording = true
        }}>${t('visit.record')}</button></div>`}</section>`
  }

  async #record(payload) {
    const { sync } = this.app
    await sync.perform(this.params.assessment, 'visit.record', payload)
    await sync.fetchAssessment(this.params.assessment).catch(() => {})
    await sync.now()
    this.recording = false
    announce(t('visit.record-done'))
    await this.updateComplete
    find(this, '#recorded-title').focus()
  }
}
customElements.define('visit-view', VisitView)
