// Photos: on the device before it says so, one with the words that speak of them, and on the server in the end.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { uuid7 } from '../../static/pwa/lib/ids.js'
import { StorageProblem } from '../../static/pwa/store/store.js'
import { problem } from './model-server.js'
import { aPhone, aService, aSharedAudit } from './scene.js'

const aPhoto = (size = 3000) => {
  const bytes = new Uint8Array(randomBytes(size)).buffer
  return { bytes, sha256: createHash('sha256').update(Buffer.from(bytes)).digest('hex'), width: 4, height: 3 }
}

/** Amina's phone with an audit, and one that Ben holds. */
const aTeam = async options => {
  const service = aService()
  const one = await aPhone(service, service.server.addPerson('Amina'), options)
  const other = await aPhone(service, service.server.addPerson('Ben'))
  const audit = await aSharedAudit(one, other)
  await one.store.loadAudit(audit)
  return { service, server: service.server, one, other, audit }
}

const add = async (phone, audit, photo, caption = 'The garden') => {
  await phone.store.keepPhoto(audit, photo)
  return phone.store.record(audit, 'evidence.add', {
    evidence: uuid7(),
    kind: 'photo',
    caption,
    criteria: ['safety-1'],
    sha256: photo.sha256,
    nobody: true,
  })
}

const there = (server, audit) => [...(server.disk.streams.get(audit).photos?.keys() ?? [])].sort()
const hashes = photos => photos.map(({ sha256 }) => sha256).sort()

test('a photo taken offline survives the app, and is sent by itself once there is a network', async () => {
  const { server, one, audit } = await aTeam()
  const photo = aPhoto()
  one.network.down = true
  await add(one, audit, photo)
  assert.equal(one.store.photoState(audit, photo.sha256), 'waiting')

  await one.restart()
  assert.deepEqual(hashes(one.store.photosWaiting()), [photo.sha256])
  one.network.down = false
  await one.syncs()

  assert.deepEqual(there(server, audit), [photo.sha256])
  assert.deepEqual(one.store.photosWaiting(), [])
  assert.deepEqual(Buffer.from(await one.store.picture(audit, photo.sha256)), Buffer.from(photo.bytes))
})

test('words that speak of a photo whose bytes are not there are not recorded at all', async () => {
  const { one, audit } = await aTeam()
  const before = one.store.unsent().length
  const photo = aPhoto()

  await assert.rejects(
    one.store.record(audit, 'evidence.add', { evidence: uuid7(), kind: 'photo', caption: 'x', criteria: [], sha256: photo.sha256, nobody: true }),
    failure => failure instanceof StorageProblem && failure.reason === 'missing'
  )

  assert.equal(one.store.unsent().length, before)
})

test('a device that gives back other bytes than it was given is found out before anything is said to be saved', async () => {
  const { one, audit } = await aTeam()
  const photo = aPhoto()

  await assert.rejects(one.store.keepPhoto(audit, { ...photo, sha256: 'ab'.repeat(32) }), { reason: 'falsified' })

  assert.equal(await one.store.picture(audit, 'ab'.repeat(32)), null)
})

test('a hundred photos, two in the same second each time, all arrive with their hashes', async () => {
  const { server, one, audit } = await aTeam()
  const photos = Array.from({ length: 100 }, (_, n) => aPhoto(200 + n))
  for (let n = 0; n < photos.length; n += 2)
    await Promise.all([add(one, audit, photos[n]), add(one, audit, photos[n + 1])])

  await one.syncs()

  assert.deepEqual(there(server, audit), hashes(photos))
  for (const { bytes, sha256 } of photos)
    assert.deepEqual(server.disk.streams.get(audit).photos.get(sha256).bytes, Buffer.from(bytes))
})

test('a photo that is cut off goes on where it was, at every part', async () => {
  const fates = []
  const { server, one, audit } = await aTeam({ fate: (path, { method }) => (method === 'PATCH' ? fates.shift() : null) })
  const photo = aPhoto(256 * 1024 * 3 + 17)
  await add(one, audit, photo)
  fates.push('lost', null, 'unheard', 'unheard', null, 'lost')

  for (let turn = 0; turn < 8 && one.store.photosWaiting().length; turn += 1) {
    one.clock.skip(20_000)
    await one.syncs()
  }

  assert.deepEqual(there(server, audit), [photo.sha256])
  const sent = server.requests.filter(({ method }) => method === 'PATCH').reduce((sum, { bytes }) => sum + bytes, 0)
  assert.ok(sent <= photo.bytes.byteLength + 256 * 1024, 'nothing that had arrived is sent again')
})

test('two photos at most are on their way at once, the smallest first, and how far they are is told', async () => {
  const { server, one, audit } = await aTeam()
  const photos = [9000, 3000, 6000, 1000].map(aPhoto)
  for (const photo of photos) await add(one, audit, photo)
  const told = []
  one.sync.addEventListener('change', () => one.sync.photos && told.push(`${one.sync.photos.sent} of ${one.sync.photos.of}`))

  await one.syncs()

  const order = server.requests.filter(({ method }) => method === 'PUT').map(({ bytes }) => bytes)
  assert.deepEqual(order, [1000, 3000, 6000, 9000])
  assert.deepEqual([...new Set(told)], ['0 of 4', '1 of 4', '2 of 4', '3 of 4', '4 of 4'])
  assert.equal(one.sync.photos, null)
})

