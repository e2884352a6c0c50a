// Home: a card a setting, saying where its audit stands; one tap goes on where one left.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { icon } from '../elements/icons.js'
import { progressRing } from '../elements/ring-of-ten.js'
import { lastPlace } from '../lib/place.js'
import { day } from '../lib/time.js'
import { t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'

const TITLED = 8

export class HomeView extends LitElement {
  static properties = { app: { attribute: false } }

  constructor() {
    super()
    new Watching(this, () => [this.app.store, this.app.sync])
  }

  createRenderRoot() { return this }

  /** The audits that can be gone on with come from the device, for the names of their principles. */
  async opening() {
    const { store } = this.app
    const newest = (store.home?.sites ?? []).map(site => this.#audits(site)[0]).filter(Boolean)
    await Promise.all(newest.slice(0, TITLED).map(({ id }) => store.loadAudit(id).catch(() => null)))
  }

  render() {
    const { store, sync } = this.app
    const { home } = store
    const name = store.person.name.split(' ')[0]
    return html`
      <header class="head"><h1 tabindex="-1">${t(`home.${partOfDay()}`, { name })}</h1></header>
      ${this.#attention()}
      ${home ? nothing : html`<div class="card empty"><h2>${t('home.first')}</h2>
        ${sync.state.problem ? html`<p>${t('home.first-offline')}</p><button class="button" data-main @click=${() => sync.now()}>${t('app.try-again')}</button>`
          : html`<p class="busy">${t('home.fetching')}</p>`}</div>`}
      ${home && this.app.hasRoute('#/dashboard') && home.sites.length > 1 && leads(home) ? html`
        <a class="button" data-wide href="#/dashboard">${icon('sides')}${t('home.sides', { n: home.sites.length })}</a>` : nothing}
      ${home && home.sites.length === 0 ? html`<div class="card empty"><h2>${t('home.none')}</h2><p>${t('home.none-why')}</p></div>` : nothing}
      <ul class="cards" data-columns>${home?.sites.map((site, n) => this.#setting(site, n))}</ul>`
  }

  /** What needs a person: things refused, and work that has waited long. */
  #attention() {
    const unsent = this.app.store.unsent()
    const stuck = unsent.filter(({ state }) => state !== 'local' && state !== 'sent').length
    const old = unsent.some(({ at }) => Date.now() - Date.parse(at) > 86_400_000)
    if (!stuck && !old) return nothing
    return html`<div class="notice" data-kind="problem"><p>${stuck ? t('home.stuck', { n: stuck }) : t('home.old', { n: unsent.length })}</p>
      <p><a href="#/unsent">${t('home.see-unsent')}</a></p></div>`
  }

  #audits(site) { return this.app.store.audits().filter(audit => audit.site === site.id) }

  #setting(site, n) {
    const [audit, ...earlier] = this.#audits(site)
    const organisation = this.app.store.home.organisations.find(({ id }) => id === site.organisation)
    const where = [site.about, organisation?.name].filter(Boolean).join(' · ')
    return html`<li class="card setting">
      ${progressRing(audit?.progress, t('home.ring', { n: done(audit) }))}
      <div class="stack" data-tight><h2>${site.name}</h2><p class="quiet">${where}</p>${audit ? this.#standing(audit) : html`<p>${t('home.no-audit')}</p>`}</div>
      <div class="wide stack">
        ${audit ? this.#goOn(site, audit, n === 0) : nothing}
        ${finished(audit) && site.may.includes('audit.open') ? html`<a class="button" ?data-main=${n === 0 && !audit} data-wide href="#/sites/${site.id}/start">${t(audit ? 'home.start-next' : 'home.start')}</a>` : nothing}
        ${earlier.length ? html`<details class="more"><summary>${t('home.earlier', { n: earlier.length })}</summary>
          <ul class="link-list">${earlier.map(one => html`<li><a href="#/audits/${one.id}">${t('home.earlier-one', { day: day(one.opened_at), n: done(one), of: one.progress.principles.length })}${icon('next')}</a></li>`)}</ul></details>` : nothing}
      </div></li>`
  }

  #standing({ progress, opened_at, local }) {
    const under = progress.principles.filter(({ agreed, answered, criteria }) => agreed < criteria && (agreed || answered)).length
    return html`<p>${t('home.standing', { n: progress.principles.filter(complete).length, of: progress.principles.length })}${under ? t('home.under-way', { n: under }) : ''}.
      <span class="quiet">${t('home.started', { day: day(opened_at) })}</span></p>
      ${progress.differences || local ? html`<p class="row">
        ${progress.differences ? html`<span class="tag" data-kind="differ">${icon('differ')}${t('home.differ', { n: progress.differences })}</span>` : nothing}
        ${local ? html`<span class="tag">${t('home.local')}</span>` : nothing}</p>` : nothing}`
  }

  /** The one thing to do here: the next principle by name for those who answer, else a look. */
  #goOn(site, audit, first) {
    const next = site.may.includes('answer.rate') && !finished(audit) ? this.#next(audit) : undefined
    const loaded = this.app.store.audit(audit.id)
    const title = next && loaded?.edition?.principles.find(({ id }) => id === next)?.short
    return next
      ? html`<a class="button" ?data-main=${first} data-wide href="#/audits/${audit.id}/p/${next}">${title ? t('home.go-on-with', { title }) : t('home.go-on')}</a>
          <a class="button" data-quiet href="#/audits/${audit.id}">${t('home.whole')}</a>`
      : html`<a class="button" ?data-main=${first} data-wide href="#/audits/${audit.id}">${t('home.see')}</a>`
  }

  #next({ id, progress: { principles } }) {
    const place = lastPlace(this.app.store.person.id)
    const last = place?.audit === id && principles.find(principle => principle.id === place.principle)
    return (last && !complete(last) ? last : principles.find(({ answered, criteria }) => answered < criteria) ?? principles.find(one => !complete(one)))?.id
  }
}
customElements.define('home-view', HomeView)

const complete = ({ agreed, criteria }) => agreed >= criteria
const done = audit => audit?.progress.principles.filter(complete).length ?? 0
const finished = audit => !audit || audit.progress.principles.every(complete)
const leads = ({ grants }) => grants.some(({ role }) => role === 'manager' || role === 'admin')

function partOfDay(hour = new Date().getHours()) {
  return hour < 5 || hour >= 18 ? 'evening' : hour < 12 ? 'morning' : 'afternoon'
}
