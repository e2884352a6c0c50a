// The one rule on the device, on the vectors that the server is tested with too (tests/test_vectors.py).
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { canonical, tidy } from '../../static/pwa/lib/canonical.js'
import { effects, isOffline, live } from '../../static/pwa/store/effects.js'
import { stands } from '../../static/pwa/store/planning.js'

const read = name => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'))

test('everybody writes a value down alike', () => {
  for (const { value, canonical: text, digest, tidied } of read('canonical')) {
    assert.equal(canonical(value), text)
    assert.equal(createHash('sha256').update(canonical(value)).digest('hex'), digest)
    assert.equal(canonical(tidy(value)), tidied)
  }
})

test('what is said writes the same registers here and on the server', () => {
  for (const { kind, payload, registers } of read('effects').filter(vector => vector.registers)) {
    assert.ok(isOffline(kind), kind)
    assert.equal(canonical(effects(kind, payload)), canonical(registers), `${kind} ${JSON.stringify(payload)}`)
  }
})

test('an item of the plan is as overdue here as on the server', () => {
  for (const { today, stands: expected, ...item } of read('due')) {
    assert.equal(stands({ ...item, state: item.state ?? undefined }, today), expected, JSON.stringify(item))
  }
})

test('everybody who holds the same set sees the same, in whatever order it came', () => {
  for (const { name, operations, live: expected } of read('live')) {
    const said = operations.map(({ in_force: inForce, ...one }) => ({ ...one, inForce }))
    for (const order of [said, [...said].reverse(), [...said].sort((one, other) => (one.id < other.id ? -1 : 1))]) {
      assert.deepEqual(shown(live(order)), expected, name)
    }
  }
})

function shown(registers) {
  const found = {}
  for (const [register, writes] of Object.entries(registers)) {
    for (const { id, value } of writes) (found[register] ??= {})[id] = value
  }
  return found
}
