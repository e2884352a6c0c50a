// An assessor's report as team and panel read it: what was held on each statement, what was seen, what is suggested.
import { html, nothing } from '../vendor/lit.js'
import { day } from '../lib/time.js'
import { t } from '../lib/words.js'
import { criterionIn } from './award-words.js'
import { judged } from './judgement-scale.js'

/** What is met comes first, what does not apply last. */
const ORDER = ['met', 'partly', 'not-yet', 'does-not-apply']

/** @param {any} edition @param {any} report of `GET /api/audits/{id}/assessment-report` */
export function assessmentReport(edition, report) {
  const held = new Map(report.judgements.map(one => [one.criterion, one]))
  return html`
    <section class="card"><h2>${t('told.all')}</h2>
      <ul class="row">${ORDER.map(one => [one, report.judgements.filter(({ judgement }) =>
        judgement === one).length]).filter(([, n]) => n).map(([one,
          n]) => html`<li>${judged(/** @type {string} */ (one))} <span
          class="figure">${n}</span></li>`)}</ul>
      <ul class="listed">${edition.principles.map((principle, at) => told(principle, at, held))}</ul></section>
    ${report.strengths || report.suggestions ? html`<section class="card"><h2>${t('told.remarks')}</h2>
      ${['strengths', 'suggestions'].filter(part => report[part]).map(part => html`<div class="said"><b>${t(
        `told.${part}`)}</b><p class="written">${report[part]}</p></div>`)}</section>` : nothing}
    ${report.visits.length || report.seen.length ? html`<section class="card"><h2>${t('visit.title')}</h2>
      ${report.visits.map(({ date, people, seen }) => html`<div
        class="stack" data-tight><b>${day(date)}</b><p>${people}</p>
        <p class="written">${seen}</p></div>`)}
      ${report.seen.length ? html`<ul class="listed">${report.seen.map(({ text, criteria }) => html`<li><p
        class="written">${text}</p><small>${edition.principles.flatMap(principle =>
          principle.criteria).filter(({ id }) => criteria.includes(id)).map(({ id }) => criterionIn(edition,
          id)?.number).join(', ')}</small></li>`)}</ul>`
        : nothing}</section>` : nothing}
    ${report.corrections.map(({ at, by, corrections }) => html`<section class="card"><h2>${t('report.corrected')}</h2>
      <p class="quiet">${t('report.corrected-by', { who: by.name, day: day(at) })}</p>
      ${corrections.length ? html`<ul class="listed">${corrections.map(({ criterion, text }) => html`<li>${criterion
        ? html`<b>${numbered(edition, criterion)}</b>` : nothing}<p class="written">${text}</p></li>`)}</ul>`
        : html`<p>${t('report.facts-right')}</p>`}</section>`)}`
}

/** One principle: how many are met, and each statement with what was held and why. */
function told({ title, criteria }, at, held) {
  const all = criteria.map(one => held.get(one.id))
  const met = all.filter(one => one?.judgement === 'met').length
  const of = all.filter(one => one && one.judgement !== 'does-not-apply').length
  return html`<li><details class="more"><summary><span>${title}<br><small class="figure">${t('told.met', { n: met,
    of })}</small></span></summary><ul class="listed">${criteria.map((one, n) => {
      const said = held.get(one.id)
      return html`<li><span><b class="figure">${at + 1}.${n + 1}</b> ${one.statement}</span>
        <p class="row">${said?.judgement ? judged(said.judgement) : nothing}${said?.judgement
          && said.expected !== said.judgement
          ? html`<small>${t('told.otherwise')}</small>` : nothing}</p>
        ${said?.reason ? html`<p class="said written">${said.reason}</p>` : nothing}</li>`
    })}</ul></details></li>`
}

/** "9.2 People can say no." @param {any} edition @param {string} criterion */
export function numbered(edition, criterion) {
  const found = criterionIn(edition, criterion)
  return found ? `${found.number} ${found.criterion.statement}` : criterion
}
