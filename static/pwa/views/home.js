// Home: a card a setting, saying where its audit stands; one tap goes on where one left.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { icon } from '../elements/icons.js'
import { progressRing } from '../elements/ring-of-ten.js'
import { auditsOf, gather } from '../elements/site-audits.js'
import { meet, speakerOf } from '../elements/speaker.js'
import { stageWords } from '../lib/stage-words.js'
import { day, isoDay } from '../lib/time.js'
import { t, useAwardWords } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { figures, sitePlan } from '../store/planning.js'
import { nextPrinciple } from './audit-parts.js'

const TITLED = 8
/** Stages that are told apart: what was given, and what asks for something. */
const ENDED = { awarded: 'done', renewed: 'done', 'action-points': 'differ', deferred: 'differ', suspended: 'problem',
  withdrawn: 'problem' }
/** Of how many settings it is said what is overdue; who looks after more has the dashboard. */
const PLANNED = 3
/** When there is time to look for that, in milliseconds. */
const LATER = 300

export class HomeView extends LitElement {
  static properties = { app: { attribute: false } }

  #asked = new Set()
  #shown = new Map()
  #later
  #queues = false

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    new Watching(this, () => [this.app.store, this.app.sync])
  }

  createRenderRoot() { return this }

  async opening() {
    await Promise.all([this.#load(this.#audits()), this.#queue()])
  }

  /** Who judges for an awarding body sees first what waits there. */
  async #queue() {
    if (!judges(this.app.store.home)) return
    await Promise.all([useAwardWords(), import('../elements/award-queue.js')])
    this.#queues = true
    this.requestUpdate()
  }

  updated() {
    if (!this.#queues) this.#queue()
    this.#load(this.#shown)
    clearTimeout(this.#later)
    this.#later = setTimeout(() => this.#gather(), LATER)
  }

  /** What is overdue hangs on earlier audits as well, and nobody waits for those. */
  async #gather() {
    const sites = this.app.store?.home?.sites.slice(0, PLANNED) ?? []
    const found = await Promise.all(sites.map(({ id }) => gather(this.app, id)))
    if (this.isConnected && found.some(Boolean)) this.requestUpdate()
  }

  /** The newest audits come from the device, for the names of their principles and what is not sent yet. */
  async #load(audits) {
    const { store } = this.app
    const here = store.downloaded()
    const lacking = [...audits.values()].slice(0, TITLED).map(([newest]) => newest)
      .filter(({ id, local }) => !store.audit(id) && !this.#asked.has(id) && (local || here.includes(id)))
    for (const { id } of lacking) this.#asked.add(id)
    if (!lacking.length) return
    await Promise.all(lacking.map(async ({ id }) => {
      const audit = await store.loadAudit(id).catch(() => null)
      if (audit) await meet(audit)
    }))
    this.requestUpdate()
  }

  render() {
    const { store, sync } = this.app
    const { home } = store
    const name = store.person.name.split(' ')[0]
    const audits = this.#shown = this.#audits()
    const sides = home && this.app.hasRoute('#/dashboard') && home.sites.length > 1 && compares(home)
    return html`
      <header class="head"><h1 tabindex="-1">${t(`home.${partOfDay()}`, { name })}</h1></header>
      ${this.#attention()}
      ${home ? nothing : html`<div class="card empty"><h2>${t('home.first')}</h2>
        ${sync.state.problem ? html`<p>${t('home.first-offline')}</p><button class="button" data-main
          @click=${() => sync.now()}>${t('app.try-again')}</button>`
          : html`<p class="busy">${t('home.fetching')}</p>`}</div>`}
      ${sides ? html`<a class="button to-sides" data-main href="#/dashboard">
        ${icon('sides')}${t('home.sides', { n: home.sites.length })}</a>` : nothing}
      ${this.#queues ? html`<award-queue .app=${this.app}></award-queue>` : nothing}
      ${home && home.sites.length === 0 && !judges(home)
        ? html`<div class="card empty"><h2>${t('home.none')}</h2><p>${t('home.none-why')}</p></div>` : nothing}
      <ul class="cards" data-columns>${home?.sites.map((site, n) => this.#setting(site, audits.get(site.id) ?? [], n === 0 && !sides))}</ul>`
  }

  /** What needs a person: things refused, and work that has waited long. */
  #attention() {
    const unsent = this.app.store.unsent()
    const photos = this.app.store.photosWaiting()
    const stuck = unsent.filter(({ state }) => state !== 'local' && state !== 'sent').length
      + photos.filter(({ state }) => state === 'refused').length
    const old = [...unsent, ...photos].some(({ at }) => Date.now() - new Date(at).getTime() > 86_400_000)
    if (!stuck && !old) return nothing
    return html`<div class="notice" data-kind="problem"><p>${stuck ? t('home.stuck', { n: stuck }) : t('home.old',
      { n: unsent.length || photos.length })}</p>
      <p><a href="#/unsent">${t('home.see-unsent')}</a></p></div>`
  }

  /** The audits of each site: the one that is under way, or the newest; then the others, newest first. */
  #audits() {
    const bySite = new Map()
    for (const audit of this.app.store.audits()) bySite.set(audit.site, [...(bySite.get(audit.site) ?? []), audit])
    for (const [site, all] of bySite) {
      const current = all.find(audit => !finished(audit)) ?? all[0]
      bySite.set(site, [current, ...all.filter(audit => audit !== current)])
    }
    return bySite
  }

  #setting(site, [audit, ...earlier], first) {
    const organisation = this.app.store.home.organisations.find(({ id }) => id === site.organisation)
    const where = [site.about, organisation?.name].filter(Boolean).join(' · ')
    return html`<li class="card setting">
      ${site.may.includes('audit.see') ? progressRing(audit?.progress, t('audit.ring', { n: done(audit),
        of: audit?.progress.principles.length ?? 10 })) : nothing}
      <div class="stack" data-tight><h2>${site.name}</h2><p class="quiet">${where}</p>${audit ? this.#standing(audit)
        : site.may.includes('audit.see') ? html`<p>${t('home.no-audit')}</p>` : nothing}</div>
      <div class="wide stack" data-tight>
        ${audit ? this.#goOn(site, audit, first) : nothing}
        ${this.#overdue(site)}
        ${site.may.includes('audit.open') && (!audit || finished(audit))
          ? html`<a class="button" ?data-main=${first && !audit} data-wide href="#/sites/${site.id}/start">${t(audit
            ? 'home.start-next' : 'home.start')}</a>` : nothing}
        ${!site.may.includes('audit.see') && organisation?.may.includes('organisation.see')
          ? html`<a class="button" data-wide href="#/organisations/${organisation.id}">${t('home.people')}</a>` : nothing}
        ${earlier.length ? html`<details class="more"><summary>${t('home.earlier', { n: earlier.length })}</summary>
          <ul class="link-list">${earlier.map(one => html`<li><a href="#/audits/${one.id}">${t('home.earlier-one',
            { day: day(one.opened_at), n: done(one),
              of: one.progress.principles.length })}${icon('next')}</a></li>`)}</ul></details>` : nothing}
      </div></li>`
  }

  /** Below the button: it comes a moment later, and nobody's thumb should miss what it aims at. */
  #overdue(site) {
    const { overdue } = figures(sitePlan(auditsOf(this.app, site.id), isoDay()))
    return overdue ? html`<div class="row" data-links><a class="linklike" href="#/sites/${site.id}/plan">
      ${icon('plan')}${t('home.overdue', { n: overdue })}</a></div>` : nothing
  }

  #standing({ id, progress, opened_at, local, stage, submission }) {
    const photos = this.app.store.photosWaiting().filter(({ stream }) => stream === id).length
    const under = progress.principles.filter(({ agreed, answered, criteria }) => agreed < criteria && (agreed
      || answered)).length
    return html`<p>${t('home.standing', { n: progress.principles.filter(complete).length,
      of: progress.principles.length })}${under ? t('home.under-way', { n: under }) : ''}.</p>
      <p class="quiet">${t('home.started', { day: day(opened_at) })}</p>
      ${progress.differences || local || photos || isHandedIn(stage) || submission?.returned ? html`<p class="row">
        ${submission?.returned ? html`<span class="tag" data-kind="differ">${icon('awards')}${t('home.returned')}</span>`
          : nothing}
        ${isHandedIn(stage) ? html`<span class="tag" data-kind=${ENDED[stage] ?? nothing}>${icon('awards')}${
          stageWords(stage, submission)}</span>` : nothing}
        ${progress.differences ? html`<span class="tag" data-kind="differ">${icon('differ')}${t('home.differ',
          { n: progress.differences })}</span>` : nothing}
        ${photos ? html`<span class="tag">${icon('camera')}${t('home.photos', { n: photos })}</span>` : nothing}
        ${local ? html`<span class="tag">${t('home.local')}</span>` : nothing}</p>` : nothing}`
  }

  /** The one thing to do here: the next principle by name for those who answer, else a look. */
  #goOn(site, audit, first) {
    const loaded = this.app.store.audit(audit.id)
    const may = site.may.includes('answer.rate') && !finished(audit) && !isHandedIn(audit.stage)
    const next = may && loaded?.edition ? nextPrinciple(this.app, loaded, speakerOf(this.app, loaded)) : undefined
    const whole = `#/audits/${audit.id}`
    return html`<a class="button" ?data-main=${first} data-wide href=${next ? `${whole}/p/${next.id}` : whole}>${next
      ? t('home.go-on-with', { title: next.short }) : t(may ? 'home.go-on' : 'home.see')}</a>
      <div class="row" data-links>${next ? html`<a class="linklike" href=${whole}>${t('home.whole')}</a>` : nothing}
        ${site.may.includes('audit.open') && !finished(audit)
          ? html`<a class="linklike" href="#/sites/${site.id}/start">${t('home.start-another')}</a>` : nothing}</div>`
  }
}
customElements.define('home-view', HomeView)

/** Whether an audit is with others now, and nothing in it changes. */
const isHandedIn = stage => stage !== undefined && stage !== 'open'
const complete = ({ agreed, criteria }) => agreed >= criteria
const done = audit => audit?.progress.principles.filter(complete).length ?? 0
const finished = ({ progress: { principles } }) => principles.length > 0 && principles.every(complete)
const judges = home => home?.organisations.some(({ awards, may }) => awards && may.includes('submission.see'))
const compares = ({ organisations }) => organisations.some(({ may }) => may.includes('dashboard.see'))

function partOfDay(hour = new Date().getHours()) {
  return hour < 5 || hour >= 18 ? 'evening' : hour < 12 ? 'morning' : 'afternoon'
}
