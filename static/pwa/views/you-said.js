// You said, we did: what people said, and what came of it, to print and hang up. Nobody is named.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { icon } from '../elements/icons.js'
import { dueDay, quoted } from '../elements/plan-words.js'
import { auditsOf, gather } from '../elements/site-audits.js'
import { day, isoDay } from '../lib/time.js'
import { t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { behind, sitePlan } from '../store/planning.js'

/** What is good news comes first. */
const ORDER = ['done', 'doing', 'to-do', undefined, 'dropped']

export class YouSaidView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  opening() { return gather(this.app, this.params.site) }

  /** News may have brought an audit, or somebody who speaks in one. */
  updated() {
    gather(this.app, this.params.site).then(isNew => { if (isNew) this.requestUpdate() })
  }

  render() {
    const place = this.app.store.home?.sites.find(({ id }) => id === this.params.site)
    const up = html`<a class="up" href="#/sites/${this.params.site}/plan">${icon('back')}${t('plan.title')}</a>`
    const chain = this.#chain()
    return html`
      <header class="head">${up}<h1 tabindex="-1">${t('you-said.title')}</h1>
        <p class="quiet">${t('you-said.where', { site: place?.name ?? '', day: day(Date.now(), 0) })}</p></header>
      ${chain.length ? html`<p>${t('you-said.about')}</p>
        <div class="row"><button class="button" data-main @click=${() => print()}>
          ${icon('page')}${t('you-said.print')}</button></div>
        <ol class="cards you-said">${chain.map(one => this.#one(one))}</ol>`
        : html`<div class="card empty"><h2>${t('you-said.none')}</h2><p>${t('you-said.none-why')}</p>
          <p><a class="button" data-main href="#/sites/${this.params.site}/plan">
            ${t('you-said.to-plan')}</a></p></div>`}`
  }

  /** The items that answer something that can still be read. */
  #chain() {
    return sitePlan(auditsOf(this.app, this.params.site), isoDay())
      .map(item => {
        const audit = this.app.store.audit(item.audit)
        return { item, audit, said: item.answers.map(one => behind(audit.registers, one)).filter(Boolean) }
      })
      .filter(({ said }) => said.length)
      .sort((one, other) => ORDER.indexOf(one.item.state) - ORDER.indexOf(other.item.state))
  }

  #one({ item, audit, said }) {
    const { what, state, outcome, reason, due } = item
    return html`<li class="card">
      <div class="stack"><h2>${t('you-said.said')}</h2>${said.map(one => quoted(this.app, audit, one))}</div>
      <div class="stack"><h2>${t(`you-said.${state ?? 'to-do'}`)}</h2><p class="written">${what}</p>
        ${outcome ?? reason ? html`<p class="written">${outcome ?? reason}</p>` : nothing}
        ${due && state !== 'done' && state !== 'dropped' ? html`<p class="quiet">${t('you-said.by',
          { day: dueDay(due) })}</p>` : nothing}</div></li>`
  }
}
customElements.define('you-said-view', YouSaidView)
