// On paper: a form to print, what was written on one to enter, and the report to take to a meeting.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { choiceField, errorSummary, filledIn, focusSummary, textField } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { enterFromPaper, meet, speakerOf, speakersOf, voiceWord, writable } from '../elements/speaker.js'
import { language, t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { missing } from './audit-parts.js'

export class OnPaperView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false }, errors: { state: true },
    chosen: { state: true } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** @type {Record<string, string>} */
    this.errors = {}
    /** Whose form is printed or entered. @type {string | undefined} */
    this.chosen = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  async opening() {
    const audit = await this.app.store.loadAudit(this.params.audit)
    if (!audit) return
    await meet(audit)
    const named = new URLSearchParams(location.search).get('by') // as the code on a form has it
    const theirs = writable(speakersOf(this.app, audit)).find(({ id }) => id === named)
    this.chosen = (theirs ?? speakerOf(this.app, audit))?.id
  }

  render() {
    const audit = this.app.store.audit(this.params.audit)
    if (!audit?.edition) return missing(audit, this.app, this.params.audit)
    const speakers = writable(speakersOf(this.app, audit))
    return html`
      <header class="head"><a class="up" href="#/audits/${audit.id}">${icon('back')}${audit.siteOf?.name
        ?? t('tabs.audit')}</a>
        <h1 tabindex="-1">${t('paper.title')}</h1><p>${t('paper.why')}</p></header>
      <div class="cards">
        ${speakers.length && this.chosen ? html`${this.#print(audit, speakers)}${this.#enter(audit, speakers)}`
          : nothing}
        <section class="card"><h2>${t('paper.report')}</h2><p>${t('paper.report-why')}</p>
          ${links(`/audits/${audit.id}/report?${asked()}`, `/api/audits/${audit.id}/report.pdf?${asked()}`)}</section>
      </div>`
  }

  #print(audit, speakers) {
    const form = `/api/checklists/${audit.checklist}/${audit.editionNumber}/form`
    const whose = asked({ audit: audit.id, contributor: this.chosen })
    return html`<section class="card"><h2>${t('paper.print')}</h2><p>${t('paper.print-why')}</p>
      <div class="field"><label for="whose">${t('paper.whose')}</label><select class="input" id="whose"
        @change=${event => { this.chosen = event.target.value }}>${speakers.map(one => html`<option value=${one.id}
          .selected=${one.id === this.chosen}>${one.label} (${voiceWord(audit, one.voice)})</option>`)}</select></div>
      ${audit.local ? html`<p class="quiet">${t('paper.not-yet')}</p>` : links(`${form}?${whose}`,
        `${form}.pdf?${whose}`)}</section>`
  }

  #enter(audit, speakers) {
    return html`<section class="card"><h2>${t('paper.enter')}</h2><p>${t('paper.enter-why')}</p>
      <form class="stack" novalidate @submit=${event => this.#begin(event, audit)}>
        ${errorSummary(this.errors)}
        ${choiceField({ id: 'who', legend: t('paper.who'), value: this.chosen, options: speakers.map(one => ({
          value: one.id, label: one.label, hint: voiceWord(audit, one.voice) })) })}
        ${textField({ id: 'day', type: 'date', label: t('paper.day'), hint: t('paper.day-hint'),
          error: this.errors.day })}
        <div class="row"><button class="button" data-main>${t('paper.begin')}</button></div></form></section>`
  }

  #begin(event, audit) {
    event.preventDefault()
    const { who, day } = filledIn(event.target)
    this.errors = !day ? { day: t('paper.need-day') } : Date.parse(day) > Date.now() ? { day: t('paper.future') } : {}
    if (Object.keys(this.errors).length) return focusSummary(this)
    enterFromPaper(this.app, audit, who, day)
    this.app.go(`#/audits/${audit.id}/p/${audit.edition.principles[0].id}`)
  }
}
customElements.define('on-paper-view', OnPaperView)

/** @param {Record<string, string>} [more] */
const asked = more => new URLSearchParams({ language, ...more })

/** @param {string} page @param {string} pdf */
const links = (page, pdf) => html`<ul class="link-list">
  <li><a href=${pdf} target="_blank" rel="noopener">${icon('file')}<span>${t('paper.pdf')}</span></a></li>
  <li><a href=${page} target="_blank" rel="noopener">${icon('page')}<span>${t('paper.page')}</span></a></li></ul>
  <p class="quiet">${t('paper.network')}</p>`
