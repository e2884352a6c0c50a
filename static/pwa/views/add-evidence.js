// Add evidence: what it is, its words, what it shows; saved on this phone in under a minute, with no signal.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { choiceField, describedBy, errorSummary, field, filledIn, focusSummary, textField } from '../elements/form.js'
import { DRAWINGS, captionOf, detailsWords, kindWord } from '../elements/evidence-words.js'
import { icon } from '../elements/icons.js'
import { foundWords } from '../elements/identifying-words.js'
import { criterionOf } from '../elements/said-words.js'
import { savedLine } from '../elements/saved-line.js'
import { voiceWord } from '../elements/speaker.js'
import { refuse, settle } from '../lib/drafts.js'
import { find } from '../lib/find.js'
import { uuid7 } from '../lib/ids.js'
import { takeIn } from '../lib/photo.js'
import { problemWords } from '../lib/problem-words.js'
import { day } from '../lib/time.js'
import { forgetTyped, holdTyped, recallTyped, typedInto } from '../lib/typed.js'
import { Warned, warnedOf } from '../lib/warned.js'
import { Watching } from '../lib/watching.js'
import { deviceWord, t } from '../lib/words.js'
import { KINDS, items, mayPhotograph } from '../store/evidencing.js'
import { VOICES } from '../store/reading.js'
import { StorageProblem } from '../store/store.js'
import { missing } from './audit-parts.js'
import '../elements/criteria-choice.js'

/** What each kind says beside its caption. */
const FIELDS = { observation: [], quotation: ['voice'], document: ['where', 'dated'], count: ['count', 'of', 'over'],
  photo: [] }
const NEEDS = { observation: 'add-evidence.need-observation', quotation: 'add-evidence.need-quotation',
  document: 'add-evidence.need-document', count: 'add-evidence.need-count-words',
  photo: 'add-evidence.need-caption-photo' }
/** Free texts, in which somebody could be recognised. */
const WRITTEN = ['caption', 'where', 'over']
const MOST = 1_000_000
const PAUSE = 300

