// Photos, after the words: sent two at a time, smallest first, on from where they were cut off; and others' fetched.
import { fromBase64 } from '../store/photos.js'
import { Offline, Problem } from './api.js'

/**
 * @typedef {import('../store/store.js').Store} Store
 * @typedef {import('../store/photos.js').Photo} Photo
 * @typedef {import('./api.js').Api} Api
 */

const AT_ONCE = 2
const AHEAD = { most: 12, room: 1024 * 1024 }
const PART = { first: 256 * 1024, least: 16 * 1024 }
const MOST_SPOILT = 3
const ASK_AGAIN = 600_000
const TRY_AGAIN = 3_600_000

export class Uploads {
  /** How many of how many are sent, while they are being sent. @type {{sent: number, of: number} | null} */
  progress = null

  #store
  #api
  #now
  #say
  #part = PART.first
  /** @type {Map<string, number>} photos that the service does not expect, or has not: until when they wait */
  #unexpected = new Map()
  /** @type {Map<string, {holds: string|null, at: number}>} streams whose photos were asked after */
  #asked = new Map()

  /** @param {{store: Store, api: Api, now: () => number, say: () => void}} options `say`: the progress has changed */
  constructor({ store, api, now, say }) {
    this.#store = store
    this.#api = api
    this.#now = now
    this.#say = say
  }

  /** Sends what is to be sent. Rejects with what concerns all of them: no network, no session, no room. */
  async send() {
    const owed = this.#store.photosOwed().filter(photo => (this.#unexpected.get(nameOf(photo)) ?? 0) <= this.#now())
    if (!owed.length) return
    this.#tell({ sent: 0, of: owed.length })
    const lines = Array.from({ length: AT_ONCE }, async () => {
      // words that were said meanwhile go first; the next cycle goes on with the photos
      while (owed.length && !this.#store.owing().length) await this.#sendOne(/** @type {Photo} */ (owed.shift()))
    })
    try {
      // neither line is left running beside the next cycle
      const ended = await Promise.allSettled(lines)
      const broken = ended.find(({ status }) => status === 'rejected')
      if (broken) throw /** @type {PromiseRejectedResult} */ (broken).reason
    } finally {
      this.#tell(null)
    }
  }

  /**
   * Sends photos that were carried here by hand, of what was handed in for somebody else. What is not expected was not
   * taken. @param {import('../store/photos.js').Packed[]} packed
   */
  async carry(packed) {
    for (const { stream, sha256, base64 } of packed) {
      try {
        await this.#sendBytes({ stream, sha256 }, fromBase64(base64))
      } catch (failure) {
        if (!(failure instanceof Problem && failure.status < 500 && ![401, 429].includes(failure.status))) throw failure
      }
    }
  }

  /** Asks which photos the service has, where that matters and may have changed. */
  async ask() {
    for (const stream of this.#store.photosUnsure()) {
      const { holds } = this.#store.standing(stream)
      const asked = this.#asked.get(stream)
      if (asked && asked.holds === holds && this.#now() - asked.at < ASK_AGAIN) continue
      try {
        const { body } = await this.#api.get(`/api/audits/${stream}/photos`)
        await this.#store.takePhotos(stream, body.photos)
      } catch (failure) {
        if (!(failure instanceof Problem && [403, 404].includes(failure.status))) throw failure
      }
      this.#asked.set(stream, { holds, at: this.#now() })
    }
  }

  /**
   * Fetches some of the pictures of audits that one is to judge, so that they are here where there is no network. Quietly:
   * what fails is tried again another time, and a device that is to spare data fetches none before it is looked at.
   * @returns {Promise<boolean>} whether there are more
   */
  async fetchAhead() {
    if (isToSpareData()) return false
    const ahead = this.#store.photosAhead().filter(photo => (this.#unexpected.get(nameOf(photo)) ?? 0) <= this.#now())
    for (const photo of ahead.slice(0, AHEAD.most)) {
      if (this.#store.owing().length || !(await this.#store.hasRoomFor(AHEAD.room))) return false
      try {
        await this.fetch(photo.stream, photo.sha256)
      } catch (failure) {
        if (!(failure instanceof Problem || failure instanceof Offline)) throw failure
        if (!(failure instanceof Problem && [403, 404].includes(failure.status))) return false
        this.#unexpected.set(nameOf(photo), this.#now() + TRY_AGAIN)
      }
    }
    return ahead.length > AHEAD.most
  }

  /**
   * A picture that somebody else added, or a small one. What is fetched whole is kept.
   * @param {string} stream @param {string} sha256 @param {{small?: boolean}} [how] @returns {Promise<ArrayBuffer>}
   */
  async fetch(stream, sha256, { small = false } = {}) {
    const bytes = await this.#api.picture(`${pathOf({ stream, sha256 })}${small ? '?size=small' : ''}`)
    if (!small) await this.#store.keepPicture(stream, sha256, bytes)
    return bytes
  }

  /** @param {Photo} photo */
  async #sendOne(photo) {
    const { stream, sha256 } = photo
    const bytes = await this.#store.picture(stream, sha256)
    if (!bytes) return
    try {
      await this.#sendBytes(photo, bytes)
    } catch (failure) {
      if (failure instanceof Offline && failure.reason === 'timeout')
        this.#part = Math.max(PART.least, Math.floor(this.#part / 2))
      if (!(failure instanceof Problem)) throw failure
      if ([413, 415, 422].includes(failure.status)) return this.#refused(photo, failure)
      if (![403, 404].includes(failure.status)) throw failure
      await this.#store.photoUnexpected(stream, sha256)
      this.#unexpected.set(nameOf(photo), this.#now() + TRY_AGAIN)
      return
    }
    await this.#store.photoConfirmed(stream, sha256)
    this.#asked.delete(stream)
    if (this.progress) this.#tell({ ...this.progress, sent: this.progress.sent + 1 })
  }

  /** @param {{stream: string, sha256: string}} photo @param {ArrayBuffer} bytes */
  async #sendBytes(photo, bytes, spoilt = 0) {
    const path = pathOf(photo)
    if (bytes.byteLength <= this.#part) return void (await this.#api.send(path, bytes))
    let { offset, here } = await this.#api.measure(path)
    while (!here) {
      const part = bytes.slice(offset, offset + this.#part)
      try {
        const { body } = await this.#api.send(path, part, { at: offset, of: bytes.byteLength })
        ;({ offset, here } = body)
      } catch (failure) {
        const isSpoilt = failure instanceof Problem && failure.type === '/problems/hash-mismatch'
        const isElsewhere = failure instanceof Problem && failure.status === 409
        if (!(isSpoilt || isElsewhere) || spoilt === MOST_SPOILT) throw failure
        return this.#sendBytes(photo, bytes, spoilt + 1)
      }
    }
  }

  /** @param {Photo} photo @param {Problem} problem */
  async #refused({ stream, sha256 }, { type, title, detail }) {
    await this.#store.photoRefused(stream, sha256, { type, title, detail })
  }

  /** @param {{sent: number, of: number} | null} progress */
  #tell(progress) {
    this.progress = progress
    this.#say()
  }
}

/** Has its owner asked this device to spare data? */
function isToSpareData() {
  return Boolean(/** @type {any} */ (globalThis.navigator)?.connection?.saveData)
}

/** @param {{stream: string, sha256: string}} photo */
function nameOf({ stream, sha256 }) {
  return `${stream}/${sha256}`
}

/** @param {{stream: string, sha256: string}} photo */
function pathOf({ stream, sha256 }) {
  return `/api/audits/${stream}/photos/${sha256}`
}
