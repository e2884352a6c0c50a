// What is said of an audit on its way to an award: the stage it is at, and how its rule stands today.
import { html, nothing } from '../vendor/lit.js'
import { isChecked, stageWords } from '../lib/stage-words.js'
import { day, isoDay } from '../lib/time.js'
import { t } from '../lib/words.js'
import { seqOf } from '../store/stream.js'
import { icon } from './icons.js'
import './ring-of-ten.js'

/**
 * @typedef {object} Submission
 * @property {string} stage
 * @property {{id: string, name: string}} body
 * @property {string} submitted_at
 * @property {{id: string, name: string}} submitted_by
 * @property {number} late how many things arrived after the seal
 * @property {null | {at: string, by: {id: string, name: string}, reasons: {criterion: string | null, text: string}[]}}
 *   returned
 */

/** Where the work of others ended well, and where it ended otherwise; all else is under way. */
const KINDS = { awarded: 'done', renewed: 'done', 'action-points': 'differ', deferred: 'differ', suspended: 'problem',
  withdrawn: 'problem' }

/** The stage as a label. @param {string} stage @param {string} [words] what it says, where it is told otherwise */
export const stageTag = (stage, words = t(`stage.${stage}`)) => html`<span class="tag"
  data-kind=${KINDS[stage] ?? nothing}>${words}</span>`

/** The same for those at the awarding body: it is for the team to check a report. @param {string} stage */
export const stageAtBody = stage => stageTag(stage, stage === 'released' ? t('queue.stage-released') : undefined)

/** Until when an award holds, or held, where that still says something; and when it is looked at again. */
export const awardDays = (/** @type {any} */ award) => html`${['valid', 'suspended', 'expired'].includes(award.state)
  ? html`<dt>${t(award.state === 'expired' ? 'award.was-until' : 'award.until')}</dt><dd>${day(award.until)}</dd>`
  : nothing}
  ${award.interim_on || ['valid', 'suspended'].includes(award.state) ? html`<dt>${t('award.interim')}</dt><dd>${
    interimWords(award)}</dd>` : nothing}`

/**
 * How far an audit is, by what came last: Home, or the audit itself, fetched after something was done to it.
 * @param {any} app @param {any} audit @returns {{stage: string, submission: Submission | null}}
 */
export function wayOf(app, audit) {
  const listed = app.store.home?.audits.find(({ id }) => id === audit.id)
  const { stage, submission = null } = listed && seqOf(listed.cursor) >= seqOf(audit.cursor) ? listed : audit
  return { stage: stage ?? 'open', submission }
}

/** Where it stands, in a sentence. @param {string} stage @param {any} submission */
export const nowWords = (stage, submission) => t(isChecked(stage, submission) ? 'way.now-checked' : `way.now-${stage}`)

/** The stage as its team reads it. @param {string} stage @param {any} submission */
export const stageOfTeam = (stage, submission) => stageTag(stage, stageWords(stage, submission))

/** "handed in today by Lena, to Places that Enable" @param {Submission} submission */
export const handedIn = ({ submitted_at, submitted_by, body }) => t('way.handed-in', { day: day(submitted_at),
  who: submitted_by.name, body: body.name })

/** Between which days an award is looked at again, by when it was to be, or when it was. @param {any} award */
const interimWords = ({ interim_on: on, interim_from: from, interim_by: by }) => on ? t('award.interim-done',
  { day: day(on) }) : by < isoDay() ? t('award.interim-late', { by: day(by) }) : t('award.interim-when',
  { from: day(from), by: day(by) })

/**
 * What the rule asks for as a ring: an arc for each principle or class, full where it is shown.
 * @param {any} verdict @param {'large'} [size]
 */
export const ruleRing = (verdict, size) => html`<ring-of-ten .label=${verdict.summary} .size=${size}
  .parts=${verdict.headings.map(({ state, high, needed, applies }) => ({ share: state === 'shown' ? 1
    : applies && needed ? Math.min(0.9, high / needed) : 0, done: state === 'shown' }))}></ring-of-ten>`

/**
 * A link to the card of a criterion, by its number and statement; its words alone where there is no audit to read.
 * @param {any} audit its edition, and where one can read it, its id @param {string} id @param {unknown} [words] what it says instead
 */
export function toCriterion(audit, id, words) {
  const found = criterionIn(audit.edition, id)
  const said = words ?? html`${found?.number} ${found?.criterion.statement}`
  return found && (audit.id ? html`<a href="#/audits/${audit.id}/p/${found.principle.id}/${id}">${said}</a>` : said)
}

/** A criterion with its principle and the number people call it by. @param {any} edition @param {string} id */
export function criterionIn(edition, id) {
  for (const [at, principle] of edition.principles.entries()) {
    const n = principle.criteria.findIndex(criterion => criterion.id === id)
    if (n >= 0) return { principle, criterion: principle.criteria[n], number: `${at + 1}.${n + 1}` }
  }
}

/**
 * What the rule says of each principle or class: what is missing first, each with the steps that would change it.
 * @param {any} audit @param {any} verdict
 */
export function ruleHeadings(audit, verdict) {
  const missing = verdict.headings.filter(({ state }) => state !== 'shown')
  const shown = verdict.headings.filter(({ state }) => state === 'shown')
  return html`${missing.length ? html`<ul class="listed rule">${missing.map(one => ruleHeading(audit, one))}</ul>`
    : nothing}
    ${shown.length ? html`<details class="more"><summary>${t('rule.shown', { n: shown.length })}</summary>
      <ul class="listed rule">${shown.map(one => html`<li><h3>${icon('sent')}${one.title}</h3>
        <p class="quiet">${one.says}</p></li>`)}</ul></details>` : nothing}`
}

/** One that is not shown, or not yet open to judge. */
function ruleHeading(audit, { id, title, says, steps, criteria }) {
  const weak = criteria.filter(({ state }) => !['high', 'not-applicable'].includes(state))
  return html`<li><h3>${title}</h3><p>${says}</p>
    ${steps.length ? html`<ul class="prose-list dotted">${steps.map(step => html`<li>${step.says}</li>`)}</ul>`
      : nothing}
    ${weak.length ? html`<details class="more"><summary>${t('rule.criteria', { n: weak.length })}<span
      class="unseen">: ${title}</span></summary><ul class="statements">${weak.map(one => html`<li>${toCriterion(audit,
        one.id)} <span class="quiet">${one.says}</span></li>`)}</ul></details>` : nothing}</li>`
}
