// <award-card>: how an audit on its way to an award stands, on the audit's own screen.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { Fetched } from '../lib/fetched.js'
import { day } from '../lib/time.js'
import { language, t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { handedIn, nowWords, ruleRing, stageOfTeam, wayOf } from './award-words.js'

export class AwardCard extends LitElement {
  static properties = { app: { attribute: false }, audit: { attribute: false } }

  #told = new Fetched(this, () => `verdict/${this.audit.id}/${language}`, () =>
    this.app.sync.fetchJSON(`/api/audits/${this.audit.id}/verdict?language=${language}`), { kept: true, fresh: 5_000 })

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** An audit on the award track, with its edition. @type {any} */
    this.audit = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  connectedCallback() {
    super.connectedCallback()
    this.#told.recall().then(() => this.requestUpdate())
  }

  render() {
    const { audit } = this
    const { stage, submission } = wayOf(this.app, audit)
    const { verdict } = this.#told.body ?? {}
    const open = stage === 'open'
    const may = audit.siteOf?.may.includes('audit.submit')
    return html`<section class="card" aria-labelledby="award-card"><div class="row" data-spread>
        <h2 id="award-card">${t('way.title')}</h2>${open ? nothing : stageOfTeam(stage, submission)}</div>
      ${open && submission?.returned ? html`<p class="notice" data-kind="differ"><span>${t('way.returned')}
        (${day(submission.returned.at)}).</span></p>` : nothing}
      ${open ? verdict ? html`<div class="standing rule-standing">${ruleRing(verdict)}<p>${verdict.summary}</p></div>`
        : html`<p class="quiet">${t('way.now-open')}</p>`
        : html`<p>${nowWords(stage, submission)}</p><p class="quiet">${handedIn(submission)}</p>`}
      <div class="row"><a class="button" href="#/audits/${audit.id}/award">${t(!open ? 'way.see-way' : may ? 'way.see'
        : 'way.see-missing')}</a></div></section>`
  }
}
customElements.define('award-card', AwardCard)
