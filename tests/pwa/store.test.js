// What the device promises by itself: saved means saved, and nobody reads what is not theirs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FINDING, aPhone, aService, aSharedAudit, account, anAudit, copyDatabases, saying, shows } from './scene.js'
import { openDevice } from '../../static/pwa/store/device.js'
import { openStore } from '../../static/pwa/store/store.js'

/** A phone whose person has signed in and has begun an audit, with nothing sent. */
const aPhoneOffline = async () => {
  const service = aService()
  const amina = service.server.addPerson('Amina')
  const phone = await aPhone(service, amina)
  phone.network.down = true
  const audit = await anAudit(phone)
  await phone.store.loadAudit(audit)
  return { service, amina, phone, audit }
}

/** Lets something else happen instead of one call of a browser's method. */
const instead = (thing, method, times, happens) => {
  const real = thing.prototype[method]
  thing.prototype[method] = function (...given) {
    if (times-- <= 0) thing.prototype[method] = real
    return times >= 0 ? happens.call(this, real, given) : real.apply(this, given)
  }
  return () => {
    thing.prototype[method] = real
  }
}

const allText = async phone => JSON.stringify(await copyDatabases(phone.name))

test('saved is said, and memory changes, only after the strict transaction has been committed', async () => {
  const { phone, audit } = await aPhoneOffline()
  const order = []
  const restore = instead(IDBDatabase, 'transaction', 1, function (real, given) {
    assert.equal(given[2]?.durability, 'strict')
    const transaction = real.apply(this, given)
    transaction.addEventListener('complete', () => order.push('committed'))
    return transaction
  })
  phone.store.addEventListener('change', () => order.push('memory changed'), { once: true })
  await phone.store.record(audit, 'finding.account', account('Warm')).then(() => order.push('saved'))
  restore()

  assert.deepEqual(order, ['committed', 'memory changed', 'saved'])
  await phone.restart()
  assert.deepEqual(await shows(phone, audit, FINDING), [saying('Warm')])
})

test('one’s own value changed twice before it was sent is one operation with the last value', async () => {
  const { phone, audit } = await aPhoneOffline()
  const first = await phone.store.record(audit, 'finding.account', account('Wa'))
  const second = await phone.store.record(audit, 'finding.account', account('Warm'))
  assert.equal(second.id, first.id)
  assert.deepEqual(second.seen, first.seen)
  assert.equal(phone.store.unsent().length, 2)
})

test('nothing is rewritten where kinds or registers are not exactly the same', async () => {
  const { phone, audit } = await aPhoneOffline()
  const contributor = audit
  const add = await phone.store.record(audit, 'contributor.add', {
    contributor,
    voice: 'resident',
    label: 'Residents’ meeting',
  })
  const withdraw = await phone.store.record(audit, 'contributor.withdraw', { contributor })
  const again = await phone.store.record(audit, 'contributor.add', {
    contributor,
    voice: 'resident',
    label: 'House meeting',
  })
  assert.equal(new Set([add.id, withdraw.id, again.id]).size, 3)
  assert.deepEqual(again.seen.sort(), [add.id, withdraw.id].sort())
  assert.deepEqual(await shows(phone, audit, `contributor/${contributor}/withdrawn`), [false])
})

test('what was put back by an undo is not rewritten, and what is kept of a difference credits its author', async () => {
  const service = aService()
  const [amina, ben] = [service.server.addPerson('Amina'), service.server.addPerson('Ben')]
  const [one, other] = [await aPhone(service, amina), await aPhone(service, ben)]
  const audit = await aSharedAudit(one, other)
  await one.store.record(audit, 'finding.account', account('Warm'))
  await other.store.record(audit, 'finding.account', account('Cold'))
  for (const phone of [one, other, one]) await phone.syncs()
  const before = one.store.audit(audit).registers[FINDING]
  await one.store.record(audit, 'finding.account', account('Lukewarm'))
  await one.store.reopen(audit, FINDING, one.store.settled(audit)[0].before)
  const reopened = one.store.audit(audit).registers[FINDING]
  assert.deepEqual(reopened.map(({ of }) => of.author).sort(), before.map(({ author }) => author).sort())

  await one.store.record(audit, 'finding.account', account('Settled again'))
  assert.deepEqual(await shows(one, audit, FINDING), [saying('Settled again')])
  assert.equal(one.store.unsent().length, 4)
  assert.equal(one.store.settled(audit).length, 1)
})

test('words that were changed while settling credit nobody but their writer', async () => {
  const service = aService()
  const [amina, ben] = [service.server.addPerson('Amina'), service.server.addPerson('Ben')]
  const [one, other] = [await aPhone(service, amina), await aPhone(service, ben)]
  const audit = await aSharedAudit(one, other)
  await other.store.record(audit, 'finding.account', account('Cold'))
  for (const phone of [other, one]) await phone.syncs()
  const [cold] = one.store.audit(audit).registers[FINDING]
  await one.store.record(audit, 'finding.account', account('Cold at night'), { of: cold.id })
  assert.equal(one.store.audit(audit).registers[FINDING][0].of, undefined)
})

