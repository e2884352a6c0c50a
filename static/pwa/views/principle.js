// A principle: its five criteria as cards, whom one writes for, and the way to the next unanswered one.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { icon } from '../elements/icons.js'
import { maySay, meet, speakerOf, speakingAs } from '../elements/speaker.js'
import { find } from '../lib/find.js'
import { lastPlace, rememberPlace } from '../lib/place.js'
import { t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { isOpen, missing, pips } from './audit-parts.js'
import '../elements/criterion-card.js'
import '../elements/rating-scale.js'

export class PrincipleView extends LitElement {
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

  async opening() {
    const { store } = this.app
    const audit = await store.loadAudit(this.params.audit)
    if (!audit) return
    await meet(audit)
    const place = lastPlace(store.person.id)
    rememberPlace({ ...(place?.audit === audit.id ? place : {}), person: store.person.id, audit: audit.id,
      principle: this.params.principle })
  }

  /** When its cards are drawn: the place on the page is found by their heights. */
  async whole() {
    await Promise.all([...this.querySelectorAll('criterion-card')].map(card =>
      /** @type {any} */ (card).updateComplete))
  }

  /** Asked for one criterion, it starts there. */
  arrived() {
    const { criterion } = this.params
    const card = criterion && find(this, `#${CSS.escape(criterion)}`)?.closest('criterion-card')
    card?.arrive()
  }

  render() {
    const audit = this.app.store.audit(this.params.audit)
    const at = audit?.edition?.principles.findIndex(({ id }) => id === this.params.principle) ?? -1
    if (at < 0) return missing(audit, this.app, this.params.audit)
    const { principles } = audit.edition
    const principle = principles[at]
    const speaker = principle.criteria.some(({ id }) => maySay(audit, 'answer.rate', id)) ? speakerOf(this.app, audit)
      : undefined
    return html`
      <header class="head">
        <a class="up" href="#/audits/${audit.id}">${icon('back')}${audit.siteOf?.name ?? t('tabs.audit')}</a>
        <h1 tabindex="-1">${principle.title}</h1>
        <p class="row"><span class="quiet">${t('principle.of', { n: at + 1,
          of: principles.length })}</span>${pips(audit.registers, principle.criteria, speaker)}</p>
        ${principle.about ? html`<p>${principle.about}</p>` : nothing}
      </header>
      ${speaker && audit.asked ? html`<p class="notice">${t('principle.asked')}</p>` : nothing}
      ${speaker ? speakingAs(this.app, audit, () => this.requestUpdate())
        : html`<p class="notice">${t(audit.stage === 'open' ? 'principle.read-only' : audit.asked
          ? 'principle.not-asked' : 'principle.sealed')}</p>`}
      ${principle.criteria.map((criterion, n) => html`<criterion-card .app=${this.app} .audit=${audit.id}
        .criterion=${criterion} .number=${`${at + 1}.${n + 1}`}
        .speaker=${maySay(audit, 'answer.rate', criterion.id) ? speaker : undefined}
        .wait=${2 * n + 1}></criterion-card>`)}
      ${this.#steps(audit, principles, at, speaker)}`
  }

  #steps(audit, principles, at, speaker) {
    const link = (principle, back) => principle ? html`<a class="button" href="#/audits/${audit.id}/p/${principle.id}">
      ${back ? icon('back') : nothing}<span><span class="unseen">${t(back ? 'principle.before'
        : 'principle.after')} </span>${principle.short}</span>${back ? nothing : icon('next')}</a>` : nothing
    const next = speaker && !audit.asked && nextUnanswered(audit, principles, at, speaker)
    return html`<nav class="steps" aria-label=${t('principle.steps')}>
      ${next
        ? html`<a class="button" data-main data-wide
          href="#/audits/${audit.id}/p/${next.principle.id}/${next.criterion.id}">${t('principle.next',
            { title: next.principle.short })}</a>`
        : audit.asked ? html`<a class="button" data-main data-wide href="#/audits/${audit.id}/award">${t(
          'principle.back-to-asked')}</a>`
        : speaker ? html`<p class="notice">${t('principle.all', { who: speaker.label })}</p>` : nothing}
      <div class="pair">${link(principles[at - 1], true)}${link(principles[at + 1])}</div></nav>`
  }
}
customElements.define('principle-view', PrincipleView)

/** The next criterion without an answer of this speaker, from the next principle on and round to this one. */
function nextUnanswered(audit, principles, at, speaker) {
  const round = [...principles.slice(at + 1), ...principles.slice(0, at + 1)]
  for (const principle of round) {
    const criterion = principle.criteria.find(({ id }) => isOpen(audit.registers, speaker.id, id))
    if (criterion) return { principle, criterion }
  }
}
