// <plan-item>: one thing to do: what it answers, whose task it is, by when, how far it is, and what came of it.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { find } from '../lib/find.js'
import { problemWords } from '../lib/problem-words.js'
import { isoDay } from '../lib/time.js'
import { forgetTyped, typedInto } from '../lib/typed.js'
import { Warned, warnedOf } from '../lib/warned.js'
import { t } from '../lib/words.js'
import { STATES, behind } from '../store/planning.js'
import { announce } from './announce.js'
import { choiceField, describedBy, errorSummary, field, focusSummary } from './form.js'
import { foundWords } from './identifying-words.js'
import { quoted, standingTags, stateWord, whoseWord } from './plan-words.js'
import { savedLine } from './saved-line.js'
import { criterionOf } from './said-words.js'
import './plan-form.js'

/** What must be said with a state. @type {Record<string, 'outcome' | 'reason'>} */
const WHY = { done: 'outcome', dropped: 'reason' }

export class PlanItem extends LitElement {
  static properties = { app: { attribute: false }, item: { attribute: false }, settled: { attribute: false },
    errors: { state: true } }
  /** What the writer of an outcome or a reason has been warned of. */
  #warned = new Warned()

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {import('../store/planning.js').Planned} */
    this.item = undefined
    /** Told the id of the item when somebody has said how far it is. @type {(item: string) => void} */
    this.settled = undefined
    /** @type {Record<string, string>} */
    this.errors = {}
  }

  createRenderRoot() { return this }

  render() {
    const { item } = this
    const audit = this.#audit
    const may = audit.siteOf?.may.includes('plan.settle')
    const { doing } = this.#typed.values
    return html`<article class="card plan-item" id="item-${item.id}" aria-labelledby="item-${item.id}-what">
      <h3 id="item-${item.id}-what" tabindex="-1" data-heading class="written">${item.what}</h3>
      <p class="row">${standingTags(item, audit)}</p>
      <p class="quiet">${item.whose ? t('plan.task', { who: whoseWord(item.whose, audit) }) : whoseWord('', audit)}</p>
      ${this.#cameOfIt()}
      ${this.#answered(audit)}
      ${this.#statements(audit)}
      ${item.differs.length ? html`<div class="notice" data-kind="differ"><p>${t('criterion.apart')}</p><p><a
        href="#/audits/${audit.id}/differences">${t('criterion.see-apart')}</a></p></div>` : nothing}
      ${this.#saved(audit)}
      ${doing === 'changing' ? html`<plan-form class="inset" .app=${this.app} .audit=${audit.id} .item=${item}
          @closed=${this.#changed}></plan-form>`
        : doing === 'settling' ? this.#settling() : !may ? nothing : html`<div class="row" data-links>
        ${item.differs.includes('state') ? nothing : html`<button class="button" data-part="settle"
          @click=${this.#settle}>${t('plan.how-far')}<span class="unseen">: ${item.what}</span></button>`}
        <button class="linklike" data-part="change" @click=${this.#change}>${t('plan.change')}<span
          class="unseen">: ${item.what}</span></button></div>`}
    </article>`
  }

  /** Puts the focus on it. */
  arrive() {
    find(this, 'h3').focus({ preventScroll: true })
    this.scrollIntoView({ block: 'center' })
  }

  get #audit() { return this.app.store.audit(this.item.audit) }

  #cameOfIt() {
    const { outcome, reason } = this.item
    const text = outcome ?? reason
    return text ? html`<div class="said"><b>${t(outcome ? 'plan.outcome' : 'plan.reason')}</b>
      <p class="written">${text}</p></div>` : nothing
  }

  #answered(audit) {
    const said = this.item.answers.map(one => behind(audit.registers, one)).filter(one => one !== undefined)
    return said.length ? html`<details class="more"><summary>${t('plan.you-said', { n: said.length })}<span
      class="unseen">: ${this.item.what}</span></summary>
      <div class="stack">${said.map(one => quoted(this.app, audit, one))}</div></details>` : nothing
  }

  #statements(audit) {
    const found = this.item.criteria.map(id => criterionOf(audit.edition, id)).filter(Boolean)
    return found.length ? html`<ul class="statements" aria-label=${t('plan.for')}>${found.map(({ id, statement }) =>
      html`<li><a
      href="#/audits/${audit.id}/p/${id.replace(/-\d+$/, '')}/${id}">${statement}</a></li>`)}</ul>` : nothing
  }

  /** Where one's own last words about it are: of what was sent before today nobody asks any more. */
  #saved(audit) {
    const own = ['what', 'criteria', 'whose', 'due', 'state', 'answers']
      .map(name => this.app.store.saved(audit.id, `plan/${this.item.id}/${name}`)).filter(Boolean)
    const last = own.sort((one, other) => one.at < other.at ? 1 : -1)[0]
    const waiting = own.find(({ state }) => state !== 'confirmed')
    return waiting || (last && isoDay(last.at) === isoDay()) ? savedLine(waiting ?? last) : nothing
  }

  /** What is being written here: it stays when news from others moves the item elsewhere on the screen. */
  get #typed() { return typedInto(this.app.store, `item/${this.item.id}`, { doing: '', state: '', why: '' }) }

  #settling() {
    const { item } = this
    const { state, why: text } = this.#typed.values
    const id = name => `${name}-${item.id}`
    const why = WHY[state]
    return html`<form class="stack inset" novalidate @submit=${this.#submit} @input=${this.#keep}>
      ${errorSummary(this.errors)}
      ${choiceField({ id: id('state'), legend: t('plan.how-far-is-it'), value: state, error: this.errors[id('state')],
        options: STATES.map(one => ({ value: one, label: stateWord(one), hint: t(`plan.state-${one}-hint`) })) })}
      ${why ? field({ id: id(why), label: t(`plan.${why}-label`), hint: t(`plan.${why}-hint`),
        error: this.errors[id(why)], control: html`<textarea class="input" id=${id(why)} name="why" rows="3"
          maxlength="1000" .value=${text} aria-invalid=${this.errors[id(why)] ? 'true' : nothing}
          aria-describedby=${describedBy(id(why), 'hint', this.errors[id(why)])}></textarea>` }) : nothing}
      <div class="row"><button class="button" data-main>${t('plan.save-state')}</button>
        <button type="button" class="linklike" @click=${() => this.#close('settle')}>${t('ask.no')}</button></div></form>`
  }

  #keep = event => {
    const { type, value, name } = event.target
    this.#typed.values[type === 'radio' ? 'state' : name] = value
    if (type === 'radio') this.requestUpdate()
  }

  #settle = async () => {
    const { state, outcome, reason } = this.item
    Object.assign(this.#typed.values, { doing: 'settling', state: state ?? '', why: outcome ?? reason ?? '' })
    this.errors = {}
    this.#warned = new Warned()
    this.requestUpdate()
    await this.updateComplete
    find(this, 'input:checked, input')?.focus()
  }

  #change = () => {
    this.#typed.values.doing = 'changing'
    this.requestUpdate()
  }

  #changed = event => {
    if (event.detail.item) announce(t('plan.saved'))
    this.#close('change')
  }

  async #close(part) {
    forgetTyped(this.app.store, `item/${this.item.id}`)
    this.requestUpdate()
    await this.updateComplete
    find(this, `[data-part=${part}]`)?.focus()
  }

  #submit = async event => {
    event.preventDefault()
    const { item } = this
    const { state, why: typed } = this.#typed.values
    const why = WHY[state]
    const text = why ? typed.trim() : ''
    const found = why ? this.#warned.unknown(text, item[why]) : []
    this.#warned.tell(text)
    this.errors = {
      ...(state ? {} : { [`state-${item.id}`]: t('plan.need-state') }),
      ...(why && !text ? { [`${why}-${item.id}`]: t(`plan.need-${why}`) } : {}),
      ...(found.length ? { [`${why}-${item.id}`]: t('identifying.again', { what: foundWords(found) }) } : {}),
    }
    if (Object.keys(this.errors).length) return focusSummary(this)
    try {
      await this.app.store.record(item.audit, 'plan.settle', { item: item.id, state, ...(why ? { [why]: text } : {}),
        ...warnedOf(why ? this.#warned.kept(text) : []) })
      forgetTyped(this.app.store, `item/${item.id}`)
      this.requestUpdate()
      announce(t('plan.saved'))
      this.settled(item.id)
    } catch (problem) {
      this.errors = { form: problemWords(problem) }
      focusSummary(this)
    }
  }
}
customElements.define('plan-item', PlanItem)
