// The settings one manages, side by side: principle by principle, and who has spoken. Listed by name; never a ranking.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { fetchedState } from '../elements/fetched-state.js'
import { icon } from '../elements/icons.js'
import { progressRing } from '../elements/ring-of-ten.js'
import { Fetched } from '../lib/fetched.js'
import { find } from '../lib/find.js'
import { groupBy } from '../lib/group.js'
import { day, when } from '../lib/time.js'
import { capital, t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { VOICES } from '../store/reading.js'

export class DashboardView extends LitElement {
  static properties = { app: { attribute: false } }

  #told = new Fetched(this, () => 'dashboard', () => this.#fetch())

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
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

  render() {
    const told = this.#told.body
    const sites = told?.sites ?? []
    const audited = sites.filter(({ audit }) => audit)
    return html`
      <header class="head"><h1 tabindex="-1">${t('dashboard.title')}</h1>
        ${told ? html`<p class="quiet">${t('dashboard.as-of', { at: when(told.as_of) })} ${t('dashboard.by-name')}</p>` : nothing}</header>
      ${fetchedState(this.#told)}
      ${told && !sites.length ? html`<div class="card empty"><h2>${t('dashboard.none')}</h2><p>${t('dashboard.none-why')}</p></div>` : nothing}
      ${audited.length ? html`${this.#figures(sites, audited)}
        ${[...groupBy(audited, ({ audit }) => `${audit.checklist}/${audit.edition}`)].map(([key, those]) => this.#principles(told.editions[key], those))}
        ${this.#voices(audited)}` : nothing}
      ${this.#silent(sites.filter(({ audit }) => !audit))}`
  }

  #figures(sites, audited) {
    const complete = audited.filter(({ audit }) => audit.principles.every(isAgreed)).length
    const apart = audited.reduce((sum, { audit }) => sum + differencesIn(audit), 0)
    const heard = audited.filter(({ audit }) => audit.contributors.resident).length
    return html`<section class="figures" aria-label=${t('dashboard.figures')}>
      <div class="card"><p><strong class="figure">${complete}</strong> ${t('dashboard.complete', { n: complete, of: sites.length })}</p></div>
      <div class="card"><p><strong class="figure">${apart}</strong> ${t('dashboard.apart', { n: apart })}</p></div>
      <div class="card"><p><strong class="figure">${heard}</strong> ${t('dashboard.heard', { n: heard, of: audited.length })}</p></div></section>`
  }

  /** One checklist, one table: principles of different ones are not alike. */
  #principles(edition, sites) {
    const { principles } = sites[0].audit
    const titles = new Map(edition?.principles.map(({ id, short, title }) => [id, short ?? title]))
    const name = t('dashboard.principles', { checklist: edition?.title ?? sites[0].audit.checklist })
    return html`<section class="card"><h2>${name}</h2><p class="quiet">${t('dashboard.key')}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${name}><table class="heat sides-table">
        <thead><tr><th scope="col">${t('dashboard.setting')}</th>${principles.map(({ id }) => html`<th scope="col">${titles.get(id) ?? capital(id)}</th>`)}</tr></thead>
        <tbody>${sites.map(site => html`<tr><th scope="row">${this.#setting(site)}</th>${site.audit.principles.map(principle => this.#cell(site, principle, titles.get(principle.id) ?? principle.id))}</tr>`)}</tbody></table></div></section>`
  }

  #setting({ name, audit }) {
    const agreed = audit.principles.filter(isAgreed).length
    const under = audit.principles.filter(one => !isAgreed(one) && (one.agreed || one.answered)).length
    const of = audit.principles.length
    return html`<a href="#/audits/${audit.id}">${progressRing(audit, t('audit.ring', { n: agreed, of }))}
      <span><b>${name}</b><small>${t('dashboard.standing', { n: agreed, of })}${under ? html`<span class="under">${t('home.under-way', { n: under })}</span>` : nothing}</small></span></a>`
  }

  #cell({ name, audit }, { id, agreed, answered, criteria, differences }, title) {
    const begun = agreed || answered
    return html`<td><a href="#/audits/${audit.id}/p/${id}" data-rate=${begun ? shade(agreed, criteria) : nothing} ?data-none=${!begun}>
      <span><span class="unseen">${name}, ${title}: </span>${begun ? `${agreed}/${criteria}${agreed >= criteria ? ' ✓' : ''}` : '–'}<span class="unseen"> ${t(begun ? 'dashboard.cell' : 'dashboard.not-begun')}</span></span>
      ${differences ? html`<span class="apart">${icon('differ')}${differences}<span class="unseen"> ${t('dashboard.cell-apart')}</span></span>` : nothing}</a></td>`
  }

  /** Each voice in its own column, with how many speak in it. */
  #voices(sites) {
    const heard = VOICES.filter(voice => ['staff', 'resident'].includes(voice) || sites.some(({ audit }) => audit.contributors[voice]))
    return html`<section class="card"><h2>${t('dashboard.voices')}</h2><p class="quiet">${t('dashboard.voices-why')}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${t('dashboard.voices')}><table class="table sides-table">
        <thead><tr><th scope="col">${t('dashboard.setting')}</th>${heard.map(voice => html`<th scope="col">${t(`voice.${voice}`)}</th>`)}<th scope="col">${t('dashboard.started')}</th><th scope="col">${t('dashboard.before')}</th></tr></thead>
        <tbody>${sites.map(({ name, audit, previous }) => html`<tr><th scope="row"><a href="#/audits/${audit.id}">${name}</a></th>
          ${heard.map(voice => html`<td>${audit.contributors[voice] ? html`<span class="figure">${audit.contributors[voice]}</span>` : html`<span class="quiet">${t('dashboard.nobody')}</span>`}</td>`)}
          <td class="date">${day(audit.opened_at)}</td>
          <td class="date">${previous ? html`<a href="#/audits/${previous.id}">${day(previous.opened_at)}<span class="unseen">, ${name}</span></a>` : html`<span class="quiet">${t('dashboard.first')}</span>`}</td></tr>`)}</tbody></table></div></section>`
  }

  #silent(sites) {
    if (!sites.length) return nothing
    return html`<section class="card"><h2>${t('dashboard.silent', { n: sites.length })}</h2><ul class="prose-list">${sites.map(({ name }) => html`<li>${name}</li>`)}</ul></section>`
  }

  /** The figures, and the checklists' words from this device. */
  async #fetch() {
    const { store, sync } = this.app
    const told = await sync.fetchJSON('/api/dashboard')
    const editions = {}
    for (const { sector, audit } of told.sites) {
      if (audit) editions[`${audit.checklist}/${audit.edition}`] ??= await store.loadEdition(audit.checklist, audit.edition, sector)
    }
    return { ...told, editions }
  }
}
customElements.define('dashboard-view', DashboardView)

const isAgreed = ({ agreed, criteria }) => agreed >= criteria
const differencesIn = ({ principles }) => principles.reduce((sum, { differences }) => sum + differences, 0)

/** Light where little is agreed, full where all is. */
const shade = (agreed, of) => agreed >= of ? 3 : agreed >= of / 2 ? 2 : agreed ? 1 : 0
