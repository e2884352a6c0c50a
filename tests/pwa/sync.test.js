// Handing in and fetching, against a server that keeps the rules and a network that does not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problem } from './model-server.js'
import {
  FINDING,
  aPhone,
  aService,
  aSharedAudit,
  account,
  anAudit,
  copyDatabases,
  putBack,
  rest,
  saying,
  shows,
} from './scene.js'

/** Amina and Ben, each with a phone, and an audit on both. */
const twoPhones = async () => {
  const service = aService()
  const [amina, ben] = [service.server.addPerson('Amina'), service.server.addPerson('Ben')]
  const [one, other] = [await aPhone(service, amina), await aPhone(service, ben)]
  const audit = await aSharedAudit(one, other)
  return { service, server: service.server, clock: service.clock, amina, ben, one, other, audit }
}

test('what was done offline is on the server and on another phone after each has synced', async () => {
  const service = aService()
  const [one, other] = [
    await aPhone(service, service.server.addPerson('Amina')),
    await aPhone(service, service.server.addPerson('Ben')),
  ]
  const audit = await anAudit(one)
  await one.store.record(audit, 'finding.account', account('The door is open'))

  assert.equal(await one.syncs(), null)
  assert.equal(await other.syncs(), null)

  assert.deepEqual(one.store.unsent(), [])
  assert.deepEqual(await shows(other, audit, FINDING), [saying('The door is open')])
  assert.deepEqual(service.server.numbers(audit), [1, 2])
})

for (const fate of ['lost', 'unheard', 'cut', 'captive', 'twice']) {
  test(`a reply that is ${fate} loses nothing and doubles nothing`, async () => {
    const service = aService()
    const fates = []
    const phone = await aPhone(service, service.server.addPerson('Amina'), {
      fate: path => (path === '/api/operations' ? fates.shift() : null),
    })
    const audit = await anAudit(phone)
    await phone.store.record(audit, 'finding.account', account('Said once'))

    fates.push(fate)
    const problem = await phone.syncs()
    const expected = { lost: 'offline', unheard: 'offline', cut: 'captive', captive: 'captive', twice: null }[fate]
    assert.equal(problem, expected)
    assert.equal(phone.store.unsent().length, expected ? 2 : 0)

    assert.equal(await phone.syncs(), null)
    assert.deepEqual(phone.store.unsent(), [])
    assert.deepEqual(service.server.numbers(audit), [1, 2])
    assert.deepEqual(await shows(phone, audit, FINDING), [saying('Said once')])
  })
}

test('what somebody replaced does not come back when the reply to it was lost', async () => {
  const { service, one, other, audit } = await twoPhones()
  await one.store.record(audit, 'finding.account', account('First'))
  one.network.down = true
  const send = service.server.answer.bind(service.server)
  service.server.answer = async (jar, path, init) => {
    const response = await send(jar, path, init)
    if (path === '/api/operations') throw new TypeError('reset')
    return response
  }
  one.network.down = false
  await one.syncs()
  service.server.answer = send
  await other.syncs()
  await other.store.record(audit, 'finding.account', account('Second, having read the first'))
  await other.syncs()

  await one.sync.fetchAudit(audit)
  assert.deepEqual(
    await shows(one, audit, FINDING),
    [saying('First')],
    'in flight: nobody knows, so nothing is fetched'
  )

  await one.syncs()
  assert.deepEqual(await shows(one, audit, FINDING), [saying('Second, having read the first')])
})

test('a snapshot is not kept when something went into flight, or another tab went on, meanwhile', async () => {
  const { server, amina, one, other, audit } = await twoPhones()
  await other.store.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 1 })
  await other.syncs()
  const { fence } = one.store.standing(audit)
  const snapshot = await (await server.audit(server.disk.people.get(amina.id), audit, fence)).json()
  await one.store.record(audit, 'finding.account', account('In flight'))
  await one.store.depart(audit, 50, 1000)

  assert.equal(await one.store.takeSnapshot(snapshot, fence), 'not now')
  await one.syncs()
  assert.equal(await one.store.takeSnapshot(snapshot, fence), 'not now')
  assert.deepEqual(await shows(one, audit, FINDING), [saying('In flight')])
})

