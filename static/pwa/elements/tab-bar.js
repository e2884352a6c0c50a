// <tab-bar>: the places one can go now; at the bottom of a phone, at the side of a wide screen.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { t } from '../lib/words.js'
import { icon } from './icons.js'

export class TabBar extends LitElement {
  static properties = { places: { attribute: false }, current: {} }

  constructor() {
    super()
    /** @type {{id: 'home' | 'audit' | 'plan' | 'sides' | 'awards' | 'more', href: string}[]} */
    this.places = undefined
    /** The id of the place one is in. @type {string} */
    this.current = undefined
  }

  createRenderRoot() { return this }

  render() {
    return html`<nav class="tabs" aria-label=${t('tabs.label')}>${this.places.map(({ id, href }) => html`
      <a href=${href} aria-current=${id === this.current ? 'page'
        : nothing}>${icon(id)}<span>${t(`tabs.${id}`)}</span></a>`)}</nav>`
  }
}
customElements.define('tab-bar', TabBar)
