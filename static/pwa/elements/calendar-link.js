// <calendar-link>: what is due, in the calendar on one's own phone: a secret link, made here and shown only here.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { find } from '../lib/find.js'
import { newSecret } from '../lib/ids.js'
import { language, t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { announce } from './announce.js'
import { problemNotice } from './problem-notice.js'

export class CalendarLink extends LitElement {
  static properties = { app: { attribute: false }, organisation: {}, link: { state: true }, busy: { state: true },
    said: { state: true }, problem: { state: true } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** In whose history it stands that a link was made. @type {string} */
    this.organisation = undefined
    /** @type {string | undefined} */
    this.link = undefined
    /** @type {boolean | undefined} */
    this.busy = undefined
    /** What has just happened. @type {string | undefined} */
    this.said = undefined
    /** @type {any} */
    this.problem = undefined
    new Watching(this, () => [this.app.sync])
  }

  createRenderRoot() { return this }

  render() {
    return html`<details class="more"><summary>${t('calendar.title')}</summary><div class="stack">
      <p>${t('calendar.about')}</p>
      ${problemNotice(this.problem)}
      ${this.link ? html`<div class="field"><label for="calendar-address">${t('calendar.link')}</label>
        <input class="input" id="calendar-address" readonly .value=${this.link} aria-describedby="calendar-warning"
          @focus=${event => event.target.select()}></div>
        <p id="calendar-warning">${t('calendar.warning')}</p>
        <div class="row"><button class="button" data-main @click=${this.#copy}>${t('invitation.copy')}</button>
          <a class="button" href=${this.link.replace(/^https?:/, 'webcal:')}>${t('calendar.open')}</a></div>`
        : html`<div class="row"><button class="button" aria-disabled=${this.busy ? 'true' : nothing}
          @click=${this.#make}>${t(this.busy ? 'online-form.busy' : 'calendar.make')}</button></div>`}
      ${this.said ? html`<p class="state">${this.said}</p>` : nothing}
      <div class="row"><button class="linklike" @click=${this.#end}>${t('calendar.end')}</button></div>
      </div></details>`
  }

  #make = async () => {
    if (this.busy) return
    const { secret, sha256 } = await newSecret()
    await this.#perform('calendar.make', { secret_sha256: sha256 }, () => {
      const query = language === 'en' ? '' : `?language=${language}`
      this.link = `${location.origin}/api/calendar/${secret}.ics${query}`
      this.#say(t('calendar.made'))
    })
    await this.updateComplete
    find(this, 'input')?.focus()
  }

  #end = () => this.#perform('calendar.end', { ended: true }, () => {
    this.link = undefined
    this.#say(t('calendar.ended'))
  })

  async #perform(kind, payload, done) {
    if (this.busy) return
    this.busy = true
    this.problem = this.said = undefined
    try {
      await this.app.sync.perform(this.organisation, kind, payload)
      done()
    } catch (problem) {
      this.problem = problem
    } finally {
      this.busy = false
    }
  }

  #copy = async () => {
    try {
      await navigator.clipboard.writeText(this.link)
      this.#say(t('invitation.copied'))
    } catch {
      // without leave for the clipboard the link is selected, for the person to copy it
      find(this, 'input').focus()
      announce(t('invitation.select'))
    }
  }

  #say(words) {
    this.said = words
    announce(words)
  }
}
customElements.define('calendar-link', CalendarLink)
