// What an operation writes, and which writes are live: the one rule of the product, pure, the same as on the server.
import { canonical, tidy } from '../lib/canonical.js'

/**
 * @typedef {{[register: string]: any}} Values a value for each register written
 * @typedef {{id: string, value: any, author?: string, at?: string, received_at?: string, of?: any, state?: string}}
 * Write
 * @typedef {{[register: string]: Write[]}} Registers the live writes of each register
 *
 * @typedef {object} Recorded an operation as the rule needs it
 * @property {string} id
 * @property {string[]} seen ids of the live writes that its author saw
 * @property {Values} writes its effects
 * @property {boolean} inForce false once it was refused, kept or parked
 * @property {boolean} [contained] true when the snapshot under it contains it already
 * @property {Partial<Write>} [label] who, when, and how far it has got
 */

/** @type {{[kind: string]: (payload: any) => Values}} */
const EFFECTS = {
  'audit.open': payload => ({ 'audit/opening': payload }),
  'contributor.add': ({ contributor, label, voice }) => ({
    [`contributor/${contributor}/label`]: label,
    [`contributor/${contributor}/voice`]: voice,
    [`contributor/${contributor}/withdrawn`]: false,
  }),
  'contributor.withdraw': ({ contributor }) => ({ [`contributor/${contributor}/withdrawn`]: true }),
  'answer.rate': ({ contributor, criterion, rating, reason }) => ({
    [`answer/${contributor}/${criterion}/rating`]: rated(rating, reason),
  }),
  'answer.comment': ({ contributor, criterion, text }) => ({ [`answer/${contributor}/${criterion}/comment`]: text }),
  'finding.agree': ({ criterion, rating, reason }) => ({ [`finding/${criterion}/rating`]: rated(rating, reason) }),
  'finding.account': ({ criterion, shows, helps, hinders }) => ({
    [`finding/${criterion}/account`]: { shows, helps, hinders },
  }),
  'plan.add': payload => ({ ...planned(payload), [`plan/${payload.item}/state`]: { state: 'to-do' } }),
  'plan.change': payload => planned(payload),
  'plan.settle': ({ item, state, reason, outcome }) => ({
    [`plan/${item}/state`]: { state, ...(reason ? { reason } : {}), ...(outcome ? { outcome } : {}) },
  }),
  'evidence.add': ({ evidence, caption, criteria, ...said }) => ({
    [`evidence/${evidence}/details`]: detailsOf(said),
    [`evidence/${evidence}/caption`]: caption,
    [`evidence/${evidence}/withdrawn`]: false,
    ...Object.fromEntries(criteria.map((/** @type {string} */ criterion) => [shows(evidence, criterion), true])),
  }),
  'evidence.tag': ({ evidence, criterion }) => ({ [shows(evidence, criterion)]: true }),
  'evidence.untag': ({ evidence, criterion }) => ({ [shows(evidence, criterion)]: false }),
  'evidence.caption': ({ evidence, caption }) => ({ [`evidence/${evidence}/caption`]: caption }),
  'evidence.withdraw': ({ evidence }) => ({ [`evidence/${evidence}/withdrawn`]: true }),
  'judgement.record': ({ criterion, judgement, reason }) => ({
    [`judgement/${criterion}/judgement`]: { judgement, ...(reason === undefined ? {} : { reason }) },
  }),
  'judgement.note': ({ criterion, text }) => ({ [`judgement/${criterion}/note`]: text }),
  'judgement.probe': ({ criterion, probe }) => ({ [`judgement/${criterion}/probe`]: probe }),
  'visit.see': ({ seen, criteria, text }) => ({
    [`seen/${seen}/said`]: { criteria: [...new Set(criteria)].sort(), text },
    [`seen/${seen}/withdrawn`]: false,
  }),
  'visit.unsee': ({ seen }) => ({ [`seen/${seen}/withdrawn`]: true }),
  'assessment.remark': ({ strengths, suggestions }) => ({ 'assessment/remark': { strengths, suggestions } }),
}

/** What an item of evidence is, which never changes. */
const DETAILS = ['kind', 'voice', 'where', 'dated', 'count', 'of', 'over', 'sha256', 'nobody']

/** What one may say of an item of the plan, each a register of its own. */
const PLANNED = ['what', 'criteria', 'whose', 'due', 'answers']

/** True for the kinds that are recorded on the device first, always. @param {string} kind */
export const isOffline = kind => Object.hasOwn(EFFECTS, kind)

/**
 * The registers that an operation writes, each with its value. A kind that is not offline writes none.
 * @param {string} kind @param {any} payload @returns {Values}
 */
export const effects = (kind, payload) => (isOffline(kind) ? tidy(EFFECTS[kind](payload)) : {})

/** Two people said the same. @param {unknown} one @param {unknown} other */
export const same = (one, other) => canonical(one) === canonical(other)

/**
 * The live writes of one register, those that are equal together: one group is agreement, several are a difference.
 * @param {Write[]} [writes] @returns {{value: any, writes: Write[]}[]} in the order of each group's first id
 */
export const groups = (writes = []) => {
  /** @type {Map<string, {value: any, writes: Write[]}>} */
  const byValue = new Map()
  for (const write of [...writes].sort((one, other) => (one.id < other.id ? -1 : 1))) {
    const key = canonical(write.value)
    const group = byValue.get(key) ?? { value: write.value, writes: [] }
    byValue.set(key, group)
    group.writes.push(write)
  }
  return [...byValue.values()]
}

/**
 * `live(register) = writes in force − everything those superseded`, over a set of operations, in any order.
 * @param {Iterable<Recorded>} operations @returns {Registers}
 */
export const live = operations => overlay({}, operations)