test('what the author had not on screen is not replaced', async () => {
  const { phone, audit } = await aPhoneOffline()
  await phone.store.record(audit, 'finding.account', account('Warm'))
  await phone.store.record(audit, 'finding.account', account('Written before the other was seen'), { seen: [] })
  assert.equal((await shows(phone, audit, FINDING)).length, 2)
})

test('where it stands is said for each of one’s own values', async () => {
  const { phone, audit } = await aPhoneOffline()
  await phone.store.record(audit, 'finding.account', account('Warm'))
  assert.deepEqual(phone.store.saved(audit, FINDING), { state: 'local', at: '2026-11-23T08:00:00+00:00' })
  assert.equal(phone.store.saved(audit, 'finding/safety-1/rating'), undefined)
  phone.network.down = false
  await phone.syncs()
  assert.equal(phone.store.saved(audit, FINDING).state, 'confirmed')
  await phone.syncs()
  assert.equal(phone.store.saved(audit, FINDING).state, 'confirmed')
})

test('a full device says so, keeps nothing half, and goes on when there is room', async () => {
  const { phone, audit } = await aPhoneOffline()
  const restore = instead(IDBObjectStore, 'put', 2, () => {
    throw new DOMException('no room', 'QuotaExceededError')
  })
  await assert.rejects(phone.store.record(audit, 'finding.account', account('Warm')), {
    name: 'StorageProblem',
    reason: 'full',
  })
  restore()
  assert.deepEqual(await shows(phone, audit, FINDING), [])
  assert.equal(phone.store.unsent().length, 1)

  await phone.store.record(audit, 'finding.account', account('Warm'))
  assert.deepEqual(await shows(phone, audit, FINDING), [saying('Warm')])
})

test('a connection that the browser closed is opened again once; a second failure is said', async () => {
  const { phone, audit } = await aPhoneOffline()
  const lost = () => {
    throw new DOMException('The database connection is closing.', 'InvalidStateError')
  }
  instead(IDBDatabase, 'transaction', 1, lost)
  await phone.store.record(audit, 'finding.account', account('Warm'))
  assert.deepEqual(await shows(phone, audit, FINDING), [saying('Warm')])

  const restore = instead(IDBDatabase, 'transaction', 2, lost)
  await assert.rejects(phone.store.record(audit, 'finding.account', account('Cold')), {
    name: 'StorageProblem',
    reason: 'closed',
  })
  restore()
  assert.deepEqual(await shows(phone, audit, FINDING), [saying('Warm')])
})

test('a commit that the browser forgot to report is not done twice', async () => {
  const { phone, audit } = await aPhoneOffline()
  instead(IDBDatabase, 'transaction', 1, function (real, given) {
    const transaction = real.apply(this, given)
    const listen = transaction.addEventListener.bind(transaction)
    const failing = []
    const commit = () => {
      Object.defineProperty(transaction, 'error', { value: new DOMException('Connection lost', 'UnknownError') })
      failing.forEach(fail => fail())
    }
    transaction.addEventListener = (type, heard, options) => {
      if (type !== 'complete') failing.push(heard)
      listen(type, type === 'complete' ? commit : heard, options)
    }
    return transaction
  })
  await phone.store
    .record(audit, 'finding.account', account('Once'), { seen: [] })
    .catch(failure => assert.fail(failure))
  assert.equal(phone.store.unsent().length, 2)
  await phone.restart()
  assert.equal(phone.store.unsent().length, 2)
})

test('a device that keeps nothing says so at the door', async () => {
  const restore = instead(IDBFactory, 'open', 2, () => {
    throw new DOMException('not here', 'SecurityError')
  })
  await assert.rejects(openDevice({ name: 'private' }), { name: 'StorageProblem', reason: 'private' })
  restore()
})

test('an old tab gives way to a newer version, and says that it is closed', async () => {
  const { phone, audit } = await aPhoneOffline()
  let closed = false
  phone.store.addEventListener('closed', () => {
    closed = true
  })
  const { handle } = phone.device.current
  await new Promise((resolve, reject) => {
    const request = indexedDB.open(`${phone.name}-${handle}`, 3)
    request.onsuccess = () => {
      request.result.close()
      resolve(null)
    }
    request.onerror = reject
  })
  assert.equal(closed, true)
  await assert.rejects(phone.store.record(audit, 'finding.account', account('Late')), { reason: 'closed' })
})

