// <criterion-card>: one criterion with its help, one's own answer, the other voices, and what the team agrees.
import { html, nothing } from '../vendor/lit.js'
import { refused } from '../lib/drafts.js'
import { find } from '../lib/find.js'
import { frames } from '../lib/frames.js'
import { problemWords } from '../lib/problem-words.js'
import { Warned, warnedOf } from '../lib/warned.js'
import { Watching } from '../lib/watching.js'
import { t } from '../lib/words.js'
import { items, kindsBehind, showing } from '../store/evidencing.js'
import { PROMISES, items as planned } from '../store/planning.js'
import { answer, criterionOf, finding, proposal } from '../store/reading.js'
import { announce } from './announce.js'
import { PARTS, accountRead, criterionHelp, voicesSideBySide } from './criterion-parts.js'
import { DrawnLater } from './drawn-later.js'
import { evidenceItem } from './evidence-list.js'
import { kindsWords, photoStates } from './evidence-words.js'
import { icon } from './icons.js'
import { foundWords } from './identifying-words.js'
import { rated } from './rating-scale.js'
import { savedLine } from './saved-line.js'
import { introduce, maySay, voiceWord } from './speaker.js'
import './kept-text.js'
import './plan-promise.js'

/** How many pieces of evidence a card shows: the newest. */
const SHOWN = 3

export class CriterionCard extends DrawnLater {
  static properties = {
    app: { attribute: false }, audit: {}, criterion: { attribute: false }, number: {},
    speaker: { attribute: false, hasChanged: (one, other) => JSON.stringify(one) !== JSON.stringify(other) },
    wait: { attribute: false }, beside: { state: true },
    commenting: { state: true }, excusing: { state: true }, choosing: { state: true }, helping: { state: true },
    problem: { state: true },
  }
  /** What the writer of a reason has been warned of. */
  #warned = new Warned()
  #drawnWhole = Promise.resolve()

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** Its id. @type {string} */
    this.audit = undefined
    /** From the checklist. @type {any} */
    this.criterion = undefined
    /** Where it stands, "4.1". @type {string} */
    this.number = undefined
    /** Whom one writes for; undefined when one may only read. @type {import('./speaker.js').Speaker | undefined} */
    this.speaker = undefined
    /** What others say, what shows it and what is agreed is drawn too: a frame after what one answers. */
    this.beside = false
    /** @type {boolean | undefined} */
    this.commenting = undefined
    /** @type {'answer' | 'finding' | undefined} */
    this.excusing = undefined
    /** @type {boolean | undefined} */
    this.choosing = undefined
    /** Its help has been opened; until then nobody need wait for it to be drawn. @type {boolean | undefined} */
    this.helping = undefined
    /** @type {any} */
    this.problem = undefined
    new Watching(this, () => [this.app.store], change => this.#concerns(change))
  }

  createRenderRoot() { return this }

  firstUpdated() {
    this.#drawnWhole = frames(1).then(() => { this.beside = true })
  }

  /** The whole of it. */
  async getUpdateComplete() {
    await super.getUpdateComplete()
    await this.#drawnWhole
    return super.getUpdateComplete()
  }

  willUpdate(changed) {
    if (changed.has('speaker') && changed.get('speaker')?.id !== this.speaker?.id) this.commenting = this.excusing =
      this.choosing = this.problem = undefined
  }

