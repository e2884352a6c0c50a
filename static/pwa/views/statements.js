// An audit's statements as they are grouped by its principles, or by another lens: what the team agreed on each, what
// each voice says, and how much shows it. It is what stands behind a figure; it needs no network.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { kindsWords, photoStates } from '../elements/evidence-words.js'
import { icon } from '../elements/icons.js'
import { rated } from '../elements/rating-scale.js'
import { voiceWord } from '../elements/speaker.js'
import '../elements/voices-apart.js'
import { PRINCIPLES, statementsAt } from '../lib/statements-at.js'
import { t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { items, kindsBehind } from '../store/evidencing.js'
import { byVoice, finding } from '../store/reading.js'
import { missing } from './audit-parts.js'

export class StatementsView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    new Watching(this, () => [this.app.store, this.app.sync])
  }

  createRenderRoot() { return this }

  async opening() { await this.app.store.loadAudit(this.params.audit) }

  render() {
    const audit = this.app.store.audit(this.params.audit)
    if (!audit?.edition) return missing(audit, this.app, this.params.audit)
    const lenses = lensesOf(audit.edition)
    const lens = lenses.find(({ id }) => id === this.params.lens) ?? lenses[0]
    const group = lens.groups.find(({ id }) => id === this.params.group)
    return html`
      <header class="head"><a class="up" href="#/audits/${audit.id}">${icon('back')}${audit.siteOf?.name
        ?? t('tabs.audit')}</a>
        <h1 tabindex="-1">${group ? group.title : t('statements.title')}</h1>
        <p class="quiet">${audit.edition.title} · ${lens.title}</p></header>
      ${group ? html`<p><a class="button" href=${statementsAt(audit.id, lens.id)}>${icon('up')}${t('statements.all')}</a></p>`
        : nav(audit, lenses, lens)}
      ${(group ? [group] : lens.groups).map(one => this.#group(audit, lens, one, !group))}
      ${group ? steps(audit, lens, group) : nothing}`
  }

  /** One group, with its name where there are others. */
  #group(audit, lens, { id, title, criteria }, isNamed) {
    return html`<section class="card" aria-label=${title}>
      ${isNamed ? html`<h2><a href=${statementsAt(audit.id, lens.id, id)}>${title}</a></h2>` : nothing}
      ${criteria.length ? html`<ul class="listed statements">${criteria.map(one => this.#statement(audit, one,
        isNamed))}</ul>`
        : html`<p>${t('statements.none')}</p>`}</section>`
  }

  #statement(audit, { id, statement, principle }, isBelow) {
    const link = html`<a href="#/audits/${audit.id}/p/${principle.id}/${id}">${statement}</a>`
    const { rating, reason, agreed } = finding(audit.registers, id)
    const kinds = kindsBehind(items(audit.registers), id, photoStates(this.app, audit.id))
    const voices = spoken(audit, id)
    return html`<li>${isBelow ? html`<h3>${link}</h3>` : html`<h2>${link}</h2>`}
      <p class="quiet">${principle.title}</p>
      <dl class="behind">
        <div><dt>${t('finding.title')}</dt><dd>${!agreed ? t('finding.none') : rating === null
          ? html`${t('said.not-apply')}. ${reason}` : rated(audit.edition.scale, rating)}</dd></div>
        <div><dt>${t('criterion.voices')}</dt><dd>${voices.length ? html`<voices-apart .voices=${voices}
          .top=${audit.edition.scale.at(-1).value}></voices-apart>` : t('criterion.nobody')}</dd></div>
        <div><dt>${t('evidence.title')}</dt><dd>${kinds.length ? html`<a
          href="#/audits/${audit.id}/evidence">${kindsWords(kinds)}</a>` : kindsWords(kinds)}</dd></div></dl></li>`
  }
}
customElements.define('statements-view', StatementsView)

/** To the group before and to the one after. */
function steps(audit, lens, group) {
  const at = lens.groups.indexOf(group)
  const link = (one, back) => one ? html`<a class="button" href=${statementsAt(audit.id, lens.id, one.id)}>${back
    ? icon('back') : nothing}<span><span class="unseen">${t(back ? 'statements.before' : 'statements.after')} </span>${
    short(one)}</span>${back ? nothing : icon('next')}</a>` : nothing
  return html`<nav class="steps" aria-label=${t('statements.others')}><div class="pair">${link(lens.groups[at - 1],
    true)}${link(lens.groups[at + 1], false)}</div></nav>`
}

const nav = (audit, lenses, lens) => lenses.length > 1 ? html`<nav class="lenses" aria-label=${t('sides.lens')}>${
  lenses.map(one => html`<a href=${statementsAt(audit.id, one.id)} aria-current=${one === lens ? 'page' : nothing}>${
    one.title}</a>`)}</nav>` : nothing

/** The part of a name that fits a button: "Attachment: feeling connected" */
const short = ({ title, short: own }) => own ?? title.split(':')[0]

/** Every way in which a checklist's statements are grouped, its principles first. */
function lensesOf({ principles, lenses }) {
  const all = principles.flatMap(principle => principle.criteria.map(criterion => ({ ...criterion, principle })))
  const groups = principles.map(one => ({ ...one, criteria: all.filter(({ principle }) => principle === one) }))
  return [{ id: PRINCIPLES, title: t('sides.by-principle'), groups }, ...lenses.map(lens => ({ ...lens,
    groups: lens.groups.map(group => ({ ...group, criteria: all.filter(one =>
      one.lenses[lens.id]?.includes(group.id)) })) }))]
}

/** What each voice says of one statement, on average, with how many said it. */
const spoken = (audit, criterion) => byVoice(audit.registers, criterion).map(({ voice, n, answers }) => {
  const sum = answers.reduce((total, { rating }) => total + (rating ?? 0), 0)
  return { voice, name: voiceWord(audit, voice), n, mean: n ? sum / n : null }
})
