// Accept an invitation: choose a name and a password, or sign in with the account one has.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { choiceField, errorSummary, filledIn, focusSummary, textField } from '../elements/form.js'
import { mark } from '../elements/icons.js'
import { problemWords } from '../lib/problem-words.js'
import { t } from '../lib/words.js'

const SHORTEST = 12

export class JoinView extends LitElement {
  static properties = {
    app: { attribute: false }, params: { attribute: false }, errors: { state: true }, busy: { state: true },
      known: { state: true }, shown: { state: true },
  }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** @type {Record<string, string>} */
    this.errors = undefined
    /** @type {boolean} */
    this.busy = undefined
    /** @type {boolean} */
    this.known = undefined
    /** @type {boolean} */
    this.shown = undefined
    this.errors = {}
  }

  createRenderRoot() { return this }

  render() {
    const here = this.app.store?.person
    return html`
      <div class="seal">${mark()}<h1 tabindex="-1">${t('join.title')}</h1><p class="quiet">${t('join.about')}</p></div>
      ${here ? html`<div class="notice"><p>${t('join.signed-in', { name: here.name })}</p><p><a
        href="#/more">${t('sign-in.other-link')}</a></p></div>` : html`
      <form class="card" novalidate @submit=${this.#submit} @change=${this.#choose}>
        ${errorSummary(this.errors)}
        ${choiceField({ id: 'known', legend: t('join.known'), value: this.known ? 'yes' : 'no', options: [
          { value: 'no', label: t('join.new') }, { value: 'yes', label: t('join.has') }] })}
        ${this.known ? nothing : textField({ id: 'name', label: t('join.name'), hint: t('join.name-hint'),
          autocomplete: 'name', maxlength: 80, error: this.errors.name })}
        ${textField({
          id: 'password', label: t('sign-in.password'), hint: this.known ? t('join.password-known')
            : t('join.password-hint', { n: SHORTEST }),
          type: this.shown ? 'text' : 'password', autocomplete: this.known ? 'current-password' : 'new-password',
            maxlength: 128, error: this.errors.password,
        })}
        <button type="button" class="linklike" aria-pressed=${Boolean(this.shown)}
          @click=${() => { this.shown = !this.shown }}>${t(this.shown ? 'sign-in.hide' : 'sign-in.show')}</button>
        <button class="button" data-main data-wide aria-disabled=${this.busy ? 'true' : nothing}>${t(this.busy
          ? 'sign-in.busy' : 'join.go')}</button>
      </form>`}`
  }

  #choose = event => {
    if (event.target.name === 'known') this.known = event.target.value === 'yes'
  }

  #submit = async event => {
    event.preventDefault()
    if (this.busy) return
    const { name, password } = filledIn(event.target)
    this.errors = {
      ...(this.known || name.trim() ? {} : { name: t('join.need-name') }),
      ...(password.length >= SHORTEST ? {} : { password: t(this.known ? 'sign-in.need-password' : 'join.need-password',
        { n: SHORTEST }) }),
    }
    if (Object.keys(this.errors).length) return focusSummary(this)
    this.busy = true
    announce(t('sign-in.busy'))
    try {
      const { invitation, secret } = this.params
      await this.app.signIn({ invitation, secret, password, ...(this.known ? {} : { name: name.trim() }) })
    } catch (/** @type {any} */ problem) {
      const wrong = Object.entries(/** @type {Record<string, string[]>} */ (problem.errors ?? {})).filter(([field]) =>
        this.querySelector(`#${CSS.escape(field)}`))
      this.errors = wrong.length ? Object.fromEntries(wrong.map(([field, words]) => [field, words[0]]))
        : { form: problemWords(problem) }
      focusSummary(this)
    } finally {
      this.busy = false
    }
  }
}
customElements.define('join-view', JoinView)
