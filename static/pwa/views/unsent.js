// Unsent: each thing that waits, where it stands and why; send now, the rescue file, and how much room this device has.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { icon } from '../elements/icons.js'
import { foundWords } from '../elements/identifying-words.js'
import { drafts, refused } from '../lib/drafts.js'
import { find } from '../lib/find.js'
import { problemWords } from '../lib/problem-words.js'
import { size } from '../lib/size.js'
import { captionOf } from '../elements/evidence-words.js'
import { saidWords } from '../elements/said-words.js'
import { day, when } from '../lib/time.js'
import { deviceWord, t, useAwardWords } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { items } from '../store/evidencing.js'
import '../elements/photo-thumb.js'

const WAITING = ['local', 'sent']
const OF_A_DESK = /^(judgement|visit|assessment)\./

export class UnsentView extends LitElement {
  static properties = { app: { attribute: false }, room: { state: true }, handed: { state: true },
    saved: { state: true } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {{persisted: boolean, usage: number, quota: number} | undefined} */
    this.room = undefined
    /** @type {{words: string, wrong?: boolean} | undefined} */
    this.handed = undefined
    /** @type {boolean | string} */
    this.saved = undefined
    new Watching(this, () => [this.app.store, this.app.sync, drafts])
  }

  createRenderRoot() { return this }

  async opening() {
    const { store } = this.app
    const streams = [...new Set([...store.unsent(), ...store.photosWaiting()].map(({ stream }) => stream))]
    const [room] = await Promise.all([store.storage().catch(() => undefined), ...streams.map(async stream =>
      await store.loadAudit(stream).catch(() => null) ?? store.loadAssessment(stream).catch(() => null))])
    this.room = room
    if ([...store.unsent(), ...store.dismissed()].some(({ kind }) => OF_A_DESK.test(kind))) await useAwardWords()
  }

