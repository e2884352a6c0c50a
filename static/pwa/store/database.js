// IndexedDB as we need it: durable transactions, a lost connection opened again, and failures in three plain words.
import { openDB } from '../vendor/idb.js'

/**
 * Why the device could not keep something: it is full, its database was closed under us, it keeps nothing at all, what
 * it gives back is not what it was given, or the bytes of a photo are not there any more.
 */
export class StorageProblem extends Error {
  /** @param {'full'|'closed'|'private'|'falsified'|'missing'} reason @param {unknown} [cause] */
  constructor(reason, cause) {
    super(`The device's storage is ${reason}.`, { cause })
    this.name = 'StorageProblem'
    this.reason = reason
  }
}

// What browsers throw when they have dropped a connection (iOS does so in the background), or when it breaks in
// mid-way.
const CONNECTION_LOST = [
  'InvalidStateError',
  'AbortError',
  'UnknownError',
  'TransactionInactiveError',
  'NotReadableError',
]

/**
 * Dispatches 'closed' when a newer version of the app needs this connection out of its way: the page must be loaded
 * again.
 */
export class Database extends EventTarget {
  #name
  #version
  #upgrade
  /** @type {import('../vendor/idb.js').IDBPDatabase | null} */
  #connection = null
  #wasOpen = false
  #isOver = false

  /**
   * @param {string} name @param {number} version
   * @param {(database: import('../vendor/idb.js').IDBPDatabase, from: number) => void} upgrade may only add
   */
  constructor(name, version, upgrade) {
    super()
    this.#name = name
    this.#version = version
    this.#upgrade = upgrade
  }

  /**
   * Runs `work` in one transaction and resolves with what it gave once that has been committed; for 'readwrite' that
   * means it is on the disk. `work` may await nothing but the database, and may run twice: when the connection is
   * lost, once more.
   * @template T
   * @param {string[]} stores @param {'readonly'|'readwrite'} mode
   * @param {(transaction: any) => Promise<T>} work @returns {Promise<T>}
   */
  async transact(stores, mode, work) {
    try {
      return await this.#attempt(stores, mode, work)
    } catch (lost) {
      if (!isLost(lost)) throw lost
      this.#disconnect()
      try {
        return await this.#attempt(stores, mode, work)
      } catch (again) {
        throw isLost(again) ? new StorageProblem('closed', again) : again
      }
    }
  }

  /** Closes for good: whatever comes later is refused. */
  close() {
    this.#isOver = true
    this.#disconnect()
  }

  /** @param {string[]} stores @param {'readonly'|'readwrite'} mode @param {(transaction: any) => Promise<any>} work */
  async #attempt(stores, mode, work) {
    const connection = await this.#connect()
    const transaction = connection.transaction(stores, mode, { durability: 'strict' })
    const done = transaction.done.catch(failure => {
      throw transaction.error ?? failure
    })
    done.catch(() => {}) // it is heard below, but perhaps only after `work` has failed
    try {
      const result = await work(transaction)
      await done
      return result
    } catch (failure) {
      abort(transaction)
      const reason = await done.then(
        () => failure,
        cause => (cause?.name === 'AbortError' ? failure : cause)
      )
      throw isFull(reason) ? new StorageProblem('full', reason) : reason
    }
  }

  async #connect() {
    if (this.#isOver) throw new StorageProblem('closed')
    if (this.#connection) return this.#connection
    try {
      this.#connection = await openDB(this.#name, this.#version, {
        upgrade: this.#upgrade,
        blocking: () => this.#giveWay(),
        terminated: () => {
          this.#connection = null
        },
      })
    } catch (cause) {
      if (isFull(cause)) throw new StorageProblem('full', cause)
      throw new StorageProblem(this.#wasOpen || nameOf(cause) === 'VersionError' ? 'closed' : 'private', cause)
    }
    this.#wasOpen = true
    return this.#connection
  }

  #giveWay() {
    this.close()
    this.dispatchEvent(new Event('closed'))
  }

  #disconnect() {
    this.#connection?.close()
    this.#connection = null
  }
}

/** @param {unknown} failure */
function nameOf(failure) {
  return /** @type {{name?: string} | null} */ (failure)?.name ?? ''
}

/** @param {unknown} failure */
function isFull(failure) {
  return nameOf(failure) === 'QuotaExceededError'
}

/** @param {unknown} failure */
function isLost(failure) {
  return CONNECTION_LOST.includes(nameOf(failure))
}

/** @param {{abort: () => void}} transaction */
function abort(transaction) {
  try {
    transaction.abort()
  } catch {
    // it has ended by itself
  }
}
