// My devices: where I am signed in, and signing out from afar. It needs the network.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { ask } from '../elements/ask.js'
import { fetchedState } from '../elements/fetched-state.js'
import { icon } from '../elements/icons.js'
import { problemNotice } from '../elements/problem-notice.js'
import { Fetched } from '../lib/fetched.js'
import { find } from '../lib/find.js'
import { when } from '../lib/time.js'
import { deviceWord, t } from '../lib/words.js'

export class DevicesView extends LitElement {
  static properties = { app: { attribute: false }, problem: { state: true } }

  #told = new Fetched(this, () => 'devices', () => this.app.sync.fetchJSON('/api/session'))

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {any} */
    this.problem = undefined
  }

  createRenderRoot() { return this }

  render() {
    const all = this.#told.body?.devices ?? []
    const devices = [...all.filter(({ current }) => current), ...all.filter(({ current }) => !current)]
    return html`
      <header class="head"><a class="up" href="#/more">${icon('back')}${t('tabs.more')}</a>
        <h1 tabindex="-1">${t('more.devices')}</h1>
        <p>${t('devices.about')}</p></header>
      ${fetchedState(this.#told)}
      ${problemNotice(this.problem)}
      ${devices.length ? html`<section class="card" aria-labelledby="devices-title">
        <h2 id="devices-title" tabindex="-1" data-heading>${t('devices.title', { n: devices.length })}</h2>
        <ul class="listed">${devices.map(device => this.#device(device))}</ul></section>` : nothing}`
  }

  #device(device) {
    const { current, name, signed_in_at, seen_at } = device
    return html`<li><div class="row" data-spread><div><h3>${name}</h3>
      <p class="quiet">${t('devices.since', { at: when(signed_in_at) })}
        ${current ? nothing : html` · ${t('devices.seen', { at: when(seen_at) })}`}</p></div>
      ${current ? html`<span class="tag" data-kind="done">${icon('sent')}
          ${t('devices.this', { device: deviceWord() })}</span>`
        : this.#organisation ? html`<button class="button" @click=${() => this.#end(device)}>
          ${t('devices.end')}<span class="unseen"> ${name}</span></button>` : nothing}</div>
      ${current ? html`<p>${t('devices.leave')} <a href="#/more">${t('tabs.more')}</a></p>` : nothing}</li>`
  }

  /** One of mine: signing out from afar stands in its history. */
  get #organisation() { return this.app.store.home?.organisations[0]?.id }

  async #end({ id, name }) {
    const title = t('devices.end-title', { device: name })
    if (!await ask({ title, text: t('devices.end-why'), yes: t('devices.end'), danger: true })) return
    this.problem = undefined
    try {
      await this.app.sync.perform(this.#organisation, 'device.end', { device: id })
      announce(t('devices.ended', { device: name }))
      await this.#told.load()
      find(this, '#devices-title')?.focus()
    } catch (problem) {
      this.problem = problem
    }
  }
}
customElements.define('devices-view', DevicesView)
