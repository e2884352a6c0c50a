// Add an organisation: for whoever looks after the whole service. It needs the network.
import { LitElement, html } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { textField } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { uuid7 } from '../lib/ids.js'
import { t } from '../lib/words.js'
import '../elements/online-form.js'

export class AddOrganisationView extends LitElement {
  static properties = { app: { attribute: false } }

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
  }

  createRenderRoot() { return this }

  render() {
    return html`<header class="head"><a class="up" href="#/more">${icon('back')}${t('tabs.more')}</a>
        <h1 tabindex="-1">${t('organisation.add')}</h1></header>
      <p>${t('organisation.add-about')}</p>
      <online-form .app=${this.app} .name=${'add-organisation'} .words=${t('organisation.add-go')}
        .fields=${given => textField({ ...given('name'), label: t('organisation.name'),
          hint: t('organisation.name-hint'), maxlength: 120 })}
        .check=${({ name }) => name ? {} : { name: t('organisation.need-name') }}
        .make=${async () => ({ id: uuid7() })}
        .act=${this.#add}></online-form>`
  }

  #add = async ({ name }, { id }) => {
    await this.app.sync.perform(id, 'organisation.add', { name })
    announce(t('organisation.added', { name }))
    await this.app.sync.now()
    this.app.go(`#/organisations/${id}`)
  }
}
customElements.define('add-organisation-view', AddOrganisationView)
