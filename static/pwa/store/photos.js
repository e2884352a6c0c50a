// Photos on this device: bytes that are sure to be what was taken, and how far each of them has got.
import { digest } from '../lib/ids.js'
import { StorageProblem } from './database.js'

/**
 * @typedef {import('./database.js').Database} Database
 * @typedef {'draft'|'waiting'|'sent'|'safe'|'refused'|'aside'|'here'} PhotoState
 *   draft: taken, and nothing speaks of it yet · waiting: to be sent · sent: the service has it · safe: its backup has it
 *   too · refused: the service cannot take it · aside: what spoke of it was not taken · here: fetched, to look at without
 *   a network
 * @typedef {{stream: string, sha256: string, state: PhotoState, at: number, size: number, problem?: any}} Photo
 * @typedef {{sha256: string, safe: boolean}} There a photo that the service has
 * @typedef {{stream: string, sha256: string, base64: string}} Packed
 */

export const PHOTOS = ['photos', 'pictures']
const [PHOTO, PICTURE] = PHOTOS
const DAY = 86_400_000
const MOST_FETCHED = 64 * 1024 * 1024
const MOST_AHEAD = 48 * 1024 * 1024 // the rest is for what somebody looks at
const OWED = ['waiting', 'refused']
const OURS_ALONE = [...OWED, 'aside']

/** The bytes of a photo that was packed. @param {string} base64 @returns {ArrayBuffer} */
export const fromBase64 = base64 => Uint8Array.from(atob(base64), character => character.charCodeAt(0)).buffer

/** The stores of photos, in a database that does not have them yet. @param {any} database */
export const addPhotoStores = database => {
  for (const name of PHOTOS) database.createObjectStore(name, { keyPath: ['stream', 'sha256'] })
}

/** What is known of photos without their bytes lies in one store, the bytes in another: a list costs no megabytes. */
export class Photos {
  #database
  #now
  /** @type {Map<string, Photo>} */
  #known = new Map()
  /** @type {Map<string, Map<string, There>>} by stream, what the service has said that it has */
  #there = new Map()

  /** @param {Database} database @param {() => number} now */
  constructor(database, now) {
    this.#database = database
    this.#now = now
  }

