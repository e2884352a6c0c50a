// One stream as this device holds it, and every step it can take: pure functions from one state to the next.
import { canonical } from '../lib/canonical.js'
import { effects, groups, isOffline, overlay, same } from './effects.js'

/**
 * @typedef {import('./effects.js').Registers} Registers
 * @typedef {import('./effects.js').Write} Write
 *
 * @typedef {object} Operation what goes over the wire, never changed once it was marked in flight
 * @property {string} id
 * @property {1} v
 * @property {string} kind
 * @property {string} at
 * @property {string} device
 * @property {string[]} seen
 * @property {any} payload
 * @property {string} [of] the id of the write whose words these are
 *
 * @typedef {'local'|'sent'|'confirmed'|'kept'|'refused'|'parked'|'unsure'} State
 *   local: never marked in flight · sent: marked, the server may or may not have it · confirmed: applied · kept,
 *   refused: the server's verdict · parked: never taken, it cannot be read there · unsure: an online one whose reply
 *   was lost
 *
 * @typedef {object} Row one own operation in the outbox
 * @property {string} stream
 * @property {number} order oldest first, within its stream
 * @property {Operation} operation
 * @property {string} author
 * @property {State} state
 * @property {boolean} owed it still has to be handed in
 * @property {number} [number] its place in the ledger
 * @property {boolean} [contained] the snapshot held contains it
 * @property {string} [credit] who first wrote these words, if somebody else did
 * @property {{title?: string, detail?: string, type?: string}} [problem]
 * @property {boolean} [dismissed]
 *
 * @typedef {{register: string, before: Write[], settledBy: string, at: string}} Settled
 *
 * @typedef {object} Held
 * @property {string} id
 * @property {number} version counts the steps, so that another tab's steps are noticed
 * @property {string|null} fence the furthest cursor that this ledger has confirmed
 * @property {string|null} holds the cursor of the snapshot held
 * @property {string|null} beside of an assessment: where the audit stood that the snapshot held was read off
 * @property {boolean} diverged the snapshot held is of a ledger that is no more
 * @property {boolean} gone it is not this person's any more
 * @property {Settled[]} settled differences settled on this device
 * @property {Row[]} rows own operations, oldest first
 * @property {any} [snapshot] null when there is none, undefined when it has not been read yet
 */

export const MOST_SEEN = 64
const MOST_LAID_OVER = 200
const NOT_IN_FORCE = ['kept', 'refused', 'parked', 'unsure']

/** @param {string} id @returns {Held} */
export const blank = id => ({
  id,
  version: 0,
  fence: null,
  holds: null,
  beside: null,
  diverged: false,
  gone: false,
  settled: [],
  rows: [],
  snapshot: null,
})

/** @param {Row} row */
export const isInForce = row => !NOT_IN_FORCE.includes(row.state)

/** Does the person have to know of it: it is not handed in yet, or it was not taken? @param {Row} row */
export const isUnsent = row => !row.dismissed && row.state !== 'unsure' && (row.owed || !isInForce(row))

/** May it be in the ledger without this device knowing its number? @param {Row} row */
export const isInFlight = row => row.owed && row.state !== 'local'

/** The number in a cursor "epoch.seq.tag". @param {string|null} cursor */
export const seqOf = cursor => (cursor === null ? 0 : Number(cursor.split('.')[1]))

/** @param {string|null} cursor */
const epochOf = cursor => cursor?.split('.')[0]

/** The live writes: the snapshot's with own operations laid over it. @param {Held} held @returns {Registers} */
export const registersOf = held => overlay(held.snapshot?.registers ?? {}, held.rows.map(recorded))

/**
 * Can the screen be true without fetching? Yes when the snapshot holds all, or lacks only own operations.
 * @param {Held} held
 */
export const isCurrent = held => {
  if (held.holds === null || held.diverged || epochOf(held.holds) !== epochOf(held.fence)) return false
  const [from, to] = [seqOf(held.holds), seqOf(held.fence)]
  const own = held.rows.filter(
    ({ number = 0, operation }) => number > from && number <= to && isOffline(operation.kind)
  )
  return own.length === to - from && own.length <= MOST_LAID_OVER
}