  render() {
    const { criterion, speaker } = this
    const said = speaker && answer(this.#registers, speaker.id, criterion.id)
    const agreed = finding(this.#registers, criterion.id)
    const open = !speaker || said.rating !== undefined || said.differs
    return html`<article class="card criterion two" id=${criterion.id} aria-labelledby="${criterion.id}-statement">
      <div class="stack">
        <div class="statement"><span class="figure" aria-hidden="true">${this.number}</span><h2
          id="${criterion.id}-statement" tabindex="-1" data-heading>${criterion.statement}</h2></div>
        ${criterionHelp(this.#audit.edition, criterion, this.helping, () => { this.helping = true })}
        ${speaker ? this.#answer(said) : this.#finding(agreed)}
        ${this.problem ? html`<div class="notice" data-kind="problem"
          role="alert"><p>${problemWords(this.problem)}</p><p><a
            href="#/unsent">${t('criterion.see-rescue')}</a></p></div>` : nothing}
      </div>
      <div class="stack">${this.beside ? this.#others(open, agreed) : nothing}</div>
    </article>`
  }

  #others(open, agreed) {
    const { criterion, speaker } = this
    return html`
      ${open ? voicesSideBySide(this.#audit, criterion, speaker?.id)
        : html`<p class="quiet row" data-nowrap>${icon('eye')}<span>${t('criterion.answer-first')}</span></p>`}
      ${this.#evidence()}
      ${speaker && (open || agreed.agreed || agreed.differs || agreed.accountDiffers)
        ? this.#finding(agreed) : nothing}
      ${this.#planned()}`
  }

  /** What is planned about it, and beside the statement that asks for it, what came of the last plan. */
  #planned() {
    const { criterion } = this
    const n = planned(this.#registers).filter(({ criteria }) => criteria.includes(criterion.id)).length
    const may = this.#audit.siteOf?.may.includes('plan.add')
    const here = `#/audits/${this.audit}/plan`
    return html`${criterion.id === PROMISES ? html`<plan-promise .app=${this.app}
        .audit=${this.audit}></plan-promise>` : nothing}
      ${n || may ? html`<div class="row" data-links>${may ? html`<a class="linklike" href="${here}/${criterion.id}">
        ${icon('plan')}${t('plan.something')}<span class="unseen">: ${criterion.statement}</span></a>` : nothing}
        ${n ? html`<a class="linklike" href=${here}>${t('plan.n', { n })}<span
          class="unseen">: ${criterion.statement}</span></a>` : nothing}</div>` : nothing}`
  }

  /** What is said of another criterion does not concern this one. */
  #concerns({ registers }) {
    const others = registers?.map(criterionOf).filter(id => id && id !== this.criterion.id)
    return !others?.length || others.length < registers.length
  }

  /** Leads here from "next unanswered". */
  arrive() {
    const heading = this.querySelector('h2')
    heading.focus({ preventScroll: true })
    this.scrollIntoView({ block: 'start' })
  }

  get #audit() { return this.app.store.audit(this.audit) }

  get #words() { return this.#audit.edition.words }

  get #registers() { return this.#audit.registers }

