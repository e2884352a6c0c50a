// What this device knows whoever uses it: its own id, its language and theme, and who has used it.
import { canonical } from '../lib/canonical.js'
import { uuid4, uuid7 } from '../lib/ids.js'
import { Database } from './database.js'

/**
 * @typedef {{id: string, name: string, email: string}} Person
 * @typedef {{handle: string, person: {id: string, name?: string, email?: string}, signedIn: boolean}} Known
 *   of who has signed out, nothing is known but the id, so that they find their unsent work again
 * @typedef {{id: string, people: Known[], language: string|null, theme: string|null, endSessionOwed: boolean}} Knows
 */

/** @param {{name?: string}} [options] @returns {Promise<Device>} */
export const openDevice = async ({ name = 'milieu' } = {}) => {
  const device = new Device(name)
  await device.refresh()
  return device
}

/** Dispatches 'change'. Every setter resolves when it is on the device. */
export class Device extends EventTarget {
  #database
  /** @type {Knows} */
  #knows = { id: '', people: [], language: null, theme: null, endSessionOwed: false }

  /** @param {string} name of its database; the people's are called `<name>-<handle>` */
  constructor(name) {
    super()
    this.name = name
    this.#database = new Database(name, 1, database => {
      database.createObjectStore('device')
    })
    this.#database.addEventListener('closed', () => this.dispatchEvent(new Event('closed')))
  }

  /** The label that operations made here carry. */
  get id() {
    return this.#knows.id
  }

  /** Everybody who has used this device. */
  get people() {
    return this.#knows.people
  }

  /** The language chosen here, or null. */
  get language() {
    return this.#knows.language
  }

  /** The theme chosen here, or null for the system's. */
  get theme() {
    return this.#knows.theme
  }

  /** Somebody signed out without a network: their session still has to be ended. */
  get endSessionOwed() {
    return this.#knows.endSessionOwed
  }

  /** Who is signed in, or null. @returns {{handle: string, person: Person} | null} */
  get current() {
    const known = this.#knows.people.find(({ signedIn }) => signedIn)
    return known ? { handle: known.handle, person: /** @type {Person} */ (known.person) } : null
  }

  /**
   * Somebody has signed in. Who had done so before gets the same handle, and with it their unsent work.
   * @param {Person} person @returns {Promise<string>} the handle
   */
  async signIn(person) {
    const fresh = uuid4()
    const after = await this.#change(knows => {
      const handle = knows.people.find(known => known.person.id === person.id)?.handle ?? fresh
      const others = knows.people.filter(known => known.person.id !== person.id).map(signedOut)
      return { ...knows, endSessionOwed: false, people: [...others, { handle, person, signedIn: true }] }
    })
    return /** @type {Known} */ (after.people.at(-1)).handle
  }

  /** Nobody is signed in any more, and the server still has to be told. */
  async signOut() {
    await this.#change(knows => ({ ...knows, endSessionOwed: true, people: knows.people.map(signedOut) }))
  }

  /** The server has ended the session, or it had ended already. */
  async sessionEnded() {
    await this.#change(knows => ({ ...knows, endSessionOwed: false }))
  }

  /** @param {string|null} language */
  async setLanguage(language) {
    await this.#change(knows => ({ ...knows, language }))
  }

  /** @param {string|null} theme */
  async setTheme(theme) {
    await this.#change(knows => ({ ...knows, theme }))
  }

  /** Reads again what another tab may have changed. */
  async refresh() {
    await this.#change(knows => knows)
  }

  /** Lets go of the database. */
  close() {
    this.#database.close()
  }

  /** @param {(knows: Knows) => Knows} change */
  async #change(change) {
    const id = uuid7()
    const before = canonical(this.#knows)
    this.#knows = await this.#database.transact(['device'], 'readwrite', async transaction => {
      const store = transaction.objectStore('device')
      const stored = await store.get('device')
      const after = change(stored ?? { ...this.#knows, id })
      if (after !== stored) await store.put(after, 'device')
      return after
    })
    if (canonical(this.#knows) !== before) this.dispatchEvent(new Event('change'))
    return this.#knows
  }
}

/** @param {Known} known @returns {Known} */
function signedOut({ handle, person: { id } }) {
  return { handle, person: { id }, signedIn: false }
}