  render() {
    const { store, sync } = this.app
    const all = store.unsent()
    const photos = store.photosWaiting()
    const stuck = all.filter(({ state }) => !WAITING.includes(state))
    const waiting = all.filter(({ state }) => WAITING.includes(state))
    const going = photos.filter(({ state }) => state !== 'refused')
    const lost = photos.filter(({ state }) => state === 'refused')
    return html`
      <header class="head"><h1 tabindex="-1">${t('unsent.title')}</h1><p>${this.#summary(waiting.length + going.length,
        stuck.length + lost.length, sync.state)}</p></header>
      ${this.#refused()}
      ${stuck.length ? html`<section class="card"><h2>${t('unsent.stuck', { n: stuck.length })}</h2><ul
        class="waiting-list">${stuck.map(item => this.#item(item))}</ul></section>` : nothing}
      ${lost.length ? html`<section class="card"><h2>${t('unsent.photos-stuck', { n: lost.length })}</h2><ul
        class="waiting-list">${lost.map(photo => this.#photo(photo))}</ul></section>` : nothing}
      ${waiting.length ? html`<section class="card"><h2>${t('unsent.waiting', { n: waiting.length })}</h2>
        ${sync.state.phase === 'busy' ? html`<p class="busy">${t('sync.sending', { n: waiting.length })}</p>`
          : html`<div class="row"><button class="button" data-main
            @click=${this.#send}>${icon('sending')}${t('unsent.send')}</button></div>`}
        <details class="more" ?open=${waiting.length <= 10}><summary>${t('unsent.each')}</summary><ul
          class="waiting-list">${waiting.map(item => this.#item(item))}</ul></details></section>` : nothing}
      ${going.length ? this.#photos(going, waiting.length > 0) : nothing}
      <section class="card"><h2>${t('unsent.rescue')}</h2><p>${t('unsent.rescue-about')}</p>
        <div class="row">${all.length || photos.length || refused.size
          ? html`<button class="button" @click=${this.#rescue}>${icon('file')}${t('unsent.rescue-save')}</button>`
            : nothing}
          <label class="button" for="hand-in">${t('unsent.hand-in')}</label>
          <input class="unseen" id="hand-in" type="file" accept="application/json,.json" @change=${this.#handIn}></div>
        ${this.saved ? html`<p class="state">${icon('sent')}${t('unsent.rescue-saved')}</p>` : nothing}
        ${this.handed
          ? html`<p class="notice" data-kind=${this.handed.wrong ? 'problem' : nothing}>${this.handed.words}</p>`
            : nothing}</section>
      ${this.#storage()}
      ${this.#dismissed()}`
  }

  #summary(waiting, stuck, { problem, retryAt }) {
    if (refused.size) return t('unsent.some-refused')
    if (!waiting && !stuck) return problem ? t(`unsent.why-${problem}`, { device: deviceWord() }) : t('unsent.all-sent')
    if (!waiting) return t('unsent.only-stuck')
    const why = problem ? t(`unsent.why-${problem}`, { device: deviceWord() }) : t('unsent.soon', { n: waiting,
      device: deviceWord() })
    return html`${why} ${problem === 'sign-in' ? html`<a href="#/sign-in">${t('unsent.sign-in')}</a>` : nothing}
      ${problem && problem !== 'sign-in' && retryAt ? t('unsent.again-at', { at: when(retryAt) }) : nothing}`
  }

  /** Texts that are not saved: they live on the screen only, so they can be taken along, or gone back to. */
  #refused() {
    if (!refused.size) return nothing
    return html`<section class="card"><h2>${t('unsent.refused',
      { n: refused.size })}</h2><p>${t('unsent.refused-why')}</p>
      <ul class="waiting-list">${[...refused.values()].map(({ label, text, reason, found, where }) =>
        html`<li><b>${label}</b><p class="said written">${text}</p>${reason === 'identifying'
          ? html`<p>${t('identifying.waits', { what: foundWords(found) })}</p>` : nothing}
          <div class="row" data-links>${where ? html`<a class="linklike" href=${where}>${t('unsent.back-to-it')}<span
            class="unseen">: ${label}</span></a>` : nothing}${this.#copy(text)}</div></li>`)}</ul></section>`
  }

  /** Photos follow the words that speak of them. */
  #photos(going, behind) {
    const { sync } = this.app
    return html`<section class="card"><h2>${t('unsent.photos', { n: going.length })}</h2>
      ${sync.photos ? html`<p class="busy">${t('sync.photos-sent', { n: sync.photos.of, sent: sync.photos.sent })}</p>
        <progress max=${sync.photos.of} value=${sync.photos.sent} aria-label=${t('unsent.progress')}></progress>`
        : behind ? html`<p>${t('unsent.photos-after')}</p>` : html`<div class="row"><button class="button" data-main
          @click=${this.#send}>${icon('sending')}${t('unsent.send')}</button></div>`}
      <details class="more" ?open=${going.length <= 10}><summary>${t('unsent.each')}</summary><ul
        class="waiting-list">${going.map(photo => this.#photo(photo))}</ul></details></section>`
  }

  #photo({ stream, sha256, at, size: bytes, state, problem }) {
    const audit = this.app.store.audit(stream)
    const item = audit && items(audit.registers).find(({ details }) => details.sha256 === sha256)
    const words = item ? captionOf(item) : t('evidence.kind-photo')
    const stuck = state === 'refused'
    const show = async () => (await import('../elements/photo-viewer.js')).showPhotos(this.app, [{ audit: stream,
      sha256, words }], 0)
    return html`<li class="evidence-item"><photo-thumb .app=${this.app} .audit=${stream} .sha256=${sha256}
        .words=${words} @open=${show}></photo-thumb>
      <div class="stack" data-tight><div class="row" data-spread><b>${words}</b><span class="tag" data-kind=${stuck
        ? 'problem' : nothing}>${t(stuck ? 'unsent.state-refused' : 'unsent.state-local')}</span></div>
        <p class="quiet">${[this.#place(audit), when(at), size(bytes)].filter(Boolean).join(' · ')}</p>
        ${stuck ? html`<p>${problem ? problemWords(problem) : t('unsent.reason-refused')} ${t('unsent.photo-next')}</p>`
          : nothing}
        ${stuck ? html`<div class="row" data-links>${item ? html`<a class="linklike"
            href="#/audits/${stream}/evidence/again/${item.id}">${t('evidence.again')}<span class="unseen">: ${words}</span></a>`
            : nothing}
          <button class="linklike" @click=${() => this.#dismissPhoto(stream, sha256)}>${t('unsent.dismiss')}<span
            class="unseen">: ${words}</span></button></div>` : nothing}</div></li>`
  }

  #item(item) {
    const { store } = this.app
    const audit = store.audit(item.stream) ?? store.assessment(item.stream)
    const { title, about, text } = saidWords(item, audit)
    const stuck = !WAITING.includes(item.state)
    return html`<li>
      <div class="row" data-spread><b>${title}</b><span class="tag" data-kind=${stuck ? 'problem'
        : nothing}>${t(`unsent.state-${item.state}`)}</span></div>
      <p class="quiet">${[about, this.#place(audit), when(item.at)].filter(Boolean).join(' · ')}</p>
      ${text ? html`<p class="said written">${text}</p>` : nothing}
      ${stuck ? html`<p>${item.problem ? problemWords(item.problem)
        : t(`unsent.reason-${item.state}`)} ${t(item.state === 'kept' && OF_A_DESK.test(item.kind)
          ? 'unsent.next-desk' : `unsent.next-${item.state}`)}</p><div class="row">${text
          ? this.#copy(text) : nothing}<button class="linklike"
            @click=${() => this.#dismiss(item.id)}>${t('unsent.dismiss')}</button></div>` : nothing}</li>`
  }

  /** What was not taken stays readable after it has been read. */
  #dismissed() {
    const all = this.app.store.dismissed()
    return all.length ? html`<details class="more"><summary>${t('unsent.dismissed', { n: all.length })}</summary><ul
      class="waiting-list">${all.map(item => this.#item(item))}</ul></details>` : nothing
  }

  #place(audit) { return audit?.siteOf?.name ?? audit?.setting }

  #copy(text) {
    return html`<button class="linklike" @click=${async () => {
      await navigator.clipboard.writeText(text)
      announce(t('unsent.copied'))
    }}>${t('unsent.copy')}</button>`
  }

  #send = async () => {
    announce(t('unsent.trying'))
    this.#toHeading()
    await this.app.sync.now()
  }

  async #dismissPhoto(stream, sha256) {
    await this.app.store.dismissPhoto(stream, sha256)
    await this.updateComplete
    find(this, 'h1').focus()
  }

  async #dismiss(id) {
    await this.app.store.dismiss(id)
    this.#toHeading()
  }

  /** The focus goes to the heading when what had it is gone. */
  async #toHeading() {
    await this.updateComplete
    find(this, 'h1').focus()
  }

  /** A file with all that is unsent, photos too, and with the texts that the device refused. */
  #rescue = async () => {
    const file = { ...await this.app.store.rescueWithPhotos(), ...(refused.size ? { unsaved: Object.fromEntries(refused) } : {}) }
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([JSON.stringify(file, null, 1)], { type: 'application/json' }))
    link.download = `milieu-rescue-${new Date().toISOString().slice(0, 10)}.json`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    this.saved = true
    announce(t('unsent.rescue-saved'))
  }

  #handIn = async event => {
    const [file] = event.target.files
    event.target.value = ''
    if (!file) return
    try {
      const read = JSON.parse(await file.text())
      await this.app.sync.handIn(read)
      const n = read.streams.reduce((sum, { operations }) => sum + operations.length, 0)
      this.handed = { words: t('unsent.handed', { n, day: day(read.made_at) }) }
      this.app.sync.now()
    } catch (problem) {
      this.handed = { wrong: true, words: problem instanceof SyntaxError ? t('problem.not-a-rescue-file')
        : problemWords(problem) }
    }
    announce(this.handed.words)
  }

  #storage() {
    if (!this.room) return nothing
    const { persisted, usage, quota } = this.room
    return html`<section class="card"><h2>${t('unsent.room', { device: deviceWord() })}</h2>
      ${quota ? html`<p>${t('unsent.left', { used: size(usage), left: size(quota - usage) })}</p>` : nothing}
      <p>${t(persisted ? 'unsent.kept' : 'unsent.not-kept', { device: deviceWord() })}</p>
      ${persisted ? nothing : html`<div class="row"><button class="button"
        @click=${this.#persist}>${t('unsent.keep')}</button></div>`}</section>`
  }

  #persist = async () => {
    const persisted = await navigator.storage?.persist?.()
    this.room = { ...this.room, persisted }
    announce(t(persisted ? 'unsent.kept' : 'unsent.not-granted', { device: deviceWord() }))
    if (!persisted) this.handed = { wrong: true, words: t('unsent.not-granted', { device: deviceWord() }) }
  }
}
customElements.define('unsent-view', UnsentView)