test('an operation is never rewritten once it has been marked in flight', async () => {
  const { server, one, audit } = await twoPhones()
  await one.store.record(audit, 'finding.account', account('First'))
  one.network.down = true
  server.sick = path => (path.pathname === '/api/home' ? null : problem(500, 'x'))
  one.network.down = false
  await one.syncs()
  assert.equal(one.store.unsent()[0].state, 'sent')

  await one.store.record(audit, 'finding.account', account('Second'))
  assert.equal(one.store.unsent().length, 2)
  server.sick = null
  await one.syncs()

  assert.deepEqual(await shows(one, audit, FINDING), [saying('Second')])
  assert.equal(server.numbers(audit).length, 3)
})

test('a batch that cannot be read is halved until the one at fault is parked, and the rest goes on', async () => {
  const { server, one, other, audit } = await twoPhones()
  await one.store.record(audit, 'finding.account', account('Good'))
  await one.syncs()
  const bad = await one.store.record(audit, 'finding.account', account('Bad\u0000'))
  for (let n = 1; n <= 20; n += 1) {
    await one.store.record(audit, 'answer.rate', { contributor: audit, criterion: `safety-${n}`, rating: 2 })
  }
  await one.syncs()

  assert.deepEqual(
    one.store.unsent().map(({ id, state, problem }) => [id, state, problem.type]),
    [[bad.id, 'parked', '/problems/malformed']]
  )
  assert.equal(server.numbers(audit).length, 22)
  assert.deepEqual(await shows(one, audit, FINDING), [saying('Good')])

  await one.store.dismiss(bad.id)
  assert.deepEqual(one.store.unsent(), [])
  assert.equal(one.store.dismissed()[0].payload.shows, 'Bad\u0000', 'what was said stays readable')
  await other.syncs()
  assert.deepEqual(await shows(other, audit, FINDING), [saying('Good')])
})

test('who had seen a parked operation replaces what it was meant to replace', async () => {
  const { one, other, audit } = await twoPhones()
  await one.store.record(audit, 'finding.account', account('Before'))
  await one.syncs()
  await one.store.record(audit, 'finding.account', account('Bad\u0000'))
  await one.store.depart(audit, 1, 1)
  await one.store.record(audit, 'finding.account', account('After'))
  await one.syncs()
  await other.syncs()

  assert.deepEqual(await shows(one, audit, FINDING), [saying('After')])
  assert.deepEqual(await shows(other, audit, FINDING), [saying('After')])
})

test('a refused operation stays with its reason, and is not shown as the value', async () => {
  const { one, audit } = await twoPhones()
  await one.store.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 2 })
  await one.syncs()
  await one.store.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 9 })
  await one.syncs()

  const [refused] = one.store.unsent()
  assert.equal(refused.state, 'refused')
  assert.equal(refused.problem.title, 'refused')
  assert.deepEqual(await shows(one, audit, 'finding/safety-1/rating'), [{ rating: 2 }])
})

test('kept work is shown as unsent until it is admitted', async () => {
  const { server, one, other, audit } = await twoPhones()
  await one.store.record(audit, 'finding.account', account('Too late'))
  server.seal(audit)
  await one.syncs()
  const [kept] = one.store.unsent()
  assert.equal(kept.state, 'kept')
  assert.deepEqual(await shows(one, audit, FINDING), [])

  server.disk.streams.get(audit).sealed = false
  await other.sync.perform(audit, 'operation.admit', { operation: kept.id })
  await one.syncs()

  assert.deepEqual(one.store.unsent(), [])
  assert.deepEqual(await shows(one, audit, FINDING), [saying('Too late')])
})

test('a server put back to its backup is given again what it had confirmed', async () => {
  const { server, one, other, audit } = await twoPhones()
  const backup = server.backup()
  await one.store.record(audit, 'finding.account', account('Confirmed, then lost by the server'))
  await one.syncs()
  server.restore(backup)

  await one.store.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 1 })
  assert.equal(await one.syncs(), null)
  await other.syncs()

  assert.deepEqual(await shows(one, audit, FINDING), [saying('Confirmed, then lost by the server')])
  assert.deepEqual(await shows(other, audit, FINDING), [saying('Confirmed, then lost by the server')])
  assert.deepEqual(server.numbers(audit), [1, 2, 3])
})

