// What the plan's registers say: the items of an audit and of a setting, where each stands, what came of promises. Pure.
import { canonical } from '../lib/canonical.js'
import { groups } from './effects.js'
import { items as evidence, showing, standing } from './evidencing.js'
import { byVoice } from './reading.js'

/**
 * @typedef {import('./effects.js').Registers} Registers
 * @typedef {import('./effects.js').Write} Write
 * @typedef {'to-do'|'doing'|'done'|'dropped'} State
 * @typedef {'overdue'|'week'|'later'|'undated'|'done'|'dropped'} Standing
 * @typedef {{kind: 'answer'|'evidence'|'meeting', reference: string}} Answered something said that an item answers
 *
 * @typedef {object} Item one thing to do. Where people differ (`differs` names the fields), nothing is lost to a reader:
 * `what` and `whose` hold all that was said, `due` the earliest day, `criteria` and `answers` all of them; `state` is
 * undefined, and that is open
 * @property {string} id
 * @property {string} what
 * @property {string[]} criteria their ids
 * @property {string} whose a role, a short name of one, or '' while nobody has taken it on
 * @property {string|null} due "2026-12-01"
 * @property {State|undefined} state
 * @property {string|undefined} reason
 * @property {string|undefined} outcome
 * @property {Answered[]} answers
 * @property {string[]} differs
 *
 * @typedef {Item & {audit: string, stands: Standing, carried: boolean}} Planned an item on a day, and the audit in which
 * it was planned; `carried` when that was an earlier one and it is open still
 * @typedef {{id: string, registers: Registers}} Planning an audit, as far as its plan goes
 * @typedef {{done: number, dropped: number, open: number, overdue: number, promised: number}} Figures
 * @typedef {{voice?: string, label?: string, text: string} & Answered} Said something that was said, as it reads now
 */

/** What becomes of an item, in the order in which it does. @type {State[]} */
export const STATES = ['to-do', 'doing', 'done', 'dropped']

/** The roles that have a word in every language; another one is its own words. */
export const ROLES = ['lead', 'manager', 'team', 'residents']

/** The criterion that asks what became of the last plan. */
export const PROMISES = 'ownership-5'

/** @type {Standing[]} */
const ORDER = ['overdue', 'week', 'later', 'undated', 'done', 'dropped']
const SOON = 7 * 86_400_000

/**
 * The items of one audit, in no order. One whose words are not here yet is left out.
 * @param {Registers} registers @returns {Item[]}
 */
export const items = registers => {
  const known = read.get(registers) ?? readItems(registers)
  read.set(registers, known)
  return known
}

/** Read once for each state of an audit, since every card asks. @type {WeakMap<Registers, Item[]>} */
const read = new WeakMap()

/**
 * Where an item stands on a day: overdue from the day after its day on, this week on the seven days before.
 * @param {{state?: string, due: string|null}} item @param {string} today "2026-11-23" @returns {Standing}
 */
export const stands = ({ state, due }, today) => {
  if (state === 'done' || state === 'dropped') return state
  if (due === null) return 'undated'
  if (due < today) return 'overdue'
  return Date.parse(due) - Date.parse(today) <= SOON ? 'week' : 'later'
}

/** Is there still something to do? @param {{stands: Standing}} item */
export const isOpen = item => item.stands !== 'done' && item.stands !== 'dropped'

/**
 * All that the audits of one setting planned: overdue first, then due this week, then the rest, settled last.
 * @param {Planning[]} audits newest first @param {string} today @returns {Planned[]}
 */
export const sitePlan = (audits, today) =>
  inOrder(
    audits.flatMap(({ id, registers }, place) =>
      items(registers).map(one => {
        const standing = stands(one, today)
        return { ...one, audit: id, stands: standing, carried: place > 0 && isOpen({ stands: standing }) }
      })
    )
  )

/**
 * The plan as one audit knows it: what was planned in it, and what earlier ones planned and nobody has settled.
 * @param {Planning[]} audits newest first @param {string} audit @param {string} today @returns {Planned[]}
 */
export const auditPlan = (audits, audit, today) =>
  sitePlan(audits.slice(audits.findIndex(({ id }) => id === audit)), today).filter(
    one => one.audit === audit || one.carried
  )

/**
 * What came of what was promised after the last look: all that the audit before this one planned, and what still older
 * ones planned and is open.
 * @param {Planning[]} audits newest first @param {string} audit @param {string} today @returns {Figures}
 */
export const promised = (audits, audit, today) => {
  const earlier = audits.slice(audits.findIndex(({ id }) => id === audit) + 1)
  return figures(sitePlan(earlier, today).filter(one => isOpen(one) || one.audit === earlier[0].id))
}

