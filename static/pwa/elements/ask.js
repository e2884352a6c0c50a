// A question before something that cannot simply be taken back.
import { html, render } from '../vendor/lit.js'
import { t } from '../lib/words.js'

/**
 * Asks, and answers true when the person says yes. Escape and "no" are false.
 * @param {{title: string, text: string, yes: string, no?: string, danger?: boolean}} question
 * @returns {Promise<boolean>}
 */
export function ask({ title, text, yes, no = t('ask.no'), danger = false }) {
  const dialog = document.createElement('dialog')
  dialog.className = 'ask'
  dialog.setAttribute('aria-labelledby', 'ask-title')
  document.body.append(dialog)
  render(html`<form method="dialog"><h2 id="ask-title">${title}</h2><p>${text}</p>
    <div class="row"><button class="button" value="yes" ?data-danger=${danger} ?data-main=${!danger}>${yes}</button>
    <button class="button" value="no" autofocus>${no}</button></div></form>`, dialog)
  return new Promise(resolve => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes')
      dialog.remove()
    })
    dialog.showModal()
  })
}
