// <judgement-card>: one criterion as an assessor reads it, and what they hold on it themselves. Saved here at once.
import { html, nothing } from '../vendor/lit.js'
import { refused } from '../lib/drafts.js'
import { problemWords } from '../lib/problem-words.js'
import { warnedOf } from '../lib/warned.js'
import { Watching } from '../lib/watching.js'
import { day } from '../lib/time.js'
import { t } from '../lib/words.js'
import { items, kindsBehind, showing } from '../store/evidencing.js'
import { judgement, seen } from '../store/judging.js'
import { finding } from '../store/reading.js'
import { announce } from './announce.js'
import { accountRead, criterionHelp, voicesSideBySide } from './criterion-parts.js'
import { DrawnLater } from './drawn-later.js'
import { evidenceItem } from './evidence-list.js'
import { kindsWords, photoStates } from './evidence-words.js'
import { icon } from './icons.js'
import { judged } from './judgement-scale.js'
import { rated } from './rating-scale.js'
import { savedLine } from './saved-line.js'
import './judgement-scale.js'
import './kept-text.js'

export class JudgementCard extends DrawnLater {
  static properties = {
    app: { attribute: false }, assessment: {}, criterion: { attribute: false }, number: {}, may: { type: Boolean },
    wait: { attribute: false }, helping: { state: true }, problem: { state: true },
  }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** Its id. @type {string} */
    this.assessment = undefined
    /** From the checklist. @type {any} */
    this.criterion = undefined
    /** Where it stands, "4.1". @type {string} */
    this.number = undefined
    /** Whether it may be judged now. */
    this.may = false
    /** @type {boolean | undefined} */
    this.helping = undefined
    /** @type {any} */
    this.problem = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  /** Asked for this criterion, one starts here. */
  arrive() {
    this.querySelector('h2').focus({ preventScroll: true })
    this.scrollIntoView({ block: 'start' })
  }

  render() {
    const { criterion } = this
    const audit = this.app.store.audit(this.#assessment.audit)
    return html`<article class="card criterion two" id=${criterion.id} aria-labelledby="${criterion.id}-statement">
      <div class="stack">
        <div class="statement"><span class="figure" aria-hidden="true">${this.number}</span><h2
          id="${criterion.id}-statement" tabindex="-1" data-heading>${criterion.statement}</h2></div>
        ${criterionHelp(audit.edition, criterion, this.helping, () => { this.helping = true })}
        ${this.#found(audit)}
      </div>
      <div class="stack">${this.#thin()}${voicesSideBySide(audit,
        criterion)}${this.#evidence(audit)}${this.#seen()}</div>
      ${this.#own()}
    </article>`
  }

  get #assessment() { return this.app.store.assessment(this.assessment) }

  /** What the team agreed, and what was held of it the last time. */
  #found(audit) {
    const { id } = this.criterion
    const { rating, reason, account, agreed, differs } = finding(audit.registers, id)
    const last = this.#assessment.previous?.judgements[id]
    return html`<div class="finding" role="group" aria-labelledby="${id}-finding"><h3 id="${id}-finding">${t(
        'desk.finding')} ${!agreed ? nothing : rating === null ? html`<span class="tag">${t('said.not-apply')}</span>`
        : rated(audit.edition.scale, rating)}</h3>
      ${agreed ? nothing : html`<p class="quiet">${t(differs ? 'desk.finding-apart' : 'finding.none')}</p>`}
      ${reason ? html`<p>${reason}</p>` : nothing}
      ${account ? accountRead(account) : nothing}
      ${last ? html`<p class="quiet">${t('desk.last', { day: day(this.#assessment.previous.released_on),
        word: t(`judgement.${last.judgement}`) })} ${last.reason ?? ''}</p>` : nothing}</div>`
  }

  /** What rests on thin ground. */
  #thin() {
    const reasons = this.#assessment.thin[this.criterion.id] ?? []
    return reasons.length ? html`<ul class="row" aria-label=${t('desk.thin')}>${reasons.map(one => html`<li><span
      class="tag" data-kind="differ">${icon('info')}${t(`desk.thin-${one}`)}</span></li>`)}</ul>` : nothing
  }

