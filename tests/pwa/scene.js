// People, phones and a clock for the tests: good defaults, so that a test says only what matters to it.
import './indexeddb.js'
import { openDevice } from '../../static/pwa/store/device.js'
import { openStore } from '../../static/pwa/store/store.js'
import { signIn, signOut } from '../../static/pwa/sync/session.js'
import { Sync } from '../../static/pwa/sync/sync.js'
import { ModelServer, network } from './model-server.js'

let phones = 0

/** A clock that goes only when told to. */
export class Clock {
  time = Date.parse('2026-11-23T08:00:00Z')
  #timers = new Map()
  #next = 1

  now = () => this.time
  setTimeout = (work, delay = 0) => {
    this.#timers.set(this.#next, { work, at: this.time + delay })
    return this.#next++
  }
  clearTimeout = timer => {
    this.#timers.delete(timer)
  }

  /** Lets time pass without waking anybody. */
  skip(milliseconds) {
    this.time += milliseconds
  }

  /** Lets time pass; whoever set a timer is woken. */
  async pass(milliseconds) {
    const end = this.time + milliseconds
    for (;;) {
      await rest()
      const [due] = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, one], [, other]) => one.at - other.at)
      if (!due) break
      this.#timers.delete(due[0])
      this.time = Math.max(this.time, due[1].at)
      due[1].work()
    }
    this.time = end
  }

  /** Lets time pass until a promise is settled. */
  async until(promise) {
    let settled = false
    promise.then(
      () => {
        settled = true
      },
      () => {
        settled = true
      }
    )
    while (!settled) await this.pass(500)
    return promise
  }
}

/** Everything that can go on without time passing has gone on. */
export const rest = async () => {
  for (let turn = 0; turn < 8; turn += 1) await new Promise(resume => setTimeout(resume, 2))
}

/** A service with its clock. */
export const aService = () => {
  const clock = new Clock()
  const server = new ModelServer(clock.now)
  return { clock, server }
}

/**
 * A phone that a person has signed in on.
 * @param {{clock: Clock, server: ModelServer}} service @param {any} person
 */
export const aPhone = async (
  service,
  person,
  { fate, random = () => 0.5, name = `phone-${++phones}`, uuid, slow = 0 } = {}
) => {
  const phone = new Phone(service, name, fate, random, uuid, slow)
  await phone.switchOn()
  if (person) await phone.signIn(person)
  return phone
}

export class Phone {
  constructor({ clock, server }, name, fate, random, uuid, slow) {
    this.clock = clock
    this.server = server
    this.name = name
    this.network = network(server.browser(), fate)
    this.random = random
    this.uuid = uuid
    this.now = () => clock.now() - slow // its clock may be wrong
    this.visible = true
    this.wakes = new Set()
  }

  async switchOn() {
    this.device = await openDevice({ name: this.name })
    if (this.device.current) await this.#open(this.device.current)
  }

  async signIn(person, same) {
    const where = { device: this.device, deviceName: 'A phone', fetch: this.network, same }
    await this.#open(await signIn(where, { email: person.email, password: 'secret' }))
  }

  async signOut() {
    await signOut(this)
    this.store = null
    this.sync = this.#sync()
  }

  /** The app is killed and started again. */
  async restart() {
    this.sync?.stop()
    this.store?.close()
    this.device.close()
    await this.switchOn()
  }

  /** One sync, some seconds later. */
  async syncs() {
    this.clock.skip(2500)
    await this.sync.now()
    return this.sync.state.problem
  }

  wake() {
    for (const wake of this.wakes) wake()
  }

  async #open({ handle, person }) {
    this.store = await openStore({ handle, person, device: this.device, now: this.now, channel: null, uuid: this.uuid })
    this.sync = this.#sync()
  }

  #sync() {
    return new Sync({
      store: this.store,
      device: this.device,
      fetch: this.network,
      now: this.clock.now,
      locks: null,
      random: this.random,
      timers: this.clock,
      page: {
        isVisible: () => this.visible,
        listen: wake => {
          this.wakes.add(wake)
          return () => this.wakes.delete(wake)
        },
      },
    })
  }
}

/** An audit opened on a phone. */
export const anAudit = phone =>
  phone.store.openAudit({ site: 'site-1', checklist: 'ten-minute-look', edition: 1, track: 'development' })

/** An audit that is on the server and on these phones. */
export const aSharedAudit = async (...phones) => {
  const audit = await anAudit(phones[0])
  for (const phone of phones) {
    await phone.syncs()
    await phone.syncs()
    await phone.store.loadAudit(audit)
  }
  return audit
}

/** What a phone shows: the values in each register. */
export const shows = async (phone, audit, register) => {
  const { registers } = (await phone.store.loadAudit(audit)) ?? { registers: {} }
  return (registers[register] ?? [])
    .map(write => write.value)
    .sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)))
}

export const FINDING = 'finding/belonging-1/account'
export const account = shows => ({ criterion: 'belonging-1', shows, helps: '', hinders: '' })
export const saying = shows => ({ shows, helps: '', hinders: '' })

/** Takes everything out of a phone's databases, as a backup of the phone would. */
export const copyDatabases = async prefix => {
  const found = (await indexedDB.databases()).filter(({ name }) => name.startsWith(prefix))
  return Promise.all(
    found.map(async ({ name, version }) => {
      const database = await opened(name)
      const stores = [...database.objectStoreNames]
      const content = {}
      for (const store of stores) {
        const transaction = database.transaction(store)
        const [keys, values] = [transaction.objectStore(store).getAllKeys(), transaction.objectStore(store).getAll()]
        await new Promise(resolve => {
          transaction.oncomplete = resolve
        })
        content[store] = keys.result.map((key, place) => [key, values.result[place]])
      }
      database.close()
      return { name, version, content }
    })
  )
}

/** Puts a copy back, over what is there, or under another name. */
export const putBack = async (copy, rename = name => name) => {
  for (const { name, content } of copy) {
    const database = await opened(rename(name))
    for (const [store, entries] of Object.entries(content)) {
      const transaction = database.transaction(store, 'readwrite')
      const target = transaction.objectStore(store)
      target.clear()
      for (const [key, value] of entries) target.keyPath === null ? target.put(value, key) : target.put(value)
      await new Promise(resolve => {
        transaction.oncomplete = resolve
      })
    }
    database.close()
  }
}

function opened(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