export class AddEvidenceView extends LitElement {
  static properties = {
    app: { attribute: false }, params: { attribute: false }, errors: { state: true }, busy: { state: true },
    preparing: { state: true }, brushing: { state: true }, saved: { state: true },
  }
  #warned = new Warned()
  #holding
  /** The preview's address. */
  #url
  /** A photo that is being taken in. */
  #taking = Promise.resolve()

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** @type {Record<string, string>} */
    this.errors = {}
    this.busy = false
    /** A photo is being drawn anew. */
    this.preparing = false
    /** Faces are being blurred. */
    this.brushing = false
    /** The item that was saved. @type {string | undefined} */
    this.saved = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  async opening() {
    await this.app.store.loadAudit(this.params.audit)
    await recallTyped(this.app.store, this.#name)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#forgetPreview()
  }

  render() {
    const audit = this.#audit
    if (!audit?.edition) return missing(audit, this.app, this.params.audit)
    const criterion = criterionOf(audit.edition, this.params.criterion)
    return html`
      <header class="head"><a class="up" href=${this.#back}>${icon('back')}${criterion ? this.#principle.title
        : t('evidence.title')}</a>
        <h1 tabindex="-1">${t(this.params.evidence ? 'add-evidence.again' : 'add-evidence.title')}</h1></header>
      ${this.saved ? this.#done(audit, criterion) : audit.siteOf?.may.includes('evidence.add') ? this.#form(audit)
        : html`<p class="notice">${t('principle.read-only')}</p>`}`
  }

  get #audit() { return this.app.store.audit(this.params.audit) }

  get #principle() {
    return this.#audit.edition.principles.find(({ criteria }) => criteria.some(({ id }) =>
      id === this.params.criterion))
  }

  get #back() {
    const { audit, criterion } = this.params
    return criterion && this.#principle ? `#/audits/${audit}/p/${this.#principle.id}/${criterion}`
      : `#/audits/${audit}/evidence`
  }

  /** The item whose picture is lost, when that is to be taken again. */
  get #lost() { return this.params.evidence && items(this.#audit.registers).find(({ id }) => id === this.params.evidence) }

  get #name() { return `${this.params.audit}/evidence/${this.params.evidence ?? this.params.criterion ?? ''}` }

  /** What has been filled in so far: it stays while this person is signed in. @returns {any} */
  get #typed() {
    const lost = this.#lost
    return typedInto(this.app.store, this.#name, /** @type {any} */ (lost
      ? { kind: 'photo', caption: lost.caption ?? '', criteria: lost.criteria }
      : { kind: 'observation', criteria: this.params.criterion ? [this.params.criterion] : [] })).values
  }

  get #camera() { return mayPhotograph(this.#audit.siteOf?.camera, new Date().toISOString().slice(0, 10)) }

  /** Somebody can be in the middle of a photo when its permission ends. */
  get #kind() { return this.#typed.kind === 'photo' && this.#camera !== 'yes' ? 'observation' : this.#typed.kind }

  // The form

  #form(audit) {
    const kind = this.#kind
    return html`<form class="stack" novalidate @input=${this.#keep} @change=${this.#keep} @submit=${this.#save}>
      ${errorSummary(this.errors)}
      ${this.params.evidence ? html`<p>${t('add-evidence.again-about')}</p>` : this.#kinds(kind)}
      ${this.#cameraWords(audit)}
      ${kind === 'photo' ? this.#photo() : nothing}
      ${this.#caption(kind, audit.edition.words)}
      ${this.#details(kind, audit)}
      ${kind === 'photo' ? this.#nobody() : nothing}
      <criteria-choice id="criteria" .edition=${audit.edition} .chosen=${this.#typed.criteria}
        .legend=${t('add-evidence.shows')} .error=${this.errors.criteria} @change=${this.#choose}></criteria-choice>
      <div class="row"><button class="button" data-main data-wide aria-disabled=${this.busy ? 'true' : nothing}>
        ${this.busy ? t('add-evidence.saving') : t('add-evidence.save')}</button>
        <a class="linklike" href=${this.#back} @click=${this.#leave}>${t('online-form.close')}</a></div></form>`
  }

  #kinds(kind) {
    const possible = KINDS.filter(one => one !== 'photo' || this.#camera === 'yes')
    return html`<fieldset class="field"><legend>${t('add-evidence.kind')}</legend>
      <div class="tiles">${possible.map(one => html`<label><input type="radio" name="kind" value=${one}
        .checked=${one === kind}><span>${icon(DRAWINGS[one])}<b>${kindWord(one)}</b></span></label>`)}</div></fieldset>`
  }

  #cameraWords({ siteOf }) {
    const { until } = siteOf.camera ?? {}
    const values = { site: siteOf.name, day: until && day(until) }
    if (this.#camera === 'no') return html`<p class="quiet">${t('camera.not-here', values)}</p>`
    if (this.#camera === 'lapsed') return html`<p class="notice">${t('camera.lapsed', values)}</p>`
    return until && this.#kind === 'photo' ? html`<p class="quiet">${t('camera.until', values)}</p>` : nothing
  }

  #caption(kind, words) {
    const id = 'caption'
    const hint = t(`add-evidence.${kind}-hint`, words)
    const error = this.errors.caption
    return kind === 'document' || kind === 'count'
      ? textField({ id, label: t(`add-evidence.${kind}`), hint, error, value: this.#typed.caption, maxlength: 300 })
      : field({ id, label: t(`add-evidence.${kind}`), hint, error, control: html`<textarea class="input" id=${id}
        name=${id} rows="3" maxlength="2000" .value=${this.#typed.caption ?? ''}
        aria-describedby=${describedBy(id, hint, error)} aria-invalid=${error ? 'true' : nothing}></textarea>` })
  }

  #details(kind, audit) {
    const text = (id, more = {}) => textField({ id, label: t(`add-evidence.${id}`), error: this.errors[id],
      value: this.#typed[id], ...more })
    if (kind === 'quotation') return html`<div class="short">${choiceField({ id: 'voice',
      legend: t('add-evidence.voice'), hint: t('add-evidence.voice-hint'), error: this.errors.voice,
      value: this.#typed.voice, options: VOICES.map(value => ({ value, label: voiceWord(audit, value) })) })}</div>`
    if (kind === 'document') return html`${text('where', { hint: t('add-evidence.where-hint'), maxlength: 200 })}
      ${text('dated', { type: 'date' })}`
    if (kind === 'count') return html`<div class="pair">${text('count', { label: t('add-evidence.number'), inputmode: 'numeric', maxlength: 7 })}
      ${text('of', { inputmode: 'numeric', maxlength: 7 })}</div>
      ${text('over', { hint: t('add-evidence.over-hint'), maxlength: 120 })}`
    return nothing
  }

  // The photo

  #photo() {
    const error = this.errors.photo
    return html`<div class="field" role="group" aria-labelledby="photo-title" ?data-wrong=${Boolean(error)}>
      <span class="label" id="photo-title">${t('evidence.kind-photo')}</span>
      ${error ? html`<span class="error" id="photo-error">${error}</span>` : nothing}
      ${this.preparing ? html`<p class="busy">${t('photo.preparing')}</p>` : nothing}
      ${this.brushing ? this.#brush() : this.#typed.photo ? html`<img class="preview" src=${this.#preview}
        alt=${t('photo.preview')}><div class="row"><button type="button" class="button" id="blur"
          @click=${this.#startBrush}>${icon('blur')}${t('photo.blur')}</button></div>` : nothing}
      ${this.brushing ? nothing : html`<div class="row">
        ${this.#chooser('photo', t(this.#typed.photo ? 'photo.retake' : 'photo.take'), true)}
        ${this.#chooser('gallery', t('photo.choose'), false)}</div>`}</div>`
  }

  #chooser(id, words, camera) {
    return html`<span><input class="unseen" id=${id} type="file" accept="image/*" capture=${camera ? 'environment'
      : nothing} aria-describedby=${this.errors.photo ? 'photo-error' : nothing} @change=${this.#taken}><label
        class="button" for=${id} ?data-main=${camera && !this.#typed.photo}>${camera ? icon('camera')
          : nothing}${words}</label></span>`
  }

  #brush() {
    return html`<photo-brush .picture=${this.#typed.photo.bytes}></photo-brush>
      <div class="row"><button type="button" class="button" data-main @click=${this.#endBrush}>${t('photo.blurred')}
        </button></div>`
  }

  #nobody() {
    const error = this.errors.nobody
    return html`<div class="field" ?data-wrong=${Boolean(error)}>
      ${error ? html`<span class="error" id="nobody-error">${error}</span>` : nothing}
      <div class="choice"><label><input type="checkbox" id="nobody" name="nobody" value="yes"
        .checked=${Boolean(this.#typed.nobody)} aria-describedby=${error ? 'nobody-error' : nothing}
        aria-invalid=${error ? 'true' : nothing}><span>${t('photo.nobody')}</span></label></div></div>`
  }

  #taken = event => {
    event.stopPropagation()
    const [file] = event.target.files
    event.target.value = ''
    if (file) this.#taking = this.#takeFile(file, event.target)
  }

  /** Whoever has gone on to write in the meantime stays where they are. */
  async #takeFile(file, chooser) {
    this.preparing = true
    announce(t('photo.preparing'))
    try {
      const [photo] = await Promise.all([takeIn(file), import('../elements/photo-brush.js')])
      this.errors = {}
      await this.#take(photo)
    } catch (problem) {
      this.errors = { photo: problemWords(problem) }
      announce(this.errors.photo)
    } finally {
      this.preparing = false
    }
    await this.updateComplete
    const { activeElement } = document
    if (activeElement === chooser || activeElement === document.body) {
      find(this, this.#typed.photo ? '#blur' : '#photo')?.focus()
    }
  }

  /** Another picture has to be looked at anew. */
  async #take(photo) {
    this.#forgetPreview()
    Object.assign(this.#typed, { photo, nobody: undefined })
    this.#hold()
    this.requestUpdate()
    await this.#requireRoom(photo)
  }

  /** A device that is nearly full keeps words, but no more photos. */
  async #requireRoom({ bytes }) {
    if (!await this.app.store.hasRoomFor(bytes.byteLength)) throw new StorageProblem('full')
  }

  get #preview() {
    this.#url ??= URL.createObjectURL(new Blob([this.#typed.photo.bytes], { type: 'image/jpeg' }))
    return this.#url
  }

  #forgetPreview() {
    if (this.#url) URL.revokeObjectURL(this.#url)
    this.#url = undefined
  }

  #startBrush = async () => {
    await import('../elements/photo-brush.js')
    this.brushing = true
    await this.updateComplete
    await find(this, 'photo-brush').updateComplete
    find(this, 'photo-brush canvas')?.focus()
  }

  #endBrush = async () => {
    try {
      await this.#takeBlurred()
    } catch (problem) {
      this.errors = { photo: problemWords(problem) }
    }
    await this.updateComplete
    find(this, '#blur')?.focus()
  }

  /** What has been blurred so far is blurred for good. */
  async #takeBlurred() {
    const brush = this.brushing && find(this, 'photo-brush')
    if (brush?.touched) await this.#take(await brush.export())
    this.brushing = false
  }

  // Filling in and saving

  #keep = event => {
    const { kind } = this.#typed
    if (event.target.type === 'file') return
    Object.assign(this.#typed, { nobody: undefined }, filledIn(event.currentTarget))
    this.#hold()
    if (this.#typed.kind !== kind) this.errors = {}
    if (event.type === 'change') this.requestUpdate()
  }

  #choose = event => {
    event.stopPropagation()
    this.#typed.criteria = event.currentTarget.chosen
    this.#hold()
    this.requestUpdate()
  }

  /** Not at every letter: a photo may be among it. */
  #hold() {
    clearTimeout(this.#holding)
    this.#holding = setTimeout(() => holdTyped(this.app.store, this.#name), PAUSE)
  }

  #leave = () => {
    clearTimeout(this.#holding)
    forgetTyped(this.app.store, this.#name)
    settle(this.#name)
  }

  /** The payload of what is filled in, without what does not belong to its kind. */
  get #said() {
    const typed = this.#typed
    const kind = this.#kind
    const text = name => (typed[name] ?? '').trim()
    const said = Object.fromEntries(FIELDS[kind].map(name => [name, text(name)]).filter(([, value]) => value))
    for (const name of ['count', 'of']) if (said[name]) said[name] = Number(said[name])
    return { kind, caption: text('caption'), criteria: typed.criteria, ...said,
      ...(kind === 'photo' ? { sha256: typed.photo?.sha256, nobody: typed.nobody === 'yes' } : {}) }
  }

  #wrong(said) {
    const whole = number => Number.isInteger(number) && number >= 0 && number <= MOST
    const wrong = {}
    if (said.kind === 'photo' && !said.sha256) wrong.photo = t('add-evidence.need-photo')
    if (!said.caption) wrong.caption = t(NEEDS[said.kind])
    if (said.kind === 'quotation' && !said.voice) wrong.voice = t('add-evidence.need-voice')
    if (said.kind === 'document' && !said.where) wrong.where = t('add-evidence.need-where')
    if (said.kind === 'count' && !whole(said.count)) wrong.count = t('add-evidence.need-number')
    if (said.of !== undefined && !(whole(said.of) && said.of > 0)) wrong.of = t('add-evidence.need-of')
    else if (said.of < said.count) wrong.of = t('add-evidence.too-many')
    if (said.kind === 'photo' && !said.nobody) wrong.nobody = t('add-evidence.need-nobody')
    if (!said.criteria.length) wrong.criteria = t('add-evidence.need-criteria')
    for (const name of WRITTEN.filter(one => said[one] && !wrong[one])) {
      const found = this.#warned.unknown(said[name])
      if (found.length) wrong[name] = t('identifying.again', { what: foundWords(found) })
      this.#warned.tell(said[name])
    }
    return wrong
  }

  #save = async event => {
    event.preventDefault()
    if (this.busy) return
    Object.assign(this.#typed, { nobody: undefined }, filledIn(event.target))
    this.busy = true
    try {
      await this.#taking
      if (this.brushing) await this.#blurFirst()
      this.errors = this.#wrong(this.#said)
      if (Object.keys(this.errors).length) return focusSummary(this)
      this.saved = await this.#record(this.#said)
    } catch (problem) {
      this.#refused(problem)
    } finally {
      this.busy = false
    }
    if (!this.saved) return
    announce(t('add-evidence.saved', { device: deviceWord() }))
    await this.updateComplete
    find(this, '#saved').focus()
  }

  /** Who confirmed before blurring the last face has still looked at it. */
  async #blurFirst() {
    const { nobody } = this.#typed
    await this.#takeBlurred()
    this.#typed.nobody = nobody
  }

  /** Resolves with its id once it is on the device; a photo and what is said of it together. */
  async #record(said) {
    const { store } = this.app
    const { audit, evidence: lost } = this.params
    const evidence = uuid7()
    if (said.kind === 'photo') {
      await this.#requireRoom(this.#typed.photo)
      await store.keepPhoto(audit, this.#typed.photo)
    }
    const warned = WRITTEN.flatMap(name => said[name] ? this.#warned.kept(said[name]) : [])
    await store.record(audit, 'evidence.add', { evidence, ...said, ...warnedOf(warned) })
    if (lost) await this.#replace(lost)
    this.#leave()
    return evidence
  }

  /** The item whose picture was lost, or was refused, has another in its stead. */
  async #replace(lost) {
    const { store } = this.app
    const { sha256 } = this.#lost?.details ?? {}
    await store.record(this.params.audit, 'evidence.withdraw', { evidence: lost })
    if (sha256) await store.dismissPhoto(this.params.audit, sha256)
  }

  /** What the device did not keep stays on the screen, and in the rescue file. */
  #refused(problem) {
    const { kind, caption } = this.#typed
    refuse(this.#name, { label: kindWord(kind), text: caption ?? '', reason: problem.reason ?? 'closed',
      where: location.hash })
    this.errors = { form: `${problemWords(problem)} ${t('online-form.kept')}` }
    focusSummary(this)
  }

  // Afterwards

  #done(audit, criterion) {
    const item = items(audit.registers).find(({ id }) => id === this.saved)
    const saved = this.app.store.saved(audit.id, `evidence/${this.saved}/caption`)
    return html`<section class="card"><h2 id="saved" tabindex="-1" data-heading>${t('add-evidence.saved',
      { device: deviceWord() })}</h2>
      ${item ? html`<p class="said written">${captionOf(item)}</p><p class="quiet">${[kindWord(item.kind),
        detailsWords(audit, item)].filter(Boolean).join(' · ')}</p>` : nothing}
      ${saved ? savedLine(saved) : nothing}
      <div class="row"><a class="button" data-main href=${this.#back}>${t(criterion ? 'add-evidence.back'
        : 'add-evidence.to-all')}</a>
        ${this.params.evidence ? nothing
          : html`<button class="button" @click=${this.#another}>${icon('plus')}${t('add-evidence.another')}</button>`}
        </div></section>`
  }

  #another = async () => {
    const kind = items(this.#audit.registers).find(({ id }) => id === this.saved)?.kind
    this.saved = undefined
    this.errors = {}
    this.#warned = new Warned()
    this.#forgetPreview()
    if (kind) this.#typed.kind = kind
    await this.updateComplete
    find(this, 'input:checked')?.focus()
  }
}
customElements.define('add-evidence-view', AddEvidenceView)
