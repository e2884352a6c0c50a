// An assessor's own work on their phone: kept for days without a network, sent once, and read back; what is missing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgement, missing, remark, seen } from '../../static/pwa/store/judging.js'
import { aPhone, aService, anAudit, copyDatabases, shows } from './scene.js'

const HELD = 'judgement/safety-1/judgement'
const judged = (judgement, reason) => ({ criterion: 'safety-1', judgement, ...(reason ? { reason } : {}) })

/** Asa, who was asked to assess Amina's audit, with a phone that has fetched what that takes. */
const anAssessor = async (fate = () => null) => {
  const service = aService()
  const { server } = service
  const amina = await aPhone(service, server.addPerson('Amina'))
  const audit = await anAudit(amina)
  await amina.store.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 2 })
  await amina.syncs()
  const asa = server.addPerson('Asa')
  const assessment = server.assign(asa, audit)
  const phone = await aPhone(service, asa, { fate })
  assert.equal(await phone.syncs(), null)
  return { service, server, amina, asa, audit, assessment, phone }
}

const holds = async (phone, assessment) => {
  const found = await phone.store.loadAssessment(assessment)
  return (found?.registers[HELD] ?? []).map(write => write.value)
}

test('an assessor goes to the visit with the audit, its words and the assessment on the phone', async () => {
  const { audit, assessment, phone } = await anAssessor()
  phone.network.down = true
  await phone.restart()

  const sealed = await phone.store.loadAudit(audit)
  const own = await phone.store.loadAssessment(assessment)

  assert.deepEqual(sealed.registers['finding/safety-1/rating'][0].value, { rating: 2 })
  assert.deepEqual([sealed.siteOf.name, sealed.siteOf.sector, sealed.siteOf.may], ['Rowan ward', 'ward', []])
  assert.equal(sealed.edition.words.recipient, 'patient')
  assert.deepEqual([own.audit, own.edition.slug, own.editionNumber], [audit, 'ten-minute-look', 1])
  assert.deepEqual(phone.store.assessing().map(row => row.assessment.id), [assessment])
  assert.deepEqual(phone.store.audits(), [], 'it is none of their own')
  assert.equal(await phone.store.loadAudit(assessment), null, 'and no audit')
})

test('what is judged without a network is kept, outlives the app, is sent once and reads back', async () => {
  const fates = []
  const { server, service, asa, assessment, phone } = await anAssessor(path =>
    path === '/api/operations' ? fates.shift() : null
  )
  phone.network.down = true
  await phone.store.record(assessment, 'judgement.record', judged('partly'))
  await phone.store.record(assessment, 'judgement.record', judged('not-yet', 'Nobody was asked'))
  await phone.store.record(assessment, 'judgement.note', { criterion: 'safety-1', text: 'Ask again' })
  assert.equal(phone.store.saved(assessment, HELD).state, 'local')
  await phone.restart()
  assert.deepEqual(await holds(phone, assessment), [{ judgement: 'not-yet', reason: 'Nobody was asked' }])
  assert.equal(await phone.syncs(), 'offline')
  phone.network.down = false
  fates.push('unheard')
  await phone.syncs()
  await phone.restart()

  assert.equal(await phone.syncs(), null)

  assert.deepEqual(phone.store.unsent(), [])
  assert.deepEqual(server.numbers(assessment), [1, 2, 3], 'the first was never sent, and the second once')
  assert.deepEqual(await holds(phone, assessment), [{ judgement: 'not-yet', reason: 'Nobody was asked' }])
  const other = await aPhone(service, asa)
  await other.syncs()
  assert.deepEqual(await holds(other, assessment), [{ judgement: 'not-yet', reason: 'Nobody was asked' }])
})

test('what a restored service has lost is handed in again', async () => {
  const { server, assessment, phone } = await anAssessor()
  const backup = server.backup()
  await phone.store.record(assessment, 'judgement.record', judged('met'))
  await phone.syncs()
  assert.deepEqual(server.numbers(assessment), [1, 2])

  server.restore(backup)
  await phone.syncs()
  await phone.syncs()

  assert.deepEqual(server.numbers(assessment), [1, 2])
  assert.deepEqual(await holds(phone, assessment), [{ judgement: 'met' }])
})

test('what the service has backed up is let go of, and shows all the same', async () => {
  const { server, amina, audit, assessment, phone } = await anAssessor()
  const outbox = async () =>
    (await copyDatabases(`${phone.name}-`)).flatMap(({ content }) => content.outbox ?? []).map(([, row]) => row.operation.kind)
  await phone.store.record(assessment, 'judgement.record', judged('met'))
  await phone.syncs()
  await amina.store.record(audit, 'finding.agree', { criterion: 'safety-2', rating: 1 })
  await amina.syncs()
  await phone.syncs() // a snapshot that holds it
  assert.deepEqual(await outbox(), ['judgement.record'], 'no backup holds it yet')

  server.backup()
  await phone.syncs()

  assert.deepEqual(await outbox(), [])
  assert.deepEqual(await holds(phone, assessment), [{ judgement: 'met' }])
})

