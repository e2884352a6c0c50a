// Plan: what will be done at a setting, overdue first; add to it, change it, say what came of it; without a network too.
import { LitElement, html, nothing, repeat } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { icon } from '../elements/icons.js'
import { selectField } from '../elements/select-field.js'
import { auditsOf, gather, lackingOf } from '../elements/site-audits.js'
import { find } from '../lib/find.js'
import { isoDay } from '../lib/time.js'
import { t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { auditPlan, figures, isOpen, sitePlan } from '../store/planning.js'
import { missing } from './audit-parts.js'
import '../elements/calendar-link.js'
import '../elements/plan-form.js'
import '../elements/plan-item.js'

/** The open ones under their headings, in this order. */
const OPEN = ['overdue', 'week', 'later', 'undated']

export class PlanView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false }, adding: { state: true } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** @type {boolean} */
    this.adding = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  async opening() {
    const { audit, criterion } = this.params
    if (audit) await this.app.store.loadAudit(audit)
    if (!this.#site) return
    await gather(this.app, this.#site)
    this.adding = criterion !== undefined && this.#may
  }

  /** News may have brought an audit, or somebody who speaks in one. */
  updated() {
    if (this.#site) gather(this.app, this.#site).then(isNew => { if (isNew) this.requestUpdate() })
  }

  render() {
    const { audit, site } = this.params
    const here = audit && this.app.store.audit(audit)
    const place = this.app.store.home?.sites.find(({ id }) => id === this.#site)
    if (audit ? !here?.edition : !place?.may.includes('audit.see')) return audit ? missing(here, this.app, audit)
      : html`<header class="head"><a class="up" href="#/">${icon('back')}${t('tabs.home')}</a>
        <h1 tabindex="-1">${t('plan.not-here')}</h1></header><p>${t('plan.not-here-why')}</p>`
    const audits = this.#audits
    const items = audit ? auditPlan(audits, audit, isoDay()) : sitePlan(audits, isoDay())
    const lacking = lackingOf(this.app, this.#site)
    return html`
      <header class="head"><a class="up" href=${audit ? `#/audits/${audit}` : '#/'}>${icon('back')}${audit
        ? t('plan.to-audit') : t('tabs.home')}</a>
        <h1 tabindex="-1">${t('plan.title')}</h1><p class="quiet">${place?.name ?? t('tabs.audit')}</p></header>
      ${site ? this.#settings() : nothing}
      ${lacking ? html`<p class="notice">${t('plan.lacking', { n: lacking })}</p>` : nothing}
      ${audits.length ? html`${items.length ? this.#figures(items) : nothing}${this.#add(items)}` : this.#first(place)}
      ${OPEN.map(standing => this.#section(standing, items.filter(({ stands }) => stands === standing)))}
      ${this.#settled(items.filter(one => !isOpen(one)))}
      ${items.length ? html`<section class="card"><ul class="link-list"><li><a
        href="#/sites/${this.#site}/you-said">${icon('speech')}<span>${t('plan.to-you-said')}</span>
        ${icon('next')}</a></li></ul></section>` : nothing}
      ${place ? html`<calendar-link class="card" .app=${this.app} .organisation=${place.organisation}></calendar-link>`
        : nothing}`
  }

  get #site() { return this.params.site ?? this.app.store.audit(this.params.audit)?.site }

  get #audits() { return auditsOf(this.app, this.#site) }

  /** The audit in which something new is planned: this one, or the newest. */
  get #into() { return this.params.audit ?? this.#audits[0]?.id }

  get #may() { return Boolean(this.app.store.audit(this.#into)?.siteOf?.may.includes('plan.add')) }

  /** Which setting, where one has several. */
  #settings() {
    const sites = this.app.store.home.sites.filter(({ may }) => may.includes('audit.see'))
    return sites.length < 2 ? nothing : html`<form class="filter" @submit=${event => event.preventDefault()}
      @change=${event => this.app.go(`#/sites/${event.target.value}/plan`)}>${selectField({ id: 'setting',
        label: t('plan.setting'), value: this.#site, options: sites.map(({ id, name }) => ({ value: id, label: name })),
      })}</form>`
  }

  #figures(items) {
    const { done, dropped, open, overdue } = figures(items)
    return html`<p class="row" data-figures>
      ${overdue ? html`<span class="tag" data-kind="problem">${t('promise.overdue', { n: overdue })}</span>` : nothing}
      <span class="tag">${t('promise.open', { n: open })}</span>
      <span class="tag" data-kind="done">${t('promise.done', { n: done })}</span>
      ${dropped ? html`<span class="tag">${t('promise.dropped', { n: dropped })}</span>` : nothing}</p>`
  }

  #add(items) {
    if (!this.#may) return items.length ? nothing : html`<div class="card empty"><h2>${t('plan.none')}</h2>
      <p>${t('plan.none-yet')}</p></div>`
    if (this.adding) return html`<section class="card" aria-labelledby="adding"><h2 id="adding">${t('plan.add')}</h2>
      <plan-form .app=${this.app} .audit=${this.#into} .criterion=${this.params.criterion}
        @closed=${this.#added}></plan-form></section>`
    const button = html`<button class="button" data-main data-part="add" @click=${() => { this.adding = true }}>
      ${icon('plus')}${t('plan.add')}</button>`
    return items.length ? html`<div class="row">${button}</div>` : html`<div class="card empty">
      <h2>${t('plan.none')}</h2><p>${t('plan.none-why')}</p>${button}</div>`
  }

  /** A plan grows out of an audit. */
  #first(place) {
    return html`<div class="card empty"><h2>${t('plan.none')}</h2><p>${t('plan.no-audit')}</p>
      ${place.may.includes('audit.open') ? html`<a class="button" data-main href="#/sites/${place.id}/start">
        ${t('home.start')}</a>` : nothing}</div>`
  }

  #section(standing, items) {
    return items.length ? html`<section class="stack" aria-labelledby="plan-${standing}">
      <h2 id="plan-${standing}">${t(`plan.${standing}`, { n: items.length })}</h2>
      ${this.#list(items)}</section>` : nothing
  }

  #settled(items) {
    return items.length ? html`<details class="more settled">
      <summary><h2>${t('plan.settled', { n: items.length })}</h2></summary>
      ${this.#list(items)}</details>` : nothing
  }

  #list(items) {
    return html`<ul class="cards" data-columns>${repeat(items, ({ id }) => id, item => html`<li><plan-item
      .app=${this.app} .item=${item} .settled=${this.#moved}></plan-item></li>`)}</ul>`
  }

  #added = async event => {
    this.adding = false
    await this.updateComplete
    const { item } = event.detail
    if (!item) return find(this, '[data-part=add]')?.focus()
    announce(t('plan.saved'))
    await this.#arriveAt(item)
  }

  /** What was settled stands under another heading now; the focus goes with it. */
  #moved = item => this.#arriveAt(item)

  async #arriveAt(item) {
    await this.updateComplete
    const all = /** @type {import('../elements/plan-item.js').PlanItem[]} */ ([...this.querySelectorAll('plan-item')])
    const there = all.find(one => one.item.id === item)
    if (!there) return find(this, 'h1')?.focus()
    const settled = there.closest('details')
    if (settled) settled.open = true
    await there.updateComplete
    there.arrive()
  }
}
customElements.define('plan-view', PlanView)
