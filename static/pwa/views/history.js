// History: who did what and when in an audit, in its way through an awarding body, or in an organisation, newest first;
// and what this device has not sent yet.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { fetchedState } from '../elements/fetched-state.js'
import { icon } from '../elements/icons.js'
import { problemNotice } from '../elements/problem-notice.js'
import { saidWords } from '../elements/said-words.js'
import { selectField } from '../elements/select-field.js'
import { Fetched } from '../lib/fetched.js'
import { find } from '../lib/find.js'
import { groupBy } from '../lib/group.js'
import { problemWords } from '../lib/problem-words.js'
import { clock, day, when } from '../lib/time.js'
import { capital, deviceWord, has, language, t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'

const PAGE = 100

/** What holds a text of its own; the rest is all in the sentence. */
const WRITTEN = ['answer.comment', 'finding.account']

/** What one may look for, by the beginnings of kinds. */
const THINGS = {
  answers: ['answer.'],
  findings: ['finding.'],
  plan: ['plan.'],
  speakers: ['contributor.'],
  evidence: ['evidence.'],
  people: ['person.', 'grant.', 'device.', 'calendar.', 'token.'],
  settings: ['site.', 'camera.', 'organisation.', 'audit.', 'calibration.'],
  kept: ['operation.'],
}

export class HistoryView extends LitElement {
  static properties = {
    app: { attribute: false }, params: { attribute: false }, who: { state: true }, what: { state: true },
      busy: { state: true }, problem: { state: true },
  }

  /** The number before the oldest entry that is shown. @type {number | undefined} */
  #from

  #told = new Fetched(this, () => `history/${this.#stream}/${language}`, () => this.#newest())

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** Only what this person did. */
    this.who = ''
    /** Only this sort of thing. */
    this.what = ''
    /** @type {boolean} */
    this.busy = undefined
    /** @type {any} */
    this.problem = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  async opening() {
    if (this.params.audit) await this.app.store.loadAudit(this.params.audit)
  }

  render() {
    const told = this.#told.body
    const { href, name } = this.#place
    return html`
      <header class="head"><a class="up" href=${href}>${icon('back')}${name}</a>
        <h1 tabindex="-1">${t('history.title')}</h1>
        <p>${t('history.about')}</p></header>
      ${this.#unsent()}
      ${fetchedState(this.#told)}
      ${told ? html`${this.#filter(told.entries)}${this.#days(told)}${this.#earlier(told)}` : nothing}`
  }

  /** What the server cannot know yet. */
  #unsent() {
    const waiting = this.app.store.unsent().filter(({ stream }) => stream === this.#stream)
    if (!waiting.length) return nothing
    return html`<section class="card"><h2>${t('history.unsent', { n: waiting.length, device: deviceWord() })}</h2>
      <ol class="listed">${[...waiting].reverse().slice(0, PAGE).map(item => {
        const { title, about, text } = saidWords(item, this.#audit)
        return html`<li><div class="row" data-spread><b>${title}</b>
          <span class="tag">${t(`unsent.state-${item.state}`)}</span></div>
          <p class="quiet">${[about, when(item.at)].filter(Boolean).join(' · ')}</p>
          ${text ? html`<p class="said written">${text}</p>` : nothing}</li>`
      })}</ol><p><a href="#/unsent">${t('home.see-unsent')}</a></p></section>`
  }

  #filter(entries) {
    const people = [...new Map(entries.map(({ author }) => [author.id, author.name]))]
      .map(([value, label]) => ({ value, label })).sort((one, other) => one.label.localeCompare(other.label))
    const things = Object.keys(THINGS).filter(thing => entries.some(entry => is(entry, thing)))
    if (people.length < 2 && things.length < 2) return nothing
    return html`<form class="filter" aria-label=${t('history.filter')} @submit=${event => event.preventDefault()}
      @change=${this.#choose}>
      ${selectField({ id: 'who', label: t('history.who'), value: this.who, empty: t('history.everybody'),
        options: people })}
      ${selectField({ id: 'what', label: t('history.what'), value: this.what, empty: t('history.everything'),
        options: things.map(thing => ({ value: thing, label: t(`history.${thing}`) })) })}</form>`
  }

  #choose = async event => {
    this[event.target.name] = event.target.value
    await this.updateComplete
    announce(t('history.found', { n: this.#found(this.#told.body.entries).length }))
  }

  #found(entries) {
    return entries.filter(entry => (!this.who || entry.author.id === this.who) && (!this.what || is(entry, this.what)))
  }

  /** By the day it reached the server: that is the order of the ledger, whatever a phone's clock says. */
  #days({ entries }) {
    const found = this.#found(entries)
    if (!found.length) return html`<p>${t(entries.length ? 'history.none-found' : 'history.none')}</p>`
    const days = groupBy([...found].reverse(), ({ received_at }) => day(received_at))
    const admissions = entries.filter(({ kind, verdict }) => kind === 'operation.admit' && verdict === 'applied')
    const admitted = new Map(admissions.map(entry => [entry.payload?.operation, entry]))
    const byId = new Map(entries.map(entry => [entry.id, entry]))
    return [...days].map(([name, those]) => html`<section class="card"><h2>${capital(name)}</h2>
      <ol class="listed timeline">${those.map(entry => this.#entry(entry, admitted, byId))}</ol></section>`)
  }

  #entry(entry, admitted, byId) {
    const { kind, verdict, at, received_at, early, problem, handed_in_by: bearer } = entry
    const { text } = entry.payload && WRITTEN.includes(kind) ? saidWords(entry, this.#audit) : { text: undefined }
    const settled = admitted.get(entry.id)
    const about = kind === 'operation.admit' && byId.get(entry.payload?.operation)
    return html`<li id="entry-${entry.number}" tabindex="-1" data-heading>
      <span class="figure quiet">${clock(received_at)}</span><div class="stack" data-tight>
      <p>${this.#words(entry)}</p>
      ${about ? html`<p class="said">${about.words}</p>` : nothing}
      ${text && verdict !== 'refused' ? html`<p class="said written">${text}</p>` : nothing}
      ${settled && line('sent', t('history.counted', { who: settled.author.name, at: when(settled.received_at) }))}
      ${verdict === 'kept' && !settled && !bearer ? line('info', problem?.detail) : nothing}
      ${verdict === 'refused' ? line('cannot', problem ? problemWords(problem) : t('history.refused')) : nothing}
      ${bearer ? line('file', t('history.handed-in', { who: bearer.name })) : nothing}
      ${early ? line('history', t('history.early', { at: when(at) }))
        : day(at) !== day(received_at) ? line('saved', t('history.later', { at: when(at) })) : nothing}</div></li>`
  }

  /** The server's words; for what it refused, what somebody tried. */
  #words({ verdict, kind, author, words }) {
    if (verdict !== 'refused') return words
    return t('history.tried', { who: author.name, what: t(has(`kind.${kind}`) ? `kind.${kind}` : 'kind.unknown') })
  }

  #earlier(told) {
    if (!told.from) return told.entries.length ? html`<p class="quiet">${t('history.beginning')}</p>` : nothing
    return html`${problemNotice(this.problem)}
      <div class="row">${this.busy ? html`<p class="busy">${t('fetched.busy')}</p>`
        : html`<button class="button" @click=${this.#more}>${t('history.earlier')}</button>`}</div>`
  }

  #more = async () => {
    const told = this.#told.body
    const [oldest] = this.#found(told.entries)
    this.busy = true
    this.problem = undefined
    try {
      const from = Math.max(0, told.from - PAGE)
      const { entries } = await this.#page(from)
      told.entries = [...entries.filter(({ number }) => number <= told.from), ...told.entries]
      told.from = this.#from = from
    } catch (problem) {
      this.problem = problem
    } finally {
      this.busy = false
    }
    await this.updateComplete
    const found = this.#found(told.entries)
    const next = oldest ? found[found.indexOf(oldest) - 1] : found.at(-1)
    if (next) find(this, `#entry-${next.number}`)?.focus()
  }

  /** The last hundred, and what came after this device last heard; when asked again, as far back as one had gone. */
  async #newest() {
    const from = this.#from ?? Math.max(0, this.#known - PAGE)
    const entries = []
    for (let after = from; after !== null;) {
      const page = await this.#page(after)
      entries.push(...page.entries)
      after = page.next
    }
    return { entries, from }
  }

  #page(after) {
    const { audit, submission } = this.params
    const of = audit ? 'audits' : submission ? 'submissions' : 'organisations'
    return this.app.sync.fetchJSON(`/api/${of}/${this.#stream}/history?${new URLSearchParams({ after: String(after), language })}`)
  }

  get #stream() { return this.params.audit ?? this.params.submission ?? this.params.organisation }

  get #audit() { return this.params.audit && this.app.store.audit(this.params.audit) }

  /** How many operations there were when this device last heard of it. */
  get #known() {
    const { home } = this.app.store
    const listed = [...(home?.audits ?? []), ...(home?.organisations ?? [])].find(({ id }) => id === this.#stream)
    return Number(listed?.cursor?.split('.')[1] ?? 0)
  }

  get #place() {
    const { audit, submission, organisation } = this.params
    if (submission) return { href: `#/submissions/${submission}`, name: t('tabs.awards') }
    if (audit) return { href: `#/audits/${audit}`, name: this.#audit?.siteOf?.name ?? t('tabs.audit') }
    const known = this.app.store.home?.organisations.find(({ id }) => id === organisation)
    return { href: `#/organisations/${organisation}`, name: known?.name ?? t('organisation.title') }
  }
}
customElements.define('history-view', HistoryView)

const is = ({ kind }, thing) => THINGS[thing].some(beginning => kind.startsWith(beginning))

/** What else there is to know of an entry. */
const line = (drawing, words) => html`<p class="state">${icon(drawing)}${words}</p>`
