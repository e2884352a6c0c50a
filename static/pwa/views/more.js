// More: the quieter places, the language, signing out, and what Milieu is made of.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { ask } from '../elements/ask.js'
import { icon } from '../elements/icons.js'
import { refused } from '../lib/drafts.js'
import { LANGUAGES, deviceWord, language, t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { thingsWaiting } from '../store/evidencing.js'

const MADE_WITH = [
  ['Lit', 'BSD-3-Clause', 'lit.txt'],
  ['idb', 'ISC', 'idb.txt'],
  ['Atkinson Hyperlegible Next', 'OFL-1.1', 'fontsource-variable-atkinson-hyperlegible-next.txt'],
]

export class MoreView extends LitElement {
  static properties = { app: { attribute: false } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  render() {
    const { store, hasRoute, version } = this.app
    const n = this.#waiting
    const { organisations = [], sites = [], grants = [] } = store.home ?? {}
    const keeps = ({ may }) => may.includes('organisation.see')
    const kept = organisations.filter(one => keeps(one) || sites.some(site => site.organisation === one.id
      && keeps(site)))
    const wholeService = grants.some(({ role, organisation }) => role === 'admin' && organisation === null)
    const links = [
      ['#/unsent', n ? 'saved' : 'sent', t('more.unsent', { n })],
      ...kept.map(({ id, name }) => [`#/organisations/${id}`, 'people', t('more.people', { name })]),
      ...(wholeService ? [['#/organisations/add', 'plus', t('more.add-organisation')]] : []),
      ['#/exports', 'file', t('more.exports')],
      ['#/check', 'awards', t('more.check')],
      ['#/devices', 'device', t('more.devices')],
    ].filter(([href]) => hasRoute(href))
    return html`
      <header class="head"><h1 tabindex="-1">${t('tabs.more')}</h1><p class="quiet">${t('more.signed-in',
        { name: store.person.name })}</p></header>
      <section class="card"><ul class="link-list">${links.map(([href, drawing, words]) =>
        html`<li><a href=${href}>${icon(drawing)}<span>${words}</span>${icon('next')}</a></li>`)}</ul></section>
      <section class="card">
        <fieldset class="field" @change=${event => this.app.speak(event.target.value)}>
          <legend>${t('more.language')}</legend>
          <div class="choice">${LANGUAGES.map(({ id, name, draft }) => html`<label lang=${id}><input type="radio"
            name="language" value=${id} .checked=${id === language}>
            <span><b>${name}</b>${draft ? html`<small>${t('more.draft')}</small>` : nothing}</span></label>`)}</div>
        </fieldset></section>
      <section class="card"><h2>${t('more.leave')}</h2><p>${t(n ? 'more.leave-unsent' : 'more.leave-sent', { n,
        device: deviceWord() })}</p>
        <div class="row"><button class="button"
          @click=${this.#signOut}>${icon('out')}${t('more.sign-out')}</button></div></section>
      <section class="card"><h2>${t('more.about')}</h2><div class="prose"><p>${t('more.about-text')}</p>
        <p>${t('more.licence')}</p>
        <p>${t('more.made-with')}</p>
        <ul>${MADE_WITH.map(([name, licence, file]) => html`<li><a href="/pwa/${version}/vendor/licences/${file}"
          target="_blank" rel="noopener">${name}, ${licence}</a></li>`)}</ul>
        <p class="quiet figure">${t('more.version', { version })}</p></div></section>`
  }

  get #waiting() { return thingsWaiting(this.app.store.unsent(), this.app.store.photosWaiting()) }

  #signOut = async () => {
    const n = this.#waiting
    const lost = refused.size
    if ((n || lost) && !await ask({
      title: t('more.sure'), text: lost ? t('more.sure-refused') : t('more.leave-unsent', { n, device: deviceWord() }),
      yes: t('more.sign-out'), no: t('more.stay'), danger: lost > 0,
    })) return
    await this.app.signOut()
  }
}
customElements.define('more-view', MoreView)