test('a restored server is noticed by looking alone, and after it has grown beyond where it was', async () => {
  const { server, one, other, audit } = await twoPhones()
  const backup = server.backup()
  await one.store.record(audit, 'finding.account', account('Mine'))
  await one.syncs()
  server.restore(backup)
  for (let n = 1; n <= 5; n += 1)
    await other.store.record(audit, 'finding.agree', { criterion: `safety-${n}`, rating: 1 })
  await other.syncs()

  await one.syncs()
  await other.syncs()

  assert.deepEqual(await shows(one, audit, FINDING), [saying('Mine')])
  assert.deepEqual(await shows(other, audit, FINDING), [saying('Mine')])
})

test('confirmed work whose reply was the last thing heard survives a restore that outgrew it', async () => {
  const { server, one, other, audit } = await twoPhones()
  const backup = server.backup()
  await other.store.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 1 })
  await other.syncs()
  await one.store.record(audit, 'finding.account', account('Mine'))
  server.sick = (url, method) =>
    method === 'GET' && url.pathname.startsWith('/api/audits/') ? problem(500, 'x') : null
  await one.syncs()
  server.sick = null
  server.restore(backup)
  for (let n = 1; n <= 5; n += 1)
    await other.store.record(audit, 'finding.agree', { criterion: `safety-${n}`, rating: 1 })
  await other.syncs()
  server.backup()

  await one.syncs()
  await other.syncs()

  assert.deepEqual(await shows(one, audit, FINDING), [saying('Mine')])
  assert.deepEqual(await shows(other, audit, FINDING), [saying('Mine')])
})

test('a ledger that goes back a fourth time in an hour is left alone, and it is said', async () => {
  const { server, clock, one, audit } = await twoPhones()
  const backup = server.backup()
  for (let n = 1; n <= 4; n += 1) {
    await one.store.record(audit, 'finding.account', account(`Round ${n}`))
    if (n < 4) assert.equal(await one.syncs(), null)
    server.restore(backup)
  }
  await one.store.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 1 })
  const before = one.store.unsent().length
  server.disk.streams.get(audit).epoch = 'another'
  await one.syncs()
  server.disk.streams.get(audit).epoch = 'yet-another'
  assert.equal(await one.syncs(), 'diverging')
  assert.ok(before > 0)

  clock.skip(3_600_000)
  assert.equal(await one.syncs(), null)
  assert.deepEqual(await shows(one, audit, FINDING), [saying('Round 4')])
})

test('own work stays on the device until a snapshot has it and the server has backed it up', async () => {
  const { server, one, audit } = await twoPhones()
  await one.store.record(audit, 'finding.account', account('Precious'))
  await one.syncs()
  const retained = async () => (await copyDatabases(one.name)).flatMap(({ content }) => content.outbox ?? []).length
  const before = await retained()
  assert.ok(before > 0)

  server.backup()
  await one.syncs()
  assert.ok((await retained()) > 0, 'no snapshot has it yet')
  await one.syncs()
  await one.store.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 1 })
  await one.syncs()

  assert.deepEqual(await shows(one, audit, FINDING), [saying('Precious')])
})

test('own writes alone do not make a phone fetch the snapshot again', async () => {
  const { server, one, audit } = await twoPhones()
  server.requests.length = 0
  for (let n = 1; n <= 3; n += 1) {
    await one.store.record(audit, 'finding.agree', { criterion: `safety-${n}`, rating: 1 })
    await one.syncs()
  }
  assert.equal(server.requests.filter(({ path }) => path === `/api/audits/${audit}`).length, 0)
  assert.equal(one.store.saved(audit, 'finding/safety-3/rating').state, 'confirmed')
})

