// The dashboard: what a manager asks of several settings. One look at what matters first, the rest one tap away; each
// figure leads to what stands behind it. What was asked stands in the address, what was told is kept for times offline.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { fetchedState } from '../elements/fetched-state.js'
import { Fetched } from '../lib/fetched.js'
import { find } from '../lib/find.js'
import { frames } from '../lib/frames.js'
import { when } from '../lib/time.js'
import { t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { agreement } from './sides/agreement.js'
import { FILTERS, address, fitting, queryOf, readAsked } from './sides/asked.js'
import { change } from './sides/change.js'
import { coverage } from './sides/coverage.js'
import { due } from './sides/due.js'
import { choices } from './sides/choices.js'
import { overview } from './sides/overview.js'
import { Spoken } from './sides/spoken.js'
import { voices } from './sides/voices.js'

/**
 * @typedef {object} Side one way of looking
 * @property {string[]} asks what it asks the service, besides the settings
 * @property {(told: Told) => unknown} draw
 *
 * @typedef {object} Told what a side is drawn from
 * @property {import('../routes.js').App} app
 * @property {import('./sides/asked.js').Asked} asked
 * @property {any[]} settings those that fit, in the order asked for
 * @property {any[]} everywhere all of them
 * @property {Record<string, any>} replies by what was asked; undefined while there is none
 * @property {Spoken} spoken
 * @property {number} drawn how many rows of a long table are there
 * @property {(what: string) => void} more asks for the next page
 * @property {(asked: import('./sides/asked.js').Asked) => void} choose asks for something else
 */

/** @type {Record<string, Side>} in the order in which they are offered */
const SIDES = {
  '': { asks: ['due', 'gaps', 'changes'], draw: overview },
  due: { asks: ['due'], draw: due },
  voices: { asks: ['gaps', 'voices'], draw: voices },
  change: { asks: ['changes', 'cycles'], draw: change },
  agreement: { asks: ['agreement'], draw: agreement },
  coverage: { asks: ['coverage'], draw: coverage },
}
const MAP = 'settings'

/** Where each reply has its entries, of which a page comes at a time. */
const PAGED = { due: 'due', gaps: 'gaps', changes: 'changes', voices: 'settings', agreement: 'settings',
  coverage: 'settings', cycles: 'settings' }

/** Of these alone the service knows; the rest of what is asked about settings is seen to here, offline too. */
const AUDITS = ['checklist', 'track', 'stage', 'cycle', 'lens']

/** From one way of looking to the next, the same is not asked again so soon. */
const FRESH = 30_000

/** Rows drawn at once, and in each frame after that: two hundred settings would keep a cheap phone waiting. */
const [FIRST, MORE] = [12, 47]

export class DashboardView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false }, drawn: { state: true },
    choosing: { state: true } }

  #asked
  /** @type {Record<string, Fetched>} */
  #told = {}
  #pages = {}
  #spoken = new Spoken()
  #learning = false
  #drawing = false
  #fits

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** How many rows of a long table are there. */
    this.drawn = FIRST
    /** Whether the filters are open: they are many, and seldom asked for. */
    this.choosing = false
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  async opening() {
    this.#asked = readAsked(location.hash)
    for (const what of [MAP, ...this.#side.asks]) {
      this.#told[what] = new Fetched(this, () => this.#pathOf(what), () => this.#fetch(what), { kept: true, fresh: FRESH })
    }
    await this.#recall()
  }

  connectedCallback() {
    super.connectedCallback()
    find(document, 'main').toggleAttribute('data-wide', true)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    find(document, 'main')?.toggleAttribute('data-wide', false)
  }

  /** On a phone the ways of looking are wider than the screen: the one that is shown is among those that are seen. */
  firstUpdated() {
    find(this, '.sides-nav [aria-current]').scrollIntoView({ block: 'nearest', inline: 'center' })
  }

  updated() {
    if (this.#told[MAP].body?.settings.length > this.drawn && !this.#drawing) this.#drawMore()
    if (this.#spoken.lacks && !this.#learning) this.#learnMore()
  }

  render() {
    const told = this.#told[MAP].body
    const everywhere = told?.settings ?? []
    const settings = this.#fitting(everywhere)
    const replies = Object.fromEntries(this.#side.asks.map(what => [what, this.#told[what].body]))
    return html`
      <header class="head"><h1 tabindex="-1">${t(`sides.title-${this.#name}`)}</h1>
        ${told ? html`<p class="quiet">${t('dashboard.as-of', { at: when(this.#asOf) })}
          ${this.#name === 'overview' ? nothing : t(`sides.why-${this.#name}`)}</p>` : nothing}</header>
      ${this.#nav()}
      ${fetchedState(this.#fetching)}
      ${!told ? nothing : everywhere.length ? html`
        ${choices({ asked: this.#asked, everywhere, settings, app: this.app, spoken: this.#spoken, choose: this.#choose,
          side: this.#name, isOpen: this.choosing, opened: is => { this.choosing = is } })}
        ${settings.length ? this.#side.draw({ app: this.app, asked: this.#asked, settings, everywhere, replies,
          spoken: this.#spoken, drawn: this.drawn, more: this.#more, choose: this.#choose })
          : html`<div class="card empty"><h2>${t('sides.nothing-fits')}</h2>
            <button class="button" @click=${() => this.#choose(readAsked(''))}>${t('sides.show-all')}</button></div>`}`
        : html`<div class="card empty"><h2>${t('dashboard.none')}</h2><p>${t('dashboard.none-why')}</p></div>`}`
  }

  /** Found once for each reply and each question: a long table is drawn in many frames. */
  #fitting(everywhere) {
    if (this.#fits?.everywhere !== everywhere || this.#fits.asked !== this.#asked) {
      this.#fits = { everywhere, asked: this.#asked, settings: fitting(everywhere, this.#asked) }
    }
    return this.#fits.settings
  }

  get #name() { return SIDES[this.params.side] ? this.params.side : 'overview' }

  get #side() { return SIDES[this.params.side] ?? SIDES[''] }

  /** The oldest of what is shown: nothing looks newer than it is. */
  get #asOf() {
    return Object.values(this.#told).map(({ body }) => body?.as_of).filter(Boolean).sort()[0]
  }

  /** Where all that was asked stands together: the oldest, and whatever could not be had. */
  get #fetching() {
    const told = Object.values(this.#told)
    return {
      body: this.#told[MAP].body,
      at: Math.min(...told.map(({ at }) => at ?? Infinity)),
      problem: told.find(({ problem }) => problem)?.problem,
      busy: told.some(({ busy }) => busy),
      load: async () => { await Promise.all(told.map(one => one.load())) },
    }
  }

  #nav() {
    return html`<nav class="sides-nav" aria-label=${t('sides.nav')}>${Object.keys(SIDES).map(side => html`<a
      href=${address(side, this.#asked)} aria-current=${(side || 'overview') === this.#name ? 'page' : nothing}>${t(
        `sides.to-${side || 'overview'}`)}</a>`)}</nav>`
  }

  /** Other filters, at once; the address says so, and going back leads out of the dashboard. */
  #choose = async asked => {
    this.#asked = asked
    this.drawn = FIRST
    this.#pages = {}
    history.replaceState(history.state, '', address(SIDES[this.params.side] ? this.params.side : '', asked))
    await this.#recall()
    await Promise.all(Object.values(this.#told).map(told => told.refresh()))
    announce(t('sides.now-shown', { n: this.#fitting(this.#told[MAP].body?.settings ?? []).length }))
  }

  #more = what => {
    this.#pages[what] = (this.#pages[what] ?? 1) + 1
    this.#told[what].load()
  }

  #pathOf(what, after = 0) {
    const { order } = this.#asked
    const query = what === MAP ? queryOf(this.#asked, order === 'change' ? [...AUDITS, 'order'] : AUDITS)
      : queryOf(this.#asked, FILTERS, { after })
    return `/api/dashboard/${what}${query ? `?${query}` : ''}`
  }

  async #recall() {
    await Promise.all(Object.values(this.#told).map(told => told.recall()))
    await this.#learn(this.#told)
    this.requestUpdate()
  }

  /** As many pages as were asked for, as one. */
  async #fetch(what) {
    const { sync } = this.app
    const list = PAGED[what]
    const whole = await sync.fetchJSON(this.#pathOf(what))
    for (let page = 1; page < (this.#pages[what] ?? 1) && whole[list].length < whole.total; page++) {
      const next = await sync.fetchJSON(this.#pathOf(what, whole[list].length))
      whole[list] = [...whole[list], ...next[list]]
    }
    await this.#learn({ [what]: { body: whole } })
    return whole
  }

  /** The checklists' words come from this device. Resolves with whether there were new ones. */
  async #learn(told) {
    let isNew = false
    for (const { body } of Object.values(told)) {
      if (body?.settings) isNew = await this.#spoken.learn(this.app.store, body.settings) || isNew
    }
    return isNew
  }

  /** The next rows, once those before them have been painted. */
  async #drawMore() {
    this.#drawing = true
    await frames(2)
    this.#drawing = false
    this.drawn += MORE
  }

  /** News may have brought words that were not here. */
  async #learnMore() {
    this.#learning = true
    const isNew = await this.#learn(this.#told)
    this.#learning = false
    if (isNew) this.requestUpdate()
  }
}
customElements.define('dashboard-view', DashboardView)
