// <plan-form>: what will be done, for what, whose task it is, by when, and what it answers. All but the first can wait.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { canonical } from '../lib/canonical.js'
import { find } from '../lib/find.js'
import { uuid7 } from '../lib/ids.js'
import { problemWords } from '../lib/problem-words.js'
import { forgetTyped, typedInto } from '../lib/typed.js'
import { Warned, warnedOf } from '../lib/warned.js'
import { capital, t } from '../lib/words.js'
import { ROLES, behind, sayings } from '../store/planning.js'
import { describedBy, errorSummary, field, filledIn, focusSummary, textField } from './form.js'
import { foundWords } from './identifying-words.js'
import { speakerWords, whoseWord } from './plan-words.js'
import { selectField } from './select-field.js'
import './criteria-choice.js'

const OTHER = 'other'
const SHORT = 140
const FIELDS = ['what', 'criteria', 'whose', 'due', 'answers']

/** Dispatches `closed`, with `detail.item` the id of what was saved, if it was. */
export class PlanForm extends LitElement {
  static properties = { app: { attribute: false }, audit: {}, item: { attribute: false }, criterion: {},
    errors: { state: true } }
  #warned = new Warned()

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** The id of the audit in which it is, or will be, planned. @type {string} */
    this.audit = undefined
    /** What is changed; without it something is added. @type {import('../store/planning.js').Item | undefined} */
    this.item = undefined
    /** The statement that something is planned for. @type {string | undefined} */
    this.criterion = undefined
    /** @type {Record<string, string>} */
    this.errors = {}
  }

  createRenderRoot() { return this }

  /** What had been typed before is for this statement as well. */
  willUpdate(changed) {
    if (!changed.has('criterion') || !this.criterion) return
    this.#typed.values.criteria = [...new Set([...this.#criteria, this.criterion])].join(' ')
  }

  firstUpdated() { find(this, 'textarea, select, input')?.focus() }

  render() {
    const audit = this.app.store.audit(this.audit)
    const { values } = this.#typed
    const open = name => !this.item?.differs.includes(name)
    const id = name => `${this.#name}-${name}`
    return html`<form class="stack" novalidate @input=${this.#keep} @change=${this.#keep} @submit=${this.#submit}>
      ${errorSummary(this.errors)}
      ${this.item?.differs.length ? html`<div class="notice" data-kind="differ"><p>${t('plan.settle-first')}</p>
        <p><a href="#/audits/${this.audit}/differences">${t('criterion.see-apart')}</a></p></div>` : nothing}
      ${open('what') ? field({ id: id('what'), label: t('plan.what'), hint: t('plan.what-hint', audit.edition.words),
        error: this.errors[id('what')], control: html`<textarea class="input" id=${id('what')} name="what" rows="3"
          maxlength="500" .value=${values.what} aria-invalid=${this.errors[id('what')] ? 'true' : nothing}
          aria-describedby=${describedBy(id('what'), 'hint', this.errors[id('what')])}></textarea>` }) : nothing}
      ${open('criteria') ? html`<criteria-choice .edition=${audit.edition} .chosen=${this.#criteria}
        .legend=${t('plan.criteria')} .rest=${t('plan.choose')} @change=${this.#chose}></criteria-choice>` : nothing}
      ${open('whose') ? html`${selectField({ id: id('whose'), label: t('plan.whose'), value: values.whose,
        options: ['', ...ROLES, OTHER].map(role => ({ value: role, label: role === OTHER ? t('plan.whose-other')
          : whoseWord(role, audit) })) })}
        ${values.whose === OTHER ? textField({ id: id('other'), label: t('plan.other'), hint: t('plan.other-hint'),
          maxlength: 60, value: values.other, error: this.errors[id('other')] }) : nothing}` : nothing}
      ${open('due') ? textField({ id: id('due'), label: t('plan.by'), hint: t('plan.by-hint'), type: 'date',
        value: values.due, error: this.errors[id('due')] }) : nothing}
      ${open('answers') ? this.#answers(audit, id) : nothing}
      <div class="row"><button class="button" data-main>${t(this.item ? 'plan.save-change' : 'plan.save')}</button>
        <button type="button" class="linklike" @click=${() => this.#close()}>${t('ask.no')}</button></div></form>`
  }

  /** What people said of the chosen statements, to be ticked; and a meeting, in a few words. */
  #answers(audit, id) {
    const chosen = this.#answered
    const offered = sayings(audit.registers, this.#criteria)
    const keys = new Set(offered.map(key))
    const kept = this.#before.filter(one => !keys.has(key(one)))
      .map(one => behind(audit.registers, one) ?? { ...one, text: t('plan.taken-back') })
    return html`<fieldset class="field"><legend>${t('plan.answers')}</legend>
      <span class="hint">${t('plan.answers-hint')}</span>
      <div class="choice">${[...kept, ...offered].map(said => html`<label><input type="checkbox" value=${key(said)}
        .checked=${chosen.some(one => key(one) === key(said))} @change=${this.#ticked}>
        <span>${short(said.text)}<br><small>${speakerWords(this.app, audit, said)}</small></span></label>`)}</div>
      </fieldset>
      ${textField({ id: id('meeting'), label: t('plan.meeting'), hint: t('plan.meeting-hint',
        { meeting: capital(audit.edition.words.community_meeting) }), maxlength: 120,
        value: this.#typed.values.meeting, error: this.errors[id('meeting')] })}`
  }

  get #name() { return `plan-${this.item?.id ?? 'new'}` }

  get #typed() {
    const { item } = this
    const named = !item?.whose || ROLES.includes(item.whose)
    return typedInto(this.app.store, `${this.audit}/${this.#name}`, {
      what: item?.what ?? '', whose: named ? item?.whose ?? '' : OTHER, other: named ? '' : item.whose,
      due: item?.due ?? '', meeting: '', criteria: (item?.criteria ?? []).join(' '),
      answers: JSON.stringify(this.#before),
    })
  }

  /** What it answered when the form was opened. */
  get #before() { return this.item?.answers ?? [] }

  get #criteria() { return this.#typed.values.criteria.split(' ').filter(Boolean) }

  /** @returns {import('../store/planning.js').Answered[]} */
  get #answered() { return JSON.parse(this.#typed.values.answers) }

  #keep = event => {
    for (const [name, value] of Object.entries(filledIn(event.currentTarget)))
      this.#typed.values[name.replace(`${this.#name}-`, '')] = value
    if (event.type === 'change') this.requestUpdate()
  }

  #chose = event => {
    this.#typed.values.criteria = event.target.chosen.join(' ')
    this.requestUpdate()
  }

  #ticked = event => {
    const { value, checked } = event.target
    const [kind, reference] = split(value)
    const others = this.#answered.filter(one => key(one) !== value)
    this.#typed.values.answers = JSON.stringify(checked ? [...others, { kind, reference }] : others)
  }

  #submit = async event => {
    event.preventDefault()
    const said = this.#said()
    const found = this.#check(said)
    this.errors = Object.fromEntries(Object.entries(found).map(([name, words]) => [`${this.#name}-${name}`, words]))
    if (Object.keys(this.errors).length) return focusSummary(this)
    try {
      this.#close(await this.#record(said))
    } catch (problem) {
      this.errors = { form: problemWords(problem) }
      focusSummary(this)
    }
  }

  /** What the form says, as the plan takes it. */
  #said() {
    const { what, whose, other, due, meeting } = this.#typed.values
    const held = meeting.trim()
    const answers = this.#answered
    const isNew = held && !answers.some(one => one.kind === 'meeting' && one.reference === held)
    return {
      what: what.trim(), criteria: [...new Set(this.#criteria)].sort(), whose: whose === OTHER ? other.trim() : whose,
      due: due || null, answers: isNew ? [...answers, { kind: 'meeting', reference: held }] : answers,
    }
  }

  #check({ what, due, whose }) {
    const { meeting } = this.#typed.values
    const { item } = this
    const names = { what: this.#warned.unknown(what, item?.what), other: this.#warned.unknown(whose, item?.whose),
      meeting: this.#warned.unknown(meeting) }
    for (const text of [what, whose, meeting]) this.#warned.tell(text)
    return {
      ...Object.fromEntries(Object.entries(names).filter(([, found]) => found.length).map(([name, found]) =>
        [name, t('identifying.again', { what: foundWords(found) })])),
      ...(what ? {} : { what: t('plan.need-what') }),
      ...(due === null || /^20\d\d-/.test(due) ? {} : { due: t('plan.need-day') }),
      ...(this.#answered.length < 20 ? {} : { meeting: t('plan.too-many') }),
    }
  }

  /** Writes only what has changed: what others wrote meanwhile is not touched. @returns {Promise<string>} */
  async #record(said) {
    const { store } = this.app
    const fields = FIELDS.filter(name => !this.item || (!this.item.differs.includes(name)
      && canonical(said[name]) !== canonical(this.item[name])))
    if (!fields.length) return undefined
    const item = this.item?.id ?? uuid7()
    const payload = Object.fromEntries(fields.map(name => [name, said[name]]))
    const texts = [payload.what, payload.whose, ...(payload.answers ?? []).filter(({ kind }) => kind === 'meeting')
      .map(({ reference }) => reference)].filter(Boolean)
    const warned = texts.flatMap(text => this.#warned.kept(text))
    await store.record(this.audit, this.item ? 'plan.change' : 'plan.add', { item, ...payload, ...warnedOf(warned) })
    return item
  }

  #close(item) {
    forgetTyped(this.app.store, `${this.audit}/${this.#name}`)
    this.dispatchEvent(new CustomEvent('closed', { detail: { item } }))
  }
}
customElements.define('plan-form', PlanForm)

/** @param {import('../store/planning.js').Answered} answered */
const key = ({ kind, reference }) => `${kind} ${reference}`

/** @param {string} text */
const split = text => [text.slice(0, text.indexOf(' ')), text.slice(text.indexOf(' ') + 1)]

/** Enough of a text to know it again. @param {string} text */
const short = text => text.length <= SHORT ? text : `${text.slice(0, text.lastIndexOf(' ', SHORT))} …`
