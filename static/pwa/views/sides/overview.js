// The first screen: what is due, where voices are furthest apart, what changed; then the settings by principle or lens.
import { guard, html, nothing } from '../../vendor/lit.js'
import { icon } from '../../elements/icons.js'
import '../../elements/ring-of-ten.js'
import { said } from '../../elements/voices-apart.js'
import { groupBy } from '../../lib/group.js'
import { statementsAt } from '../../lib/statements-at.js'
import { day } from '../../lib/time.js'
import { decimal, language, t } from '../../lib/words.js'
import { address } from './asked.js'
import { VOICES } from '../../store/reading.js'

/** Principles named where few are missing; more are counted. */
const NAMED = 2

/** @param {import('../dashboard.js').Told} told */
export function overview(told) {
  const audited = told.settings.filter(({ audit }) => audit)
  return html`${glance(told)}
    ${audited.length ? html`${lensChoice(told, audited)}
      ${[...groupBy(audited, ({ audit }) => `${audit.checklist}/${audit.edition}`)]
        .map(([, those]) => heat(told, those))}` : nothing}
    ${silent(told.settings.filter(({ audit }) => !audit))}
    ${takeAway(told)}`
}

// In one look

function glance({ replies, asked, spoken }) {
  return html`<section class="glance" aria-label=${t('dashboard.figures')}>
    ${replies.due ? dueCard(replies.due, asked) : nothing}
    ${replies.gaps ? gapCard(replies.gaps, asked, spoken) : nothing}
    ${replies.changes ? changeCard(replies.changes, asked, spoken) : nothing}</section>`
}

function dueCard({ due, overdue, week }, asked) {
  const [first] = due
  return card({ side: 'due', asked, figure: overdue || week, kind: overdue ? 'problem' : undefined,
    words: overdue ? t('sides.overdue', { n: overdue }) : week ? t('sides.this-week', { n: week })
      : t('sides.nothing-due'),
    more: !first ? nothing : html`${overdue ? t('sides.oldest', { n: first.days_late }) : t('sides.first-due',
      { day: day(`${first.due}T12:00`) })} <b>${first.name}</b>: ${first.what ?? t(`sides.due-${first.kind}`)}` })
}

function gapCard({ gaps }, asked, spoken) {
  const [widest] = gaps
  if (!widest) return card({ side: 'voices', asked, words: t('sides.no-gap') })
  return card({ side: 'voices', asked, figure: decimal(widest.gap), kind: 'differ', words: t('sides.steps-apart'),
    more: html`<b>${widest.name}</b>: ${spoken.statement(widest.audit, widest.criterion)}
      <span class="row">${VOICES.filter(voice => widest.voices[voice]).map(voice => html`<span>${spoken.voice(
        widest.audit, voice)} ${said({ ...widest.voices[voice], voice, name: '' })}</span>`)}</span>` })
}

function changeCard({ changes, improved, slipped }, asked, spoken) {
  const [largest] = changes
  if (!largest) return card({ side: 'change', asked, words: t('sides.no-change') })
  return card({ side: 'change', asked, figure: html`${icon('up')}${improved} <span class="unseen">${t(
      'sides.improved-n', { n: improved })},</span> ${icon('down')}${slipped} <span class="unseen">${t(
      'sides.slipped-n', { n: slipped })}</span>`,
    words: t('sides.up-and-down'),
    more: html`${t('sides.largest')} <b>${largest.name}</b>, ${spoken.principle(largest.audit, largest.principle)}
      ${moved(largest.change)}` })
}

/** "▲ 0.8", in words for who hears it. @param {number} change */
export const moved = change => html`<span class="moved" data-up=${change > 0}>${icon(change > 0 ? 'up' : 'down')}<span
  class="unseen">${t(change > 0 ? 'sides.up-by' : 'sides.down-by')}</span> ${decimal(Math.abs(change))}</span>`