/**
 * Records an operation: what its author saw is what is live now in the registers it writes, unless `seen` says what was
 * on screen. Where the only live write is one's own, of this kind, never marked in flight, that one is rewritten
 * instead. Settles the differences it has seen all sides of.
 * @param {Held} held @param {Omit<Operation, 'seen'> & {seen?: string[]}} draft @param {string} author
 * @returns {Held}
 */
export const record = (held, draft, author) => {
  if (held.rows.some(row => row.operation.id === draft.id)) return held
  const registers = registersOf(held)
  const names = Object.keys(effects(draft.kind, draft.payload))
  const before = names.map(name => registers[name] ?? [])
  const seen = draft.seen ?? [...new Set(before.flat().map(write => write.id))].slice(0, MOST_SEEN)
  const operation = { ...draft, seen }
  const foldable = findFoldable(held, operation, names, before)
  if (foldable) {
    const { payload, at } = operation
    return changeRow(held, { ...foldable, operation: { ...foldable.operation, payload, at } })
  }
  const settled = names.flatMap((register, place) =>
    groups(before[place]).length > 1 && before[place].every(write => seen.includes(write.id))
      ? [{ register, before: before[place], settledBy: operation.id, at: operation.at }]
      : []
  )
  const values = Object.values(effects(operation.kind, operation.payload))
  const first = before.flat().find(write => write.id === operation.of && values.some(value => same(value, write.value)))
  return addWritten({ ...held, settled: [...held.settled, ...settled] }, operation, author, first)
}

/**
 * Puts a settled difference back: the operations are unseen by one another, and each credits who wrote its words first.
 * @param {Held} held @param {Operation[]} operations @param {Write[]} writes the first write of each side
 * @param {string} author @returns {Held}
 */
export const reopen = (held, operations, writes, author) =>
  operations.reduce((after, operation, place) => {
    if (after.rows.some(row => row.operation.id === operation.id)) return after
    return addWritten(after, operation, author, writes[place])
  }, held)

/**
 * Marks the oldest operations owed as in flight: at most so many, and so many bytes of JSON (but always one).
 * @param {Held} held @param {number} most @param {number} bytes @returns {Held}
 */
export const depart = (held, most, bytes) => {
  const ids = new Set(departing(held, most, bytes).map(row => row.operation.id))
  return changeRows(held, row => (ids.has(row.operation.id) && row.state === 'local' ? { ...row, state: 'sent' } : row))
}

/** The rows that `depart` marks. @param {Held} held @param {number} most @param {number} bytes @returns {Row[]} */
export const departing = (held, most, bytes) => {
  const owed = held.rows.filter(row => row.owed).slice(0, most)
  let size = 0
  const end = owed.findIndex((row, place) => {
    size += new TextEncoder().encode(JSON.stringify(row.operation)).length + 1
    return place > 0 && size > bytes
  })
  return end < 0 ? owed : owed.slice(0, end)
}

/**
 * Takes the server's word for what became of operations.
 * @param {Held} held @param {{id: string, verdict: string, number: number|null, problem?: any}[]} outcomes
 * @param {string} cursor @returns {Held}
 */
export const takeOutcomes = (held, outcomes, cursor) => {
  const byId = new Map(outcomes.map(outcome => [outcome.id, outcome]))
  const taken = changeRows(held, row => {
    const outcome = byId.get(row.operation.id)
    if (!outcome) return row
    const state = /** @type {State} */ (outcome.verdict === 'applied' ? 'confirmed' : outcome.verdict)
    const { problem, number, ...before } = row
    const rest = outcome.problem ? { ...before, problem: outcome.problem } : before
    if (outcome.number === null) return { ...rest, state, owed: false }
    // what was not in force when the snapshot was made, and is now (after a restore), does not show in it
    const contained =
      (row.contained && isInForce(row)) || (sameLedger(held, cursor) && outcome.number <= seqOf(held.holds))
    return { ...rest, state, owed: false, number: outcome.number, contained }
  })
  const isOlder = epochOf(cursor) === epochOf(held.fence) && seqOf(cursor) < seqOf(held.fence)
  return isOlder ? taken : { ...taken, fence: cursor }
}

