// <access-tokens>: keys with which one's own programs read figures: made here, shown once, ended here.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { find } from '../lib/find.js'
import { newSecret, uuid7 } from '../lib/ids.js'
import { day, isoDay, when } from '../lib/time.js'
import { t } from '../lib/words.js'
import { announce } from './announce.js'
import { ask } from './ask.js'
import { textField } from './form.js'
import { icon } from './icons.js'
import './online-form.js'
import { problemNotice } from './problem-notice.js'
import { selectField } from './select-field.js'

const DAY = 24 * 60 * 60 * 1000
const USUAL_DAYS = 90
const MOST_DAYS = 366

/**
 * @typedef {{id: string, name: string, organisation: string, until: string, made_at: string, used_at: string | null}}
 *   Token
 */
export class AccessTokens extends LitElement {
  static properties = {
    app: { attribute: false }, tokens: { attribute: false }, organisations: { attribute: false },
    changed: { attribute: false }, making: { state: true }, made: { state: true }, said: { state: true },
    problem: { state: true },
  }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Token[]} */
    this.tokens = undefined
    /** Of which organisations figures may be read. @type {{id: string, name: string}[]} */
    this.organisations = undefined
    /** Asks for the tokens anew. @type {() => Promise<void>} */
    this.changed = undefined
    /** @type {boolean | undefined} */
    this.making = undefined
    /** The one that has just been made. @type {{name: string, secret: string} | undefined} */
    this.made = undefined
    /** @type {string | undefined} */
    this.said = undefined
    /** @type {any} */
    this.problem = undefined
  }

  createRenderRoot() { return this }

  render() {
    return html`<section class="card" aria-labelledby="tokens-title">
      <h2 id="tokens-title" tabindex="-1" data-heading>${t('tokens.title')}</h2><div class="stack">
      <p>${t('tokens.about')}</p>
      ${problemNotice(this.problem)}
      ${this.made ? this.#shown() : nothing}
      ${this.tokens.length ? html`<ul class="listed">${this.tokens.map(token => this.#token(token))}</ul>` : nothing}
      ${this.making ? this.#form() : html`<div class="row"><button class="button" id="make-token"
        @click=${this.#open}>${icon('plus')}${t('tokens.make')}</button></div>`}</div></section>`
  }

  #token(token) {
    const { name, until, used_at, organisation } = token
    const of = this.organisations.length > 1 && this.organisations.find(({ id }) => id === organisation)
    return html`<li><div class="row" data-spread><div><h3>${name}</h3>
      <p class="quiet">${of ? html`${of.name} · ` : nothing}${t('tokens.until', { day: day(until) })} ·
        ${used_at ? t('tokens.used', { at: when(used_at) }) : t('tokens.unused')}</p></div>
      <button class="button" @click=${() => this.#end(token)}>${t('tokens.end')}<span class="unseen">
        ${name}</span></button></div></li>`
  }

  #shown() {
    const { name, secret } = this.made
    return html`<div class="inset stack"><div class="field"><label for="token-secret">${t('tokens.yours',
      { name })}</label>
      <input class="input" id="token-secret" readonly .value=${secret} aria-describedby="token-warning"
        spellcheck="false" autocomplete="off" @focus=${event => event.target.select()}></div>
      <p id="token-warning"><b>${t('tokens.once')}</b> ${t('tokens.warning')}</p>
      <div class="row"><button class="button" data-main @click=${this.#copy}>${t('tokens.copy')}</button>
        <button class="linklike" @click=${this.#putAway}>${t('tokens.put-away')}</button>
        ${this.said ? html`<span class="state">${this.said}</span>` : nothing}</div></div>`
  }

  #form() {
    const options = this.organisations.map(({ id, name }) => ({ value: id, label: name }))
    return html`<div class="inset stack"><h3>${t('tokens.make')}</h3>
      <online-form .app=${this.app} name="token" .words=${t('tokens.make-go')} .closed=${this.#close}
        .start=${{ name: '', until: isoDay(Date.now() + USUAL_DAYS * DAY), organisation: options[0]?.value }}
        .fields=${(given, values) => html`
          ${textField({ ...given('name'), label: t('tokens.name'), hint: t('tokens.name-hint'), maxlength: 80 })}
          ${textField({ ...given('until'), label: t('tokens.last-day'), type: 'date', hint: t('tokens.last-day-hint') })}
          ${options.length > 1 ? selectField({ ...given('organisation'), label: t('tokens.of'), options }) : nothing}`}
        .check=${wrong} .make=${async () => ({ token: uuid7(), ...await newSecret() })}
        .act=${(values, made) => this.#make(values, made)}></online-form></div>`
  }

  async #make({ name, until, organisation = this.organisations[0].id }, { token, secret, sha256 }) {
    await this.app.sync.perform(organisation, 'token.make', { token, secret_sha256: sha256, name, until })
    this.made = { name, secret }
    this.making = false
    this.said = undefined
    announce(t('tokens.made'))
    await this.changed()
    await this.updateComplete
    find(this, '#token-secret')?.focus()
  }

  async #end({ id, name, organisation }) {
    const title = t('tokens.end-title', { name })
    if (!await ask({ title, text: t('tokens.end-why'), yes: t('tokens.end'), danger: true })) return
    this.problem = undefined
    try {
      await this.app.sync.perform(organisation, 'token.end', { token: id })
      announce(t('tokens.ended', { name }))
      await this.changed()
      find(this, '#tokens-title')?.focus()
    } catch (problem) {
      this.problem = problem
    }
  }

  #open = () => { this.making = true }

  #close = async () => {
    this.making = false
    await this.updateComplete
    find(this, '#make-token')?.focus()
  }

  #putAway = async () => {
    this.made = undefined
    await this.updateComplete
    find(this, '#tokens-title')?.focus()
  }

  #copy = async () => {
    try {
      await navigator.clipboard.writeText(this.made.secret)
      this.said = t('invitation.copied')
      announce(this.said)
    } catch {
      // without leave for the clipboard it is selected, for the person to copy it
      find(this, '#token-secret').focus()
      announce(t('tokens.select'))
    }
  }
}
customElements.define('access-tokens', AccessTokens)

/** What is wrong with a token to be made, by field. @param {Record<string, string>} values */
function wrong({ name, until }) {
  const fits = /^\d{4}-\d\d-\d\d$/.test(until) && until >= isoDay() && until <= isoDay(Date.now() + MOST_DAYS * DAY)
  return {
    ...(name ? {} : { name: t('tokens.need-name') }),
    ...(fits ? {} : { until: t('tokens.need-day') }),
  }
}