/** @param {{stands: Standing}[]} found @returns {Figures} */
export const figures = found => {
  const count = (/** @type {Standing} */ standing) => found.filter(one => one.stands === standing).length
  const [done, dropped] = [count('done'), count('dropped')]
  const open = found.length - done - dropped
  return { done, dropped, open, overdue: count('overdue'), promised: found.length }
}

/**
 * What people said about these criteria that an item can answer: comments by voice, and quotations among the evidence.
 * @param {Registers} registers @param {string[]} criteria @returns {Said[]}
 */
export const sayings = (registers, criteria) => {
  const comments = criteria.flatMap(criterion =>
    byVoice(registers, criterion).flatMap(({ voice, answers }) =>
      answers
        .filter(({ comment }) => comment)
        .map(({ contributor, label, comment }) => ({
          kind: /** @type {const} */ ('answer'),
          reference: `${contributor}/${criterion}`,
          voice,
          label,
          text: /** @type {string} */ (comment),
        }))
    )
  )
  const quotations = criteria
    .flatMap(criterion => showing(evidence(registers), criterion))
    .filter(({ id, kind }, place, all) => kind === 'quotation' && all.findIndex(one => one.id === id) === place)
    .map(({ id }) => behind(registers, { kind: 'evidence', reference: id }))
  const all = [...comments, ...quotations.filter(one => one !== undefined)]
  // those who live with it first: it is to them that a plan answers
  return all.sort((one, other) => Number(other.voice === 'resident') - Number(one.voice === 'resident'))
}

/**
 * What was said that an item answers, as it reads now; nothing when that is not here, or was taken back.
 * @param {Registers} registers @param {Answered} answered @returns {Said | undefined}
 */
export const behind = (registers, { kind, reference }) => {
  if (kind === 'meeting') return { kind, reference, text: reference }
  if (kind === 'evidence') return quotation(registers, reference)
  const [contributor, criterion] = reference.split('/')
  const text = values(registers, `answer/${contributor}/${criterion}/comment`)[0]
  if (!text) return undefined
  const [voice] = values(registers, `contributor/${contributor}/voice`)
  const [label] = values(registers, `contributor/${contributor}/label`)
  return { kind, reference, text, voice, label }
}

/** @param {Registers} registers @param {string} id @returns {Said | undefined} */
function quotation(registers, id) {
  const found = standing(evidence(registers)).find(one => one.id === id)
  if (found?.kind !== 'quotation' || !found.caption) return undefined
  return { kind: 'evidence', reference: id, text: found.caption, voice: found.details.voice }
}

/** @param {Registers} registers */
function readItems(registers) {
  return Object.keys(registers)
    .filter(name => name.startsWith('plan/') && name.endsWith('/what') && registers[name].length)
    .map(name => item(registers, name.split('/')[1]))
}

/** @param {Registers} registers @param {string} id @returns {Item} */
function item(registers, id) {
  const of = (/** @type {string} */ field) => values(registers, `plan/${id}/${field}`)
  const states = of('state')
  const words = new Set(states.map(({ state }) => state))
  const state = states.length === 1 ? states[0] : {}
  const fields = ['what', 'criteria', 'whose', 'due', 'state', 'answers']
  return {
    id,
    what: either(of('what')),
    criteria: all(of('criteria')),
    whose: either(of('whose')),
    due: of('due').filter(Boolean).sort()[0] ?? null,
    state: words.size === 1 ? [...words][0] : undefined,
    reason: state.reason,
    outcome: state.outcome,
    answers: all(of('answers')),
    differs: fields.filter(field => of(field).length > 1),
  }
}

/** The values that stand in a register, each once. @param {Registers} registers @param {string} register */
function values(registers, register) {
  return groups(registers[register]).map(({ value }) => value)
}

/** @param {string[]} said */
function either(said) {
  return said.filter(Boolean).sort().join(' / ')
}

/** Everything that is in any of the lists, once. @param {any[][]} lists */
function all(lists) {
  const each = new Map(lists.flat().map(one => [canonical(one), one]))
  return lists.length > 1 ? [...each.keys()].sort().map(key => each.get(key)) : [...each.values()]
}

/** @param {Planned[]} found */
function inOrder(found) {
  /** @param {Planned} one */
  const key = ({ stands, due, what, id }) => [ORDER.indexOf(stands), due ?? '9999', what, id].join('\n')
  return found.sort((one, other) => (key(one) < key(other) ? -1 : 1))
}