/** @param {{side: string, asked: any, words: string, figure?: unknown, more?: unknown, kind?: string}} what */
const card = ({ side, asked, figure, words, more, kind }) => html`<div class="card" data-kind=${kind ?? nothing}>
  <h2><a href=${address(side, asked)}>${t(`sides.see-${side}`)}${icon('next')}</a></h2>
  <p class="said-figure">${figure === undefined || figure === 0 ? nothing : html`<strong class="figure">${figure}</strong>`}
    <span>${words}</span></p>
  ${more ? html`<p class="quiet">${more}</p>` : nothing}</div>`

// Side by side

/** Principles, or one of the other ways in which the same statements are grouped. */
function lensChoice({ asked, spoken, choose }, audited) {
  const edition = spoken.edition(audited[0].audit.id)
  if (!edition?.lenses.length) return nothing
  const ways = [{ id: '', title: t('sides.by-principle') }, ...edition.lenses]
  return html`<div class="lenses" role="group" aria-label=${t('sides.lens')}>${ways.map(({ id, title }) => html`<button
    type="button" aria-pressed=${id === asked.lens ? 'true' : 'false'} @click=${() => choose({ ...asked,
      lens: id })}>${title}</button>`)}</div>`
}

/** One checklist, one table: principles of different ones are not alike. */
function heat({ asked, spoken, drawn }, those) {
  const [{ audit }] = those
  const edition = spoken.edition(audit.id)
  const lens = edition?.lenses.find(({ id }) => id === asked.lens)
  const name = t(asked.lens ? 'sides.heat-lens' : 'sides.heat', { checklist: edition?.title ?? audit.checklist })
  const title = heading => lens ? lens.groups.find(({ id }) => id === heading)?.title.split(':')[0] ?? heading
    : spoken.principle(audit.id, heading)
  const titles = new Map(audit.headings.map(({ heading }) => [heading, title(heading)]))
  const enough = edition?.award_rule?.rating ?? 2
  const say = spokenOf()
  const word = edition?.scale.find(({ value }) => value === enough)?.word ?? ''
  return html`<section class="card"><h2>${name}</h2>
    <p class="quiet">${t('sides.key', { word })} ${asked.lens ? nothing : html`<span class="key-mark"
      aria-hidden="true">✓</span> ${t('sides.key-shown')}`}</p>
    ${asked.lens ? nothing : html`<p class="quiet row keys"><span>${icon('evidence')}${t('sides.key-kinds')}</span>
      <span>${icon('people')}${t('sides.key-voices')}</span></p>`}
    <div class="scroll" tabindex="0" role="region" aria-label=${name}><table class="heat sides-table">
      <thead><tr><th scope="col">${t('dashboard.setting')}</th>
        ${audit.headings.map(({ heading }) => html`<th scope="col">${title(heading)}</th>`)}</tr></thead>
      <tbody>${those.slice(0, drawn).map(setting => html`<tr>${guard([setting, edition, language], () => html`
        <th scope="row">${place(setting, edition, title, asked.lens)}</th>
        ${setting.audit.headings.map(one => cell(setting, one, titles.get(one.heading), enough, asked.lens,
          say))}`)}</tr>`)}
      </tbody></table></div></section>`
}

/** Is there room for a ring beside each name? */
const wide = () => matchMedia('(min-width: 44rem)').matches

