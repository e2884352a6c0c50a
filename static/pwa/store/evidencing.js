// What registers say of evidence: its items, what they show, and how many kinds stand behind each finding. Pure.
import { groups } from './effects.js'

/**
 * @typedef {import('./effects.js').Registers} Registers
 * @typedef {import('./effects.js').Write} Write
 * @typedef {import('./reading.js').Group} Group
 * @typedef {'observation'|'quotation'|'document'|'count'|'photo'} Kind
 *
 * @typedef {object} Item one item of evidence as it stands
 * @property {string} id
 * @property {Kind} kind
 * @property {{[name: string]: any}} details what belongs to its kind: voice, where, dated, count, of, over, sha256
 * @property {string | undefined} caption undefined where people differ: see `captions`
 * @property {Group[]} captions
 * @property {string[]} criteria what it shows; where people differ it shows it until that is settled
 * @property {boolean} withdrawn where people differ it stays until that is settled
 * @property {boolean} differs
 * @property {Write} added who added it, and when
 *
 * @typedef {(sha256: string) => string} StateOf how far a photo has got, as `store.photoState` says it
 */

/** @type {Kind[]} */
export const KINDS = ['observation', 'quotation', 'document', 'count', 'photo']

/** States of a photo whose picture nobody can ever see. */
const GONE = ['missing', 'refused']

/**
 * All items of an audit, those withdrawn included, oldest first. What was tagged before anybody said what it is, is
 * none yet.
 * @param {Registers} registers @returns {Item[]}
 */
export const items = registers => {
  const known = read.get(registers) ?? readItems(registers)
  read.set(registers, known)
  return known
}

/** Read once for each state of an audit, since every card asks. @type {WeakMap<Registers, Item[]>} */
const read = new WeakMap()

/** @param {Registers} registers @returns {Item[]} */
function readItems(registers) {
  /** @type {Map<string, string[]>} */
  const shown = new Map()
  for (const register of Object.keys(registers)) {
    const [thing, id, field, criterion] = register.split('/')
    if (thing !== 'evidence') continue
    const criteria = shown.get(id) ?? []
    shown.set(id, criteria)
    if (field === 'shows' && registers[register].some(({ value }) => value === true)) criteria.push(criterion)
  }
  return [...shown]
    .map(([id, criteria]) => item(registers, id, criteria.sort()))
    .filter(found => found !== undefined)
    .sort((one, other) => (one.id < other.id ? -1 : 1))
}

/** What stands: not withdrawn. @param {Item[]} all */
export const standing = all => all.filter(({ withdrawn }) => !withdrawn)

/** A photo whose picture is gone shows nothing, so it is never counted. @param {Item} item @param {StateOf} stateOf */
export const isGone = (item, stateOf) => item.kind === 'photo' && GONE.includes(stateOf(item.details.sha256))

/** Those that show a criterion, and stand. @param {Item[]} all @param {string} criterion */
export const showing = (all, criterion) => standing(all).filter(({ criteria }) => criteria.includes(criterion))

/**
 * How many items of each kind stand behind a criterion, in the order of KINDS, those that are none left out.
 * @param {Item[]} all @param {string} criterion @param {StateOf} stateOf @returns {{kind: Kind, n: number}[]}
 */
export const kindsBehind = (all, criterion, stateOf) => {
  const counted = showing(all, criterion).filter(found => !isGone(found, stateOf))
  return KINDS.map(kind => ({ kind, n: counted.filter(found => found.kind === kind).length })).filter(({ n }) => n > 0)
}

/**
 * How much evidence an audit has: items that count, statements with none, photos whose picture is gone.
 * @param {Item[]} all @param {{principles: {criteria: {id: string}[]}[]}} edition @param {StateOf} stateOf
 */
export const tally = (all, edition, stateOf) => {
  const counted = standing(all).filter(found => !isGone(found, stateOf))
  const shown = new Set(counted.flatMap(({ criteria }) => criteria))
  return {
    items: counted.length,
    bare: edition.principles.flatMap(({ criteria }) => criteria).filter(({ id }) => !shown.has(id)).length,
    gone: standing(all).filter(found => isGone(found, stateOf)),
  }
}

/**
 * Items whose words hold all that is looked for, wherever it stands in them.
 * @param {Item[]} all @param {string} query @returns {Item[]}
 */
export const findItems = (all, query) =>
  all.filter(({ captions, details: { where, over } }) =>
    holds([...captions.map(({ value }) => value), where, over], query)
  )

/**
 * What was written about the criteria: comments, accounts and reasons that hold all that is looked for.
 * @param {Registers} registers @param {string} query
 * @returns {{criterion: string, contributor?: string, text: string}[]} `contributor` for what one of them said, none
 * for what the team says
 */
export const findNotes = (registers, query) =>
  Object.entries(registers).flatMap(([register, writes]) => {
    const [thing, one, two, three] = register.split('/')
    const about = thing === 'answer' ? { contributor: one, criterion: two } : { criterion: one }
    const field = thing === 'answer' ? three : thing === 'finding' ? two : ''
    return groups(writes)
      .map(({ value }) => noted(field, value))
      .filter(text => text && holds([text], query))
      .map(text => ({ ...about, text }))
  })

/**
 * How many things somebody said have still to be sent: a photo and the words that go with it are one.
 * @param {{payload: any}[]} unsent @param {{sha256: string}[]} photos that the service has not confirmed
 */
export const thingsWaiting = (unsent, photos) => {
  const spoken = new Set(unsent.map(({ payload }) => payload.sha256))
  return unsent.length + photos.filter(({ sha256 }) => !spoken.has(sha256)).length
}

/**
 * May photos be taken at a setting, as far as this device knows? 'lapsed': what was said has run out, and what holds now
 * is not known here; until it is, none may.
 * @param {{allowed: boolean, until: string | null} | undefined} camera as home tells it @param {string} today
 * "2026-11-23" @returns {'yes' | 'no' | 'lapsed'}
 */
export const mayPhotograph = (camera, today) => {
  if (camera?.until && camera.until < today) return camera.allowed ? 'lapsed' : 'no'
  return camera?.allowed ? 'yes' : 'no'
}

/** Small letters without their accents: "Tŷ" is found by "ty". @param {string} text */
export const plain = text =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[‘’]/g, "'")

/** @param {Registers} registers @param {string} id @param {string[]} criteria @returns {Item | undefined} */
function item(registers, id, criteria) {
  const at = (/** @type {string} */ field) => groups(registers[`evidence/${id}/${field}`])
  const [details] = at('details')
  if (!details) return undefined
  const captions = at('caption')
  const withdrawn = at('withdrawn')
  const { kind, ...rest } = details.value
  return {
    id,
    kind,
    details: rest,
    caption: captions.length === 1 ? captions[0].value : undefined,
    captions,
    criteria,
    withdrawn: withdrawn.length === 1 && withdrawn[0].value === true,
    differs: captions.length > 1 || withdrawn.length > 1,
    added: details.writes[0],
  }
}

/** The text of a comment, an account or a rating's reason. @param {string} field @param {any} value */
function noted(field, value) {
  if (field === 'comment') return value
  if (field === 'account') return [value.shows, value.helps, value.hinders].filter(Boolean).join('\n')
  return field === 'rating' ? value.reason : undefined
}

/** @param {(string | undefined)[]} texts @param {string} query */
function holds(texts, query) {
  const text = plain(texts.filter(Boolean).join('\n'))
  return plain(query)
    .split(/\s+/)
    .every(word => text.includes(word))
}
