// Is a certificate true? Asked of the register where there is a network; without one by what was fetched last, from the
// certificate's file.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { icon } from '../elements/icons.js'
import { textField } from '../elements/form.js'
import { canCheck, checkWithoutNetwork, listsOf, tokenIn } from '../lib/certificate.js'
import { find } from '../lib/find.js'
import { when } from '../lib/time.js'
import { t, useAwardWords } from '../lib/words.js'

/** What was fetched last: keys, and status lists by their address. */
const KEPT = 'certificates'
const PURPOSES = ['revocation', 'suspension', 'refresh']
const KINDS = { valid: 'done', suspended: 'problem', withdrawn: 'problem', unknown: 'problem' }
/** Nothing waits longer than this for the register, in milliseconds. */
const PATIENCE = 10_000

export class CheckCertificateView extends LitElement {
  static properties = { app: { attribute: false }, found: { state: true }, wrong: { state: true },
    busy: { state: true },
    kept: { state: true } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {{state: string, number?: string, holder?: string, body?: string, asOf?: number} | undefined} */
    this.found = undefined
    /** What is wrong with what was asked. @type {string | undefined} */
    this.wrong = undefined
    /** @type {boolean} */
    this.busy = undefined
    /** @type {{keys: import('../lib/certificate.js').KeySet, lists: {[address: string]: string}, at: number} | null} */
    this.kept = null
  }

  createRenderRoot() { return this }

  async opening() {
    const [, kept] = await Promise.all([useAwardWords(), this.app.store.reply(KEPT).catch(() => null)])
    this.kept = kept && { ...kept.body, at: kept.at }
  }

  connectedCallback() {
    super.connectedCallback()
    this.#renew([]).catch(() => {}) // without a network there is what was fetched last
  }

  render() {
    return html`
      <header class="head"><a class="up" href="#/more">${icon('back')}${t('tabs.more')}</a>
        <h1 tabindex="-1">${t('check.title')}</h1><p>${t('check.about')}</p></header>
      ${this.found ? this.#told(this.found) : nothing}
      <section class="card"><form class="stack" novalidate @submit=${this.#ask}>
        ${textField({ id: 'number', label: t('check.number'), hint: t('check.number-hint'), maxlength: 40,
          error: this.wrong })}
        <div class="row"><button class="button" data-main aria-disabled=${this.busy ? 'true' : nothing}>${t(this.busy
          ? 'online-form.busy' : 'check.go')}</button></div></form></section>
      <section class="card"><h2>${t('check.file')}</h2><p>${t('check.file-about')}</p>
        <div class="row"><input class="unseen" type="file" id="file" accept=".json,.svg,.png,.txt,.jwt"
          @change=${this.#look}><label class="button" for="file">${icon('file')}${t('check.choose')}</label></div>
        <p class="quiet">${this.kept ? t('check.kept', { at: when(this.kept.at) })
          : t('check.none-kept')}</p></section>`
  }

  /** @param {{state: string, number?: string, holder?: string, body?: string, asOf?: number}} found */
  #told({ state, number, holder, body, asOf }) {
    return html`<section class="card" aria-labelledby="found"><h2 id="found" tabindex="-1" data-heading><span
      class="tag"
        data-kind=${KINDS[state] ?? nothing}>${t(`check.is-${state}`)}</span></h2>
      <p>${t(`check.says-${state}`)}</p>
      ${number ? html`<dl class="facts"><dt>${t('award.number')}</dt><dd class="figure">${number}</dd>
        ${holder ? html`<dt>${t('check.holder')}</dt><dd>${holder}</dd>` : nothing}
        ${body ? html`<dt>${t('check.body')}</dt><dd>${body}</dd>` : nothing}</dl>` : nothing}
      <p class="quiet">${asOf ? t('check.as-of', { at: when(asOf) }) : t('check.without')}</p></section>`
  }

  // By number: only the register can say

  #ask = async event => {
    event.preventDefault()
    const number = new FormData(event.target).get('number').toString().trim()
    this.wrong = number ? undefined : t('check.need-number')
    if (this.wrong || this.busy) return find(this, '#number').focus()
    this.busy = true
    try {
      await this.#tell(await registered(number))
    } catch {
      await this.#tell({ state: 'cannot-confirm' })
    } finally {
      this.busy = false
    }
  }

  // By file: by what is here, made new where there is a network

  #look = async event => {
    const [file] = event.target.files
    event.target.value = ''
    if (!file) return
    const token = tokenIn(new Uint8Array(await file.arrayBuffer()))
    if (!token) return this.#tell({ state: 'unknown' })
    if (!await canCheck()) return this.#tell({ state: 'cannot-confirm' })
    await this.#renew(listsOf(token)).catch(() => {})
    if (!this.kept) return this.#tell({ state: 'cannot-confirm' })
    const { state, number, asOf } = await checkWithoutNetwork(token, this.kept.keys, Object.values(this.kept.lists),
      Date.now())
    await this.#tell({ state, number, ...(asOf ? { asOf: Date.parse(asOf) } : {}) })
  }

  async #tell(found) {
    this.found = found
    announce(t(`check.is-${found.state}`))
    await this.updateComplete
    find(this, '#found')?.focus()
  }

  /** Fetches the keys, the lists that were kept, those of the bodies one has to do with, and these. */
  async #renew(wanted) {
    const { store } = this.app
    const { organisations = [], audits = [] } = store.home ?? {}
    const bodies = [...organisations.filter(({ awards }) => awards).map(({ id }) => id),
      ...audits.map(({ submission }) => submission?.body.id).filter(Boolean)]
    const own = wanted.filter(address => address.startsWith(`${location.origin}/status/`))
    const addresses = new Set([...Object.keys(this.kept?.lists ?? {}), ...own, ...bodies.flatMap(id => PURPOSES.map(
      purpose => `${location.origin}/status/${id}/${purpose}`))])
    const keys = JSON.parse(await asked('/.well-known/jwks.json'))
    const lists = Object.fromEntries((await Promise.all([...addresses].map(async address => [address, await asked(
      new URL(address).pathname).catch(() => this.kept?.lists[address])]))).filter(([, list]) => list))
    await store.keepReply(KEPT, { keys, lists }).catch(() => {})
    this.kept = { keys, lists, at: Date.now() }
  }
}
customElements.define('check-certificate-view', CheckCertificateView)

/** What the register says of a number now. @param {string} number */
async function registered(number) {
  const { number: known, state, holder, body } = JSON.parse(await asked(`/check/${encodeURIComponent(number)}.json`,
    [404]))
  return { state: state ?? 'unknown', number: known, holder, body, asOf: Date.now() }
}

/** The text at an address of this service; rejects without a network, and where there is none. */
async function asked(path, others = []) {
  const reply = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) })
  if (!reply.ok && !others.includes(reply.status)) throw new Error(String(reply.status))
  return reply.text()
}