/** A setting, and in words how much of it is shown. */
function place({ name, audit }, edition, title, lens) {
  const words = edition && !edition.award_rule || lens ? '' : standing(audit, title)
  return html`<a href=${lens ? statementsAt(audit.id, lens) : `#/audits/${audit.id}`}>${lens || !wide() ? nothing : ring(audit)}
    <span><b>${name}</b>${words ? html`<small>${words}</small>` : nothing}</span></a>`
}

/** "9 of 10 shown, Personal agency not yet" */
function standing({ shown, not_yet: lacking, open, headings }, title) {
  const not = lacking.length > NAMED ? t('sides.n-not-yet', { n: lacking.length })
    : lacking.length ? t('sides.named-not-yet', { names: lacking.map(title).join(t('sides.and')) }) : ''
  const still = open.length ? t('sides.n-open', { n: open.length }) : ''
  return [t('sides.shown', { n: shown, of: headings.length }), not, still].filter(Boolean).join(', ')
}

/** Ten arcs: each as full as its principle is agreed, whole where it is shown. */
function ring({ shown, headings }) {
  const parts = headings.map(({ at, not_applicable: not, criteria, answered, state }) => ({
    share: (sum(at) + not) / criteria * (state === 'shown' ? 1 : 0.999), begun: answered / criteria,
    done: state === 'shown' }))
  return html`<ring-of-ten .parts=${parts} .label=${t('sides.ring', { n: shown, of: headings.length })}></ring-of-ten>`
}

/** A cell in as few pieces as can be: there are thousands of them on a cheap phone. */
function cell({ name, audit: { id } }, { heading, at, not_applicable: not, criteria, state, lacks }, title, enough, lens,
  say) {
  const applies = criteria - not
  const high = sum(at.slice(enough))
  const agreed = sum(at) + not
  const shown = state === 'shown'
  const part = agreed > 0 && agreed < criteria
  const text = agreed ? `${high}/${applies}${shown ? ' ✓' : part ? ' …' : ''}` : '–'
  const words = `${name}, ${title}: ${text}${agreed ? '' : say.nothing}${shown ? say.shown : ''}${part ? say.part : ''}${
    lacks.map(lack => say[lack]).join('')}`
  const href = lens ? statementsAt(id, lens, heading) : `#/audits/${id}/p/${heading}`
  const rate = agreed ? shade(high, applies) : 'none'
  if (!lacks.includes('kinds') && !lacks.includes('voices')) return html`<td><a href=${href} aria-label=${words}
    data-rate=${rate}>${text}</a></td>`
  return html`<td><a href=${href} aria-label=${words} data-rate=${rate}>${text}<span class="lacks">${
    lacks.includes('kinds') ? icon('evidence') : nothing}${lacks.includes('voices') ? icon('people') : nothing}</span></a></td>`
}

/** What is said of a cell to whoever hears it, looked up once for all. */
const spokenOf = () => Object.fromEntries([['nothing', 'sides.nothing-agreed'], ['shown', 'sides.is-shown'],
  ['part', 'sides.is-open'], ...['share', 'below', 'kinds', 'voices'].map(lack => [lack, `sides.lacks-${lack}`])]
  .map(([name, key]) => [name, `. ${t(key)}`]))

const sum = numbers => numbers.reduce((total, number) => total + number, 0)

/** Light where little is shown, full where all is. */
const shade = (high, of) => high >= of ? 3 : high >= of / 2 ? 2 : high ? 1 : 0

function silent(settings) {
  if (!settings.length) return nothing
  return html`<section class="card"><h2>${t('dashboard.silent', { n: settings.length })}</h2>
    <ul class="prose-list">${settings.map(({ name }) => html`<li>${name}</li>`)}</ul></section>`
}

/** To take to a meeting. */
function takeAway({ app, asked }) {
  const paper = new URLSearchParams({ language, ...(asked.organisation ? { organisation: asked.organisation } : {}) })
  return html`<section class="card take-away"><h2>${t('sides.take')}</h2><div class="row">
    <a class="button" href="/api/dashboard/board-paper.pdf?${paper}" target="_blank" rel="noopener">${icon('page')}${t(
      'sides.board-paper')}</a>
    <button class="button" @click=${() => print()}>${t('sides.print')}</button>
    ${app.hasRoute('#/exports') ? html`<a class="button" href="#/exports">${icon('file')}${t('sides.exports')}</a>`
      : nothing}</div>
    <p class="quiet">${t('sides.board-paper-why')}</p></section>`
}
