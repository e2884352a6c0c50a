// Several phones, a bad network, restarts and restores at random: what must always hold, holds.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonical } from '../../static/pwa/lib/canonical.js'
import { effects } from '../../static/pwa/store/effects.js'
import { forgetEverything } from './indexeddb.js'
import { aPhone, aService, anAudit } from './scene.js'

const RUNS = Number(process.env.CONVERGENCE_RUNS ?? 300)
const FIRST = Number(process.env.CONVERGENCE_SEED ?? 1)
const SECONDS = Number(process.env.CONVERGENCE_SECONDS ?? 25)
const AT_LEAST = 60
const STEPS = 45
const TEXTS = ['warm', 'cold', ' warm ', 'busy']
const CRITERIA = ['belonging-1', 'safety-1']
const FATES = ['lost', 'unheard', 'cut', 'captive', 'twice', 'late']

/** Mulberry32: chance that can be repeated. @param {number} seed */
const chance = seed => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}

class Run {
  constructor(seed) {
    this.random = chance(seed)
    // nothing refused, kept, parked or restored: then what is gone never comes back at all
    this.isGentle = seed % 3 === 0
    this.faults = 0.35
    this.said = new Map() // id → what its author last said under it
    this.last = new Map() // phone and register → the id of the last write made there
    this.shown = new Map() // phone and register → ids shown before
    this.log = []
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)]
  }

  async begin() {
    forgetEverything()
    this.service = aService()
    const { server } = this.service
    const [amina, ben] = [server.addPerson('Amina'), server.addPerson('Ben')]
    this.ben = ben
    const fate = () => (this.random() < this.faults ? this.pick(FATES) : null)
    this.faults = 0
    this.phones = []
    for (const [person, slow] of [
      [amina, 0],
      [amina, 86_400_000 * 400],
      [ben, -86_400_000 * 3650],
    ]) {
      this.phones.push(
        await aPhone(this.service, person, { fate, random: this.random, slow, name: `p${this.phones.length}` })
      )
    }
    this.audit = await anAudit(this.phones[0])
    for (const phone of [...this.phones, ...this.phones]) await phone.syncs()
    for (const phone of this.phones) await phone.store.loadAudit(this.audit)
    this.backup = server.backup()
    this.faults = 0.35
  }

  async step() {
    const phone = this.pick(this.phones)
    const dice = this.random()
    if (dice < 0.45) await this.record(phone)
    else if (dice < 0.8) await this.sync(phone)
    else if (dice < 0.86) await this.restart(phone)
    else if (dice < 0.9) await this.deliverLate(phone)
    else if (dice < 0.94) await this.undo(phone)
    else if (!this.isGentle && dice < 0.97) this.toServer()
  }

  async record(phone) {
    const [kind, payload] = this.anything(phone)
    const operation = await phone.store.record(this.audit, kind, payload)
    this.log.push(`${phone.name} ${kind} ${operation.id.slice(-4)} ${JSON.stringify(payload)}`)
    this.note(phone, operation)
  }

  note(phone, operation) {
    this.said.set(operation.id, operation)
    for (const register of Object.keys(effects(operation.kind, operation.payload))) {
      this.last.set(`${phone.name} ${register}`, { phone, register, id: operation.id })
    }
  }

  anything(phone) {
    const criterion = this.pick(CRITERIA)
    const contributor = this.audit
    const wrong = !this.isGentle && this.random() < 0.15
    const poison = !this.isGentle && this.random() < 0.05
    const text = this.pick(TEXTS) + (poison ? '\u0000' : '')
    return this.pick([
      ['finding.account', { criterion, shows: text, helps: '', hinders: '' }],
      ['finding.account', { criterion: CRITERIA[0], shows: text, helps: this.pick(TEXTS), hinders: '' }],
      ['finding.agree', { criterion, rating: wrong ? 9 : this.pick([0, 1, 2, 3]) }],
      ['answer.rate', { contributor, criterion, rating: wrong ? 9 : this.pick([0, 1, 2, 3]) }],
      ['contributor.add', { contributor, voice: 'resident', label: text }],
      ['contributor.withdraw', { contributor }],
    ])
  }

  async sync(phone) {
    const problem = await phone.syncs()
    if (problem === 'repeating' || problem === 'diverging') this.service.clock.skip(3_600_000)
    this.log.push(`${phone.name} syncs: ${problem}`)
  }

  async restart(phone) {
    const before = this.view(phone)
    await phone.restart()
    await phone.store.loadAudit(this.audit)
    this.log.push(`${phone.name} restarts`)
    assert.deepEqual(this.view(phone), before, 'durability: what was shown as saved is there after a restart')
  }

  async deliverLate(phone) {
    await phone.network.deliverLate()
    this.log.push(`${phone.name}'s late requests arrive`)
  }

  async undo(phone) {
    const [settled] = phone.store.settled(this.audit)
    if (!settled) return
    const before = new Set(this.rows(phone))
    await phone.store.reopen(this.audit, settled.register, settled.before)
    for (const id of this.rows(phone)) if (!before.has(id)) this.noteById(phone, id, settled.register)
    this.log.push(`${phone.name} undoes ${settled.register}`)
  }

  rows(phone) {
    return phone.store.rescue().streams.flatMap(({ operations }) => operations.map(({ id }) => id))
  }

  noteById(phone, id, register) {
    const operation = phone.store
      .rescue()
      .streams.flatMap(({ operations }) => operations)
      .find(one => one.id === id)
    this.said.set(id, operation)
    this.last.set(`${phone.name} ${register}`, { phone, register, id })
  }

  toServer() {
    const { server, clock } = this.service
    const what = this.pick(['backup', 'restore', 'rights'])
    if (what === 'backup') this.backup = server.backup()
    if (what === 'restore') {
      server.restore(this.backup)
      clock.skip(3_600_000)
    }
    if (what === 'rights') server.disk.people.get(this.ben.id).mayWrite = !server.disk.people.get(this.ben.id).mayWrite
    this.log.push(`server: ${what}`)
  }

  view(phone) {
    const { registers } = phone.store.audit(this.audit)
    const waiting = phone.store.unsent().map(({ id, state }) => `${id} ${state}`)
    return canonical([
      Object.fromEntries(
        Object.entries(registers)
          .map(([name, writes]) => [name, writes.map(({ id, value }) => [id, value]).sort()])
          .filter(([, writes]) => writes.length)
      ),
      waiting,
    ])
  }

  /** All that an operation replaces: what it saw, and through what is not in force, what that saw. */
  replacedBy(id, aside, found = new Set()) {
    for (const seen of this.said.get(id)?.seen ?? []) {
      if (found.has(seen)) continue
      found.add(seen)
      if (aside.has(seen)) this.replacedBy(seen, aside, found)
    }
    return found
  }

  /** Does the chain of who had read whom lead from one to the other? */
  leadsTo(from, to, passed = new Set()) {
    if (from === to) return true
    for (const seen of this.said.get(from)?.seen ?? []) {
      if (!passed.has(seen) && (passed.add(seen), this.leadsTo(seen, to, passed))) return true
    }
    return false
  }

  check() {
    for (const phone of this.phones) {
      const { registers } = phone.store.audit(this.audit)
      const aside = new Set(
        [...phone.store.unsent(), ...phone.store.dismissed()]
          .filter(({ state }) => !['local', 'sent'].includes(state))
          .map(({ id }) => id)
      )
      const diverged = phone.store.standing(this.audit).isDiverged
      for (const [register, writes] of Object.entries(registers)) {
        const ids = writes.map(({ id }) => id)
        assert.equal(new Set(ids).size, ids.length, 'each write shows once')
        for (const id of ids) {
          // (after a restore the old snapshot shows until own work is handed in again, also what gets another verdict
          // now)
          assert.ok(!aside.has(id) || diverged, `what is not in force does not show: ${id}`)
          const replaced = this.replacedBy(id, aside)
          for (const other of ids)
            assert.ok(other === id || !replaced.has(other), `no resurrection: ${other} beside ${id}`)
        }
        if (this.isGentle) this.checkNothingReturns(phone, register, ids)
      }
      for (const { phone: whose, register, id } of this.last.values()) {
        if (whose !== phone || aside.has(id)) continue
        const shown = (registers[register] ?? []).map(write => write.id)
        assert.ok(
          shown.some(one => this.leadsTo(one, id)),
          `read your writes: ${id.slice(-4)} in ${register} on ${phone.name}`
        )
      }
    }
  }

  checkNothingReturns(phone, register, ids) {
    const key = `${phone.name} ${register}`
    const { now = new Set(), gone = new Set() } = this.shown.get(key) ?? {}
    for (const id of ids) assert.ok(!gone.has(id), `gone for good: ${id}`)
    for (const id of now) if (!ids.includes(id)) gone.add(id)
    this.shown.set(key, { now: new Set(ids), gone })
  }

  async end() {
    this.faults = 0
    const { server, clock } = this.service
    server.disk.people.get(this.ben.id).mayWrite = true
    clock.skip(3_600_000)
    for (let round = 0; round < 5; round += 1) for (const phone of this.phones) await phone.syncs()

    const live = canonical(this.idsIn(server.live(this.audit)))
    const { entries } = server.disk.streams.get(this.audit)
    const ledger = new Map(entries.map(({ operation }) => [operation.id, operation]))
    assert.deepEqual(
      server.numbers(this.audit),
      entries.map((_, place) => place + 1),
      'gapless'
    )
    assert.equal(ledger.size, entries.length, 'each operation once')
    for (const phone of this.phones) {
      assert.equal(phone.sync.state.problem, null)
      const waiting = phone.store.unsent().filter(({ state }) => state === 'local' || state === 'sent')
      assert.deepEqual(waiting, [], 'liveness: the outbox empties')
      assert.equal(canonical(this.idsIn(phone.store.audit(this.audit).registers)), live, `convergence: ${phone.name}`)
    }
    const parked = new Set(
      this.phones
        .flatMap(phone => phone.store.unsent())
        .filter(({ state }) => state === 'parked')
        .map(({ id }) => id)
    )
    for (const [id, operation] of this.said) {
      if (!parked.has(id))
        assert.equal(
          canonical(ledger.get(id)?.payload ?? null),
          canonical(operation.payload),
          'no loss: it is in the ledger as last said'
        )
    }
  }

  idsIn(registers) {
    return Object.fromEntries(
      Object.entries(registers)
        .map(([register, writes]) => [register, writes.map(({ id }) => id).sort()])
        .filter(([, ids]) => ids.length)
    )
  }
}

test('many phones, a bad network, restarts and restores: all that must hold, holds', async () => {
  const until = Date.now() + SECONDS * 1000
  let done = 0
  for (let seed = FIRST; seed < FIRST + RUNS && (Date.now() < until || done < AT_LEAST); seed += 1, done += 1) {
    const run = new Run(seed)
    await run.begin()
    try {
      for (let step = 0; step < STEPS; step += 1) {
        await run.step()
        run.check()
      }
      await run.end()
      run.check()
    } catch (failure) {
      failure.message = `seed ${seed}: ${failure.message}\n${run.log.slice(-60).join('\n')}`
      throw failure
    }
  }
  console.log(`# ${done} runs of ${STEPS} steps`)
})
