// The steps of a stream that need no database to be told apart.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blank, departing, prune, pruneBare, record } from '../../static/pwa/store/stream.js'

const draft = (id, shows, more = {}) => ({
  id,
  v: 1,
  kind: 'finding.account',
  at: '2026-11-23T08:00:00+00:00',
  device: 'd',
  payload: { criterion: 'safety-1', shows, helps: '', hinders: '' },
  ...more,
})
const change = (held, id, changed) => ({
  ...held,
  rows: held.rows.map(row => (row.operation.id === id ? { ...row, ...changed } : row)),
})

test('what was kept and dismissed is let go only when nothing unsent names it: supersession passes through it', () => {
  const kept = { state: 'kept', owed: false, number: 1, contained: true, dismissed: true }
  const held = change(record(blank('s'), draft('a', 'kept'), 'amina'), 'a', kept)
  const after = record(held, draft('b', 'after', { seen: ['a'] }), 'amina')
  assert.equal(prune(after, 1).rows.length, 2)
  assert.equal(prune(held, 1).rows.length, 0)
  assert.equal(prune(held, 0).rows.length, 1, 'not backed up')
})

test('a batch holds so many operations and so many bytes, and always one', () => {
  let held = blank('s')
  for (const id of ['a', 'b', 'c']) held = record(held, draft(id, 'ü'.repeat(1000), { seen: [] }), 'amina')
  assert.equal(departing(held, 50, 1_000_000).length, 3)
  assert.equal(departing(held, 2, 1_000_000).length, 2)
  assert.equal(departing(held, 50, 5_000).length, 2)
  assert.equal(departing(held, 50, 10).length, 1)
})

test('an author sees at most sixty-four writes at once', () => {
  const writes = Array.from({ length: 80 }, (_, n) => ({ id: `w${n}`, value: n }))
  const held = { ...blank('s'), snapshot: { registers: { 'finding/safety-1/account': writes } } }
  assert.equal(record(held, draft('a', 'joined'), 'amina').rows[0].operation.seen.length, 64)
})

test('a stream that begins again after a restore is pruned once the ledger holds it', () => {
  const confirmed = { state: 'confirmed', owed: false, number: 1 }
  const held = { ...change(record(blank('s'), draft('a', 'x'), 'amina'), 'a', confirmed), diverged: true }
  assert.equal(prune(held, 1).rows.length, 1)
  assert.equal(pruneBare(held, 1).rows.length, 0)
})
