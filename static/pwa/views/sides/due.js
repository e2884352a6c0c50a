// What is due: overdue first, then within the week; whose task each thing is, and the way to it.
import { html, nothing } from '../../vendor/lit.js'
import { icon } from '../../elements/icons.js'
import { dueDay, whoseWord } from '../../elements/plan-words.js'
import { t } from '../../lib/words.js'
import { more } from './more.js'

/** @param {import('../dashboard.js').Told} told */
export function due({ replies, spoken, more: next }) {
  const told = replies.due
  if (!told) return nothing
  if (!told.total) return html`<div class="card empty"><h2>${t('sides.nothing-due')}</h2><p>${t('sides.due-what')}</p></div>`
  return html`${section('overdue', told.overdue, told.due.filter(isLate), spoken)}
    ${section('this-week', told.week, told.due.filter(one => !isLate(one)), spoken)}
    ${more(told, 'due', 'due', next)}`
}

const isLate = ({ days_late: days }) => days > 0

const section = (name, n, those, spoken) => those.length ? html`<section class="card"><h2>${t(`sides.${name}-n`,
  { n })}</h2><ul class="listed">${those.map(one => html`<li>${entry(one, spoken)}</li>`)}</ul></section>` : nothing

function entry({ kind, due: on, days_late: late, site, name, audit, what, whose }, spoken) {
  const plan = kind === 'plan'
  return html`<div class="due-one"><div class="stack" data-tight>
      <h3><a href=${plan ? `#/sites/${site}/plan` : audit ? `#/audits/${audit}` : '#/'}>${what ?? t(`sides.due-${kind}`)}</a></h3>
      <p class="quiet">${name}${plan ? html` · ${whoseWord(whose, { edition: spoken.edition(audit) })}` : nothing}</p></div>
    <p class="tag" data-kind=${late ? 'problem' : nothing}>${icon(late ? 'cannot' : 'history')}${late
      ? t('sides.late', { n: late }) : t('sides.by', { day: dueDay(on) })}</p></div>`
}
