// Photos fetched ahead: an assessor who leaves for a visit has the audit's pictures on the phone, looked at or not.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { uuid7 } from '../../static/pwa/lib/ids.js'
import { problem } from './model-server.js'
import { aPhone, aService, anAudit } from './scene.js'

const aPhoto = (size = 3000) => {
  const bytes = new Uint8Array(randomBytes(size)).buffer
  return { bytes, sha256: createHash('sha256').update(Buffer.from(bytes)).digest('hex'), width: 4, height: 3 }
}

const add = async (phone, audit, photo) => {
  await phone.store.keepPhoto(audit, photo)
  const item = { evidence: uuid7(), kind: 'photo', caption: 'The garden', criteria: ['safety-1'], nobody: true }
  await phone.store.record(audit, 'evidence.add', { ...item, sha256: photo.sha256 })
  return item.evidence
}

/** Amina's audit with photos that have arrived, and the phone of Asa, who was asked to assess it. */
const anAssessorOf = async photos => {
  const service = aService()
  const { server } = service
  const amina = await aPhone(service, server.addPerson('Amina'))
  const audit = await anAudit(amina)
  await amina.store.loadAudit(audit)
  const items = []
  for (const photo of photos) items.push(await add(amina, audit, photo))
  await amina.syncs()
  const asa = server.addPerson('Asa')
  server.assign(asa, audit)
  return { server, amina, audit, items, phone: await aPhone(service, asa) }
}

const pictures = server => server.requests.filter(({ method, path }) => method === 'GET' && /photos\/\w/.test(path)).length

test('an assessor has every photo of the audit on the phone, though nobody has looked at any', async () => {
  const photos = Array.from({ length: 14 }, (_, n) => aPhoto(2000 + n))
  const { server, audit, phone } = await anAssessorOf(photos)

  phone.sync.start()
  for (let n = 0; n < 40 && phone.store.photosHere(audit).here < 14; n += 1) await phone.clock.pass(500)

  assert.deepEqual(phone.store.photosHere(audit), { here: 14, of: 14 })
  phone.network.down = true
  await phone.restart()
  for (const { bytes, sha256 } of photos)
    assert.deepEqual(Buffer.from(await phone.store.picture(audit, sha256)), Buffer.from(bytes))
  phone.network.down = false
  await phone.syncs()
  assert.equal(pictures(server), 14, 'each once')
})

test('a photo that was taken out is not fetched, nor one that has not arrived; it is when it has', async () => {
  const [taken, gone, late] = [aPhoto(), aPhoto(), aPhoto()]
  const { server, amina, audit, items, phone } = await anAssessorOf([taken, gone])
  await amina.store.record(audit, 'evidence.withdraw', { evidence: items[1] })
  await add(amina, audit, late)
  server.sick = (_, method) => (method === 'PUT' ? problem(503, 'unavailable') : null)
  await amina.syncs()

  await phone.syncs()

  assert.deepEqual(phone.store.photosHere(audit), { here: 1, of: 1 })
  assert.equal(await phone.store.picture(audit, gone.sha256), null)
  server.sick = null
  phone.clock.skip(3_600_000)
  await amina.syncs()
  await phone.syncs()
  assert.deepEqual(phone.store.photosHere(audit), { here: 2, of: 2 })
})

test('where pictures cannot be had just now nothing is said, and they come another time', async () => {
  const { server, audit, phone } = await anAssessorOf([aPhoto(), aPhoto()])
  server.sick = ({ pathname }) => (/photos\/\w/.test(pathname) ? problem(503, 'unavailable') : null)

  assert.equal(await phone.syncs(), null)
  assert.deepEqual(phone.store.photosHere(audit), { here: 0, of: 2 })
  assert.equal(pictures(server), 1, 'one was enough to see that')

  server.sick = null
  await phone.syncs()
  assert.deepEqual(phone.store.photosHere(audit), { here: 2, of: 2 })
})

test('a phone with little room left fetches none ahead, and says how many are here', async () => {
  const { server, audit, phone } = await anAssessorOf([aPhoto(), aPhoto(), aPhoto()])
  phone.store.storage = async () => ({ persisted: true, usage: 960 * 1024 * 1024, quota: 1000 * 1024 * 1024 })

  await phone.syncs()

  assert.deepEqual(phone.store.photosHere(audit), { here: 0, of: 3 })
  assert.equal(pictures(server), 0)
})

test('what is fetched ahead is bounded, and never pushes out what is there', async () => {
  const photos = Array.from({ length: 26 }, () => aPhoto(2 * 1024 * 1024))
  const { server, audit, phone } = await anAssessorOf(photos)

  for (let n = 0; n < 4; n += 1) await phone.syncs()

  assert.deepEqual(phone.store.photosHere(audit), { here: 24, of: 26 }, '48 MB')
  assert.equal(pictures(server), 24, 'none came twice')
})

test('words that are said while pictures come in are sent before the rest of them', async () => {
  const { server, audit, phone } = await anAssessorOf([aPhoto(), aPhoto(), aPhoto(), aPhoto()])
  let said
  const says = { criterion: 'safety-1', text: 'Ask again' }
  server.sick = ({ pathname }) => {
    if (/photos\/\w/.test(pathname))
      said ??= phone.store.record(phone.store.assessing()[0].assessment.id, 'judgement.note', says)
    return null
  }

  await phone.syncs()

  await said
  assert.ok(pictures(server) < 4, 'it stopped for them')
  await phone.syncs()
  assert.deepEqual(phone.store.unsent(), [])
  assert.deepEqual(phone.store.photosHere(audit), { here: 4, of: 4 })
})