  #answer({ rating, reason, comment = '', differs, commentDiffers }) {
    const { criterion, speaker } = this
    const register = `answer/${speaker.id}/${criterion.id}/rating`
    const written = `answer/${speaker.id}/${criterion.id}/comment`
    const excused = rating === null
    const name = `${this.audit}/${written}`
    const open = !commentDiffers && (this.commenting || comment || refused.has(name))
    return html`
      ${differs || commentDiffers ? this.#apart() : nothing}
      ${excused && !this.excusing ? html`<div class="notice"><p><b>${t('said.not-apply')}.</b> ${reason}</p>
        <div class="row" data-links><button class="linklike" data-part="reason"
          @click=${() => this.#excusing('answer')}>${t('criterion.change-reason')}</button>
        <button class="linklike" @click=${this.#takeBack}>${t('criterion.does-apply')}</button></div></div>`
        : html`<rating-scale .scale=${this.#audit.edition.scale} .value=${rating ?? undefined}
          .legend=${t('criterion.legend', { statement: criterion.statement })}
          @rate=${this.#rated}></rating-scale>`}
      ${rating !== undefined && this.#saved(register) ? savedLine(this.#saved(register)) : nothing}
      ${this.excusing === 'answer' ? this.#excuse((why, warned) => this.#rate(null, why, warned), reason)
        : nothing}
      ${open ? html`<kept-text .name=${name} .label=${t('criterion.comment')}
        .hint=${t('criterion.comment-hint', this.#words)} .value=${comment}
        .saved=${comment ? this.#saved(written) : undefined} .save=${(text, { warned }) => this.#write('answer.comment',
          { contributor: speaker.id, criterion: criterion.id, text, ...warnedOf(warned) }, speaker)}></kept-text>`
            : nothing}
      ${open && (excused || this.excusing) ? nothing : html`<div class="row" data-links>
        ${open || commentDiffers ? nothing
          : html`<button class="linklike" @click=${this.#comment}>${t('criterion.add-comment')}</button>`}
        ${excused || this.excusing ? nothing : html`<button class="linklike" data-part="reason"
          @click=${() => this.#excusing('answer')}>${t('criterion.not-apply')}</button>`}
        ${typeof rating === 'number'
          ? html`<button class="linklike" @click=${this.#takeBack}>${t('criterion.clear')}</button>` : nothing}
      </div>`}`
  }

  #rated = event => {
    this.tapped()
    return this.#rate(event.detail.rating)
  }

  #comment = async () => {
    this.commenting = true
    await this.#moveTo('kept-text')
  }

  /** Why it does not apply: without a reason it would look like a gap. */
  #excuse(save, reason = '') {
    const id = `${this.criterion.id}-reason`
    const submit = event => {
      event.preventDefault()
      const text = event.target.elements.reason.value.trim()
      const found = this.#warned.unknown(text, reason)
      this.#warned.tell(text)
      this.excuseWrong = !text ? t('criterion.need-reason')
        : found.length ? t('identifying.again', { what: foundWords(found) }) : undefined
      if (!this.excuseWrong) {
        const part = this.#excusePart
        this.excusing = undefined
        return save(text, this.#warned.kept(text)).then(() => this.#moveTo(part))
      }
      this.requestUpdate()
      find(this, `#${CSS.escape(id)}`).focus()
    }
    return html`<form class="stack" novalidate @submit=${submit}>
      <div class="field" ?data-wrong=${Boolean(this.excuseWrong)}><label for=${id}>${t('criterion.why-not')}</label>
        ${this.excuseWrong ? html`<span class="error" id="${id}-error">${this.excuseWrong}</span>` : nothing}
        <input class="input" id=${id} name="reason" maxlength="500" .defaultValue=${reason}
          aria-describedby=${this.excuseWrong ? `${id}-error` : nothing} aria-invalid=${this.excuseWrong ? 'true'
            : nothing}></div>
      <div class="row" data-links><button class="button">${t('criterion.save-reason')}</button>
        <button type="button" class="linklike" @click=${this.#excuseNot}>${t('ask.no')}</button></div></form>`
  }

  /** What shows it: how many kinds, the newest items, and the way to add one. */
  #evidence() {
    const audit = this.#audit
    const { id, statement } = this.criterion
    const all = items(audit.registers)
    const found = showing(all, id).reverse()
    const here = `#/audits/${audit.id}/evidence`
    return html`<div class="evidence" role="group" aria-labelledby="${id}-evidence"><h3
        id="${id}-evidence">${t('evidence.title')}</h3>
      <p class="quiet">${kindsWords(kindsBehind(all, id, photoStates(this.app, audit.id)))}</p>
      ${found.length ? html`<ul class="evidence-list">${found.slice(0, SHOWN).map(item => evidenceItem(this.app, audit,
        item, { among: found, again: audit.siteOf?.may.includes('evidence.add') }))}</ul>` : nothing}
      <div class="row" data-links>${audit.siteOf?.may.includes('evidence.add') ? html`<a class="linklike"
        href="${here}/add/${id}">${icon('plus')}${t('evidence.add')}<span class="unseen">: ${statement}</span></a>`
          : nothing}
        ${found.length ? html`<a class="linklike" href=${here}>${t('evidence.all', { n: found.length })}<span
          class="unseen">: ${statement}</span></a>` : nothing}</div></div>`
  }

