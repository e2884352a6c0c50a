// Items of evidence in a list: what each is and says, whose it is, and where it is.
import { html, nothing } from '../vendor/lit.js'
import { when } from '../lib/time.js'
import { t } from '../lib/words.js'
import { isGone } from '../store/evidencing.js'
import { DRAWINGS, captionOf, detailsWords, kindWord, photoLine, photoStates } from './evidence-words.js'
import { icon } from './icons.js'
import { showPhotos } from './photo-viewer.js'
import { savedLine } from './saved-line.js'
import './photo-thumb.js'

/** @typedef {import('../store/evidencing.js').Item} Item */

/**
 * One item; a photo opens large, and from there one goes on to the others of the list.
 * @param {any} app @param {any} audit @param {Item} item
 * @param {{among: Item[], again?: boolean, link?: unknown, more?: unknown}} how `among`: the list it stands in; `again`:
 *   this person may take a lost photo again; `link`: what else can be done; `more`: what is open below it
 */
export const evidenceItem = (app, audit, item, { among, again = false, link = nothing, more = nothing }) => html`<li
  class="evidence-item">
  ${item.kind === 'photo' ? html`<photo-thumb .app=${app} .audit=${audit.id} .sha256=${item.details.sha256}
    .words=${captionOf(item)} @open=${() => open(app, audit, item, among)}></photo-thumb>`
    : html`<span class="drawing">${icon(DRAWINGS[item.kind])}</span>`}
  <div class="stack" data-tight>
    ${item.caption === undefined ? html`<p>${captionOf(item)}</p><p><a
      href="#/audits/${audit.id}/differences">${t('criterion.see-apart')}</a></p>`
      : html`<p class="written">${item.kind === 'quotation' ? html`“${item.caption}”` : item.caption}</p>`}
    <p class="quiet">${[kindWord(item.kind), detailsWords(audit, item), audit.people[item.added.author]
      ?? t('differences.somebody'), when(item.added.at ?? item.added.received_at)].filter(Boolean).join(' · ')}</p>
    ${item.kind === 'photo' ? photoLine(app, audit, item) : nothing}
    ${item.added.state && item.added.state !== 'confirmed' ? savedLine({ state: /** @type {any} */ (item.added.state),
      at: item.added.at }) : nothing}
    <div class="row" data-links>${item.kind === 'photo' && again && isGone(item, photoStates(app, audit.id))
      ? html`<a class="linklike" href="#/audits/${audit.id}/evidence/again/${item.id}">${t('evidence.again')}<span
        class="unseen">: ${captionOf(item)}</span></a>` : nothing}${link}</div></div>${more}</li>`

/** The picture of one item, large, and those of the others after and before it. */
function open(app, audit, item, among) {
  const photos = among.filter(({ kind }) => kind === 'photo')
  showPhotos(app, photos.map(one => ({ audit: audit.id, sha256: one.details.sha256, words: captionOf(one) })),
    photos.indexOf(item))
}
