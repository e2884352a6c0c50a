// Kept: what was said while it could be and arrived when it could not count any more. A lead puts it in force; in an
// assessment its assessor does, who alone reads it.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { ask } from '../elements/ask.js'
import { icon } from '../elements/icons.js'
import { problemNotice } from '../elements/problem-notice.js'
import { saidWords } from '../elements/said-words.js'
import { find } from '../lib/find.js'
import { when } from '../lib/time.js'
import { t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { contributors } from '../store/reading.js'
import { missing } from './audit-parts.js'
import { deskOf, missingDesk, sitDown } from './desk-parts.js'

export class KeptView extends LitElement {
  static properties = {
    app: { attribute: false }, params: { attribute: false },
    busy: { state: true }, problem: { state: true }, counted: { state: true },
  }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** How far putting in force has come. @type {{n: number, of: number} | undefined} */
    this.busy = undefined
    /** @type {any} */
    this.problem = undefined
    /** How many were put in force here. @type {number} */
    this.counted = undefined
    this.counted = 0
    new Watching(this, () => [this.app.store, this.app.sync])
  }

  createRenderRoot() { return this }

  async opening() {
    const { audit, assessment } = this.params
    await (assessment ? sitDown(this.app, assessment) : this.app.store.loadAudit(audit))
  }

  render() {
    const { audit: asked, assessment } = this.params
    const place = assessment ? this.#desk() : this.#audit()
    if (!place) return assessment ? missingDesk(this.app, assessment) : missing(undefined, this.app, asked)
    const { of, up, name, back, about, may } = place
    const { kept } = of
    return html`
      <header class="head">
        <a class="up" href=${up}>${icon('back')}${name}</a>
        <h1 tabindex="-1">${t('kept.title')}</h1><p>${t(about)}</p></header>
      ${problemNotice(this.problem, t('kept.still'))}
      ${this.busy ? html`<p class="busy">${t('kept.busy', this.busy)}</p>` : nothing}
      ${this.counted ? html`<div class="notice"><p>${t('kept.counted', { n: this.counted })}</p></div>` : nothing}
      ${kept.length ? html`<section class="card" aria-labelledby="kept-title">
        <h2 id="kept-title" tabindex="-1" data-heading>${t('kept.waiting', { n: kept.length })}</h2>
        ${!may || kept.length < 2 ? nothing : html`<div class="row">
          <button class="button" data-main aria-disabled=${this.busy ? 'true' : nothing} @click=${this.#all}>
            ${t('kept.all', { n: kept.length })}</button></div>`}
        <ol class="listed">${kept.map(operation => this.#one(of, operation, may, kept.length === 1))}</ol></section>`
        : html`<section class="card empty" aria-labelledby="kept-title">
          <h2 id="kept-title" tabindex="-1" data-heading>${t('kept.none')}</h2>
          <p><a class="button" data-main href=${up}>${t(back)}</a></p></section>`}`
  }

  /** What is kept in an audit, and whether one may put it in force. */
  #audit() {
    const audit = this.app.store.audit(this.params.audit)
    if (!audit) return undefined
    const sealed = audit.stage !== 'open'
    const may = !sealed && audit.siteOf?.may.includes('operation.admit')
    const about = sealed ? 'kept.about-sealed' : may ? 'kept.about' : 'kept.about-own'
    return { of: audit, up: `#/audits/${audit.id}`, name: audit.siteOf?.name ?? t('tabs.audit'), about, may,
      back: 'kept.to-audit' }
  }

  /** The same in one's own assessment. */
  #desk() {
    const desk = deskOf(this.app, this.params.assessment)
    if (!desk) return undefined
    const { assessment, finished, row } = desk
    const about = finished ? 'desk.kept-over' : 'desk.kept-about'
    return { of: assessment, up: `#/desk/${assessment.id}`, name: assessment.setting, about, back: 'desk.kept-back',
      may: !finished && row?.declared !== 'conflict' }
  }

  #one(audit, operation, may, main) {
    /** @type {{title: string, about?: string, text?: string}} */
    const { title, about, text } = operation.payload ? saidWords(operation, audit) : { title: t('kept.erased') }
    const speaker = contributors(audit.registers).find(({ id }) => id === operation.payload?.contributor)
    const who = audit.people[operation.author] ?? t('differences.somebody')
    const scribe = speaker && speaker.label !== who
    return html`<li><div class="stack" data-tight><h3>${title}</h3>
        ${about ? html`<p>${about}</p>` : nothing}
        ${text ? html`<p class="said written">${text}</p>` : nothing}
        ${operation.late ? html`<p><span class="tag">${t('kept.late')}</span></p>` : nothing}
        <p class="quiet">${t(scribe ? 'kept.by-for' : 'kept.by', { who, for: speaker?.label, at: when(operation.at) })}
          ${t('kept.arrived', { at: when(operation.received_at) })}</p>
        <p class="state">${icon('info')}${operation.reason}</p></div>
      ${may && operation.payload ? html`<div class="row"><button class="button" ?data-main=${main}
        aria-disabled=${this.busy ? 'true' : nothing}
        @click=${() => this.#admit([operation])}>
        ${t('kept.admit')}<span class="unseen">: ${title} ${about}</span></button></div>` : nothing}</li>`
  }

  #all = async () => {
    const { of } = this.params.assessment ? this.#desk() : this.#audit()
    const all = of.kept.filter(({ payload }) => payload)
    const n = all.length
    if (!await ask({ title: t('kept.all-title', { n }), text: t('kept.all-why'), yes: t('kept.all', { n }) })) return
    await this.#admit(all)
  }

  /** One after the other, oldest first; what is done stays done when the network goes away in the middle. */
  async #admit(operations) {
    if (this.busy) return
    const { audit, assessment } = this.params
    const { sync } = this.app
    this.problem = undefined
    this.counted = 0
    try {
      for (const [n, { id }] of operations.entries()) {
        this.busy = { n: n + 1, of: operations.length }
        await sync.perform(assessment ?? audit, assessment ? 'assessment.admit' : 'operation.admit', { operation: id })
        this.counted += 1
      }
    } catch (problem) {
      this.problem = problem
    }
    // what counts now has to be fetched; without a network the next sync does it
    await (assessment ? sync.fetchAssessment(assessment) : sync.fetchAudit(audit)).catch(() => {})
    this.busy = undefined
    if (this.counted) announce(t('kept.counted', { n: this.counted }))
    await this.updateComplete
    find(this, '#kept-title')?.focus()
  }
}
customElements.define('kept-view', KeptView)