test('a session that ended pauses everything, and the same person goes on', async () => {
  const { server, amina, ben, one, audit } = await twoPhones()
  await one.store.record(audit, 'finding.account', account('Waiting'))
  server.disk.sessions.clear()

  assert.equal(await one.syncs(), 'sign-in')
  assert.equal(one.store.unsent().length, 1)
  await assert.rejects(one.signIn(ben, amina.id), { type: '/problems/another-person' })
  await one.signIn(amina, amina.id)
  assert.equal(await one.syncs(), null)
  assert.deepEqual(one.store.unsent(), [])
})

test('work never goes out in the name of somebody else who has signed in meanwhile', async () => {
  const { server, ben, one, audit } = await twoPhones()
  await one.store.record(audit, 'finding.account', account('Amina says'))
  await one.network('/api/session', { method: 'POST', headers: {}, body: JSON.stringify({ email: ben.email }) })

  assert.equal(await one.syncs(), 'sign-in')
  await one.device.signIn(ben)
  await assert.rejects(one.sync.perform(audit, 'operation.admit', { operation: audit }))

  assert.equal(server.numbers(audit).length, 1)
  assert.equal(one.store.unsent().length, 1)
})

test('an audit that is not mine any more is dropped, and my unsent work is kept and sent', async () => {
  const { server, amina, one, audit } = await twoPhones()
  await one.store.record(audit, 'finding.account', account('Still to be heard'))
  server.endRights(amina, { member: false })
  await one.syncs()

  assert.equal(await one.store.loadAudit(audit), null)
  assert.equal(one.store.unsent().length, 1)
  assert.equal(one.store.unsent()[0].state, 'kept')
  assert.equal(server.disk.streams.get(audit).entries.at(-1).verdict, 'kept')
})

test('two phones that differ both show both; one settles, both agree; undone, both show both again', async () => {
  const { one, other, audit, amina, ben } = await twoPhones()
  await one.store.record(audit, 'finding.account', account('Warm'))
  await other.store.record(audit, 'finding.account', account('Cold'))
  for (const phone of [one, other, one]) await phone.syncs()
  for (const phone of [one, other])
    assert.deepEqual(await shows(phone, audit, FINDING), [saying('Cold'), saying('Warm')])

  const cold = one.store.audit(audit).registers[FINDING].find(write => write.value.shows === 'Cold')
  await one.store.record(audit, 'finding.account', account('Cold'), { of: cold.id })
  for (const phone of [one, other]) {
    await phone.syncs()
    assert.deepEqual(await shows(phone, audit, FINDING), [saying('Cold')])
  }
  assert.equal(other.store.audit(audit).registers[FINDING][0].of.author, ben.id)
  const [settled] = one.store.settled(audit)
  assert.equal(settled.before.length, 2)

  await one.store.reopen(audit, FINDING, settled.before)
  assert.deepEqual(one.store.settled(audit), [])
  for (const phone of [one, other]) {
    await phone.syncs()
    assert.deepEqual(await shows(phone, audit, FINDING), [saying('Cold'), saying('Warm')])
  }
  const credited = other.store
    .audit(audit)
    .registers[FINDING].map(write => [write.value.shows, write.of.author])
    .sort()
  assert.deepEqual(credited, [
    ['Cold', ben.id],
    ['Warm', amina.id],
  ])
})

test('equal words written unseen are agreement, not a difference', async () => {
  const { one, other, audit } = await twoPhones()
  await one.store.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 2 })
  await other.store.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 2 })
  for (const phone of [one, other, one]) await phone.syncs()

  const { differences, finding } = await import('../../static/pwa/store/reading.js')
  assert.deepEqual(differences(one.store.audit(audit).registers), [])
  assert.equal(finding(one.store.audit(audit).registers, 'safety-1').agreed, true)
})

test('an online operation whose reply is lost is done once', async () => {
  const service = aService()
  const fates = []
  const phone = await aPhone(service, service.server.addPerson('Amina'), {
    fate: path => (path === '/api/operations' ? fates.shift() : null),
  })
  fates.push('unheard', 'lost')
  const outcome = await service.clock.until(phone.sync.perform('organisation-1', 'site.add', { name: 'Birch ward' }))
  assert.equal(outcome.verdict, 'applied')

  fates.push('unheard', 'unheard', 'unheard')
  const again = phone.sync.perform('organisation-1', 'grant.give', { role: 'lead' })
  await assert.rejects(service.clock.until(again), { name: 'Offline', detail: /may have been done, or not/ })
  await phone.restart()
  await service.clock.until(phone.sync.perform('organisation-1', 'grant.give', { role: 'lead' }))
  assert.deepEqual(service.server.numbers('organisation-1'), [1, 2])
})

