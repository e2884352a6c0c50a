// The plan as the device reads it from registers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effects, live, restate } from '../../static/pwa/store/effects.js'
import { auditPlan, behind, items, promised, sayings, sitePlan, stands } from '../../static/pwa/store/planning.js'
import { differences } from '../../static/pwa/store/reading.js'

const TODAY = '2026-11-23'
let made = 0

/** Operations laid over each other, each having seen what it names. */
const registersOf = (...said) =>
  live(
    said.map(([kind, payload, seen = []], n) => ({ id: `o${n}`, seen, inForce: true, writes: effects(kind, payload) }))
  )

const add = (more = {}) => [
  'plan.add',
  { item: `p${made++}`, what: 'Tea at four', criteria: [], whose: '', due: null, answers: [], ...more },
]
const settle = (item, state, more = {}, seen = []) => ['plan.settle', { item, state, ...more }, seen]

test('an item is what its registers say, and stands where its day is', () => {
  const [one] = items(registersOf(add({ item: 'p', due: '2026-12-01', whose: 'lead', criteria: ['b-2', 'a-1'] })))

  assert.deepEqual(one, {
    id: 'p',
    what: 'Tea at four',
    criteria: ['a-1', 'b-2'],
    whose: 'lead',
    due: '2026-12-01',
    state: 'to-do',
    reason: undefined,
    outcome: undefined,
    answers: [],
    differs: [],
  })
  const standings = [
    ['2026-11-22', 'overdue'],
    ['2026-11-23', 'week'],
    ['2026-11-30', 'week'],
    ['2026-12-01', 'later'],
    [null, 'undated'],
  ]
  for (const [due, standing] of standings) assert.equal(stands({ due, state: 'doing' }, TODAY), standing)
  assert.equal(stands({ due: '2020-01-01', state: 'done' }, TODAY), 'done')
  assert.equal(stands({ due: '2020-01-01', state: undefined }, TODAY), 'overdue')
})

test('the days before a clock change are days as well', () => {
  assert.equal(stands({ due: '2026-10-30' }, '2026-10-23'), 'week')
  assert.equal(stands({ due: '2026-10-31' }, '2026-10-23'), 'later')
})

test('an item whose words have not come is not shown', () => {
  assert.deepEqual(items(registersOf(settle('p', 'doing'))), [])
})

test('what two people wrote unseen by each other is all there, and open, and due on the earlier day', () => {
  const [one] = items(
    registersOf(
      add({ item: 'p' }),
      ['plan.change', { item: 'p', what: 'A', due: '2026-12-09', criteria: ['b-1'] }, ['o0']],
      ['plan.change', { item: 'p', what: 'B', due: '2026-12-02', criteria: ['a-1', 'b-1'] }, ['o0']],
      settle('p', 'done', { outcome: 'It is so.' }, ['o0']),
      settle('p', 'doing', {}, ['o0'])
    )
  )

  assert.equal(one.what, 'A / B')
  assert.equal(one.due, '2026-12-02')
  assert.deepEqual(one.criteria, ['a-1', 'b-1'])
  assert.deepEqual([one.state, one.outcome], [undefined, undefined])
  assert.deepEqual(one.differs, ['what', 'criteria', 'due', 'state'])
})

test('two who say done in other words agree that it is done', () => {
  const [one] = items(
    registersOf(
      add({ item: 'p' }),
      settle('p', 'done', { outcome: 'A' }, ['o0']),
      settle('p', 'done', { outcome: 'B' }, ['o0'])
    )
  )

  assert.deepEqual([one.state, one.outcome, one.differs], ['done', undefined, ['state']])
})

test('differences in the plan are named, and each side can be said again', () => {
  const registers = registersOf(
    add({ item: 'p' }),
    ['plan.change', { item: 'p', what: 'A', answers: [{ kind: 'meeting', reference: 'Friday' }] }, ['o0']],
    ['plan.change', { item: 'p', what: 'B' }, ['o0']],
    settle('p', 'dropped', { reason: 'No money' }, ['o0']),
    settle('p', 'doing', {}, ['o0'])
  )

  const found = differences(registers)
  assert.deepEqual(
    found.map(({ kind, item, register }) => [kind, item, register]),
    [
      ['plan', 'p', 'plan/p/state'],
      ['plan', 'p', 'plan/p/what'],
    ]
  )
  for (const [register, writes] of Object.entries(registers)) {
    for (const { value } of writes) {
      const { kind, payload } = restate(register, value, registers)
      assert.deepEqual(effects(kind, payload), { [register]: value })
    }
  }
})