test('whoever has declared a conflict keeps nothing of the audit, and their own words until they are taken', async () => {
  const { server, audit, assessment, phone } = await anAssessor()
  await phone.store.loadAudit(audit)
  phone.network.down = true
  await phone.store.record(assessment, 'judgement.record', judged('met'))
  server.disk.streams.get(assessment).declared = 'conflict'
  server.disk.streams.get(assessment).sealed = true // what comes now is kept
  phone.network.down = false

  await phone.syncs()
  await phone.syncs()

  assert.equal(await phone.store.loadAudit(audit), null)
  assert.equal(await phone.store.loadAssessment(assessment), null)
  assert.deepEqual(phone.store.unsent().map(one => [one.kind, one.state]), [['judgement.record', 'kept']])
  assert.deepEqual(phone.store.assessing(), [])
})

test('an assessor whose role has ended lets go of the audit, and what they had done is handed in', async () => {
  const { server, asa, audit, assessment, phone } = await anAssessor()
  await phone.store.record(assessment, 'judgement.record', judged('met'))
  Object.assign(server.disk.people.get(asa.id), { assesses: false, mayWrite: false })

  await phone.syncs()
  await phone.syncs()

  assert.equal(phone.store.submissions, null)
  assert.equal(await phone.store.loadAudit(audit), null)
  assert.deepEqual(phone.store.unsent().map(one => one.state), ['kept'])
})

test('when the audit has gone on, what lies beside the assessment is fetched anew', async () => {
  const { amina, audit, assessment, phone } = await anAssessor()
  await amina.store.record(audit, 'finding.agree', { criterion: 'safety-2', rating: 1 })
  await amina.syncs()

  await phone.syncs()

  const { expects, audit_cursor: beside } = await phone.store.loadAssessment(assessment)
  assert.ok('finding/safety-2/rating' in expects)
  assert.equal(beside, phone.store.standing(audit).fence)
  assert.deepEqual(await shows(phone, audit, 'finding/safety-2/rating'), [{ rating: 1 }])
})

test('who has no part at an awarding body asks for none', async () => {
  const service = aService()
  const phone = await aPhone(service, service.server.addPerson('Amina'))
  await phone.syncs()

  assert.ok(!service.server.requests.some(({ path }) => path === '/api/submissions'))
})

const write = (id, value) => ({ id, value })

test('a judgement on which two devices differ is none, and a probe counts when either says so', () => {
  const registers = {
    'judgement/safety-1/judgement': [write('a', { judgement: 'met' }), write('b', { judgement: 'partly', reason: 'x' })],
    'judgement/safety-1/note': [write('a', 'Ask')],
    'judgement/safety-1/probe': [write('a', false), write('b', true)],
    'judgement/safety-2/judgement': [write('c', { judgement: 'not-yet' })],
    'judgement/safety-3/judgement': [write('d', { judgement: 'partly', reason: 'At night' })],
    'judgement/safety-4/judgement': [write('e', { judgement: 'met' })],
  }
  const { writes, ...one } = judgement(registers, 'safety-1')
  assert.deepEqual(one, {
    judgement: undefined,
    reason: undefined,
    note: 'Ask',
    probe: true,
    differs: true,
    noteDiffers: false,
  })
  assert.equal(writes.length, 2)
  const criteria = ['safety-1', 'safety-2', 'safety-3', 'safety-4', 'safety-5']
  assert.deepEqual(missing(registers, { 'safety-2': null, 'safety-3': 'met', 'safety-4': 'met' }, criteria), {
    judgements: ['safety-5'],
    reasons: ['safety-2'],
    differing: ['safety-1'],
  })
})

test('what was seen reads in order, without what was taken back, and remarks read as one', () => {
  const registers = {
    'seen/b/said': [write('1', { criteria: ['safety-1'], text: 'Open' }), write('2', { criteria: ['safety-2'], text: 'Ajar' })],
    'seen/b/withdrawn': [write('1', false)],
    'seen/a/said': [write('3', { criteria: ['safety-1'], text: 'Tea' })],
    'seen/a/withdrawn': [write('3', false)],
    'seen/c/said': [write('4', { criteria: ['safety-1'], text: 'Gone' })],
    'seen/c/withdrawn': [write('5', true)],
    'assessment/remark': [write('6', { strengths: 'They listen.', suggestions: '' })],
  }
  assert.deepEqual(seen(registers), [
    { id: 'a', criteria: ['safety-1'], text: 'Tea', differs: false },
    { id: 'b', criteria: ['safety-1', 'safety-2'], text: 'Open / Ajar', differs: true },
  ])
  assert.deepEqual(remark(registers), { strengths: 'They listen.', suggestions: '', differs: false })
  assert.deepEqual(remark({}), { strengths: '', suggestions: '', differs: false })
})
