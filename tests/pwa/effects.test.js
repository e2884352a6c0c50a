// The one rule, on the cases that taught us something; vectors.test.js has those that the server is tested with too.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonical, tidy } from '../../static/pwa/lib/canonical.js'
import { contributorOf, newSecret, uuid7 } from '../../static/pwa/lib/ids.js'
import { effects, groups, live, overlay, restate, same } from '../../static/pwa/store/effects.js'
import './indexeddb.js'

const said = (id, value, { seen = [], inForce = true, contained = false } = {}) => ({
  id,
  seen,
  inForce,
  contained,
  writes: { r: value },
})
const values = registers => (registers.r ?? []).map(({ value }) => value).sort()

test('two writes unseen by each other both live; one that has seen both replaces both', () => {
  const [a, b] = [said('a', 'warm'), said('b', 'cold')]
  assert.deepEqual(values(live([a, b])), ['cold', 'warm'])
  assert.deepEqual(values(live([a, b, said('c', 'both', { seen: ['a', 'b'] })])), ['both'])
})

test('order and repetition change nothing', () => {
  const all = [
    said('a', 1),
    said('b', 2, { seen: ['a'] }),
    said('c', 3, { seen: ['a'] }),
    said('d', 4, { seen: ['b'] }),
  ]
  for (const order of [all, [...all].reverse(), [all[2], all[0], all[3], all[1]]]) {
    assert.deepEqual(values(live(order)), [3, 4])
  }
})

test('supersession passes through what was refused, however long the chain', () => {
  const chain = [
    said('a', 'first'),
    said('b', 'refused', { seen: ['a'], inForce: false }),
    said('c', 'refused too', { seen: ['b'], inForce: false }),
    said('d', 'last', { seen: ['c'] }),
  ]
  assert.deepEqual(values(live(chain)), ['last'])
  assert.deepEqual(values(live(chain.slice(0, 3))), ['first'])
})

test('an operation supersedes only in the registers that it writes', () => {
  const add = {
    id: 'a',
    seen: [],
    inForce: true,
    writes: effects('contributor.add', { contributor: 'c', voice: 'staff', label: 'Ward' }),
  }
  const gone = { id: 'b', seen: ['a'], inForce: true, writes: effects('contributor.withdraw', { contributor: 'c' }) }
  const registers = live([add, gone])
  assert.equal(registers['contributor/c/label'][0].value, 'Ward')
  assert.deepEqual(
    registers['contributor/c/withdrawn'].map(({ value }) => value),
    [true]
  )
})

test('own operations are laid over a snapshot once, and those it contains are left to it', () => {
  const snapshot = { r: [{ id: 'a', value: 'theirs' }] }
  assert.deepEqual(values(overlay(snapshot, [said('b', 'mine', { seen: ['a'] })])), ['mine'])
  assert.deepEqual(values(overlay(snapshot, [said('a', 'theirs')])), ['theirs'])
  assert.deepEqual(values(overlay(snapshot, [said('old', 'replaced', { contained: true })])), ['theirs'])
  assert.deepEqual(values(snapshot), ['theirs'], 'the snapshot is not changed')
})

test('a contained refused operation still passes supersession on', () => {
  const snapshot = { r: [{ id: 'a', value: 'before' }] }
  const refused = said('b', 'refused', { seen: ['a'], inForce: false, contained: true })
  assert.deepEqual(values(overlay(snapshot, [refused, said('c', 'after', { seen: ['b'] })])), ['after'])
})

test('what looks the same is the same', () => {
  assert.ok(same(tidy({ shows: ' cafe\u0301 ', n: 1 }), { n: 1, shows: 'caf\u00e9' }))
  assert.equal(canonical({ b: [1, null, true], a: 'x"\u2028' }), '{"a":"x\\"\u2028","b":[1,null,true]}')
  assert.equal(
    groups([
      { id: 'b', value: 1 },
      { id: 'a', value: 1 },
      { id: 'c', value: 2 },
    ]).length,
    2
  )
  assert.equal(
    groups([
      { id: 'b', value: 1 },
      { id: 'a', value: 1 },
    ])[0].writes[0].id,
    'a'
  )
})

test('what restates a value writes just that value', () => {
  const operations = [
    ['contributor.add', { contributor: 'c', voice: 'resident', label: 'Residents’ meeting' }],
    ['contributor.withdraw', { contributor: 'c' }],
    ['answer.rate', { contributor: 'c', criterion: 'safety-1', rating: 2 }],
    ['answer.rate', { contributor: 'c', criterion: 'safety-1', rating: null, reason: 'no night staff here' }],
    ['answer.rate', { contributor: 'c', criterion: 'safety-1', rating: null }],
    ['answer.comment', { contributor: 'c', criterion: 'safety-1', text: 'seen' }],
    ['finding.agree', { criterion: 'safety-1', rating: 0 }],
    ['finding.account', { criterion: 'safety-1', shows: 'a', helps: 'b', hinders: 'c' }],
    ['judgement.record', { criterion: 'safety-1', judgement: 'met' }],
    ['judgement.record', { criterion: 'safety-1', judgement: 'partly', reason: 'At night alone' }],
    ['judgement.note', { criterion: 'safety-1', text: 'Ask again' }],
    ['judgement.probe', { criterion: 'safety-1', probe: false }],
    ['visit.see', { seen: 's', criteria: ['safety-1'], text: 'The door is open' }],
    ['visit.unsee', { seen: 's' }],
    ['assessment.remark', { strengths: 'a', suggestions: 'b' }],
  ]
  for (const [kind, payload] of operations) {
    const writes = effects(kind, payload)
    const registers = Object.fromEntries(Object.entries(writes).map(([name, value]) => [name, [{ id: 'x', value }]]))
    for (const [register, value] of Object.entries(writes)) {
      assert.deepEqual(restate(register, value, registers), { kind, payload })
    }
  }
})

test('ids: sorted by time, right in form, the same contributor on every device', async () => {
  const [early, late] = [uuid7(1_000_000_000_000), uuid7(1_700_000_000_000)]
  assert.ok(early < late)
  assert.match(late, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const mine = await contributorOf('018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-000000000002')
  assert.equal(
    mine,
    await contributorOf('018F0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-000000000002')
  )
  assert.match(mine, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const { secret, sha256 } = await newSecret(bytes => bytes.fill(251))
  assert.match(secret, /^[\w-]{43}$/)
  assert.match(sha256, /^[0-9a-f]{64}$/)
})