test('what was done online is done again after a restore, when its author’s device lives', async () => {
  const service = aService()
  const phone = await aPhone(service, service.server.addPerson('Amina'))
  const backup = service.server.backup()
  await phone.sync.perform('organisation-1', 'site.add', { name: 'Birch ward' })
  await phone.syncs()
  const older = structuredClone(backup)
  await phone.sync.perform('organisation-1', 'grant.give', { role: 'lead' })
  const [entry] = service.server.disk.streams.get('organisation-1').entries
  older.streams.set('organisation-1', { ...service.server.disk.streams.get('organisation-1'), entries: [entry] })
  service.server.restore(older)

  assert.equal(await phone.syncs(), null)
  assert.deepEqual(service.server.numbers('organisation-1'), [1, 2])

  service.server.backup()
  await phone.syncs()
  await phone.syncs()
  const left = (await copyDatabases(phone.name)).flatMap(({ content }) => content.outbox ?? [])
  assert.deepEqual(left, [], 'backed up: the device lets go of it')
})

test('an online operation that is refused says why, and leaves nothing waiting', async () => {
  const service = aService()
  const phone = await aPhone(service, service.server.addPerson('Amina'))
  await assert.rejects(phone.sync.perform('organisation-1', 'site.add', { name: 'refuse me' }), {
    name: 'Problem',
    title: 'refused',
  })
  assert.deepEqual(phone.store.unsent(), [])
})

test('six identical requests within ten seconds are one too many: it stops and says so', async () => {
  const service = aService()
  const phone = await aPhone(service, service.server.addPerson('Amina'))
  phone.network.down = true
  for (let n = 1; n <= 5; n += 1) await phone.sync.fetchJSON('/api/dashboard').catch(() => {})
  await assert.rejects(phone.sync.fetchJSON('/api/dashboard'), { name: 'Repeating' })

  phone.network.down = false
  const answer = service.server.push
  service.server.push = (person, push) => {
    // it answers, and never says what became of anything
    const response = answer.call(service.server, person, push)
    return response.status === 200 ? answer.call(service.server, person, { ...push, operations: [] }) : response
  }
  service.clock.skip(20_000)
  await anAudit(phone)
  assert.equal(await phone.syncs(), 'repeating')
  const asked = service.server.requests.length
  await service.clock.pass(600_000)
  assert.equal(service.server.requests.length, asked, 'stopped')

  service.server.push = answer
  assert.equal(await phone.syncs(), null, 'a tap tries again')
})

test('it syncs by itself: at the start, after a write, every thirty seconds, and when seen again', async () => {
  const service = aService()
  const phone = await aPhone(service, service.server.addPerson('Amina'))
  const homes = () => service.server.requests.filter(({ path }) => path === '/api/home').length
  phone.sync.start()
  await service.clock.pass(100)
  assert.equal(homes(), 1)

  await anAudit(phone)
  await service.clock.pass(2_500)
  assert.deepEqual(phone.store.unsent(), [])
  const before = homes()
  await service.clock.pass(61_000)
  assert.equal(homes(), before + 2)

  phone.visible = false
  await service.clock.pass(300_000)
  assert.ok(homes() <= before + 3)
  const hidden = homes()
  phone.visible = true
  phone.wake()
  await service.clock.pass(100)
  assert.equal(homes(), hidden + 1)
  phone.sync.stop()
})

