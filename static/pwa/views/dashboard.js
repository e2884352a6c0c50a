// The settings one manages, side by side: principle by principle, and who has spoken. Listed by name; never a ranking.
import { LitElement, guard, html, nothing } from '../vendor/lit.js'
import { fetchedState } from '../elements/fetched-state.js'
import { icon } from '../elements/icons.js'
import { progressRing } from '../elements/ring-of-ten.js'
import { Fetched } from '../lib/fetched.js'
import { find } from '../lib/find.js'
import { groupBy } from '../lib/group.js'
import { day, when } from '../lib/time.js'
import { capital, language, t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { VOICES } from '../store/reading.js'

/** Rows drawn at once, and in each frame after that: two hundred settings would keep a cheap phone waiting. */
const [FIRST, MORE] = [12, 24]

/** Voices whose silence is worth seeing. */
const ALWAYS = ['staff', 'resident']

export class DashboardView extends LitElement {
  static properties = { app: { attribute: false }, drawn: { state: true } }

  #told = new Fetched(this, () => 'dashboard', () => this.#fetch())

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** How many rows of each table are there. */
    this.drawn = FIRST
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  connectedCallback() {
    super.connectedCallback()
    find(document, 'main').toggleAttribute('data-wide', true)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    find(document, 'main')?.toggleAttribute('data-wide', false)
  }

  updated() {
    if (this.#told.body?.sites.length > this.drawn) requestAnimationFrame(() => { this.drawn += MORE })
  }

  render() {
    const told = this.#told.body
    const sites = told?.sites ?? []
    const audited = sites.filter(({ audit }) => audit)
    return html`
      <header class="head"><h1 tabindex="-1">${t('dashboard.title')}</h1>
        ${told ? html`<p class="quiet">${t('dashboard.as-of', { at: when(told.as_of) })}
          ${t('dashboard.by-name')}</p>` : nothing}</header>
      ${fetchedState(this.#told)}
      ${!told || sites.length ? nothing
        : html`<div class="card empty"><h2>${t('dashboard.none')}</h2><p>${t('dashboard.none-why')}</p></div>`}
      ${audited.length ? html`${this.#figures(sites, audited)}
        ${[...groupBy(audited, ({ audit }) => keyOf(audit))]
          .map(([key, those]) => this.#principles(told.editions[key], those))}
        ${this.#voices(told, audited)}` : nothing}
      ${this.#silent(sites.filter(({ audit }) => !audit))}`
  }

  #figures(sites, audited) {
    const complete = audited.filter(({ audit }) => audit.principles.every(isAgreed)).length
    const apart = audited.reduce((sum, { audit }) => sum + differencesIn(audit), 0)
    const heard = audited.filter(({ audit }) => audit.contributors.resident).length
    return html`<section class="figures" aria-label=${t('dashboard.figures')}>
      ${figure(complete, 'dashboard.complete', sites.length)}${figure(apart, 'dashboard.apart')}
      ${figure(heard, 'dashboard.heard', audited.length)}</section>`
  }

  /** One checklist, one table: principles of different ones are not alike. */
  #principles(edition, sites) {
    const { principles } = sites[0].audit
    const titles = new Map(edition?.principles.map(({ id, short, title }) => [id, short ?? title]))
    const name = t('dashboard.principles', { checklist: edition?.title ?? sites[0].audit.checklist })
    return html`<section class="card"><h2>${name}</h2><p class="quiet">${t('dashboard.key')}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${name}><table class="heat sides-table">
        <thead><tr><th scope="col">${t('dashboard.setting')}</th>
          ${principles.map(({ id }) => html`<th scope="col">${titles.get(id) ?? capital(id)}</th>`)}</tr></thead>
        <tbody>${sites.slice(0, this.drawn).map(site => html`<tr>
          ${guard([site, edition, language], () => this.#row(site, titles))}</tr>`)}</tbody></table></div></section>`
  }

  #row(site, titles) {
    return html`<th scope="row">${this.#setting(site)}</th>
      ${site.audit.principles.map(one => this.#cell(site, one, titles.get(one.id) ?? one.id))}`
  }

  #setting({ name, audit }) {
    const agreed = audit.principles.filter(isAgreed).length
    const under = audit.principles.filter(one => !isAgreed(one) && (one.agreed || one.answered)).length
    const of = audit.principles.length
    return html`<a href="#/audits/${audit.id}">${progressRing(audit, t('audit.ring', { n: agreed, of }))}
      <span><b>${name}</b>
        <small>${t('dashboard.standing', { n: agreed, of })}${under
          ? html`<span class="under">${t('home.under-way', { n: under })}</span>` : nothing}</small></span></a>`
  }

  #cell({ name, audit }, { id, agreed, answered, criteria, differences }, title) {
    const begun = agreed || answered
    const shown = begun ? `${agreed}/${criteria}${agreed >= criteria ? ' ✓' : ''}` : '–'
    const said = differences ? t('home.differ', { n: differences })
      : t(begun ? 'dashboard.cell' : 'dashboard.not-begun')
    const words = `${name}, ${title}: ${shown} ${said}`
    return html`<td><a href="#/audits/${audit.id}/p/${id}" aria-label=${words}
      data-rate=${begun ? shade(agreed, criteria) : nothing} ?data-none=${!begun}>${shown}
      ${differences ? html`<span class="apart">${icon('differ')}${differences}</span>` : nothing}</a></td>`
  }

  /** Each voice in its own column, with how many speak in it; in the sector's words where there is only one sector. */
  #voices({ editions }, sites) {
    const alike = sites.every(({ sector }) => sector === sites[0].sector)
    const names = alike ? editions[keyOf(sites[0].audit)]?.voices : undefined
    const heard = VOICES.filter(voice => ALWAYS.includes(voice) || sites.some(({ audit }) => audit.contributors[voice]))
    const quiet = words => html`<span class="quiet">${words}</span>`
    return html`<section class="card"><h2>${t('dashboard.voices')}</h2><p class="quiet">${t('dashboard.voices-why')}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${t('dashboard.voices')}>
        <table class="table sides-table">
        <thead><tr><th scope="col">${t('dashboard.setting')}</th>
          ${heard.map(voice => html`<th scope="col">${names?.[voice] ?? t(`voice.${voice}`)}</th>`)}
          <th scope="col">${t('dashboard.started')}</th><th scope="col">${t('dashboard.before')}</th></tr></thead>
        <tbody>${sites.slice(0, this.drawn).map(({ name, audit, previous }) => html`<tr>
          <th scope="row"><a href="#/audits/${audit.id}">${name}</a></th>
          ${heard.map(voice => html`<td class="figure">
            ${audit.contributors[voice] ?? quiet(t('dashboard.nobody'))}</td>`)}
          <td class="date">${day(audit.opened_at)}</td>
          <td class="date">${!previous ? quiet(t('dashboard.first')) : html`<a href="#/audits/${previous.id}">
            ${day(previous.opened_at)}<span class="unseen">, ${name}</span></a>`}</td></tr>`)}</tbody>
        </table></div></section>`
  }

  #silent(sites) {
    if (!sites.length) return nothing
    return html`<section class="card"><h2>${t('dashboard.silent', { n: sites.length })}</h2>
      <ul class="prose-list">${sites.map(({ name }) => html`<li>${name}</li>`)}</ul></section>`
  }

  /** The figures, and the checklists' words from this device. */
  async #fetch() {
    const { store, sync } = this.app
    const told = await sync.fetchJSON('/api/dashboard')
    const editions = {}
    for (const { sector, audit } of told.sites) {
      if (audit) editions[keyOf(audit)] ??= await store.loadEdition(audit.checklist, audit.edition, sector)
    }
    return { ...told, editions }
  }
}
customElements.define('dashboard-view', DashboardView)

const keyOf = ({ checklist, edition }) => `${checklist}/${edition}`
/** A number, and what it is out of: the words agree with the whole. */
const figure = (n, words, of = n) =>
  html`<div class="card"><p><strong class="figure">${n}</strong> ${t(words, { n: of, of })}</p></div>`
const isAgreed = ({ agreed, criteria }) => agreed >= criteria
const differencesIn = ({ principles }) => principles.reduce((sum, { differences }) => sum + differences, 0)

/** Light where little is agreed, full where all is. */
const shade = (agreed, of) => agreed >= of ? 3 : agreed >= of / 2 ? 2 : agreed ? 1 : 0