test('overdue comes first, then this week, then the rest, and last what is settled', () => {
  const plan = registersOf(
    add({ what: 'later', due: '2027-01-01' }),
    add({ what: 'no day' }),
    add({ item: 'd', what: 'done', due: '2026-01-01' }),
    add({ what: 'week', due: '2026-11-24' }),
    add({ what: 'overdue', due: '2026-11-01' }),
    add({ what: 'long overdue', due: '2026-01-01' }),
    settle('d', 'done', { outcome: 'x' }, ['o2'])
  )

  const found = sitePlan([{ id: 'a', registers: plan }], TODAY)

  assert.deepEqual(
    found.map(({ what }) => what),
    ['long overdue', 'overdue', 'week', 'later', 'no day', 'done']
  )
})

test('what is open goes along with the next audit, which counts what was promised', () => {
  const first = registersOf(
    add({ item: 'old', what: 'old' }),
    add({ item: 'gone', what: 'gone' }),
    settle('gone', 'done', { outcome: 'x' }, ['o1'])
  )
  const second = registersOf(
    add({ item: 'late', what: 'late', due: '2026-11-01' }),
    add({ item: 'kept', what: 'kept' }),
    settle('kept', 'done', { outcome: 'x' }, ['o1']),
    add({ item: 'told', what: 'told' }),
    settle('told', 'dropped', { reason: 'x' }, ['o3'])
  )
  const third = registersOf(add({ item: 'new', what: 'new' }))
  const audits = [
    { id: '3', registers: third },
    { id: '2', registers: second },
    { id: '1', registers: first },
  ]
  const told = found => found.map(({ id, carried }) => (carried ? `${id} carried` : id))

  assert.deepEqual(told(auditPlan(audits, '3', TODAY)), ['late carried', 'new', 'old carried'])
  assert.deepEqual(told(auditPlan(audits, '2', TODAY)), ['late', 'old carried', 'kept', 'told'])
  assert.deepEqual(promised(audits, '3', TODAY), { done: 1, dropped: 1, open: 2, overdue: 1, promised: 4 })
  assert.deepEqual(promised(audits, '2', TODAY), { done: 1, dropped: 0, open: 1, overdue: 0, promised: 2 })
  assert.deepEqual(promised(audits, '1', TODAY), { done: 0, dropped: 0, open: 0, overdue: 0, promised: 0 })
})

test('an item answers comments and quotations of its criteria, those of residents first', () => {
  const registers = registersOf(
    ['contributor.add', { contributor: 's', voice: 'staff', label: 'Night team' }],
    ['contributor.add', { contributor: 'r', voice: 'resident', label: 'Friday meeting' }],
    ['answer.comment', { contributor: 's', criterion: 'safety-1', text: 'We try.' }],
    ['answer.comment', { contributor: 'r', criterion: 'safety-1', text: 'Nobody asks us.' }],
    ['answer.comment', { contributor: 'r', criterion: 'safety-2', text: 'Elsewhere.' }],
    [
      'evidence.add',
      { evidence: 'e', kind: 'quotation', voice: 'resident', caption: 'I sleep here', criteria: ['safety-1'] },
    ],
    ['evidence.add', { evidence: 'f', kind: 'observation', caption: 'A door', criteria: ['safety-1'] }],
    ['evidence.add', { evidence: 'g', kind: 'quotation', voice: 'visitor', caption: 'Gone', criteria: ['safety-1'] }],
    ['evidence.withdraw', { evidence: 'g' }, ['o7']]
  )

  assert.deepEqual(sayings(registers, ['safety-1']), [
    { kind: 'answer', reference: 'r/safety-1', voice: 'resident', label: 'Friday meeting', text: 'Nobody asks us.' },
    { kind: 'evidence', reference: 'e', voice: 'resident', text: 'I sleep here' },
    { kind: 'answer', reference: 's/safety-1', voice: 'staff', label: 'Night team', text: 'We try.' },
  ])
  assert.equal(behind(registers, { kind: 'answer', reference: 'r/safety-9' }), undefined)
  assert.equal(behind(registers, { kind: 'meeting', reference: 'Friday, 3 November' }).text, 'Friday, 3 November')
})