test('on a slow network, what wakes it or is written while it syncs does not end its syncing by itself', async () => {
  const service = aService()
  const phone = await aPhone(service, service.server.addPerson('Amina'))
  const answer = service.server.answer.bind(service.server)
  service.server.answer = async (...asked) => {
    await new Promise(done => service.clock.setTimeout(done, 5_000))
    return answer(...asked)
  }
  phone.sync.start()
  const audit = await anAudit(phone)
  await service.clock.pass(4_000)
  phone.wake()
  await service.clock.pass(60_000)
  assert.deepEqual(service.server.numbers(audit), [1])

  await phone.store.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 1 })
  await service.clock.pass(60_000)
  assert.deepEqual(phone.store.unsent(), [])
  const before = service.server.requests.length
  await service.clock.pass(60_000)
  assert.ok(service.server.requests.length > before, 'it goes on looking for news')
  phone.sync.stop()
})

test('when the server comes back a phone in the hand sends everything without a tap within half a minute', async () => {
  const service = aService()
  const phone = await aPhone(service, service.server.addPerson('Amina'), { random: () => 0.99 })
  phone.network.down = true
  phone.sync.start()
  const audit = await anAudit(phone)
  await service.clock.pass(3_600_000)
  assert.equal(phone.sync.state.problem, 'offline')
  assert.ok(phone.sync.state.retryAt > service.clock.now())
  assert.ok(phone.sync.state.retryAt - service.clock.now() <= 30_000)

  phone.network.down = false
  await service.clock.pass(30_000)
  assert.equal(phone.sync.state.problem, null)
  assert.deepEqual(service.server.numbers(audit), [1])
  phone.sync.stop()
})

test('told to wait, it waits as told', async () => {
  const service = aService()
  const phone = await aPhone(service, service.server.addPerson('Amina'))
  for (const [status, name, said] of [
    [429, 'slow-down', 'slow-down'],
    [503, 'unavailable', 'unavailable'],
    [507, 'storage-full', 'storage-full'],
  ]) {
    service.server.sick = () => problem(status, name, { 'Retry-After': '77' })
    assert.equal(await phone.syncs(), said)
    assert.equal(phone.sync.state.retryAt - service.clock.now(), 77_000)
  }
})

test('an old app may not read any more, and still hands in', async () => {
  const { server, one, audit } = await twoPhones()
  await one.store.record(audit, 'finding.account', account('From an old app'))
  server.sick = (url, method) => (method === 'GET' ? problem(426, 'update-required') : null)
  assert.equal(await one.syncs(), 'update')
  assert.deepEqual(one.store.unsent(), [])
})

test('no answer within thirty seconds halves the batch', async () => {
  const { service, server, clock, one, audit } = await twoPhones()
  for (let n = 1; n <= 8; n += 1)
    await one.store.record(audit, 'finding.agree', { criterion: `safety-${n}`, rating: 1 })
  const answer = server.answer.bind(server)
  const sizes = []
  server.answer = (jar, path, init) => {
    if (path !== '/api/operations' || sizes.length >= 2) return answer(jar, path, init)
    sizes.push(path)
    return new Promise((_, reject) => {
      init.signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    })
  }
  clock.skip(3_000)
  await clock.until(one.sync.now())
  assert.equal(one.sync.state.problem, 'offline')
  await clock.until(one.sync.now())
  server.answer = answer
  await one.syncs()
  assert.equal(one.sync.state.problem, null)
  assert.equal(server.numbers(audit).length, 9)
  assert.ok(service)
})

test('a whole ward offline for days goes out in few requests, gzipped', async () => {
  const { server, one, audit } = await twoPhones()
  for (let n = 0; n < 500; n += 1) {
    await one.store.record(audit, 'answer.comment', {
      contributor: audit,
      criterion: `belonging-${n}`,
      text: `What we saw, number ${n}, at the door and in the day room`,
    })
  }
  server.requests.length = 0
  await one.syncs()
  const pushes = server.requests.filter(({ method }) => method === 'POST')
  assert.equal(server.numbers(audit).length, 501)
  assert.ok(pushes.length <= 5, `${pushes.length} requests`)
  const each = pushes.reduce((sum, { bytes }) => sum + bytes, 0) / 500
  console.log(`# ${pushes.length} requests, ${each.toFixed(1)} bytes an operation`)
})