test('another tab sees what was recorded here, and records over it', async () => {
  const { phone, audit } = await aPhoneOffline()
  const [here, there] = [{ heard: [] }, { heard: [] }].map(({ heard }) => ({
    heard,
    postMessage: data => heard.push(data),
    close() {},
  }))
  const { handle, person } = phone.device.current
  const second = await openStore({ handle, person, device: phone.device, channel: there })
  await second.loadAudit(audit)
  const first = await openStore({ handle, person, device: phone.device, channel: here })
  await first.record(audit, 'finding.account', account('Here'))

  const heard = new Promise(resolve => second.addEventListener('change', resolve, { once: true }))
  await there.onmessage({ data: here.heard.at(-1) })
  await heard
  assert.equal(second.audit(audit).registers[FINDING][0].value.shows, 'Here')
  await second.record(audit, 'finding.account', account('There'))
  await first.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 1 })
  await first.loadAudit(audit)
  assert.equal(first.audit(audit).registers[FINDING][0].value.shows, 'There')
})

test('signing out leaves nothing readable but what is unsent, which the same person finds again', async () => {
  const service = aService()
  const amina = service.server.addPerson('Amina')
  const phone = await aPhone(service, amina)
  const audit = await anAudit(phone)
  await phone.store.record(audit, 'finding.account', account('Sent and safe'))
  await phone.syncs()
  await phone.syncs()
  phone.network.down = true
  await phone.store.record(audit, 'finding.account', account('Still unsent'))
  assert.match(await allText(phone), /Sent and safe/)

  await phone.signOut()
  const left = await allText(phone)
  for (const word of ['Sent and safe', 'Rowan ward', 'ten-minute-look', 'Amina', 'example.org'])
    assert.ok(!left.includes(word), word)
  assert.match(left, /Still unsent/)
  assert.equal(phone.device.current, null)

  phone.network.down = false
  await phone.signIn(amina)
  assert.equal(phone.store.unsent().length, 1)
  await phone.syncs()
  await phone.syncs()
  assert.deepEqual(phone.store.unsent(), [])
  assert.deepEqual(await shows(phone, audit, FINDING), [saying('Still unsent')])
})

test('a reply that is kept is there after a restart, with when it came, and gone after signing out', async () => {
  const service = aService()
  const mona = service.server.addPerson('Mona')
  const phone = await aPhone(service, mona)
  assert.equal(await phone.store.reply('dashboard'), null)
  await phone.store.keepReply('dashboard', { sites: [{ name: 'Elm ward' }] })
  await phone.restart()
  phone.network.down = true
  const kept = await phone.store.reply('dashboard')
  assert.deepEqual(kept.body, { sites: [{ name: 'Elm ward' }] })
  assert.equal(typeof kept.at, 'number')

  await phone.signOut()
  assert.ok(!(await allText(phone)).includes('Elm ward'))
  phone.network.down = false
  await phone.signIn(mona)
  assert.equal(await phone.store.reply('dashboard'), null)
})

test('who joins where somebody else is signed in leaves nothing of theirs readable but what is unsent', async () => {
  const service = aService()
  const phone = await aPhone(service, service.server.addPerson('Amina'))
  const audit = await anAudit(phone)
  await phone.store.record(audit, 'finding.account', account('Sent and safe'))
  await phone.syncs()
  await phone.syncs()
  await phone.store.record(audit, 'finding.account', account('Still unsent'))

  await phone.signIn(service.server.addPerson('Ben'))
  const left = await allText(phone)
  for (const word of ['Sent and safe', 'Rowan ward', 'Amina']) assert.ok(!left.includes(word), word)
  assert.match(left, /Still unsent/)
})

test('two people on one phone never see each other’s work', async () => {
  const { service, phone, audit } = await aPhoneOffline()
  await phone.store.record(audit, 'finding.account', account('Amina’s'))
  await phone.signOut()
  phone.network.down = false
  await phone.signIn(service.server.addPerson('Ben'))

  assert.deepEqual(phone.store.unsent(), [])
  assert.equal(await phone.store.loadAudit(audit), null)
  assert.deepEqual(phone.store.audits(), [])
  assert.equal(phone.device.people.length, 2)
  assert.deepEqual(phone.device.people[0].person, { id: phone.device.people[0].person.id })
})

test('the rescue file holds all that is unsent, by stream, and nothing that is safe', async () => {
  const { phone, audit, amina } = await aPhoneOffline()
  await phone.store.record(audit, 'finding.account', account('Warm'))
  const file = phone.store.rescue()
  assert.equal(file.person.id, amina.id)
  assert.deepEqual(
    file.streams.map(({ stream, operations }) => [stream, operations.map(({ kind }) => kind)]),
    [[audit, ['audit.open', 'finding.account']]]
  )
  phone.network.down = false
  await phone.syncs()
  assert.deepEqual(phone.store.rescue().streams, [])
})