  #finding({ rating, reason, account, agreed, differs, accountDiffers }) {
    const register = `finding/${this.criterion.id}/rating`
    const may = maySay(this.#audit, 'finding.agree', this.criterion.id)
    return html`<div class="finding" role="group" aria-labelledby="${this.criterion.id}-finding">
      <h3 id="${this.criterion.id}-finding" tabindex="-1" data-heading>${t('finding.title')}
        ${!agreed ? nothing : rating === null ? html`<span class="tag">${t('said.not-apply')}</span>`
          : rated(this.#audit.edition.scale, rating)}</h3>
      ${reason ? html`<p>${reason}</p>` : nothing}
      ${differs || accountDiffers ? this.#apart() : nothing}
      ${differs ? nothing : may ? this.#agreeing(agreed, rating, reason) : agreed ? nothing
        : html`<p class="quiet">${t('finding.none')}</p>`}
      ${agreed && may && this.#saved(register) ? savedLine(this.#saved(register)) : nothing}
      ${accountDiffers || (!agreed && !account) ? nothing : may ? this.#account(account) : account
        ? accountRead(account) : nothing}
    </div>`
  }

  #agreeing(agreed, rating, reason) {
    if (this.choosing) return this.#choosing(agreed, rating, reason)
    if (agreed) return html`<div class="row" data-links><button class="linklike"
      @click=${this.#choose}>${t('finding.change')}</button></div>`
    return this.#proposal()
  }

  #choosing(agreed, rating, reason) {
    return html`<p>${t('finding.choose')}</p>
      <rating-scale .scale=${this.#audit.edition.scale} .value=${rating ?? undefined}
        .legend=${t('finding.legend', { statement: this.criterion.statement })}
        @rate=${event => this.#agree({ rating: event.detail.rating })}></rating-scale>
      ${this.excusing === 'finding' ? this.#excuse((why, warned) => this.#agree({ rating: null, reason: why,
        ...warnedOf(warned) }), reason) : nothing}
      <div class="row" data-links>${this.excusing ? nothing : html`<button class="linklike" data-part="reason"
        @click=${() => this.#excusing('finding')}>${t('criterion.not-apply')}</button>`}
        ${agreed
          ? html`<button class="linklike"
            @click=${() => this.#settle({ rating: null })}>${t('finding.take-back')}</button>` : nothing}
        <button class="linklike" @click=${this.#chosen}>${t(agreed ? 'finding.done'
          : 'finding.not-now')}</button></div>`
  }

  /** Where all agree, that is proposed; where they do not, the app says who and asks people to talk. */
  #proposal() {
    const { rating, reason, voices } = proposal(this.#registers, this.criterion.id)
    const word = value => value === null ? t('said.not-apply') : this.#audit.edition.scale.find(step =>
      step.value === value)?.word
    const lines = voices.map(({ voice, n, agree, rating: says }) => html`<li>${agree
      ? t('finding.all-say', { n, who: voiceWord(this.#audit, voice), word: word(says) })
      : t('finding.split', { n, who: voiceWord(this.#audit, voice) })}</li>`)
    if (rating === undefined) {
      return html`<ul>${lines}</ul><p>${t('finding.talk')}</p>
        <div class="row" data-links><button class="button"
          @click=${this.#choose}>${t('finding.choose-together')}</button></div>`
    }
    return html`<ul>${lines}</ul>
      <div class="row" data-links><button class="button" @click=${() => this.#settle({ rating, ...(reason ? { reason }
        : {}) })}>${t('finding.agree-on', { word: word(rating) })}</button>
        <button class="linklike" @click=${this.#choose}>${t('finding.other')}</button></div>`
  }

  #account(account) {
    const register = `finding/${this.criterion.id}/account`
    const fields = () => PARTS.map(part => find(this, `kept-text[data-part=${part}]`))
    const save = () => this.#write('finding.account', {
      criterion: this.criterion.id, ...Object.fromEntries(fields().map((field, n) => [PARTS[n], field.sayable])),
      ...warnedOf(fields().flatMap(({ warned }) => warned)),
    })
    return html`<details class="more" ?open=${this.accountOpen || PARTS.some(part =>
      refused.has(`${this.audit}/${register}/${part}`))} @toggle=${event => { this.accountOpen = event.target.open }}>
      <summary>${t(account && PARTS.some(part => account[part]) ? 'finding.account-read'
        : 'finding.account-write')}<span class="unseen">: ${this.criterion.statement}</span></summary>
      <div class="stack">${PARTS.map(part =>
        html`<kept-text data-part=${part} .name=${`${this.audit}/${register}/${part}`} .label=${t(`finding.${part}`)}
        .hint=${t(`finding.${part}-hint`, this.#words)} .value=${account?.[part] ?? ''} .save=${save}></kept-text>`)}
        ${this.#saved(register) ? savedLine(this.#saved(register)) : nothing}</div></details>`
  }

  #apart() {
    return html`<div class="notice" data-kind="differ"><p>${t('criterion.apart')}</p><p><a
      href="#/audits/${this.audit}/differences">${t('criterion.see-apart')}</a></p></div>`
  }

  #saved(register) { return this.app.store.saved(this.audit, register) }

  /** Where the focus goes when what had it is gone: to the first of these that is there. */
  async #moveTo(...selectors) {
    await this.updateComplete
    await Promise.all([...this.querySelectorAll('rating-scale, kept-text')].map(one =>
      /** @type {any} */ (one).updateComplete))
    selectors.map(selector => find(this, selector)).find(Boolean)?.focus()
  }

  #rate(rating, reason, warned = []) {
    const { speaker, criterion } = this
    return this.#try('answer.rate', { contributor: speaker.id, criterion: criterion.id, rating, ...(reason ? { reason }
      : {}), ...warnedOf(warned) }, speaker)
  }

  #takeBack = async () => {
    await this.#rate(null)
    await this.#moveTo('rating-scale input')
  }

  #excusing(what) {
    this.excusing = what
    this.#warned = new Warned()
    return this.#moveTo(`#${CSS.escape(`${this.criterion.id}-reason`)}`)
  }

  #excuseNot = () => {
    const part = this.#excusePart
    this.excusing = this.excuseWrong = undefined
    return this.#moveTo(part)
  }

  /** What leads to the reason: beside one's own rating, or in the finding. */
  get #excusePart() { return this.excusing === 'finding' ? '.finding h3' : '[data-part=reason]' }

  /** The choice stays open until somebody is done: who uses arrow keys passes other ratings on the way. */
  #choose = () => {
    this.choosing = true
    return this.#moveTo('.finding input:checked', '.finding input')
  }

  #chosen = () => {
    this.choosing = this.excusing = undefined
    return this.#moveTo('.finding h3')
  }

  async #settle(value) {
    await this.#agree(value)
    await this.#chosen()
  }

  #agree(value) {
    return this.#try('finding.agree', { criterion: this.criterion.id, ...value })
  }

  /** Records and says so. What the device refused is said beside it, and the screen goes back to what is saved. */
  async #try(kind, payload, speaker) {
    try {
      await this.#write(kind, payload, speaker)
      announce(t('criterion.saved'))
    } catch (problem) {
      this.problem = problem
      for (const scale of this.querySelectorAll('rating-scale')) /** @type {any} */ (scale).takeBack()
    }
  }

  async #write(kind, payload, speaker) {
    if (speaker) await introduce(this.app, this.#audit, speaker)
    const paper = speaker?.paper ? { paper: speaker.paper } : {}
    await this.app.store.record(this.audit, kind, { ...payload, ...paper })
    this.problem = undefined
  }
}
customElements.define('criterion-card', CriterionCard)
