// What findings rest on where that is little: one contributor, no resident, no or one kind of evidence, old evidence.
import { html, nothing, svg } from '../../vendor/lit.js'
import { icon } from '../../elements/icons.js'
import { dueDay } from '../../elements/plan-words.js'
import { t } from '../../lib/words.js'
import { address } from './asked.js'
import { more } from './more.js'

const WEAK = ['unanswered', 'one-contributor', 'no-resident', 'no-evidence', 'one-kind', 'old-evidence']

/** @param {import('../dashboard.js').Told} told */
export function coverage({ asked, replies, spoken, more: next }) {
  const told = replies.coverage
  if (!told) return nothing
  return html`${asked.weak ? html`<p><a class="button" href=${address('coverage', { ...asked, site: '', weak: '' })}>${icon(
    'back')}${t('sides.all-weak')}</a></p>` : nothing}<div class="cards" data-columns>${told.settings.map(one => setting(one, spoken, asked))}</div>
    ${more(told, 'settings', 'coverage', next)}`
}

function setting({ id, name, audit, criteria, counted, of }, spoken, asked) {
  const shown = asked.weak ? criteria.filter(({ weak }) => weak.includes(asked.weak)) : criteria
  return html`<section class="card"><h2><a href="#/audits/${audit.id}/evidence">${name}</a></h2>
    <table class="table rests"><caption class="unseen">${t('sides.rests-of', { name, n: of })}</caption><tbody>
      ${WEAK.map(weak => html`<tr><th scope="row">${t(`sides.weak-${weak}`)}</th><td><svg class="share" aria-hidden="true"><rect
        class="bed" width="100%" height="100%" rx="4"></rect>${counted[weak] ? bar(counted[weak], of) : nothing}</svg></td>
        <td class="figure">${counted[weak] ? html`<a href=${address('coverage', { ...asked, site: id, weak })}
          aria-label="${name}, ${t(`sides.weak-${weak}`)}: ${t('sides.n-of', { n: counted[weak], of })}">${t('sides.n-of',
          { n: counted[weak], of })}</a>` : t('sides.n-of', { n: 0, of })}</td></tr>`)}</tbody></table>
    ${shown.length ? html`<details class="more" ?open=${Boolean(asked.weak)}><summary>${asked.weak
      ? `${t(`sides.weak-${asked.weak}`)}: ${shown.length}` : t('sides.which', { n: shown.length })}<span
      class="unseen">: ${name}</span></summary><ul class="listed">${shown.map(one => html`<li><h3><a
      href="#/audits/${audit.id}/p/${one.principle}/${one.criterion}">${spoken.statement(audit.id, one.criterion)}</a></h3>
      <p class="row">${one.weak.map(weak => html`<span class="tag">${t(`sides.weak-${weak}`)}</span>`)}${one.weak.includes(
        'old-evidence') ? html`<small>${t('sides.newest', { day: dueDay(one.newest) })}</small>` : nothing}</p></li>`)}</ul></details>`
      : nothing}</section>`
}

const bar = (n, of) => svg`<rect width=${`${100 * n / of}%`} height="100%" rx="4"></rect>`