  #evidence(audit) {
    const { id } = this.criterion
    const all = items(audit.registers)
    const found = showing(all, id).reverse()
    return html`<div class="evidence" role="group" aria-labelledby="${id}-evidence"><h3
        id="${id}-evidence">${t('evidence.title')}</h3>
      <p class="quiet">${kindsWords(kindsBehind(all, id, photoStates(this.app, audit.id)))}</p>
      ${found.length ? html`<ul class="evidence-list">${found.map(item => evidenceItem(this.app, audit, item,
        { among: found }))}</ul>` : nothing}</div>`
  }

  /** What one saw oneself on the visit. */
  #seen() {
    const { id } = this.criterion
    const own = seen(this.#assessment.registers).filter(({ criteria }) => criteria.includes(id))
    return own.length ? html`<div class="evidence" role="group" aria-labelledby="${id}-seen"><h3 id="${id}-seen">${t(
      'desk.seen')}</h3>${own.map(({ text }) => html`<p class="said written">${text}</p>`)}</div>` : nothing
  }

  /** One's own judgement, its reason, what to look at on the visit, and a note that nobody else ever reads. */
  #own() {
    const { id, statement } = this.criterion
    const own = judgement(this.#assessment.registers, id)
    const register = `judgement/${id}/judgement`
    const saved = this.app.store.saved(this.assessment, register)
    const lacks = own.judgement && !own.reason && own.judgement !== this.#assessment.expects[id]
    const name = `${this.assessment}/${register}`
    if (!this.may) return own.judgement ? html`<div class="inset stack own"><h3>${t('desk.own')} ${judged(
      own.judgement)}</h3>${own.reason ? html`<p class="written">${own.reason}</p>` : nothing}</div>` : nothing
    return html`<div class="inset stack own" role="group"
      aria-labelledby="${id}-own"><h3 id="${id}-own">${t('desk.own')}</h3>
      ${own.differs ? html`<p class="notice" data-kind="differ"><span>${t('desk.differs', { which: [...new Set(
        own.writes.map(({ value }) => t(`judgement.${value.judgement}`)))].join(', ') })}</span></p>` : nothing}
      <judgement-scale .value=${own.judgement} .legend=${t('desk.legend', { statement })}
        @judge=${event => this.#judge(event.detail.judgement, own.reason)}></judgement-scale>
      ${own.judgement && saved ? savedLine(saved) : nothing}
      ${this.problem ? html`<div class="notice" data-kind="problem" role="alert"><p>${problemWords(this.problem)}</p>
        <p><a href="#/unsent">${t('criterion.see-rescue')}</a></p></div>` : nothing}
      ${own.judgement && (lacks || own.reason || refused.has(name)) ? html`<kept-text .name=${name}
        .label=${t(lacks ? 'desk.reason-needed' : 'desk.reason')} .hint=${t('desk.reason-hint')}
        .value=${own.reason ?? ''} .maxlength=${2000} .save=${(text, { warned }) => this.#record('judgement.record',
          { criterion: id, judgement: own.judgement, ...(text.trim() ? { reason: text.trim() } : {}),
            ...warnedOf(warned) })}></kept-text>` : nothing}
      <div class="choice"><label><input type="checkbox" .checked=${Boolean(own.probe)}
        @change=${event => this.#try('judgement.probe', { criterion: id, probe: event.target.checked })}><span><b>${t(
        'desk.probe')}</b></span></label></div>
      ${this.#note(own.note ?? '')}</div>`
  }

  #note(note) {
    const { id, statement } = this.criterion
    const name = `${this.assessment}/judgement/${id}/note`
    return html`<details class="more" ?open=${Boolean(note) || refused.has(name)}><summary>${t('desk.note')}<span
      class="unseen">: ${statement}</span></summary><kept-text .name=${name} .label=${t('desk.note-label')}
      .hint=${t('desk.note-hint')} .value=${note} .saved=${note ? this.app.store.saved(this.assessment,
        `judgement/${id}/note`) : undefined} .save=${(text, { warned }) => this.#record('judgement.note',
        { criterion: id, text, ...warnedOf(warned) })}></kept-text></details>`
  }

  #judge(value, reason) {
    this.tapped()
    return this.#try('judgement.record', { criterion: this.criterion.id, judgement: value, ...(reason ? { reason }
      : {}) })
  }

  /** Records and says so. What the device refused is said beside it, and the screen goes back to what is saved. */
  async #try(kind, payload) {
    try {
      await this.#record(kind, payload)
      announce(t('criterion.saved'))
    } catch (problem) {
      this.problem = problem
      for (const scale of this.querySelectorAll('judgement-scale')) /** @type {any} */ (scale).takeBack()
    }
  }

  async #record(kind, payload) {
    await this.app.store.record(this.assessment, kind, payload)
    this.problem = undefined
  }
}
customElements.define('judgement-card', JudgementCard)
