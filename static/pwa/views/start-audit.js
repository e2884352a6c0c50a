// Start an audit of one setting: which checklist, and what for. It works without a network.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { choiceField, errorSummary, filledIn, focusSummary } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { problemWords } from '../lib/problem-words.js'
import { t } from '../lib/words.js'

export class StartAuditView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false }, errors: { state: true },
    busy: { state: true } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** @type {Record<string, string>} */
    this.errors = undefined
    /** @type {boolean} */
    this.busy = undefined
    this.errors = {}
  }

  createRenderRoot() { return this }

  render() {
    const { home } = this.app.store
    const site = home?.sites.find(({ id }) => id === this.params.site)
    if (!site?.may.includes('audit.open')) {
      return html`<header class="head">${up()}<h1
        tabindex="-1">${t('start.not-here')}</h1></header><p>${t('start.not-here-why')}</p>`
    }
    const options = home.checklists.map(({ slug, edition, title }) => ({ value: `${slug}/${edition}`, label: title,
      hint: t(`start.about-${slug}`) }))
    return html`
      <header class="head">${up()}<h1 tabindex="-1">${t('start.title', { site: site.name })}</h1></header>
      ${options.length === 0 ? html`<p>${t('start.no-checklists')}</p>` : html`
      <form class="stack" novalidate @submit=${this.#submit}>
        ${errorSummary(this.errors)}
        ${choiceField({ id: 'checklist', legend: t('start.which'), value: options[0].value, options })}
        ${choiceField({ id: 'track', legend: t('start.what-for'), value: 'development', options: [
          { value: 'development', label: t('start.development'), hint: t('start.development-hint') },
          { value: 'award', label: t('start.award'), hint: t('start.award-hint') }] })}
        <div class="row"><button class="button" data-main aria-disabled=${this.busy ? 'true'
          : nothing}>${t('start.go')}</button></div>
        <p class="quiet">${t('start.offline')}</p>
      </form>`}`
  }

  #submit = async event => {
    event.preventDefault()
    if (this.busy) return
    this.busy = true
    const { checklist: slugAndEdition, track } = filledIn(event.target)
    const [checklist, edition] = slugAndEdition.split('/')
    try {
      const id = await this.app.store.openAudit({ site: this.params.site, checklist, edition: Number(edition), track })
      this.app.go(`#/audits/${id}`)
    } catch (problem) {
      this.errors = { form: problemWords(problem) }
      focusSummary(this)
    } finally {
      this.busy = false
    }
  }
}
customElements.define('start-audit-view', StartAuditView)

const up = () => html`<a class="up" href="#/">${icon('back')}${t('tabs.home')}</a>`