/**
 * Takes a snapshot that was asked for at this fence, or gives back the same state when it must not be taken: another
 * tab went on meanwhile, or an operation is in flight and nobody knows whether the snapshot has it.
 * @param {Held} held @param {any} snapshot @param {string|null} fence @returns {Held}
 */
export const takeSnapshot = (held, snapshot, fence) => {
  if (held.fence !== fence || held.rows.some(isInFlight)) return held
  const seq = seqOf(snapshot.cursor)
  const stillKept = new Set(snapshot.kept.map((/** @type {{id: string}} */ { id }) => id))
  const taken = changeRows(held, row => {
    const contained = row.number !== undefined && row.number <= seq
    const admitted = contained && row.state === 'kept' && !stillKept.has(row.operation.id)
    return { ...row, contained, ...(admitted ? { state: 'confirmed' } : {}) }
  })
  const { diverged, ...kept } = snapshot
  const { cursor, audit_cursor: beside = null } = snapshot
  const now = { ...taken, snapshot: kept, holds: cursor, fence: cursor, beside, diverged: false, gone: false }
  return prune({ ...now, settled: standing(now) }, snapshot.backed_up_to)
}

/**
 * Is a snapshot that was asked for at this fence one of another ledger?
 * @param {any} snapshot @param {string|null} fence
 */
export const isDiverged = (snapshot, fence) =>
  snapshot.diverged || (epochOf(snapshot.cursor) === epochOf(fence) && seqOf(snapshot.cursor) < seqOf(fence))

/**
 * The ledger has gone back, as after a restore: all own operations it had confirmed are owed again, oldest first. What
 * the snapshot held contains goes on showing from there until a snapshot of the new ledger takes its place.
 * @param {Held} held @returns {Held}
 */
export const requeue = held => {
  const again = changeRows(held, row => {
    if (row.number === undefined) return row
    const { number, ...rest } = row
    return { ...rest, owed: true, state: row.state === 'confirmed' ? 'sent' : row.state }
  })
  return again === held && held.diverged && held.fence === null ? held : { ...again, fence: null, diverged: true }
}

/**
 * Puts aside an operation that the server cannot read. It was never taken, so who had seen it is told to have seen, in
 * its stead, what it had seen: the ledger will never hold it and could not pass through it.
 * @param {Held} held @param {string} id @param {any} problem @returns {Held}
 */
export const park = (held, id, problem) => {
  const aside = held.rows.find(row => row.operation.id === id)
  if (!aside) return held
  return changeRows(held, row => {
    if (row === aside) return { ...row, state: 'parked', owed: false, problem }
    if (!row.owed || !row.operation.seen.includes(id)) return row
    const seen = [...new Set(row.operation.seen.flatMap(one => (one === id ? aside.operation.seen : [one])))]
    return { ...row, operation: { ...row.operation, seen: seen.slice(0, MOST_SEEN) } }
  })
}

/** Tries an operation that was put aside once more. @param {Held} held @param {string} id @returns {Held} */
export const unpark = (held, id) =>
  changeRows(held, row => {
    if (row.operation.id !== id || row.state !== 'parked') return row
    const { problem, dismissed, ...rest } = row
    return { ...rest, state: 'sent', owed: true }
  })

/** The person has read what became of an operation. @param {Held} held @param {string} id @returns {Held} */
export const dismiss = (held, id) =>
  changeRows(held, row => (row.operation.id === id && !row.owed ? { ...row, dismissed: true } : row))

/**
 * Forgets what was downloaded of a stream that is not this person's any more; own work stays.
 * @param {Held} held @returns {Held}
 */
export const drop = held => ({
  ...changeRows(held, row => (row.contained ? { ...row, contained: false } : row)),
  snapshot: null,
  holds: null,
  settled: [],
  gone: !isOpening(held),
})

/** Was it opened here, and nobody else knows yet? @param {Held} held */
export const isOpening = held => held.rows.some(row => row.owed && row.operation.kind === 'audit.open')

