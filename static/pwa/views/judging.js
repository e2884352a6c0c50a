// A principle on an assessor's desk: its criteria as cards, each with what the team found and what one holds oneself.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { icon } from '../elements/icons.js'
import { find } from '../lib/find.js'
import { Watching } from '../lib/watching.js'
import { t } from '../lib/words.js'
import { judgement } from '../store/judging.js'
import { deskOf, missingDesk, sitDown } from './desk-parts.js'
import '../elements/judgement-card.js'

export class JudgingView extends LitElement {
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

  async opening() { await sitDown(this.app, this.params.assessment) }

  /** When its cards are drawn: the place on the page is found by their heights. */
  async whole() {
    await Promise.all([...this.querySelectorAll('judgement-card')].map(card =>
      /** @type {any} */ (card).updateComplete))
  }

  /** Asked for one criterion, it starts there. */
  arrived() {
    const { criterion } = this.params
    const card = criterion && find(this, `#${CSS.escape(criterion)}`)?.closest('judgement-card')
    card?.arrive()
  }

  render() {
    const { assessment: id, principle: wanted } = this.params
    const desk = deskOf(this.app, id)
    const principles = desk?.assessment.edition.principles ?? []
    const at = principles.findIndex(one => one.id === wanted)
    if (at < 0) return missingDesk(this.app, id)
    const { assessment, may, stage, finished } = desk
    const principle = principles[at]
    const n = principle.criteria.filter(one => judgement(assessment.registers, one.id).judgement).length
    return html`
      <header class="head"><a class="up" href="#/desk/${id}">${icon('back')}${assessment.setting}</a>
        <h1 tabindex="-1">${principle.title}</h1>
        <p class="quiet">${t('principle.of', { n: at + 1, of: principles.length })} · ${t('desk.part', { n,
          of: principle.criteria.length })}</p>
        ${principle.about ? html`<p>${principle.about}</p>` : nothing}</header>
      ${may ? nothing : html`<p class="notice"><span>${t(finished ? 'desk.finished' : stage === 'action-points'
        ? 'desk.now-closed' : 'desk.finished')}</span></p>`}
      ${principle.criteria.map((criterion, m) => html`<judgement-card .app=${this.app} .assessment=${id}
        .criterion=${criterion} .number=${`${at + 1}.${m + 1}`} .may=${may} .wait=${m + 1}></judgement-card>`)}
      ${this.#steps(assessment, principles, at)}`
  }

  #steps({ id }, principles, at) {
    const link = (principle, back) => principle ? html`<a class="button" href="#/desk/${id}/p/${principle.id}">
      ${back ? icon('back') : nothing}<span><span class="unseen">${t(back ? 'principle.before'
        : 'principle.after')} </span>${principle.short}</span>${back ? nothing : icon('next')}</a>` : nothing
    return html`<nav class="steps" aria-label=${t('principle.steps')}>
      <div class="pair">${link(principles[at - 1], true)}${link(principles[at + 1])}</div></nav>`
  }
}
customElements.define('judging-view', JudgingView)
