// Sign in: the first screen on a new device, and the door again when a session has ended.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { errorSummary, filledIn, focusSummary, textField } from '../elements/form.js'
import { mark } from '../elements/icons.js'
import { problemWords } from '../lib/problem-words.js'
import { t } from '../lib/words.js'

export class SignInView extends LitElement {
  static properties = { app: { attribute: false }, errors: { state: true }, busy: { state: true },
    shown: { state: true } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.errors = undefined
    /** @type {boolean} */
    this.busy = undefined
    /** @type {boolean} */
    this.shown = undefined
    this.errors = {}
  }

  createRenderRoot() { return this }

  render() {
    const again = this.app.store?.person
    return html`
      <div class="seal">${mark()}
        <h1 tabindex="-1">${t(again ? 'sign-in.again' : 'sign-in.title')}</h1>
        <p class="quiet">${again ? t('sign-in.why-again', { name: again.name }) : t('sign-in.about')}</p></div>
      <form class="card" novalidate @submit=${this.#submit}>
        ${errorSummary(this.errors)}
        ${again ? html`<p>${t('sign-in.as')} <b>${again.email}</b></p><input type="hidden" name="email"
          .value=${again.email} autocomplete="username">`
          : textField({ id: 'email', label: t('sign-in.email'), type: 'email', autocomplete: 'username',
            inputmode: 'email', error: this.errors.email })}
        ${textField({ id: 'password', label: t('sign-in.password'), type: this.shown ? 'text' : 'password',
          autocomplete: 'current-password', error: this.errors.password })}
        <button type="button" class="linklike" aria-pressed=${Boolean(this.shown)}
          @click=${() => { this.shown = !this.shown }}>${t(this.shown ? 'sign-in.hide' : 'sign-in.show')}</button>
        <button class="button" data-main data-wide aria-disabled=${this.busy ? 'true' : nothing}>${t(this.busy
          ? 'sign-in.busy' : 'sign-in.go')}</button>
      </form>
      ${again ? html`<p class="quiet">${t('sign-in.other')} <a href="#/more">${t('sign-in.other-link')}</a></p>`
        : nothing}
      ${!again && this.app.demo ? html`<p class="quiet">${t('sign-in.demo')}</p>` : nothing}`
  }

  #submit = async event => {
    event.preventDefault()
    if (this.busy) return
    const { email, password } = filledIn(event.target)
    this.errors = {
      ...(/^\S+@\S+$/.test(email.trim()) ? {} : { email: t('sign-in.need-email') }),
      ...(password ? {} : { password: t('sign-in.need-password') }),
    }
    if (Object.keys(this.errors).length) return focusSummary(this)
    this.busy = true
    announce(t('sign-in.busy'))
    try {
      await this.app.signIn({ email: email.trim(), password })
    } catch (problem) {
      this.errors = { form: problemWords(problem) }
      focusSummary(this)
    } finally {
      this.busy = false
    }
  }
}
customElements.define('sign-in-view', SignInView)
