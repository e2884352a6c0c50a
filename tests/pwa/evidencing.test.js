// What registers say of evidence: what stands behind each statement, and where the words are that somebody looks for.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effects, live } from '../../static/pwa/store/effects.js'
import {
  findItems,
  findNotes,
  items,
  kindsBehind,
  mayPhotograph,
  showing,
  tally,
  thingsWaiting,
} from '../../static/pwa/store/evidencing.js'
import { differences } from '../../static/pwa/store/reading.js'

/** The registers after operations, each unseen by the others unless it says otherwise. */
const after = (...operations) =>
  live(
    operations.map(([kind, payload, seen = []], place) => ({
      id: `id-${place}`,
      seen,
      inForce: true,
      writes: effects(kind, payload),
      label: { author: 'amina', at: '2026-11-23T08:00:00+00:00' },
    }))
  )

const adds = (evidence, kind, caption, criteria = ['safety-1'], more = {}) => [
  'evidence.add',
  { evidence, kind, caption, criteria, ...more },
]
const photo = (evidence, sha256) => adds(evidence, 'photo', 'The board', ['safety-1'], { sha256, nobody: true })
const says = (evidence, caption, seen) => ['evidence.caption', { evidence, caption }, seen]
const edition = { principles: [{ criteria: [{ id: 'safety-1' }, { id: 'safety-2' }] }, { criteria: [{ id: 'agency-1' }] }] }
const here = () => 'sent'

test('what was tagged once counts for every statement it shows, once in the whole', () => {
  const all = items(after(adds('e1', 'observation', 'The door is open', ['safety-1', 'agency-1'])))
  assert.deepEqual(kindsBehind(all, 'safety-1', here), [{ kind: 'observation', n: 1 }])
  assert.deepEqual(kindsBehind(all, 'agency-1', here), [{ kind: 'observation', n: 1 }])
  assert.deepEqual(kindsBehind(all, 'safety-2', here), [])
  assert.deepEqual(tally(all, edition, here), { items: 1, bare: 1, gone: [] })
  assert.deepEqual(
    all.map(({ added }) => added.author),
    ['amina']
  )
})

test('a photo whose picture is gone, or was not taken, never counts; one that waits or nobody knows of does', () => {
  const states = { a: 'missing', b: 'refused', c: 'waiting', d: 'unknown' }
  const all = items(after(photo('e1', 'a'), photo('e2', 'b'), photo('e3', 'c'), photo('e4', 'd')))
  assert.deepEqual(
    kindsBehind(all, 'safety-1', sha256 => states[sha256]),
    [{ kind: 'photo', n: 2 }]
  )
  const { items: n, gone } = tally(all, edition, sha256 => states[sha256])
  assert.equal(n, 2)
  assert.deepEqual(
    gone.map(({ id }) => id),
    ['e1', 'e2']
  )
  assert.equal(showing(all, 'safety-1').length, 4)
})

test('where people differ on what an item says, no words are chosen; on whether it stays, it stays', () => {
  const [found] = items(
    after(
      adds('e1', 'observation', 'A list'),
      says('e1', 'A list by the door', ['id-0']),
      says('e1', 'A rota', ['id-0']),
      ['evidence.withdraw', { evidence: 'e1' }]
    )
  )
  assert.deepEqual([found.caption, found.differs, found.withdrawn], [undefined, true, false])
  assert.deepEqual(
    found.captions.map(({ value }) => value),
    ['A list by the door', 'A rota']
  )
})

test('where one says it shows a statement and another that it does not, it shows it until that is settled', () => {
  const registers = after(adds('e1', 'observation', 'A list'), ['evidence.untag', { evidence: 'e1', criterion: 'safety-1' }])
  assert.deepEqual(items(registers)[0].criteria, ['safety-1'])
  assert.deepEqual(
    differences(registers).map(({ kind, evidence, criterion }) => [kind, evidence, criterion]),
    [['shows', 'e1', 'safety-1']]
  )
  const settled = after(adds('e1', 'observation', 'A list'), [
    'evidence.untag',
    { evidence: 'e1', criterion: 'safety-1' },
    ['id-0'],
  ])
  assert.deepEqual(items(settled)[0].criteria, [])
})

test('what was withdrawn is there to be read, and counts nowhere', () => {
  const all = items(after(adds('e1', 'observation', 'A list'), ['evidence.withdraw', { evidence: 'e1' }, ['id-0']]))
  assert.deepEqual([all.length, all[0].withdrawn], [1, true])
  assert.deepEqual(showing(all, 'safety-1'), [])
  assert.equal(tally(all, edition, here).items, 0)
})

test('what was tagged before anybody said what it is, is no item yet', () => {
  assert.deepEqual(items(after(['evidence.tag', { evidence: 'e9', criterion: 'safety-1' }])), [])
})

test('words are found wherever they stand, without regard to capitals and accents', () => {
  const all = items(
    after(
      adds('e1', 'document', 'Rota’r tŷ', ['safety-1'], { where: 'Swyddfa’r rheolwr' }),
      adds('e2', 'count', 'Meetings held', ['safety-1'], { count: 3, over: 'in October' })
    )
  )
  const found = query => findItems(all, query).map(({ id }) => id)
  assert.deepEqual(found('TY rota'), ['e1'])
  assert.deepEqual(found("swyddfa'r"), ['e1'])
  assert.deepEqual(found('october'), ['e2'])
  assert.deepEqual(found('october rota'), [])
})

test('a search finds comments, reasons and what the team wrote, with whose words they are', () => {
  const registers = after(
    ['answer.comment', { contributor: 'c1', criterion: 'safety-1', text: 'The café is open late.' }],
    ['answer.rate', { contributor: 'c1', criterion: 'safety-2', rating: null, reason: 'No cafe here' }],
    ['finding.account', { criterion: 'agency-1', shows: 'A list', helps: 'The CAFÉ', hinders: '' }],
    ['finding.agree', { criterion: 'agency-1', rating: 2 }],
    adds('e1', 'observation', 'A cafe')
  )
  assert.deepEqual(
    findNotes(registers, 'cafe').map(({ criterion, contributor }) => [criterion, contributor]),
    [
      ['safety-1', 'c1'],
      ['safety-2', 'c1'],
      ['agency-1', undefined],
    ]
  )
  assert.deepEqual(findNotes(registers, 'nothing of the sort'), [])
})

test('photos are taken where that is allowed, on the last day too, and not after it until the service has been asked', () => {
  assert.equal(mayPhotograph({ allowed: true, until: null }, '2026-11-23'), 'yes')
  assert.equal(mayPhotograph({ allowed: true, until: '2026-11-23' }, '2026-11-23'), 'yes')
  assert.equal(mayPhotograph({ allowed: true, until: '2026-11-22' }, '2026-11-23'), 'lapsed')
  assert.equal(mayPhotograph({ allowed: false, until: '2026-11-22' }, '2026-11-23'), 'no')
  assert.equal(mayPhotograph({ allowed: false, until: null }, '2026-11-23'), 'no')
  assert.equal(mayPhotograph(undefined, '2026-11-23'), 'no')
})

test('a photo and the words that go with it are one thing to send', () => {
  const words = { payload: { sha256: 'a' } }
  assert.equal(thingsWaiting([words, { payload: {} }], [{ sha256: 'a' }, { sha256: 'b' }]), 3)
  assert.equal(thingsWaiting([], [{ sha256: 'a' }]), 1)
})
