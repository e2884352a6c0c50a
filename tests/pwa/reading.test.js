// What registers say in the words of an audit. Voices are never pooled.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effects, live } from '../../static/pwa/store/effects.js'
import {
  answer,
  byVoice,
  contributors,
  differences,
  finding,
  progress,
  proposal,
} from '../../static/pwa/store/reading.js'

/** The registers after operations, each unseen by the others unless it says otherwise. */
const after = (...operations) =>
  live(
    operations.map(([kind, payload, seen = []], place) => ({
      id: `id-${String(place).padStart(3, '0')}`,
      seen,
      inForce: true,
      writes: effects(kind, payload),
    }))
  )

const speaker = (contributor, voice) => ['contributor.add', { contributor, voice, label: contributor }]
const rates = (contributor, rating, seen, reason) => [
  'answer.rate',
  { contributor, criterion: 'safety-1', rating, reason },
  seen,
]
const agrees = (rating, reason, criterion = 'safety-1') => ['finding.agree', { criterion, rating, reason }]
const edition = {
  principles: [
    { id: 'safety', criteria: [{ id: 'safety-1' }, { id: 'safety-2' }] },
    { id: 'agency', criteria: [{ id: 'agency-1' }] },
  ],
}

test('two contributors who rate differently are two answers, side by side by voice', () => {
  const registers = after(
    speaker('amina', 'staff'),
    speaker('ben', 'staff'),
    speaker('meeting', 'resident'),
    rates('amina', 3),
    rates('ben', 2),
    rates('meeting', 0)
  )
  assert.deepEqual(
    byVoice(registers, 'safety-1').map(({ voice, n, answers }) => [voice, n, answers.map(({ rating }) => rating)]),
    [
      ['staff', 2, [3, 2]],
      ['resident', 1, [0]],
    ]
  )
  assert.deepEqual(differences(registers), [])
  assert.equal(proposal(registers, 'safety-1').rating, undefined)
  assert.deepEqual(proposal(registers, 'safety-1').differing, ['staff'])
})

test('a finding is proposed where everybody agrees; where voices part, it is said', () => {
  const both = [speaker('amina', 'staff'), speaker('ben', 'staff'), speaker('meeting', 'resident')]
  const agreed = proposal(after(...both, rates('amina', 2), rates('ben', 2), rates('meeting', 2)), 'safety-1')
  assert.deepEqual([agreed.rating, agreed.differing, agreed.apart], [2, [], false])
  const parted = proposal(after(...both, rates('amina', 3), rates('ben', 3), rates('meeting', 1)), 'safety-1')
  assert.deepEqual([parted.rating, parted.differing, parted.apart], [undefined, [], true])
  assert.deepEqual(proposal(after(...both), 'safety-1').voices, [])
})

test('one contributor’s own two devices that differ are a difference, and no rating is chosen', () => {
  const registers = after(speaker('amina', 'staff'), rates('amina', 1), rates('amina', 3))
  const said = answer(registers, 'amina', 'safety-1')
  assert.deepEqual([said.rating, said.differs, said.writes.length], [undefined, true, 2])
  assert.deepEqual(
    differences(registers).map(({ register, kind, contributor, criterion, groups }) => [
      register,
      kind,
      contributor,
      criterion,
      groups.length,
    ]),
    [['answer/amina/safety-1/rating', 'rating', 'amina', 'safety-1', 2]]
  )
  assert.equal(byVoice(registers, 'safety-1')[0].n, 0)
})

test('does not apply needs its reason; cleared is none', () => {
  assert.deepEqual(answer(after(rates('amina', null, [], 'no nights here')), 'amina', 'safety-1').rating, null)
  assert.equal(answer(after(rates('amina', null)), 'amina', 'safety-1').rating, undefined)
  assert.equal(finding(after(agrees(null, 'no nights here')), 'safety-1').agreed, true)
  assert.equal(finding(after(agrees(null)), 'safety-1').agreed, false)
  assert.equal(finding(after(agrees(0)), 'safety-1').agreed, true)
  assert.equal(finding(after(agrees(1), agrees(2)), 'safety-1').agreed, false)
  assert.equal(finding(after(agrees(2), agrees(2)), 'safety-1').agreed, true)
})

test('progress counts agreed findings and answered criteria by principle; the withdrawn do not count', () => {
  const registers = after(
    speaker('amina', 'staff'),
    speaker('ben', 'staff'),
    rates('amina', 2),
    agrees(2),
    agrees(1, undefined, 'agency-1'),
    ['answer.rate', { contributor: 'ben', criterion: 'safety-2', rating: 1 }],
    ['contributor.withdraw', { contributor: 'ben' }, ['id-001']]
  )
  assert.deepEqual(progress(registers, edition), [
    { id: 'safety', agreed: 1, answered: 1, criteria: 2 },
    { id: 'agency', agreed: 1, answered: 0, criteria: 1 },
  ])
  assert.deepEqual(
    contributors(registers).map(({ label, withdrawn }) => [label, withdrawn]),
    [
      ['amina', false],
      ['ben', true],
    ]
  )
})

test('where somebody withdrew a contributor and somebody else did not, they stay until it is settled', () => {
  const registers = after(speaker('amina', 'staff'), ['contributor.withdraw', { contributor: 'amina' }])
  const [amina] = contributors(registers)
  assert.deepEqual([amina.withdrawn, amina.differs], [false, true])
})
