// <invitation-link>: the link of an invitation, to copy or to share, with a plain warning; only its maker has it.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { day } from '../lib/time.js'
import { t } from '../lib/words.js'
import { announce } from './announce.js'
import { find } from '../lib/find.js'

export class InvitationLink extends LitElement {
  static properties = { link: {}, name: {}, until: {}, copied: { state: true } }

  constructor() {
    super()
    /** @type {string} */
    this.link = undefined
    /** Who is invited. @type {string} */
    this.name = undefined
    /** When it runs out, if that is known. @type {string | undefined} */
    this.until = undefined
    /** @type {boolean} */
    this.copied = undefined
  }

  createRenderRoot() { return this }

  render() {
    return html`<div class="stack">
      <div class="field"><label for="invitation-link">${t('invitation.link', { name: this.name })}</label>
        <input class="input" id="invitation-link" readonly .value=${this.link} aria-describedby="invitation-warning"
          @focus=${event => event.target.select()}></div>
      <p id="invitation-warning"><b>${t('invitation.warning', { name: this.name })}</b>
        ${this.until ? t('invitation.until', { day: day(this.until) }) : nothing}
        ${t('invitation.only-here')}</p>
      <div class="row"><button class="button" data-main @click=${this.#copy}>${t('invitation.copy')}</button>
        ${!navigator.share ? nothing
          : html`<button class="button" @click=${this.#share}>${t('invitation.share')}</button>`}
        ${this.copied ? html`<span class="state">${t('invitation.copied')}</span>` : nothing}</div></div>`
  }

  #copy = async () => {
    try {
      await navigator.clipboard.writeText(this.link)
      this.copied = true
      announce(t('invitation.copied'))
    } catch {
      // without leave for the clipboard the link is selected, for the person to copy it
      find(this, 'input').focus()
      announce(t('invitation.select'))
    }
  }

  #share = async () => {
    try {
      const text = t('invitation.share-text', { name: this.name })
      await navigator.share({ title: t('app.name'), text, url: this.link })
    } catch {
      // the person has changed their mind: the link is still here
    }
  }
}
customElements.define('invitation-link', InvitationLink)
