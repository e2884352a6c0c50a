// Differences: what two people wrote unseen by each other. Keep one, join them, or take it back again.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { foundWords } from '../elements/identifying-words.js'
import { differingText } from '../elements/differing-text.js'
import { captionOf, detailsWords, kindWord } from '../elements/evidence-words.js'
import { filledIn } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { rated } from '../elements/rating-scale.js'
import { dueDay, stateWord, whoseWord } from '../elements/plan-words.js'
import { accountWords, criterionOf } from '../elements/said-words.js'
import { maySay, voiceWord } from '../elements/speaker.js'
import { find } from '../lib/find.js'
import { problemWords } from '../lib/problem-words.js'
import { when } from '../lib/time.js'
import { Warned, warnedOf } from '../lib/warned.js'
import { t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { groups, restate } from '../store/effects.js'
import { behind } from '../store/planning.js'
import { items } from '../store/evidencing.js'
import { differences } from '../store/reading.js'
import { missing } from './audit-parts.js'

const PARTS = ['shows', 'helps', 'hinders']

export class DifferencesView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false }, joining: { state: true },
    chosen: { state: true }, found: { state: true }, problem: { state: true } }
  #warned = new Warned()

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** @type {string | undefined} */
    this.joining = undefined
    /** The rating chosen instead of both. @type {number | undefined} */
    this.chosen = undefined
    /** What a joined text seems to hold, by which somebody could be recognised. @type {string[]} */
    this.found = []
    /** @type {any} */
    this.problem = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  async opening() { await this.app.store.loadAudit(this.params.audit) }

  render() {
    const audit = this.#audit
    if (!audit?.edition) return missing(audit, this.app, this.params.audit)
    const apart = differences(audit.registers)
    const settled = this.app.store.settled(audit.id)
    return html`
      <header class="head"><a class="up" href="#/audits/${audit.id}">${icon('back')}${audit.siteOf?.name
        ?? t('tabs.audit')}</a>
        <h1 tabindex="-1">${t('differences.title')}</h1><p>${t(apart.length ? 'differences.about'
          : 'differences.none')}</p></header>
      ${this.problem ? html`<div class="notice" data-kind="problem"
        role="alert"><p>${problemWords(this.problem)}</p></div>` : nothing}
      ${apart.map(one => this.#difference(audit, one))}
      ${settled.length ? html`<section class="card"><h2>${t('differences.settled')}</h2><ul
        class="waiting-list">${settled.map(one => html`<li>
        <b>${this.#about(audit, one.register)}</b>
        <p class="quiet">${t('differences.settled-at', { at: when(one.at), who: groups(one.before).map(group =>
          this.#who(audit, group)).join(', ') })}</p>
        <div class="row"><button class="linklike" @click=${() => this.#reopen(one)}>${t('differences.undo')}<span
          class="unseen">: ${this.#about(audit, one.register)}</span></button></div></li>`)}</ul></section>` : nothing}`
  }

  get #audit() { return this.app.store.audit(this.params.audit) }

  /** @param {any} audit @param {ReturnType<typeof differences>[number]} difference */
  #difference(audit, { register, criterion, groups: sides }) {
    const may = maySay(audit, restate(register, sides[0].value, audit.registers).kind, criterion)
    const joins = textOf(register, sides[0].value) !== undefined
    return html`<section class="card" aria-labelledby=${register}>
      <h2 id=${register} tabindex="-1" data-heading>${this.#about(audit, register)}</h2>
      <div class="sides">${sides.map((side, n) => html`<div class="side" role="group" aria-label=${this.#who(audit, side)}>
        <p><b>${this.#who(audit, side)}</b><br><small>${when(side.writes[0].at
          ?? side.writes[0].received_at)}</small></p>
        ${this.#value(audit, register, side.value, sides[n ? 0 : 1].value)}
        ${may
          ? html`<div><button class="button" @click=${() => this.#keep(register, sides,
            side)}>${t('differences.keep')}<span class="unseen">: ${this.#who(audit, side)}</span></button></div>`
              : nothing}</div>`)}</div>
      ${!may ? html`<p class="quiet">${t('differences.not-yours')}</p>`
        : this.joining === register ? this.#join(audit, register, sides)
        : joins || register.endsWith('/rating') ? html`<div class="row"><button class="button"
          @click=${() => this.#startJoining(register)}>${t(joins ? 'differences.join'
            : 'differences.another')}</button></div>` : nothing}
    </section>`
  }

  /** What is differed about, in words. */
  #about(audit, register) {
    const [thing, one, two, three] = register.split('/')
    const speaker = id => groups(audit.registers[`contributor/${id}/label`])[0]?.value ?? t('differences.somebody')
    const statement = id => criterionOf(audit.edition, id)?.statement ?? id
    if (thing === 'finding') return t(`differences.finding-${two}`, { statement: statement(one) })
    const planned = groups(audit.registers[`plan/${one}/what`])[0]?.value
    if (thing === 'plan') return t(`differences.plan-${two}`, { what: planned })
    if (thing === 'evidence') return this.#aboutEvidence(audit, one, two, three)
    if (thing === 'answer') return t(`differences.answer-${three}`, { who: speaker(one), statement: statement(two) })
    return t(`differences.${two ?? one}`, { who: speaker(one) })
  }

  /** An item is known by its words; where these differ, by its kind and what it shows. */
  #aboutEvidence(audit, id, field, criterion) {
    const item = items(audit.registers).find(one => one.id === id)
    const shown = criterionOf(audit.edition, criterion ?? item?.criteria[0])?.statement ?? ''
    return t(`differences.evidence-${field}`, { kind: item ? kindWord(item.kind) : t('evidence.title'),
      caption: item ? captionOf(item) : t('evidence.title'), statement: shown })
  }

  #who(audit, { writes }) {
    return [...new Set(writes.map(({ author, of }) => of?.author ?? author))].map(id => audit.people[id]
      ?? t('differences.somebody')).join(', ')
  }

  #value(audit, register, value, other) {
    if (register.startsWith('plan/')) return this.#planned(audit, register.split('/')[2], value, other)
    if (register.endsWith('/account')) {
      return PARTS.filter(part => value[part]).map(part =>
        html`<div><small><b>${t(`finding.${part}`)}</b></small><p>${differingText(value[part], other[part])}</p></div>`)
    }
    if (register.startsWith('evidence/')) return this.#evidence(audit, register, value, other)
    if (register.endsWith('/comment')) return html`<p>${value ? differingText(value, other)
      : html`<i>${t('differences.nothing')}</i>`}</p>`
    if (register.endsWith('/rating')) {
      return value.rating === null
        ? html`<p>${t(value.reason ? 'said.not-apply' : 'said.cleared')}. ${value.reason}</p>`
          : html`<p>${rated(audit.edition.scale, value.rating)}</p>`
    }
    if (register.endsWith('/withdrawn')) return html`<p>${t(value ? 'differences.gone' : 'differences.stays')}</p>`
    return html`<p>${register.endsWith('/voice') ? voiceWord(audit, value) : register.endsWith('/opening')
      ? t(`track.${value.track}`) : value}</p>`
  }

  /** A field of an item of the plan. */
  #planned(audit, field, value, other) {
    if (field === 'what') return html`<p>${differingText(value, other)}</p>`
    if (field === 'whose') return html`<p>${whoseWord(value, audit)}</p>`
    if (field === 'due') return html`<p>${value ? dueDay(value) : t('differences.no-day')}</p>`
    if (field === 'state') return html`<p><b>${stateWord(value.state)}</b></p><p>${value.outcome ?? value.reason}</p>`
    const words = field === 'criteria' ? value.map(id => criterionOf(audit.edition, id)?.statement ?? id)
      : value.map(one => behind(audit.registers, one)?.text ?? t('plan.taken-back'))
    return words.length ? html`<ul>${words.map(text => html`<li>${text}</li>`)}</ul>`
      : html`<p><i>${t('differences.nothing')}</i></p>`
  }

  #evidence(audit, register, value, other) {
    const field = register.split('/')[2]
    if (field === 'caption') return html`<p>${differingText(value, other)}</p>`
    if (field === 'shows') return html`<p>${t(value ? 'differences.it-shows' : 'differences.shows-not')}</p>`
    if (field === 'withdrawn') return html`<p>${t(value ? 'differences.taken-out' : 'differences.still-counts')}</p>`
    const { kind, ...details } = value
    return html`<p>${[kindWord(kind), detailsWords(audit, { kind, details })].filter(Boolean).join(', ')}</p>`
  }

  async #startJoining(register) {
    this.joining = register
    this.chosen = undefined
    this.found = []
    this.#warned = new Warned()
    await this.updateComplete
    await find(this, '.joining rating-scale')?.updateComplete
    find(this, '.joining textarea, .joining input')?.focus()
  }

  async #stopJoining(register) {
    this.joining = undefined
    await this.updateComplete
    find(this, `#${CSS.escape(register)}`)?.focus()
  }

  /** One text out of all, to be put right by a person; or another rating. */
  #join(audit, register, sides) {
    const seen = sides.flatMap(({ writes }) => writes.map(({ id }) => id))
    const id = `${register}-joined`
    const cancel = html`<button type="button" class="linklike"
      @click=${() => this.#stopJoining(register)}>${t('ask.no')}</button>`
    if (textOf(register, sides[0].value) === undefined) {
      return html`<div class="stack joining"><p>${t('differences.choose')}</p>
        <rating-scale .scale=${audit.edition.scale} .value=${this.chosen} .legend=${this.#about(audit, register)}
          @rate=${event => { this.chosen = event.detail.rating }}></rating-scale>
        <div class="row">${this.chosen === undefined ? nothing
          : html`<button class="button" data-main @click=${() => this.#settle(register, { rating: this.chosen },
            seen)}>${t('differences.save-rating')}</button>`}${cancel}</div></div>`
    }
    const fields = register.endsWith('/account') ? PARTS.map(part => ({ part, label: t(`finding.${part}`),
      value: joined(sides.map(({ value }) => value[part])) }))
      : [{ part: 'text', label: t('differences.joined'), value: joined(sides.map(({ value }) => value)) }]
    const submit = event => {
      event.preventDefault()
      const given = filledIn(event.target)
      const texts = Object.values(given)
      const before = fields.map(({ value }) => value).join('\n')
      this.found = texts.flatMap(text => this.#warned.unknown(text, before))
      for (const text of texts) this.#warned.tell(text)
      if (this.found.length) return
      const kept = texts.flatMap(text => this.#warned.kept(text))
      this.#settle(register, register.endsWith('/account') ? given : given.text, seen, { warned: warnedOf(kept) })
    }
    return html`<form class="stack joining" @submit=${submit}><p>${t('differences.join-how')}</p>
      ${fields.map(({ part, label, value }) =>
        html`<div class="field"><label for="${id}-${part}">${label}</label><textarea class="input" id="${id}-${part}"
          name=${part} rows="5" maxlength=${register.startsWith('plan/') ? 500 : register.endsWith('/caption') ? 2000 : 4000}
          .defaultValue=${value}></textarea></div>`)}
      ${this.found.length ? html`<p class="error" role="alert">${t('identifying.again', { what: foundWords(this.found) })}</p>`
        : nothing}
      <div class="row"><button class="button" data-main>${t('differences.save-joined')}</button>${cancel}</div></form>`
  }

  #keep(register, sides, side) {
    return this.#settle(register, side.value, sides.flatMap(({ writes }) => writes.map(({ id }) => id)),
      { of: side.writes[0].id })
  }

  /**
   * Written having seen all sides: that is what settles it, on every phone.
   * @param {string} register @param {any} value @param {string[]} seen @param {{of?: string, warned?: object}} [how]
   */
  async #settle(register, value, seen, { of, warned = {} } = {}) {
    const { kind, payload } = restate(register, value, this.#audit.registers)
    try {
      await this.app.store.record(this.params.audit, kind, { ...payload, ...warned }, { of, ...(kind === 'contributor.add' ? {}
        : { seen }) })
      this.joining = this.problem = undefined
      announce(t('differences.done'))
      await this.updateComplete
      this.querySelector('h1').focus()
    } catch (problem) {
      this.problem = problem
    }
  }

  async #reopen({ register, before }) {
    try {
      await this.app.store.reopen(this.params.audit, register, before)
      announce(t('differences.undone'))
      await this.updateComplete
      this.querySelector('h1').focus()
    } catch (problem) {
      this.problem = problem
    }
  }
}
customElements.define('differences-view', DifferencesView)

/** The text of a value that can be joined, or undefined for ratings and the like. */
function textOf(register, value) {
  if (register.endsWith('/account')) return accountWords(value)
  return /\/(comment|label|caption)$|^plan\/.*\/what$/.test(register) ? value : undefined
}

/** All texts under each other, each once. */
const joined = texts => [...new Set(texts.filter(Boolean))].join('\n\n')