test('the whole audit, and a new one, work offline: snapshots and checklists are fetched ahead', async () => {
  const { one, other, audit } = await twoPhones()
  await other.restart()
  other.network.down = true
  const there = await other.store.loadAudit(audit)
  assert.equal(there.edition.principles.length, 2)
  assert.equal(there.siteOf.name, 'Rowan ward')
  const fresh = await anAudit(other)
  assert.equal((await other.store.loadAudit(fresh)).edition.principles.length, 2)
  assert.deepEqual(
    other.store
      .audits()
      .map(({ id, local = false }) => [id, local])
      .sort(),
    [
      [audit, false],
      [fresh, true],
    ].sort()
  )
  assert.ok(one)
})

test('one hands in one’s own rescue file on a new phone, and somebody else’s in their name', async () => {
  const { service, server, clock, amina, ben, one, other, audit } = await twoPhones()
  await one.store.record(audit, 'finding.account', account('Rescued'))
  const file = JSON.parse(JSON.stringify(one.store.rescue()))

  const { outcomes } = await other.sync.handIn(file)
  assert.deepEqual(
    outcomes.map(({ stream, verdict }) => [stream, verdict]),
    [[audit, 'kept']]
  )
  assert.equal(server.disk.streams.get(audit).entries.at(-1).author, amina.id)

  await other.store.record(audit, 'finding.account', account('Ben’s own'))
  const own = JSON.parse(JSON.stringify(other.store.rescue()))
  const third = await aPhone(service, ben)
  assert.equal((await third.sync.handIn(own)).queued, 1)
  assert.equal((await third.sync.handIn(own)).queued, 0)
  await third.syncs()
  await other.syncs()
  assert.deepEqual(
    server.live(audit)[FINDING].map(write => write.value.shows),
    ['Ben’s own']
  )
  for (const lie of [
    null,
    {},
    { milieu: 'rescue', v: 1 },
    { ...file, streams: [{ stream: audit, operations: [{ id: 'x' }] }] },
  ]) {
    await assert.rejects(other.sync.handIn(lie), { type: '/problems/not-a-rescue-file' })
  }
  assert.ok(clock)
})

test('a phone put back to an old backup of itself, and a cloned one, bring nothing to harm', async () => {
  const { service, server, amina, one, other, audit } = await twoPhones()
  await one.store.record(audit, 'finding.account', account('First'))
  const copy = await copyDatabases(one.name)
  await one.syncs()
  await other.syncs()
  await other.store.record(audit, 'finding.account', account('Second'))
  await other.syncs()

  one.store.close()
  one.device.close()
  await putBack(copy)
  await one.switchOn()
  await one.syncs()
  assert.deepEqual(await shows(one, audit, FINDING), [saying('Second')])
  assert.equal(server.numbers(audit).length, 3)
  assert.ok(service && amina)
})

test('signed out without a network, the session is ended before anything else once there is one', async () => {
  const { server, amina, one } = await twoPhones()
  one.network.down = true
  await one.signOut()
  assert.equal(await one.syncs(), 'offline')
  assert.equal(one.device.endSessionOwed, true)

  one.network.down = false
  server.requests.length = 0
  assert.equal(await one.syncs(), null)
  assert.deepEqual(
    server.requests.map(({ method, path }) => `${method} ${path}`),
    ['DELETE /api/session']
  )
  assert.equal(one.device.endSessionOwed, false)
  await one.signIn(amina)
  assert.equal(await one.syncs(), null)
})

test('two tabs of one phone, syncing at once without a lock, hand in everything once', async () => {
  const { server, one, audit } = await twoPhones()
  const { openStore } = await import('../../static/pwa/store/store.js')
  const { Sync } = await import('../../static/pwa/sync/sync.js')
  const { handle, person } = one.device.current
  const second = await openStore({ handle, person, device: one.device, now: one.clock.now, channel: null })
  const twin = new Sync({
    store: second,
    device: one.device,
    fetch: one.network,
    now: one.clock.now,
    locks: null,
    timers: one.clock,
  })
  for (let n = 1; n <= 5; n += 1) {
    await one.store.record(audit, 'finding.agree', { criterion: `safety-${n}`, rating: 1 })
    await second.record(audit, 'finding.agree', { criterion: `safety-${n}`, rating: 2 })
  }
  one.clock.skip(3_000)
  await Promise.all([one.sync.now(), twin.now()])
  await rest()

  assert.equal(server.numbers(audit).length, 6, 'rewritten in place, across tabs')
  assert.deepEqual(
    server.live(audit)['finding/safety-1/rating'].map(write => write.value),
    [{ rating: 2 }]
  )
  await one.store.refresh()
  assert.deepEqual(one.store.unsent(), [])
})

