// <plan-promise>: what came of what was promised after the last look, beside the statement that asks for it.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { isoDay } from '../lib/time.js'
import { t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { promised } from '../store/planning.js'
import { auditsOf, gather } from './site-audits.js'

export class PlanPromise extends LitElement {
  static properties = { app: { attribute: false }, audit: {} }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** Its id. @type {string} */
    this.audit = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  updated() {
    gather(this.app, this.#site).then(isNew => { if (isNew) this.requestUpdate() })
  }

  render() {
    const audits = auditsOf(this.app, this.#site)
    const found = promised(audits, this.audit, isoDay())
    if (!audits.some(({ id }) => id === this.audit) || !found.promised) return nothing
    const { promised: n, done, dropped, open, overdue } = found
    return html`<div class="notice"><h3>${t('promise.title', { n })}</h3>
      <ul class="row">${[['done', done], ['dropped', dropped], ['open', open], ['overdue', overdue]]
        .filter(([, count]) => count).map(([name, count]) => html`<li><span class="tag" data-kind=${name === 'done'
          ? 'done' : name === 'overdue' ? 'problem' : nothing}>${t(`promise.${name}`, { n: count })}</span></li>`)}</ul>
      <p><a href="#/audits/${this.audit}/plan">${t('promise.see')}</a></p></div>`
  }

  get #site() { return this.app.store.audit(this.audit)?.site }
}
customElements.define('plan-promise', PlanPromise)
