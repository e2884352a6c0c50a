// What changed: what improved and what slipped since the audit before, what was done in between; then over all audits.
import { html, nothing } from '../../vendor/lit.js'
import '../../elements/over-time.js'
import { icon } from '../../elements/icons.js'
import { stateWord } from '../../elements/plan-words.js'
import { groupBy } from '../../lib/group.js'
import { statementsAt } from '../../lib/statements-at.js'
import { day } from '../../lib/time.js'
import { decimal, t } from '../../lib/words.js'
import { more } from './more.js'
import { moved } from './overview.js'

/** @param {import('../dashboard.js').Told} told */
export function change({ replies: { changes, cycles }, spoken, more: next }) {
  return html`${changes ? since(changes, spoken, next) : nothing}
    ${cycles ? html`<h2>${t('sides.over-time')}</h2><p class="quiet">${t('sides.over-time-why')}</p>
      ${cycles.settings.map(one => line(one, spoken))}
      ${more(cycles, 'settings', 'cycles', next)}` : nothing}`
}

function since(told, spoken, next) {
  if (!told.changes.length) return html`<div class="card empty"><h2>${t('sides.no-change')}</h2>
    <p>${t('sides.no-change-why')}</p></div>`
  const settled = new Map(told.settled.map(one => [one.site, one.items]))
  return html`<p class="row" data-figures>${tag('up', 'improved-n', told.improved)}${tag('down', 'slipped-n',
      told.slipped)}<span class="tag">${t('sides.same-n', { n: told.same })}</span></p>
    <div class="cards" data-columns>${[...groupBy(told.changes, ({ site }) => site)].map(([site, those]) => html`
      <section class="card"><h2>${those[0].name}</h2>
        <ul class="moves">${those.map(one => html`<li><a href="#/audits/${one.audit}/p/${one.principle}">${
          spoken.principle(one.audit, one.principle)}</a><span class="quiet figure"><a href=${
          statementsAt(one.previous, '', one.principle)} aria-label=${t('sides.before', { figure: decimal(
          one.before.mean) })}>${decimal(one.before.mean)}</a> → ${decimal(one.now.mean)}</span>${moved(one.change)}</li>`)}</ul>
        ${done(settled.get(site), site)}</section>`)}</div>
    ${more(told, 'changes', 'changes', next)}`
}

const tag = (name, words, n) => html`<span class="tag">${icon(name)}${t(`sides.${words}`, { n })}</span>`

/** What was planned after the audit before, and came to something. */
function done(items, site) {
  if (!items?.length) return nothing
  return html`<div class="stack" data-tight><h3>${t('sides.settled', { n: items.length })}</h3>
    <ul class="settled-between">${items.map(({ what, state }) => html`<li>${icon(state === 'done' ? 'sent' : 'minus')}<span>
      ${what} <small>${stateWord(state)}</small></span></li>`)}</ul>
    <p><a href="#/sites/${site}/you-said">${t('plan.to-you-said')}</a></p></div>`
}

/** One setting, a small line for each principle. */
function line({ id, name, cycles }, spoken) {
  const newest = cycles.at(-1)
  const values = newest.principles.map((one, place) => ({ id: one.id, points: cycles.map(({ principles }) =>
    pointOf(principles[place])) }))
  const title = one => spoken.principle(newest.audit, one)
  return html`<section class="card"><h3>${name}</h3>
    <p class="quiet">${t('sides.audits', { n: cycles.length })}: ${cycles.map(({ opened_at: at }) => day(at)).join(', ')}</p>
    <ul class="small-multiples">${values.map(one => html`<li><a href="#/audits/${newest.audit}/p/${one.id}">${title(
      one.id)}</a><over-time .points=${one.points}></over-time><span class="figure">${lastTwo(one.points)}</span></li>`)}</ul>
    <details class="more"><summary>${t('sides.as-table')}<span class="unseen">: ${name}</span></summary><div class="scroll"
      tabindex="0" role="region" aria-label=${name}><table class="table sides-table" data-site=${id}><thead><tr><th
      scope="col">${t('sides.principle')}</th>${cycles.map(({ audit, opened_at: at }) => html`<th scope="col"><a
        href="#/audits/${audit}">${day(at)}</a></th>`)}</tr></thead><tbody>${values.map(one => html`<tr><th scope="row">${
      title(one.id)}</th>${one.points.map(({ value, whole }, place) => html`<td class="figure">${value === null ? '–' : html`<a
        href=${statementsAt(cycles[place].audit, '', one.id)}>${decimal(value)}</a>`}${whole
      || value === null ? nothing : html` <small>${t('sides.in-part')}</small>`}</td>`)}
      </tr>`)}</tbody></table></div></details></section>`
}

/** Where a principle stood in one audit, and whether all its statements were agreed. */
const pointOf = ({ at, not_applicable: not, criteria, mean: value }) => ({ value,
  whole: at.reduce((sum, n) => sum + n, not) >= criteria })

/** "2.0 → 2.6"; what is not agreed yet is said. */
function lastTwo(points) {
  const [before, now] = [points.at(-2)?.value ?? null, points.at(-1).value]
  if (now === null) return before === null ? t('sides.not-agreed') : t('sides.was', { before: decimal(before) })
  return before === null ? decimal(now) : t('sides.from-to', { before: decimal(before), now: decimal(now) })
}