/**
 * A snapshot's registers with one's own operations laid over them by the same rule.
 *
 * An operation X supersedes, on each register that it writes, the writes of all that X had seen, and of all that those
 * had seen which are not in force: supersession passes through what was refused, kept or parked.
 * @param {Registers} registers the snapshot's; not changed
 * @param {Iterable<Recorded>} own @returns {Registers}
 */
export const overlay = (registers, own) => {
  const operations = [...own]
  const passable = new Map(operations.filter(({ inForce }) => !inForce).map(({ id, seen }) => [id, seen]))
  const laid = operations.filter(({ inForce, contained }) => inForce && !contained)
  const result = { ...registers }
  for (const { id, writes, label } of laid) {
    for (const [register, value] of Object.entries(writes)) {
      const there = result[register] ?? []
      if (!there.some(write => write.id === id)) result[register] = [...there, { ...label, id, value }]
    }
  }
  for (const { id, seen, writes } of laid) {
    const superseded = closure(seen, passable)
    superseded.delete(id)
    for (const register of Object.keys(writes)) {
      result[register] = result[register].filter(write => !superseded.has(write.id))
    }
  }
  return result
}

/**
 * The operation that says this value of this register again: to keep one side of a difference, or to put one back.
 * @param {string} register @param {any} value @param {Registers} [registers] where a contributor's other words are
 * found
 * @returns {{kind: string, payload: any}}
 */
export const restate = (register, value, registers = {}) => {
  const [thing, one, two, three] = register.split('/')
  if (thing === 'answer' && three === 'rating')
    return { kind: 'answer.rate', payload: { contributor: one, criterion: two, ...value } }
  if (thing === 'answer') return { kind: 'answer.comment', payload: { contributor: one, criterion: two, text: value } }
  if (thing === 'finding' && two === 'rating') return { kind: 'finding.agree', payload: { criterion: one, ...value } }
  if (thing === 'finding') return { kind: 'finding.account', payload: { criterion: one, ...value } }
  if (thing === 'audit') return { kind: 'audit.open', payload: value }
  if (thing === 'plan' && two === 'state') return { kind: 'plan.settle', payload: { item: one, ...value } }
  if (thing === 'plan') return { kind: 'plan.change', payload: { item: one, [two]: value } }
  if (thing === 'evidence') return restateEvidence(one, two, three, value, registers)
  if (thing === 'judgement') return restateJudgement(one, two, value)
  if (thing === 'assessment') return { kind: 'assessment.remark', payload: value }
  if (thing === 'seen' && two === 'withdrawn' && value) return { kind: 'visit.unsee', payload: { seen: one } }
  if (thing === 'seen') {
    const seen = two === 'said' ? value : groups(registers[`seen/${one}/said`])[0]?.value
    return { kind: 'visit.see', payload: { seen: one, ...seen } }
  }
  if (two === 'withdrawn' && value) return { kind: 'contributor.withdraw', payload: { contributor: one } }
  const said = (/** @type {string} */ field) => groups(registers[`contributor/${one}/${field}`])[0]?.value
  const words = { label: said('label'), voice: said('voice'), ...(two === 'withdrawn' ? {} : { [two]: value }) }
  return { kind: 'contributor.add', payload: { contributor: one, ...words } }
}

/**
 * @param {string} evidence @param {string} field @param {string} criterion @param {any} value
 * @param {Registers} registers
 */
function restateEvidence(evidence, field, criterion, value, registers) {
  if (field === 'shows') return { kind: value ? 'evidence.tag' : 'evidence.untag', payload: { evidence, criterion } }
  if (field === 'caption') return { kind: 'evidence.caption', payload: { evidence, caption: value } }
  if (field === 'withdrawn' && value) return { kind: 'evidence.withdraw', payload: { evidence } }
  const said = (/** @type {string} */ name) => groups(registers[`evidence/${evidence}/${name}`])[0]?.value
  const shown = Object.keys(registers).filter(name => name.startsWith(`evidence/${evidence}/shows/`) && said(name.split('/').slice(2).join('/')))
  const details = field === 'details' ? value : said('details')
  return {
    kind: 'evidence.add',
    payload: { evidence, caption: said('caption'), criteria: shown.map(name => name.split('/')[3]), ...details },
  }
}

/** @param {string} criterion @param {string} field @param {any} value */
function restateJudgement(criterion, field, value) {
  if (field === 'note') return { kind: 'judgement.note', payload: { criterion, text: value } }
  if (field === 'probe') return { kind: 'judgement.probe', payload: { criterion, probe: value } }
  return { kind: 'judgement.record', payload: { criterion, ...value } }
}

/** @param {string} evidence @param {string} criterion */
function shows(evidence, criterion) {
  return `evidence/${evidence}/shows/${criterion}`
}

/** @param {any} said */
function detailsOf(said) {
  return Object.fromEntries(DETAILS.filter(name => said[name] !== undefined).map(name => [name, said[name]]))
}

/** The criteria of an item are a set, kept in order. @param {any} payload @returns {Values} */
function planned(payload) {
  const said = PLANNED.filter(name => payload[name] !== undefined)
  const value = (/** @type {string} */ name) =>
    name === 'criteria' ? [...new Set(payload.criteria)].sort() : payload[name]
  return Object.fromEntries(said.map(name => [`plan/${payload.item}/${name}`, value(name)]))
}

/** @param {number|null} rating @param {string} [reason] */
function rated(rating, reason) {
  return reason === undefined || reason === null ? { rating } : { rating, reason }
}

/** @param {string[]} seen @param {Map<string, string[]>} passable @returns {Set<string>} */
function closure(seen, passable) {
  const reached = new Set(seen)
  for (const id of reached) for (const further of passable.get(id) ?? []) reached.add(further)
  return reached
}
