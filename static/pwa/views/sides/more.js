// A long list comes a page at a time.
import { html, nothing } from '../../vendor/lit.js'
import { t } from '../../lib/words.js'

/**
 * @param {any} told a reply @param {string} list where its entries are @param {string} what was asked
 * @param {(what: string) => void} next
 */
export const more = (told, list, what, next) => told[list].length < told.total ? html`<div class="row">
  <button class="button" @click=${() => next(what)}>${t('sides.more')}</button>
  <span class="quiet">${t('sides.so-far', { n: told[list].length, of: told.total })}</span></div>` : nothing