test('words that are said while photos are being sent do not wait for all of them', async () => {
  const { server, one, audit } = await aTeam()
  for (const size of [1000, 2000, 3000, 4000, 5000, 6000]) await add(one, audit, aPhoto(size))
  server.sick = (url, method) => {
    if (method === 'PUT' && server.requests.filter(request => request.method === 'PUT').length === 1)
      one.store.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 2 })
    return null
  }
  await one.syncs()
  await one.syncs()

  const order = server.requests.map(({ method, path }) => (path === '/api/operations' ? 'words' : method))
  const last = order.lastIndexOf('words')
  assert.ok(order.slice(last).filter(method => method === 'PUT').length >= 3, 'most photos come after the words')
  assert.equal(there(server, audit).length, 6)
})

test('a full server is waited for, and a file that it cannot take is said, with its reason', async () => {
  const { server, one, audit } = await aTeam()
  const [good, bad] = [aPhoto(1000), aPhoto(2000)]
  server.disk.full = true
  await add(one, audit, good)
  await one.syncs()
  assert.equal(one.sync.state.problem, 'storage-full')
  assert.equal(one.store.photoState(audit, good.sha256), 'waiting')

  server.disk.full = false
  server.hates = bytes => bytes.length === 2000
  await add(one, audit, bad)
  await one.syncs()

  assert.deepEqual(there(server, audit), [good.sha256])
  const [left] = one.store.photosWaiting()
  assert.deepEqual([left.sha256, left.state, left.problem.type], [bad.sha256, 'refused', '/problems/not-a-photo'])
})

test('a session that ends between two photos loses none: the same person signs in again, and the rest is sent', async () => {
  const service = aService()
  const amina = service.server.addPerson('Amina')
  const one = await aPhone(service, amina)
  const audit = await aSharedAudit(one)
  const photos = [1000, 2000, 3000].map(aPhoto)
  for (const photo of photos) await add(one, audit, photo)
  let puts = 0
  service.server.sick = (url, method) => {
    if (method === 'PUT' && ++puts === 2) service.server.disk.sessions.clear()
    return null
  }
  await one.syncs()
  assert.equal(one.sync.state.problem, 'sign-in')
  assert.ok(one.store.photosWaiting().length > 0)

  await one.signIn(amina, amina.id)
  await one.syncs()

  assert.deepEqual(there(service.server, audit), hashes(photos))
  assert.deepEqual(one.store.photosWaiting(), [])
})

test('a photo whose words were refused stays on the device and does not wait for ever', async () => {
  const { one, audit } = await aTeam()
  const photo = aPhoto()
  await one.store.keepPhoto(audit, photo)
  await one.store.record(audit, 'evidence.add', { evidence: uuid7(), kind: 'photo', caption: 'x', criteria: [], sha256: photo.sha256, nobody: true, rating: 9 })

  await one.syncs()

  assert.equal(one.store.unsent()[0].state, 'refused')
  assert.deepEqual(one.store.photosWaiting(), [])
  assert.ok(await one.store.picture(audit, photo.sha256))
})

test('a restore that loses a photo gets it again from the phone that took it', async () => {
  const { server, one, audit } = await aTeam()
  const photo = aPhoto()
  const backup = server.backup()
  await add(one, audit, photo)
  for (let turn = 0; turn < 2; turn += 1) await one.syncs()
  assert.deepEqual(there(server, audit), [photo.sha256])
  server.restore(backup)

  for (let turn = 0; turn < 3; turn += 1) {
    one.clock.skip(3_600_000)
    await one.syncs()
  }

  assert.deepEqual(there(server, audit), [photo.sha256])
})

test('once a backup holds a photo its phone knows that it is safe', async () => {
  const { server, one, audit } = await aTeam()
  const photo = aPhoto()
  await add(one, audit, photo)
  await one.syncs()
  assert.equal(one.store.photoState(audit, photo.sha256), 'sent')
  server.backup()
  one.clock.skip(600_000)
  await one.syncs()

  assert.equal(one.store.photoState(audit, photo.sha256), 'safe')
})

test('others see whether a photo is there, fetch it, and then have it without a network', async () => {
  const { server, one, other, audit } = await aTeam()
  const photo = aPhoto()
  await add(one, audit, photo)
  server.sick = (url, method) => (method === 'PUT' ? problem(503, 'unavailable') : null)
  await one.syncs()
  await other.store.loadAudit(audit)
  await other.syncs()
  assert.equal(other.store.photoState(audit, photo.sha256), 'missing')
  server.sick = null
  one.clock.skip(600_000)
  await one.syncs()
  await other.syncs()
  assert.equal(other.store.photoState(audit, photo.sha256), 'here')

  await other.sync.fetchPicture(audit, photo.sha256)
  other.network.down = true

  assert.deepEqual(Buffer.from(await other.store.picture(audit, photo.sha256)), Buffer.from(photo.bytes))
})

test('signing out leaves no photo behind but those that are not sent, and the same person finds them again', async () => {
  const service = aService()
  const amina = service.server.addPerson('Amina')
  const one = await aPhone(service, amina)
  const audit = await aSharedAudit(one)
  const [sent, unsent] = [aPhoto(1000), aPhoto(2000)]
  await add(one, audit, sent)
  await one.syncs()
  await add(one, audit, unsent)

  await one.signOut()
  await one.signIn(amina)

  assert.equal(await one.store.picture(audit, sent.sha256), null)
  assert.deepEqual(hashes(one.store.photosWaiting()), [unsent.sha256])
  await one.syncs()
  assert.deepEqual(there(service.server, audit), hashes([sent, unsent]))
})

test('a rescue file carries photos too, and somebody else can hand them in', async () => {
  const { server, one, other, audit } = await aTeam()
  const photo = aPhoto(300_000)
  await add(one, audit, photo)
  const file = JSON.parse(JSON.stringify(await one.store.rescueWithPhotos()))

  const { outcomes } = await other.sync.handIn(file)

  assert.equal(outcomes.at(-1).verdict, 'kept')
  assert.deepEqual(there(server, audit), [photo.sha256])
})