/**
 * Lets go of own operations that a snapshot contains and the server has backed up. What was not taken stays readable.
 * @param {Held} held @param {number} backedUpTo @returns {Held}
 */
export const prune = (held, backedUpTo) => {
  if (held.diverged) return held
  const named = new Set(held.rows.filter(row => row.owed).flatMap(row => row.operation.seen))
  const rows = held.rows.filter(
    row =>
      !(
        row.contained
        && (row.state === 'confirmed' || (row.state === 'kept' && row.dismissed))
        && (row.number ?? Infinity) <= backedUpTo
        && !named.has(row.operation.id)
      )
  )
  return rows.length === held.rows.length ? held : { ...held, rows }
}

/**
 * Of a stream that has no snapshots: all that the ledger holds counts as contained.
 * @param {Held} held @param {number} backedUpTo @returns {Held}
 */
export const pruneBare = (held, backedUpTo) => {
  const contained = changeRows(held, row =>
    row.number === undefined || row.contained ? row : { ...row, contained: true }
  )
  return prune(contained.diverged ? { ...contained, diverged: false } : contained, backedUpTo)
}

/** Settled differences whose settling still stands. @param {Held} held @returns {Settled[]} */
export const standing = held => {
  if (!held.settled.length) return held.settled
  const registers = registersOf(held)
  return held.settled.filter(({ register, settledBy }) => registers[register]?.some(write => write.id === settledBy))
}

/** @param {Held} held @param {Omit<Row, 'stream'|'order'>} row @returns {Held} */
export const addRow = (held, row) => ({
  ...held,
  rows: [...held.rows, { ...row, stream: held.id, order: (held.rows.at(-1)?.order ?? 0) + 1 }],
})

/** Do the numbers of this cursor's ledger count in the snapshot held? @param {Held} held @param {string} cursor */
function sameLedger(held, cursor) {
  return held.holds !== null && !held.diverged && epochOf(held.holds) === epochOf(cursor)
}

/**
 * An operation recorded here, crediting who wrote its words first if that was somebody else.
 * @param {Held} held @param {Operation} operation @param {string} author @param {Write} [first] @returns {Held}
 */
function addWritten(held, operation, author, first) {
  const credit = first?.of?.author ?? first?.author
  return addRow(held, { operation, author, state: 'local', owed: true, ...(credit ? { credit } : {}) })
}

/** @param {Held} held @param {(row: Row) => Row} change @returns {Held} */
function changeRows(held, change) {
  const rows = held.rows.map(change)
  return rows.some((row, place) => row !== held.rows[place]) ? { ...held, rows } : held
}

/** @param {Held} held @param {Row} changed @returns {Held} */
function changeRow(held, changed) {
  return changeRows(held, row => (row.order === changed.order ? changed : row))
}

/**
 * An own operation that may be rewritten in place: alone live in exactly these registers, so nobody has replaced any
 * part of it, and never marked in flight, so nobody else can have seen it.
 * @param {Held} held @param {Operation} operation @param {string[]} names @param {Write[][]} before
 */
function findFoldable(held, operation, names, before) {
  if (operation.of || operation.seen.length !== 1) return undefined
  const [id] = operation.seen
  if (!before.every(writes => writes.length === 1 && writes[0].id === id)) return undefined
  return held.rows.find(
    row =>
      row.operation.id === id
      && row.state === 'local'
      && !row.operation.of
      && row.operation.kind === operation.kind
      && canonical(Object.keys(writesOf(row.operation)).sort()) === canonical([...names].sort())
  )
}

/** @type {WeakMap<Operation, import('./effects.js').Values>} */
const written = new WeakMap()

/** @param {Operation} operation */
function writesOf(operation) {
  const known = written.get(operation) ?? effects(operation.kind, operation.payload)
  written.set(operation, known)
  return known
}

/** @param {Row} row @returns {import('./effects.js').Recorded} */
function recorded(row) {
  const { operation, author, state, contained, credit } = row
  const label = { author, at: operation.at, state, ...(credit ? { of: { author: credit } } : {}) }
  return {
    id: operation.id,
    seen: operation.seen,
    writes: writesOf(operation),
    inForce: isInForce(row),
    contained,
    label,
  }
}
