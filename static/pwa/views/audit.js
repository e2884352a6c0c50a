// An audit: how far it is, where people differ, its principles, and who speaks in it.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { ask } from '../elements/ask.js'
import { photoStates } from '../elements/evidence-words.js'
import { choiceField, errorSummary, filledIn, focusSummary, textField } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { foundWords } from '../elements/identifying-words.js'
import { progressRing } from '../elements/ring-of-ten.js'
import { meet, speakAs, speakerOf, speakersOf, voiceWord } from '../elements/speaker.js'
import { find } from '../lib/find.js'
import { uuid7 } from '../lib/ids.js'
import { lastPlace, rememberPlace } from '../lib/place.js'
import { problemWords } from '../lib/problem-words.js'
import { statementsAt } from '../lib/statements-at.js'
import { day } from '../lib/time.js'
import { Warned, warnedOf } from '../lib/warned.js'
import { t, useAwardWords } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { items, tally } from '../store/evidencing.js'
import { VOICES, differences, progress } from '../store/reading.js'
import { isOpen, missing, nextPrinciple, pips } from './audit-parts.js'

export class AuditView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false }, adding: { state: true },
    own: { state: true }, errors: { state: true } }
  /** What the writer of a group's name has been warned of. */
  #warned = new Warned()

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** @type {boolean} */
    this.adding = undefined
    /** @type {boolean} */
    this.own = undefined
    /** @type {Record<string, string>} */
    this.errors = undefined
    this.errors = {}
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  async opening() {
    const { store } = this.app
    const audit = await store.loadAudit(this.params.audit)
    if (!audit) return
    await Promise.all([meet(audit), ...(audit.track === 'award' ? [useAwardWords(),
      import('../elements/award-card.js')] : [])])
    const place = lastPlace(store.person.id)
    if (place?.audit !== audit.id) rememberPlace({ person: store.person.id, audit: audit.id })
  }

  render() {
    const audit = this.app.store.audit(this.params.audit)
    if (!audit?.edition) return missing(audit, this.app, this.params.audit)
    const { principles } = audit.edition
    const apart = differences(audit.registers)
    const standing = progress(audit.registers, audit.edition).map(one =>
      ({ ...one, differences: apart.filter(({ criterion }) => criterion?.replace(/-\d+$/, '') === one.id).length }))
    const speaker = speakerOf(this.app, audit)
    return html`
      <header class="head"><a class="up" href="#/">${icon('back')}${t('tabs.home')}</a>
        <h1 tabindex="-1">${audit.siteOf?.name ?? t('tabs.audit')}</h1>
        <p class="quiet">${audit.edition.title} · ${t(`track.${audit.track}`)} · ${t('audit.started',
          { day: day(audit.opened_at), who: audit.opened_by.name })}</p></header>
      <div class="audit">
        <div class="cards">
          ${this.#standing(audit, standing, speaker)}
          ${apart.length ? html`<section class="notice" data-kind="differ"><h2>${t('audit.apart',
            { n: apart.length })}</h2><p>${t('audit.apart-why')}</p>
            <p><a class="button"
              href="#/audits/${audit.id}/differences">${icon('differ')}${t('audit.see-apart')}</a></p></section>`
                : nothing}
          ${audit.track === 'award' && audit.edition.award_rule ? html`<award-card .app=${this.app}
            .audit=${audit}></award-card>` : nothing}
          ${this.#kept(audit)}
          <section class="card"><ul class="link-list">${this.#evidence(audit)}
            <li><a href="#/audits/${audit.id}/plan">${icon('plan')}
            <span>${t('plan.see')}</span>${icon('next')}</a></li>
            <li><a href=${statementsAt(audit.id)}>${icon('audit')}
            <span>${t('audit.by-lens')}</span>${icon('next')}</a></li></ul></section>
        </div>
        <ol class="card principles" aria-label=${t('audit.principles')}>${principles.map((principle, n) =>
          this.#principle(audit, principle, standing[n], n, speaker))}</ol>
        <div class="cards">
          ${this.#speakers(audit, speaker)}
          ${this.app.hasRoute(`#/audits/${audit.id}/history`) ? html`<section class="card"><ul class="link-list"><li><a
            href="#/audits/${audit.id}/paper">${icon('page')}<span>${t('audit.paper')}</span>${icon('next')}</a></li>
            ${mayPromote(audit) ? html`<li><a
            href="#/audits/${audit.id}/award">${icon('awards')}<span>${t('audit.to-award')}</span>${icon('next')}</a></li>`
              : nothing}
            <li><a href="#/audits/${audit.id}/history">${icon('history')}
            <span>${t('audit.history')}</span>${icon('next')}</a></li></ul></section>` : nothing}
        </div>
      </div>`
  }

  #standing(audit, standing, speaker) {
    const agreed = standing.filter(({ agreed, criteria }) => agreed >= criteria).length
    const of = standing.reduce((sum, { criteria }) => sum + criteria, 0)
    const findings = standing.reduce((sum, one) => sum + one.agreed, 0)
    const said = speaker ? audit.edition.principles.flatMap(({ criteria }) => criteria).filter(({ id }) =>
      !isOpen(audit.registers, speaker.id, id)).length : 0
    const next = nextPrinciple(this.app, audit, speaker)
    return html`<section class="card standing">
      ${progressRing({ principles: standing }, t('audit.ring', { n: agreed, of: standing.length }), 'large')}
      <div class="stack" data-tight><h2>${t('audit.agreed', { n: agreed, of: standing.length })}</h2>
        <p>${t('audit.findings', { n: findings, of })}</p>
        ${speaker ? html`<p class="quiet">${t(speaker.mine ? 'audit.you-said' : 'audit.they-said', { n: said, of,
          who: speaker.label })}</p>` : nothing}</div>
      ${next ? html`<a class="button wide" data-main href="#/audits/${audit.id}/p/${next.id}">${t(said || findings
        ? 'home.go-on-with' : 'audit.begin-with', { title: next.short })}</a>` : nothing}</section>`
  }

  #principle(audit, principle, { agreed, answered, criteria, differences: apart }, n, speaker) {
    const is = agreed >= criteria ? 'done' : agreed || answered ? 'part' : 'open'
    return html`<li><a href="#/audits/${audit.id}/p/${principle.id}">
      <span class="number" data-is=${is} aria-hidden="true">${is === 'done' ? icon('sent') : n + 1}</span>
      <span class="stack" data-tight><span class="title">${principle.title}</span>
        <span class="row"><small>${t(is === 'open' ? 'audit.not-begun' : is === 'done' ? 'audit.done' : 'audit.part',
          { n: agreed, of: criteria })}</small>${pips(audit.registers, principle.criteria, speaker)}
        ${apart ? html`<span class="tag" data-kind="differ">${icon('differ')}${t('home.differ', { n: apart })}</span>`
          : nothing}</span></span>
      ${icon('next')}</a></li>`
  }

  #kept(audit) {
    const n = audit.kept?.length ?? 0
    const href = `#/audits/${audit.id}/kept`
    return n && this.app.hasRoute(href)
      ? html`<section class="notice"><h2>${t('audit.kept', { n })}</h2><p>${t('audit.kept-why')}</p><p><a class="button"
        href=${href}>${t('audit.see-kept')}</a></p></section>` : nothing
  }

  /** How much there is to show for it, and photos that are gone. */
  #evidence(audit) {
    const { items: n, bare, gone } = tally(items(audit.registers), audit.edition, photoStates(this.app, audit.id))
    return html`<li><a href="#/audits/${audit.id}/evidence">${icon('evidence')}
      <span>${t('evidence.line', { items: t('evidence.items', { n }), bare: t('evidence.bare', { n: bare }) })}
      ${gone.length ? html`<br><span class="tag" data-kind="problem">${t('evidence.gone', { n: gone.length })}</span>`
        : nothing}</span>${icon('next')}</a></li>`
  }

  #speakers(audit, speaker) {
    const speakers = speakersOf(this.app, audit)
    const may = audit.siteOf?.may.includes('contributor.add')
    const present = speakers.filter(({ withdrawn }) => !withdrawn)
    const gone = speakers.filter(({ withdrawn }) => withdrawn)
    return html`<section class="card"><h2 tabindex="-1" data-heading id="speakers">${t('audit.speakers')}</h2><p
      class="quiet">${t('audit.speakers-why', audit.edition.words)}</p>
      <ul class="speakers">${present.map(one => this.#speaker(audit, one, speaker, may))}</ul>
      ${may ? this.adding ? this.#form(audit) : html`<div class="row"><button class="button"
        @click=${this.#open}>${icon('plus')}${t('audit.add-speaker')}</button></div>` : nothing}
      ${gone.length ? html`<details class="more"><summary>${t('audit.gone', { n: gone.length })}</summary><ul
        class="speakers">${gone.map(one => html`<li><span><b>${one.label}</b><br><small>${voiceWord(audit,
          one.voice)}</small></span>
        ${may && !audit.asked ? html`<button class="linklike"
          @click=${() => this.#add(audit, one)}>${t('audit.bring-back')}<span
          class="unseen"> ${one.label}</span></button>` : nothing}</li>`)}</ul></details>` : nothing}</section>`
  }

  #speaker(audit, one, speaker, may) {
    const said = audit.edition.principles.flatMap(({ criteria }) => criteria).filter(({ id }) =>
      !isOpen(audit.registers, one.id, id)).length
    const here = one.id === speaker?.id
    return html`<li><span><b>${one.label}</b>${one.mine ? ` ${t('audit.you')}` : ''}<br><small>${voiceWord(audit,
      one.voice)} · ${t('voices.n', { n: said })}${here && !one.mine ? ` · ${t('audit.writing-now')}`
        : ''}</small></span>
      <span class="row" data-links>${may && one.group && !here
        ? html`<button class="linklike" @click=${() => this.#write(audit, one)}>${t('audit.write-for')}<span
          class="unseen"> ${one.label}</span></button>` : nothing}
        ${may && one.mine && !here
          ? html`<button class="linklike" @click=${() => this.#write(audit, one)}>${t('audit.write-for-me')}</button>`
            : nothing}
        ${may && one.mine && !audit.asked ? html`<button class="linklike" aria-expanded=${Boolean(this.own)}
          @click=${() => { this.own = !this.own }}>${t('audit.change-voice')}</button>` : nothing}
        ${may && one.group && !audit.asked
          ? html`<button class="linklike" @click=${() => this.#withdraw(audit, one)}>${t('audit.withdraw')}<span
            class="unseen"> ${one.label}</span></button>` : nothing}</span>
      ${may && one.mine && this.own
        ? html`<form class="stack" novalidate @submit=${event => this.#speakOtherwise(event, audit, one)}>
        ${this.#voices(audit, 'own-voice', one.voice, t('audit.own-voice'))}<div class="row"><button
          class="button">${t('audit.save')}</button></div></form>` : nothing}</li>`
  }

  #voices(audit, id, value, legend) {
    return choiceField({ id, legend, error: this.errors[id], value, options: VOICES.map(voice => ({ value: voice,
      label: voiceWord(audit, voice), hint: t(`voice.${voice}-hint`, audit.edition.words) })) })
  }

  #form(audit) {
    return html`<form class="stack" novalidate @submit=${event => this.#submit(event, audit)}>
      ${errorSummary(this.errors)}
      ${textField({ id: 'label', label: t('audit.speaker-name'), hint: t('audit.speaker-hint', audit.edition.words),
        maxlength: 80, error: this.errors.label })}
      ${this.#voices(audit, 'voice', undefined, t('audit.speaker-voice'))}
      <div class="row"><button class="button" data-main>${t('audit.add')}</button><button type="button" class="linklike"
        @click=${this.#close}>${t('ask.no')}</button></div></form>`
  }

  #open = async () => {
    this.adding = true
    this.#warned = new Warned()
    await this.updateComplete
    find(this, '#label').focus()
  }

  #close = () => {
    this.adding = false
    this.errors = {}
    this.#toSpeakers()
  }

  /** The focus goes to the heading of the list when what had it is gone. */
  async #toSpeakers() {
    await this.updateComplete
    find(this, '#speakers').focus()
  }

  async #submit(event, audit) {
    event.preventDefault()
    const { label, voice } = filledIn(event.target)
    const same = speakersOf(this.app, audit).some(one => !one.withdrawn
      && one.label.toLowerCase() === label.trim().toLowerCase())
    const found = this.#warned.unknown(label)
    this.#warned.tell(label)
    this.errors = {
      ...(!label.trim() ? { label: t('audit.need-name') } : same ? { label: t('audit.name-taken') }
        : found.length ? { label: t('identifying.again', { what: foundWords(found) }) } : {}),
      ...(voice ? {} : { voice: t('audit.need-voice') }),
    }
    if (Object.keys(this.errors).length) return focusSummary(this)
    const contributor = uuid7()
    if (await this.#add(audit, { id: contributor, voice, label: label.trim(), warned: this.#warned.kept(label) })) {
      this.adding = false
      speakAs(this.app, audit, contributor)
      announce(t('audit.added', { label: label.trim() }))
      this.#toSpeakers()
    }
  }

  async #speakOtherwise(event, audit, one) {
    event.preventDefault()
    const voice = filledIn(event.target)['own-voice']
    if (!await this.#add(audit, { ...one, voice })) return
    this.own = false
    this.#toSpeakers()
  }

  async #add(audit, { id, voice, label, warned = [] }) {
    try {
      await this.app.store.record(audit.id, 'contributor.add', { contributor: id, voice, label, ...warnedOf(warned) })
      return true
    } catch (problem) {
      this.errors = { form: problemWords(problem) }
      this.adding = true
      focusSummary(this)
      return false
    }
  }

  #write(audit, one) {
    speakAs(this.app, audit, one.id)
    announce(t('audit.now-for', { label: one.label }))
    this.requestUpdate()
    this.#toSpeakers()
  }

  async #withdraw(audit, one) {
    if (!await ask({ title: t('audit.withdraw-title', { label: one.label }), text: t('audit.withdraw-why'),
      yes: t('audit.withdraw'), danger: true })) return
    try {
      await this.app.store.record(audit.id, 'contributor.withdraw', { contributor: one.id })
      announce(t('audit.withdrawn', { label: one.label }))
      this.#toSpeakers()
    } catch (problem) {
      this.errors = { form: problemWords(problem) }
      this.adding = true
      focusSummary(this)
    }
  }
}
customElements.define('audit-view', AuditView)

/** Whether an audit for the team alone may become one for the award. */
const mayPromote = ({ track, edition, siteOf }) => track === 'development' && edition.award_rule
  && siteOf?.may.includes('audit.promote')
