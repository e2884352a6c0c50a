// Take figures out: every table as a file, all of them as one database, all about me, and keys for one's own programs.
// It needs the network.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { fetchedState } from '../elements/fetched-state.js'
import { icon } from '../elements/icons.js'
import '../elements/access-tokens.js'
import { Fetched } from '../lib/fetched.js'
import { size } from '../lib/size.js'
import { language, t } from '../lib/words.js'

/** What is asked for most; the rest is what these speak of. */
const FIRST = ['answers', 'findings', 'scores', 'evidence', 'plan', 'history']

export class ExportsView extends LitElement {
  static properties = { app: { attribute: false } }

  #told = new Fetched(this, () => `exports/${language}`, () => this.app.sync.fetchJSON(`/api/exports${asked()}`))

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
  }

  createRenderRoot() { return this }

  render() {
    const told = this.#told.body
    return html`
      <header class="head"><a class="up" href="#/more">${icon('back')}${t('tabs.more')}</a>
        <h1 tabindex="-1">${t('exports.title')}</h1>
        <p>${t('exports.about')}</p></header>
      ${fetchedState(this.#told)}
      ${told ? html`
        ${!told.sites ? nothing : isLong(told.database) ? [this.#tables(told), this.#database(told)]
          : [this.#database(told), this.#tables(told)]}
        ${this.#wholes(told)}
        ${told.organisations.length || told.tokens.length ? html`<access-tokens .app=${this.app} .tokens=${told.tokens}
          .organisations=${told.organisations} .changed=${() => this.#told.load()}></access-tokens>` : nothing}`
        : nothing}`
  }

  #database({ sites, database }) {
    return html`<section class="card" aria-labelledby="database-title">
      <h2 id="database-title">${t('exports.database')}</h2>
      <p>${t('exports.database-about', { n: sites })}</p>
      ${isLong(database) ? html`<p>${t('exports.database-long', { size: size(database.bytes),
        n: Math.max(1, Math.round(database.seconds / 60)) })}</p>` : nothing}
      <div class="row">${download(`/api/export.sqlite${asked()}`, t('exports.database-go'), '', true)}</div></section>`
  }

  #tables({ tables }) {
    const first = FIRST.map(name => tables.find(table => table.name === name))
    const rest = tables.filter(({ name }) => !FIRST.includes(name))
    return html`<section class="card" aria-labelledby="tables-title">
      <h2 id="tables-title">${t('exports.tables')}</h2>
      <p>${t('exports.tables-about')}
        <a href="/api/exports/documentation${asked()}" target="_blank" rel="noopener">${t('exports.columns')}</a></p>
      <ul class="listed">${first.map(table)}</ul>
      <details class="more"><summary>${t('exports.more-tables', { n: rest.length })}</summary>
        <ul class="listed">${rest.map(table)}</ul></details></section>`
  }

  #wholes({ whole }) {
    return html`<section class="card" aria-labelledby="whole-title">
      <h2 id="whole-title">${t('exports.whole')}</h2>
      <p>${t('exports.whole-about')}</p>
      <ul class="listed">
        <li><div class="row" data-spread><div><h3>${t('exports.me')}</h3>
          <p class="quiet">${t('exports.me-about')}</p></div>
          ${download('/api/exports/person.zip', 'ZIP', t('exports.me'))}</div></li>
        ${whole.map(({ id, name }) => html`<li><div class="row" data-spread><div><h3>${name}</h3>
          <p class="quiet">${t('exports.organisation-about')}</p></div>
          ${download(`/api/exports/organisation/${id}.zip${asked()}`, 'ZIP', name)}</div></li>`)}</ul></section>`
  }
}
customElements.define('exports-view', ExportsView)

/** Whoever asks for it has to be told, and is offered first what begins at once, in seconds. */
const LONG = 10

/** @param {{seconds: number}} weight */
const isLong = ({ seconds }) => seconds > LONG

/** @param {{name: string, title: string, words: string}} table */
const table = ({ name, title, words }) => html`<li><div class="row" data-spread><div><h3>${title}</h3>
  <p class="quiet">${words}</p></div>
  <div class="row">${download(`/api/exports/${name}.csv${asked()}`, 'CSV', title)}
    ${download(`/api/exports/${name}.xlsx${asked()}`, 'Excel', title)}</div></div></li>`

/** @param {string} href @param {string} words @param {string} of what it is of, for who does not see where it stands */
const download = (href, words, of = '', main = false) => html`<a class="button" href=${href} download
  ?data-main=${main}>${icon('saved')}${words}${of ? html`<span class="unseen"> ${of}</span>` : nothing}</a>`

/** The language, where it is not the one that the service speaks unasked. */
const asked = () => language === 'en' ? '' : `?language=${language}`