  /**
   * Reads what is known of all photos. Drafts that nothing came of are let go of after a day.
   * @returns {Promise<void>}
   */
  async load() {
    const { known, there } = await this.#database.transact([PHOTO, 'replies'], 'readonly', async transaction => ({
      known: await transaction.objectStore(PHOTO).getAll(),
      there: await transaction.objectStore('replies').getAll(IDBKeyRange.bound('photos/', 'photos/\uffff')),
    }))
    this.#known = new Map(known.map((/** @type {Photo} */ photo) => [keyOf(photo.stream, photo.sha256), photo]))
    this.#there = new Map(there.map((/** @type {any} */ { stream, photos }) => [stream, listed(photos)]))
    for (const photo of this.#known.values()) {
      if (photo.state === 'draft' && this.#now() - photo.at > DAY) await this.#remove(photo)
    }
  }

  /**
   * Keeps a photo that was just taken. Resolves when it is on the disk and has been read back and hashed.
   * @param {string} stream @param {{bytes: ArrayBuffer, sha256: string}} taken rejects with StorageProblem
   */
  async keep(stream, { bytes, sha256 }) {
    if (this.#at(stream, sha256) && this.#at(stream, sha256)?.state !== 'here') return // the same picture once more
    await this.#put({ stream, sha256, state: 'draft', at: this.#now(), size: bytes.byteLength }, bytes)
    const held = await this.picture(stream, sha256)
    if (held && (await digest(held)) === sha256) return
    await this.#remove({ stream, sha256 })
    throw new StorageProblem('falsified')
  }

  /**
   * Within the transaction that records what speaks of a photo: from now on it is to be sent. Aborts it all, with
   * StorageProblem, when its bytes are not there.
   * @param {any} transaction over PHOTOS too @param {string} stream @param {string} sha256
   * @returns {Promise<() => void>} to be called when that is committed
   */
  async speakOf(transaction, stream, sha256) {
    const photo = await transaction.objectStore(PHOTO).get([stream, sha256])
    const key = await transaction.objectStore(PICTURE).getKey([stream, sha256])
    if (!photo || !key) throw new StorageProblem('missing')
    if (photo.state !== 'draft') return () => {}
    const spoken = { ...photo, state: 'waiting' }
    await transaction.objectStore(PHOTO).put(spoken)
    return () => this.#known.set(keyOf(stream, sha256), spoken)
  }

  /** The bytes of a photo, or null. @param {string} stream @param {string} sha256 @returns {Promise<ArrayBuffer|null>} */
  async picture(stream, sha256) {
    const held = await this.#database.transact([PICTURE], 'readonly', transaction =>
      transaction.objectStore(PICTURE).get([stream, sha256])
    )
    return held?.bytes ?? null
  }

  /**
   * How far a photo has got, as far as anybody here knows. 'missing': neither this device nor the service has it;
   * 'unknown': the service has not been asked.
   * @param {string} stream @param {string} sha256 @returns {PhotoState | 'unknown' | 'missing'}
   */
  state(stream, sha256) {
    const own = this.#at(stream, sha256)?.state
    if (own && own !== 'here') return own
    const there = this.#there.get(stream)
    if (!there) return own ?? 'unknown'
    return there.has(sha256) ? 'here' : (own ?? 'missing')
  }

  /** Are the bytes of a photo on this device? @param {string} stream @param {string} sha256 */
  isHeld(stream, sha256) {
    return this.#at(stream, sha256) !== undefined
  }

  /** Is there room for pictures that nobody has asked for yet, without any other having to go? */
  get hasRoomAhead() {
    return this.#fetched().reduce((sum, photo) => sum + photo.size, 0) < MOST_AHEAD
  }

  /** Photos that the service has not confirmed, oldest first. @returns {Photo[]} */
  waiting() {
    return [...this.#known.values()].filter(({ state }) => OWED.includes(state)).sort((one, other) => one.at - other.at)
  }

  /** Those to be sent, smallest first: more of them arrive before the signal goes again. */
  owed() {
    return this.waiting()
      .filter(({ state }) => state === 'waiting')
      .sort((one, other) => one.size - other.size)
  }

  /**
   * Is it worth asking which photos of a stream the service has? @param {string} stream @param {string[]} spokenOf the
   * photos that its evidence speaks of
   */
  isUnsure(stream, spokenOf) {
    const isUnsafe = [...this.#known.values()].some(photo => photo.stream === stream && photo.state === 'sent')
    return isUnsafe || spokenOf.some(sha256 => ['unknown', 'missing'].includes(this.state(stream, sha256)))
  }

  /** The service has confirmed a photo. @param {string} stream @param {string} sha256 */
  async confirm(stream, sha256) {
    await this.#change(stream, sha256, photo => ({ ...photo, state: 'sent' }))
  }

  /** What spoke of it was not taken, so it is kept here and not sent. @param {string} stream @param {string} sha256 */
  async putAside(stream, sha256) {
    await this.#change(stream, sha256, photo => ({ ...photo, state: 'aside' }))
  }

  /** The service cannot take it, and says why. @param {string} stream @param {string} sha256 @param {any} problem */
  async refuse(stream, sha256, problem) {
    await this.#change(stream, sha256, photo => ({ ...photo, state: 'refused', problem }))
  }

  /**
   * The service has said which photos of a stream it has. One of ours that it had and has no more (after a restore) is
   * to be sent again.
   * @param {string} stream @param {There[]} photos
   */
  async takeList(stream, photos) {
    await this.#database.transact(['replies'], 'readwrite', transaction =>
      transaction.objectStore('replies').put({ stream, photos }, `photos/${stream}`)
    )
    this.#there.set(stream, listed(photos))
    for (const photo of [...this.#known.values()].filter(one => one.stream === stream)) {
      const there = this.#there.get(stream)?.get(photo.sha256)
      if (photo.state === 'waiting' && there) await this.confirm(stream, photo.sha256)
      if (['sent', 'safe'].includes(photo.state) && !there) await this.#change(stream, photo.sha256, again)
      if (photo.state === 'sent' && there?.safe)
        await this.#change(stream, photo.sha256, one => ({ ...one, state: 'safe' }))
    }
  }

  /**
   * Keeps a picture that was fetched, while there is room; of those that can be fetched again the oldest go.
   * @param {string} stream @param {string} sha256 @param {ArrayBuffer} bytes
   */
  async keepFetched(stream, sha256, bytes) {
    const fetched = this.#fetched()
    let size = bytes.byteLength + fetched.reduce((sum, photo) => sum + photo.size, 0)
    for (const photo of fetched.sort((one, other) => one.at - other.at)) {
      if (size <= MOST_FETCHED) break
      await this.#remove(photo)
      size -= photo.size
    }
    if (!this.#at(stream, sha256))
      await this.#put({ stream, sha256, state: 'here', at: this.#now(), size: bytes.byteLength }, bytes)
  }

  /** Photos that the service has not confirmed, to be carried by hand. @returns {Promise<Packed[]>} */
  async pack() {
    const packed = []
    for (const { stream, sha256 } of this.waiting()) {
      const bytes = await this.picture(stream, sha256)
      if (bytes) packed.push({ stream, sha256, base64: toBase64(bytes) })
    }
    return packed
  }

  /** Takes photos that were carried by hand into the queue. @param {Packed[]} packed */
  async unpack(packed) {
    for (const { stream, sha256, base64 } of packed) {
      const bytes = fromBase64(base64)
      if (this.#at(stream, sha256) || (await digest(bytes)) !== sha256) continue
      await this.#put({ stream, sha256, state: 'waiting', at: this.#now(), size: bytes.byteLength }, bytes)
    }
  }

  /** Signing out: within its transaction, everything goes but what the service has not confirmed. @param {any} transaction */
  async forget(transaction) {
    for (const photo of await transaction.objectStore(PHOTO).getAll()) {
      if (OURS_ALONE.includes(photo.state)) continue
      await transaction.objectStore(PHOTO).delete([photo.stream, photo.sha256])
      await transaction.objectStore(PICTURE).delete([photo.stream, photo.sha256])
    }
  }

  /** Those that can be fetched again. */
  #fetched() {
    return [...this.#known.values()].filter(({ state }) => ['here', 'safe'].includes(state))
  }

  /** @param {string} stream @param {string} sha256 */
  #at(stream, sha256) {
    return this.#known.get(keyOf(stream, sha256))
  }

  /** @param {Photo} photo @param {ArrayBuffer} bytes */
  async #put(photo, bytes) {
    const { stream, sha256 } = photo
    await this.#database.transact(PHOTOS, 'readwrite', transaction =>
      Promise.all([
        transaction.objectStore(PHOTO).put(photo),
        transaction.objectStore(PICTURE).put({ stream, sha256, bytes }),
      ])
    )
    this.#known.set(keyOf(stream, sha256), photo)
  }

  /** @param {string} stream @param {string} sha256 @param {(photo: Photo) => Photo} change */
  async #change(stream, sha256, change) {
    const changed = await this.#database.transact([PHOTO], 'readwrite', async transaction => {
      const photo = await transaction.objectStore(PHOTO).get([stream, sha256])
      if (photo) await transaction.objectStore(PHOTO).put(change(photo))
      return photo && change(photo)
    })
    if (changed) this.#known.set(keyOf(stream, sha256), changed)
  }

  /** @param {{stream: string, sha256: string}} photo */
  async #remove({ stream, sha256 }) {
    await this.#database.transact(PHOTOS, 'readwrite', transaction =>
      Promise.all(PHOTOS.map(name => transaction.objectStore(name).delete([stream, sha256])))
    )
    this.#known.delete(keyOf(stream, sha256))
  }
}

/** To be sent once more. @param {Photo} photo @returns {Photo} */
function again(photo) {
  return { ...photo, state: 'waiting' }
}

/** @param {string} stream @param {string} sha256 */
function keyOf(stream, sha256) {
  return `${stream}/${sha256}`
}

/** @param {There[]} photos @returns {Map<string, There>} */
function listed(photos) {
  return new Map(photos.map(photo => [photo.sha256, photo]))
}

/** @param {ArrayBuffer} bytes */
function toBase64(bytes) {
  const parts = []
  for (let at = 0; at < bytes.byteLength; at += 0x8000)
    parts.push(String.fromCharCode(...new Uint8Array(bytes, at, Math.min(0x8000, bytes.byteLength - at))))
  return btoa(parts.join(''))
}