test('an audit opened after the last backup comes back whole', async () => {
  const { server, one, other, audit } = await twoPhones()
  const backup = server.backup()
  backup.streams.delete(audit)
  for (const stream of server.disk.streams.values()) stream.backedUpTo = 0
  await one.store.record(audit, 'finding.account', account('Confirmed'))
  await one.syncs()
  await other.store.record(audit, 'finding.agree', { criterion: 'safety-1', rating: 1 })
  await other.syncs()
  server.restore(backup)

  for (let turn = 0; turn < 4; turn += 1) {
    await one.syncs()
    await other.syncs()
  }

  assert.deepEqual(server.numbers(audit), [1, 2, 3])
})

test('a corrected word reaches a phone that holds the checklist already, when it starts again', async () => {
  const { server, one, audit } = await twoPhones()
  assert.equal((await one.store.loadAudit(audit)).edition.words.recipient, 'patient')
  server.words = { recipient: 'person' }

  await one.restart()
  await one.syncs()

  assert.equal((await one.store.loadAudit(audit)).edition.words.recipient, 'person')
})

test('an audit opened after the last backup comes back from a phone that was started anew meanwhile', async () => {
  const service = aService()
  const one = await aPhone(service, service.server.addPerson('Amina'))
  const backup = service.server.backup()
  const audit = await anAudit(one)
  await one.syncs()
  await one.syncs()
  service.server.restore(backup)
  await one.restart()

  for (let turn = 0; turn < 3; turn += 1) await one.syncs()

  assert.deepEqual(service.server.numbers(audit), [1])
})

test('an audit opened after the last backup, heard to be taken and never fetched, comes back too', async () => {
  const { server, one } = await twoPhones()
  const backup = server.backup()
  const audit = await one.store.openAudit({
    site: 'site-1',
    checklist: 'ten-minute-look',
    edition: 1,
    track: 'development',
  })
  server.sick = (url, method) =>
    method === 'GET' && url.pathname.startsWith('/api/audits/') ? problem(500, 'x') : null
  await one.syncs()
  server.sick = null
  server.restore(backup)

  for (let turn = 0; turn < 3; turn += 1) await one.syncs()

  assert.deepEqual(server.numbers(audit), [1])
})

test('an audit that a restore took away between a look at home and a push comes back too', async () => {
  const service = aService()
  const one = await aPhone(service, service.server.addPerson('Amina'))
  const backup = service.server.backup()
  const audit = await anAudit(one)
  await one.syncs()
  await one.syncs()
  await one.store.record(audit, 'finding.account', account('Said before it was known'))
  service.server.sick = (url, method) => {
    if (method !== 'POST') return null
    service.server.sick = null
    service.server.restore(backup)
    return null
  }

  for (let turn = 0; turn < 5; turn += 1) {
    one.clock.skip(3_600_000)
    await one.syncs()
  }

  assert.deepEqual(service.server.numbers(audit), [1, 2])
})

test('a right that ends between a restore and the next look loses nothing: it is handed in again, and kept', async () => {
  const { server, ben, other, audit } = await twoPhones()
  const backup = server.backup()
  for (const stream of server.disk.streams.values()) stream.backedUpTo = 0
  await other.store.record(audit, 'finding.account', account('Said while it was allowed'))
  await other.syncs()
  server.restore(backup)
  server.endRights(ben, { member: false })

  await other.syncs()

  assert.equal(await other.store.loadAudit(audit), null)
  assert.deepEqual(server.numbers(audit), [1, 2])
  assert.equal(server.disk.streams.get(audit).entries.at(-1).verdict, 'kept')
})
