// One person's copy on this device: what was downloaded, and every own operation until the server keeps it safely.
import { canonical } from '../lib/canonical.js'
import { contributorOf, uuid7 } from '../lib/ids.js'
import { language } from '../lib/words.js'
import { Database, StorageProblem } from './database.js'
import { effects, groups, isOffline, restate } from './effects.js'
import { items, standing } from './evidencing.js'
import { PHOTOS, Photos, addPhotoStores } from './photos.js'
import { differences, progress } from './reading.js'
import * as step from './stream.js'

/**
 * @typedef {import('./stream.js').Held} Held
 * @typedef {import('./stream.js').Row} Row
 * @typedef {import('./stream.js').Operation} Operation
 * @typedef {import('./effects.js').Write} Write
 * @typedef {import('./effects.js').Registers} Registers
 * @typedef {import('./device.js').Device} Device
 * @typedef {import('./device.js').Person} Person
 *
 * @typedef {object} Audit an audit as it stands on this device
 * @property {string} id
 * @property {string} site
 * @property {string} checklist
 * @property {number} editionNumber
 * @property {any} edition the checklist in the words of the site's sector, or null when it is not on the device
 * @property {any} siteOf the site, or null
 * @property {string[] | null} asked what the team is asked about since it was handed in: nothing else of it changes
 * @property {string} contributor the id of the contributor that this person is here
 * @property {'development'|'award'} track
 * @property {string} stage
 * @property {string} opened_at
 * @property {{id: string, name: string}} opened_by
 * @property {string|null} cursor
 * @property {Registers} registers live writes; own ones not yet in the snapshot carry `state`
 * @property {{[person: string]: string}} people
 * @property {any[]} kept
 * @property {boolean} local it was opened here and has not been fetched yet
 *
 * @typedef {any} Assessment the snapshot of one's own assessment (`GET /api/assessments/{id}`) as it stands on this
 * device: `registers` with own writes laid over, `edition` in the setting's words or null, `editionNumber`
 *
 * @typedef {{milieu: 'rescue', v: 1, made_at: string, person: Person, streams: {stream: string, operations:
 * Operation[]}[], photos?: import('./photos.js').Packed[]}} RescueFile
 */

const KEPT_FREE = 50 * 1024 * 1024
const OUTBOX = ['streams', 'outbox', 'snapshots']

/**
 * Something changed. `stream` says where; `registers` which, when it was no more than these; `own` that this person
 * recorded something here, now.
 */
export class StoreChange extends Event {
  /** @param {{stream?: string, registers?: string[], own?: boolean}} [what] */
  constructor({ stream, registers, own = false } = {}) {
    super('change')
    this.stream = stream
    this.registers = registers
    this.own = own
  }
}

/**
 * Opens one person's copy.
 * @param {{handle: string, person: Person, device: Device, now?: () => number, uuid?: () => string,
 *   channel?: BroadcastChannel | null}} options `channel` tells other tabs to look again
 * @returns {Promise<Store>} rejects with StorageProblem
 */
export const openStore = async options => {
  const store = new Store(options)
  await store.refresh()
  return store
}

/**
 * Dispatches 'change' (a StoreChange) after memory changed, which is after the database did; and 'closed' when a newer
 * version of the app, or a sign-out in another tab, has closed the database.
 */
export class Store extends EventTarget {
  #database
  #photos
  #device
  #now
  #uuid
  #channel
  /** @type {Map<string, Held>} */
  #streams = new Map()
  /** @type {Map<string, {edition: any, contributor: string}>} what an audit that is open needs beside its stream */
  #opened = new Map()
  /** @type {Map<string, Audit>} */
  #audits = new Map()
  /** @type {Map<string, Assessment>} */
  #assessments = new Map()
  /** @type {{body: any, etag: string|null} | null} */
  #home = null
  /** @type {{body: any, etag: string|null} | null} */
  #submissions = null
  /** @type {WeakMap<Audit, {principles: any[], differences: number}>} */
  #progress = new WeakMap()

  /** @param {Parameters<typeof openStore>[0]} options */
  constructor({ handle, person, device, now = Date.now, uuid, channel = broadcast(`${device.name}-${handle}`) }) {
    super()
    this.handle = handle
    this.person = person
    this.#device = device
    this.#now = now
    this.#uuid = uuid ?? (() => uuid7(now()))
    this.#channel = channel
    this.#database = new Database(`${device.name}-${handle}`, 2, (database, from) => {
      if (from < 1) {
        database.createObjectStore('streams', { keyPath: 'id' })
        database.createObjectStore('snapshots', { keyPath: 'id' })
        database.createObjectStore('outbox', { keyPath: ['stream', 'order'] })
        database.createObjectStore('replies')
      }
      if (from < 2) addPhotoStores(database)
    })
    this.#photos = new Photos(this.#database, now)
    this.#database.addEventListener('closed', () => this.dispatchEvent(new Event('closed')))
    if (channel)
      channel.onmessage = ({ data }) => {
        this.#hear(data).catch(() => {})
      }
  }

  // What there is

  /** The last reply of home, or null. */
  get home() {
    return this.#home?.body ?? null
  }

  /** Its ETag, or null. */
  get homeTag() {
    return this.#home?.etag ?? null
  }

  /** What waits at the awarding bodies where I have a part, as last heard, or null. */
  get submissions() {
    return this.#submissions?.body ?? null
  }

  /** Its ETag, or null. */
  get submissionsTag() {
    return this.#submissions?.etag ?? null
  }

  /** The submissions that I assess, and have declared no conflict in. @returns {any[]} rows of `submissions` */
  assessing() {
    return this.#judged().filter(row => row.assessment)
  }

  /** @param {string} id @returns {Assessment | undefined} an assessment that has been loaded, as it stands now */
  assessment(id) {
    return this.#assessments.get(id)
  }

  /**
   * Loads one's own assessment from this device; from then on `assessment(id)` is kept up to date.
   * @param {string} id @returns {Promise<Assessment | null>} null when this device has nothing of it
   */
  async loadAssessment(id) {
    const held = await this.#load(id)
    if (!isAssessment(held)) return null
    const { checklist, edition, sector } = held.snapshot
    this.#opened.set(id, { edition: await this.loadEdition(checklist, edition, sector), contributor: '' })
    this.#draw(id)
    return this.assessment(id) ?? null
  }

  /** @param {string} id @returns {Audit | undefined} an audit that has been loaded, as it stands now */
  audit(id) {
    return this.#audits.get(id)
  }

  /**
   * Loads an audit from this device; from then on `audit(id)` is kept up to date.
   * @param {string} id @returns {Promise<Audit | null>} null when this device has nothing of it
   */
  async loadAudit(id) {
    const held = await this.#load(id)
    const about = held.snapshot ?? opening(held)
    if (!about || isAssessment(held)) return null
    const edition = await this.loadEdition(about.checklist, about.edition, this.#siteOf(about.site, id)?.sector)
    const contributor = await contributorOf(id, this.person.id)
    this.#opened.set(id, { edition, contributor })
    this.#draw(id)
    return this.audit(id) ?? null
  }

  /**
   * Audits I have a part in, newest first: home's, and those opened here that home does not know yet (`local: true`).
   */
  audits() {
    return this.#listed()
      .map(audit => this.#withProgress(audit))
      .sort((one, other) => Date.parse(other.opened_at) - Date.parse(one.opened_at))
  }

  /** Where an audit that I have a part in is, or undefined. @param {string | undefined} id @returns {string|undefined} */
  whereIs(id) {
    return this.#listed().find(audit => audit.id === id)?.site
  }

  /**
   * A checklist's edition in a sector's words and the language in use, or in another language when only that is here.
   * @param {string} slug @param {number} edition @param {string | undefined} sector @returns {Promise<any | null>}
   */
  async loadEdition(slug, edition, sector) {
    const key = editionKey(slug, edition, sector ?? '', '')
    return this.#database.transact(['replies'], 'readonly', async transaction => {
      const replies = transaction.objectStore('replies')
      const chosen = await replies.get(key + language)
      if (chosen) return chosen
      const others = await replies.getAll(IDBKeyRange.bound(key, `${key}\uffff`), 1)
      return others[0] ?? null
    })
  }

  // Recording

  /**
   * Opens an audit on this device. @param {{site: string, checklist: string, edition: number, track: string}} payload
   * @returns {Promise<string>} its id
   */
  async openAudit(payload) {
    const id = this.#uuid()
    await this.record(id, 'audit.open', payload)
    return id
  }

  /**
   * Records what the person did. Resolves when it is on the device for good; then memory changes and 'change' is
   * dispatched. What the person saw is what is live now, unless `seen` names what was on their screen. `of` names the
   * write whose words these are. A photo that it speaks of must have been kept (`keepPhoto`): from then on the two are
   * one. Refuses with StorageProblem.
   * @param {string} stream @param {string} kind an offline kind @param {any} payload
   * @param {{of?: string, seen?: string[]}} [more] @returns {Promise<Operation>}
   */
  async record(stream, kind, payload, { of, seen } = {}) {
    if (!isOffline(kind)) throw new TypeError(`${kind} is not recorded offline`)
    const draft = { ...this.#draft(kind, payload), ...(of ? { of } : {}), ...(seen ? { seen } : {}) }
    const before = await this.#step(stream, held => step.record(held, draft, this.person.id), {
      whole: true,
      own: true,
      photo: payload.sha256,
      registers: Object.keys(effects(kind, payload)),
    })
    const written = this.#held(stream).rows.find(row => row.operation.id === draft.id)
    return written?.operation ?? newest(this.#held(stream).rows, before).operation
  }

  /**
   * Puts a settled difference back: one write each, unseen by one another, crediting who wrote the words first.
   * @param {string} stream @param {string} register @param {Write[]} writes `before` of what `settled` gave
   * @returns {Promise<void>}
   */
  async reopen(stream, register, writes) {
    const entry = this.settled(stream).find(
      one => one.register === register && one.before.some(write => writes.some(({ id }) => id === write.id))
    )
    if (!entry) return
    const firsts = groups(writes).map(group => group.writes[0])
    const ids = firsts.map(() => this.#uuid())
    await this.#step(
      stream,
      held => {
        const registers = step.registersOf(held)
        const operations = firsts.map((write, place) => {
          const { kind, payload } = restate(register, write.value, registers)
          return { ...this.#draft(kind, payload), id: ids[place], seen: [entry.settledBy], of: write.id }
        })
        return step.reopen(held, operations, firsts, this.person.id)
      },
      { whole: true, own: true }
    )
  }

  /**
   * Differences settled on this device whose settling still stands.
   * @param {string} stream @returns {import('./stream.js').Settled[]}
   */
  settled(stream) {
    return step.standing(this.#held(stream))
  }

  /**
   * How far the person's own words in a register have got: nothing when what shows there is not theirs.
   * @param {string} stream @param {string} register
   * @returns {{state: 'local'|'sent'|'confirmed', at: string} | undefined}
   */
  saved(stream, register) {
    const drawn = this.#audits.get(stream) ?? this.#assessments.get(stream)
    const live = drawn?.registers[register] ?? step.registersOf(this.#held(stream))[register] ?? []
    const own = live.filter(write => write.author === this.person.id).at(-1)
    return own && { state: /** @type {any} */ (own.state ?? 'confirmed'), at: own.at ?? own.received_at ?? '' }
  }

  /** What is typed into a form and not saved yet; nothing forgets it. @param {string} form @param {any} values */
  async keepTyped(form, values) {
    await this.#kept('readwrite', replies =>
      values === undefined ? replies.delete(`typed/${form}`) : replies.put(values, `typed/${form}`)
    )
  }

  /** What was typed into a form, if it is held. @param {string} form @returns {Promise<any>} */
  typed(form) {
    return this.#kept('readonly', replies => replies.get(`typed/${form}`))
  }

  // Photos

  /**
   * Keeps a photo that was just taken, read back and hashed; nothing speaks of it yet.
   * @param {string} stream @param {{bytes: ArrayBuffer, sha256: string}} taken rejects with StorageProblem
   */
  async keepPhoto(stream, taken) {
    await this.#photos.keep(stream, taken)
  }

  /** The bytes of a photo, or null when they are not on this device. @param {string} stream @param {string} sha256 */
  picture(stream, sha256) {
    return this.#photos.picture(stream, sha256)
  }

  /**
   * How many photos of an audit that is loaded are on this device, of how many. Those that nobody can see are in neither.
   * @param {string} stream @returns {{here: number, of: number}}
   */
  photosHere(stream) {
    const all = this.#photosOf(stream).filter(sha256 => !['missing', 'refused'].includes(this.photoState(stream, sha256)))
    return { here: all.filter(sha256 => this.#photos.isHeld(stream, sha256)).length, of: all.length }
  }

  /** How far a photo has got. @param {string} stream @param {string} sha256 */
  photoState(stream, sha256) {
    return this.#photos.state(stream, sha256)
  }

  /** Own photos that the service has not confirmed, oldest first. */
  photosWaiting() {
    return this.#photos.waiting()
  }

  /** The person has read that a photo was refused: it stays on this device. @param {string} stream @param {string} sha256 */
  async dismissPhoto(stream, sha256) {
    if (this.photoState(stream, sha256) !== 'refused') return
    await this.#photos.putAside(stream, sha256)
    this.#announce({ stream })
  }

  /** Is there room for so many bytes, with some to spare for words? @param {number} bytes */
  async hasRoomFor(bytes) {
    const { usage, quota } = await this.storage()
    return quota === 0 || usage + bytes + KEPT_FREE <= quota
  }

  // What waits

  /**
   * Own operations that are not handed in yet or were not taken, oldest first, until each is confirmed or dismissed.
   */
  unsent() {
    return this.#rows().filter(step.isUnsent).map(shown)
  }

  /** Those not taken that the person has dismissed: still readable. */
  dismissed() {
    return this.#rows()
      .filter(row => row.dismissed)
      .map(shown)
  }

  /** The person has read that an operation was refused, kept or parked. @param {string} id */
  async dismiss(id) {
    const row = this.#rows().find(({ operation }) => operation.id === id)
    if (row) await this.#step(row.stream, held => step.dismiss(held, id))
  }

  /** All that this person has not handed in, as a file that they or anybody else can hand in. @returns {RescueFile} */
  rescue() {
    const waiting = this.#rows().filter(row => row.state !== 'unsure' && (row.owed || row.state === 'parked'))
    const streams = [...byStream(waiting)]
    return {
      milieu: 'rescue',
      v: 1,
      made_at: stamp(this.#now()),
      person: this.person,
      streams: streams.map(([stream, rows]) => ({ stream, operations: rows.map(row => row.operation) })),
    }
  }

  /** The same with the photos that are not sent yet. @returns {Promise<RescueFile>} */
  async rescueWithPhotos() {
    return { ...this.rescue(), photos: await this.#photos.pack() }
  }

  /**
   * Puts the operations of one's own rescue file into the queue; of those known here only what was parked is tried
   * again. (Another person's file is handed in by `sync.handIn`.) @param {RescueFile} file @returns {Promise<number>}
   * how many
   */
  async handIn(file) {
    let added = 0
    await this.#photos.unpack(file.photos ?? [])
    for (const { stream, operations } of file.streams) {
      await this.#step(
        stream,
        held => {
          const known = new Map(held.rows.map(row => [row.operation.id, row]))
          const fresh = operations.filter(({ id }) => (known.get(id)?.state ?? 'parked') === 'parked')
          added += fresh.length
          // they may have been handed in before, from another device, so they count as in flight and are never
          // rewritten
          return fresh.reduce(
            (after, operation) =>
              known.has(operation.id)
                ? step.unpark(after, operation.id)
                : step.addRow(after, { operation, author: this.person.id, state: 'sent', owed: true }),
            held
          )
        },
        { own: true }
      )
    }
    return added
  }

  /** How much room there is. @returns {Promise<{persisted: boolean, usage: number, quota: number}>} */
  async storage() {
    const manager = globalThis.navigator?.storage
    const { usage = 0, quota = 0 } = (await manager?.estimate?.()) ?? {}
    return { persisted: (await manager?.persisted?.()) ?? false, usage, quota }
  }

  /** Asks the browser not to clear this away. @returns {Promise<boolean>} */
  async persist() {
    return (await globalThis.navigator?.storage?.persist?.()) ?? false
  }

  // For the sync

  /** Photos to be sent, of streams that owe nothing else. */
  photosOwed() {
    const owing = this.owing()
    return this.#photos.owed().filter(({ stream }) => !owing.includes(stream))
  }

  /** Audits that are open, or have photos that no backup holds yet, of which the service may be asked what it has. */
  photosUnsure() {
    return this.downloaded().filter(id => this.#photos.isUnsure(id, photosIn(this.#audits.get(id)?.registers ?? {})))
  }

  /** The service has confirmed a photo. @param {string} stream @param {string} sha256 */
  async photoConfirmed(stream, sha256) {
    await this.#photos.confirm(stream, sha256)
    this.#announce({ stream })
  }

  /** The service does not expect a photo: perhaps what spoke of it was not taken. @param {string} stream @param {string} sha256 */
  async photoUnexpected(stream, sha256) {
    const row = this.#held(stream).rows.find(({ operation }) => operation.payload.sha256 === sha256)
    if (!row || !['refused', 'parked'].includes(row.state)) return
    await this.#photos.putAside(stream, sha256)
    this.#announce({ stream })
  }

  /** The service cannot take a photo. @param {string} stream @param {string} sha256 @param {any} problem */
  async photoRefused(stream, sha256, problem) {
    await this.#photos.refuse(stream, sha256, problem)
    this.#announce({ stream })
  }

  /** The service has said which photos it has. @param {string} stream @param {import('./photos.js').There[]} photos */
  async takePhotos(stream, photos) {
    await this.#photos.takeList(stream, photos)
    this.#announce({ stream })
  }

  /** Keeps a picture that was fetched. @param {string} stream @param {string} sha256 @param {ArrayBuffer} bytes */
  async keepPicture(stream, sha256, bytes) {
    if (!(await this.hasRoomFor(bytes.byteLength))) return
    await this.#photos.keepFetched(stream, sha256, bytes)
    this.#announce({ stream })
  }

  /** Has at hand the audits that I am to judge, also those that nobody has opened since the app was started. */
  async loadJudged() {
    for (const { audit } of this.#toJudge()) if (!this.#audits.has(audit)) await this.loadAudit(audit)
  }

  /**
   * Photos of audits that I am to judge, which the service has and this device has not; none when there is no room.
   * @returns {{stream: string, sha256: string}[]}
   */
  photosAhead() {
    if (!this.#photos.hasRoomAhead) return []
    return this.#toJudge().flatMap(({ audit: stream }) =>
      this.#photosOf(stream)
        .filter(sha256 => this.photoState(stream, sha256) === 'here' && !this.#photos.isHeld(stream, sha256))
        .map(sha256 => ({ stream, sha256 }))
    )
  }

  /** Streams with operations that are owed. */
  owing() {
    return [...this.#streams.values()].filter(held => held.rows.some(row => row.owed)).map(held => held.id)
  }

  /** @param {string} stream how it is held, without its snapshot perhaps */
  standing(stream) {
    const held = this.#held(stream)
    return {
      fence: held.fence,
      holds: held.holds,
      beside: held.beside,
      isCurrent: step.isCurrent(held),
      isDiverged: held.diverged,
      isInFlight: held.rows.some(step.isInFlight),
      isOpening: step.isOpening(held),
    }
  }

  /** Streams whose snapshot is held. */
  downloaded() {
    return [...this.#streams.values()].filter(held => held.holds !== null).map(held => held.id)
  }

  /**
   * Marks the oldest operations owed as in flight and gives them, once the mark is on the disk.
   * @param {string} stream @param {number} most @param {number} bytes
   * @returns {Promise<{cursor: string|null, operations: Operation[]}>}
   */
  async depart(stream, most, bytes) {
    await this.#step(stream, held => step.depart(held, most, bytes))
    const held = this.#held(stream)
    const marked = step.departing(held, most, bytes).filter(row => row.state !== 'local')
    return { cursor: held.fence, operations: marked.map(row => row.operation) }
  }

  /** @param {string} stream @param {any[]} outcomes @param {string} cursor */
  async takeOutcomes(stream, outcomes, cursor) {
    await this.#step(stream, held => step.takeOutcomes(held, outcomes, cursor))
  }

  /**
   * Keeps a snapshot that was asked for at this fence.
   * @param {any} snapshot @param {string|null} fence @returns {Promise<'taken'|'not now'|'diverged'>} 'not now':
   * something is in flight, or another tab went on; 'diverged': the ledger has gone back, and own work has to be
   * handed in again first
   */
  async takeSnapshot(snapshot, fence) {
    const { id, cursor } = snapshot
    const knowsMore = this.#held(id).rows.some(row => row.number !== undefined)
    if (knowsMore && step.isDiverged(snapshot, fence)) return 'diverged'
    await this.#step(id, held => step.takeSnapshot(held, snapshot, fence))
    return this.#held(id).holds === cursor ? 'taken' : 'not now'
  }

  /** @param {string} stream all of one's own that this ledger had confirmed is owed again */
  async requeue(stream) {
    await this.#step(stream, step.requeue)
  }

  /** @param {string} stream @param {string} id @param {any} problem */
  async park(stream, id, problem) {
    await this.#step(stream, held => step.park(held, id, problem))
  }

  /** Forgets what was downloaded of a stream. @param {string} stream */
  async drop(stream) {
    const { holds, gone } = this.#held(stream)
    if (holds !== null || !gone) await this.#step(stream, step.drop)
  }

  /**
   * Keeps what home says, and lets go of what it says is safe or no longer mine.
   * @param {any} body @param {string|null} etag
   */
  async takeHome(body, etag) {
    const home = { body, etag }
    await this.#kept('readwrite', replies => replies.put(home, 'home'))
    this.#home = home
    for (const { id, cursor, backed_up_to: safe } of body.audits) {
      if (this.#isKnown(id, cursor)) await this.#step(id, held => step.prune(held, safe))
    }
    for (const { id, cursor, backed_up_to: safe } of body.organisations) {
      if (this.#isKnown(id, cursor)) await this.#step(id, held => step.pruneBare(held, safe))
    }
    for (const id of this.#opened.keys()) this.#draw(id)
    this.#announce({})
  }

  /**
   * Keeps what waits at awarding bodies, and lets go of what the service says is safe there. Null: one has no part in
   * any, or not any more.
   * @param {any} body @param {string|null} etag
   */
  async takeSubmissions(body, etag) {
    const submissions = body && { body, etag }
    await this.#kept('readwrite', replies =>
      submissions ? replies.put(submissions, 'submissions') : replies.delete('submissions')
    )
    this.#submissions = submissions
    for (const { assessment, stream, cursor, backed_up_to: safe } of body?.submissions ?? []) {
      if (stream && this.#isKnown(stream, cursor)) await this.#step(stream, held => step.pruneBare(held, safe))
      if (!assessment || !this.#isKnown(assessment.id, assessment.cursor)) continue
      await this.#step(assessment.id, held => step.prune(held, assessment.backed_up_to))
    }
    for (const id of this.#opened.keys()) this.#draw(id)
    this.#announce({})
  }

  /**
   * Streams that the service had and neither home nor an awarding body lists: ours to see no more, or lost there in a
   * restore. The service can be asked which; where nothing in it is one's own (`isOwn`), nothing hangs on that.
   * @returns {{id: string, fence: string|null, isOwn: boolean}[]}
   */
  unlisted() {
    const listed = new Set(this.home?.audits.map((/** @type {any} */ { id }) => id))
    for (const { audit, assessment } of this.#judged()) listed.add(audit).add(assessment?.id)
    return [...this.#streams.values()]
      .filter(held => !listed.has(held.id) && wasThere(held) && !step.isOpening(held))
      .map(({ id, fence, rows }) => ({ id, fence, isOwn: rows.length > 0 }))
  }

  /** Home does not list it: what was downloaded goes, unless the setting is ours to see and our own work waits there. @param {string} id */
  async hide(id) {
    const held = await this.#load(id)
    if (!isStillSeen(held, this.home?.sites ?? [])) await this.drop(id)
  }

  /**
   * The ETag under which an edition is here in a language, or null.
   * @param {string} slug @param {number} edition @param {string} sector @param {string} language
   * @returns {Promise<string|null>}
   */
  async editionTag(slug, edition, sector, language) {
    const key = tagKey(editionKey(slug, edition, sector, language))
    return (await this.#kept('readonly', replies => replies.get(key))) ?? null
  }

  /** @param {any} body an edition's reply @param {string} language the one asked for @param {string|null} etag */
  async takeEdition(body, language, etag) {
    const key = editionKey(body.slug, body.edition, body.sector, language)
    await this.#kept('readwrite', replies => Promise.all([replies.put(body, key), replies.put(etag, tagKey(key))]))
    for (const [id, opened] of this.#opened) {
      const about = this.#audits.get(id) ?? this.#assessments.get(id)
      const isIts = about?.checklist === body.slug && about?.editionNumber === body.edition
      if (isIts && (about.sector ?? about.siteOf?.sector) === body.sector) this.#opened.set(id, { ...opened, edition: body })
      if (isIts) this.#draw(id)
    }
    this.#announce({})
  }

  /**
   * Keeps a reply that is to be read without a network too, until signing out.
   * @param {string} key what was asked @param {any} body
   */
  async keepReply(key, body) {
    await this.#kept('readwrite', replies => replies.put({ body, at: this.#now() }, keptKey(key)))
  }

  /**
   * The last reply that was kept under this key, and when it came; null when there is none.
   * @param {string} key @returns {Promise<{body: any, at: number}|null>}
   */
  async reply(key) {
    return (await this.#kept('readonly', replies => replies.get(keptKey(key)))) ?? null
  }

  /**
   * Prepares an online operation: kept before it is sent, so that saying it again after a lost reply is the same
   * operation.
   * @param {string} stream @param {string} kind @param {any} payload @returns {Promise<Operation>}
   */
  async prepare(stream, kind, payload) {
    const draft = { ...this.#draft(kind, payload), seen: [] }
    const isSame = (/** @type {Row} */ row) =>
      row.state === 'unsure' && row.operation.kind === kind && canonical(row.operation.payload) === canonical(payload)
    await this.#step(stream, held =>
      held.rows.some(isSame)
        ? held
        : step.addRow(held, { operation: draft, author: this.person.id, state: 'unsure', owed: false })
    )
    return /** @type {Row} */ (this.#held(stream).rows.find(isSame)).operation
  }

  /**
   * Forgets an online operation that was refused: the person has been told.
   * @param {string} stream @param {string} id
   */
  async forgetPrepared(stream, id) {
    await this.#step(stream, held => ({ ...held, rows: held.rows.filter(row => row.operation.id !== id) }))
  }

  // Coming and going

  /**
   * Signing out: everything downloaded goes, and all that is safe on the server; what is unsent stays for the same
   * person. This copy is closed, here and in other tabs.
   */
  async forget() {
    await this.#database.transact([...OUTBOX, ...PHOTOS, 'replies'], 'readwrite', async transaction => {
      await this.#photos.forget(transaction)
      await transaction.objectStore('replies').clear()
      await transaction.objectStore('snapshots').clear()
      await transaction.objectStore('streams').clear()
      for (const row of await transaction.objectStore('outbox').getAll()) {
        if (step.isUnsent(row)) await transaction.objectStore('outbox').put({ ...row, contained: false })
        else await transaction.objectStore('outbox').delete([row.stream, row.order])
      }
    })
    this.#channel?.postMessage({ forgotten: true })
    this.close()
  }

  /** Reads everything again but the snapshots, and these where own work has to be laid over them. */
  async refresh() {
    const { home, submissions, streams, rows } = await this.#database.transact(
      ['replies', ...OUTBOX],
      'readonly',
      async transaction => ({
        home: await transaction.objectStore('replies').get('home'),
        submissions: await transaction.objectStore('replies').get('submissions'),
        streams: await transaction.objectStore('streams').getAll(),
        rows: await transaction.objectStore('outbox').getAll(),
      })
    )
    await this.#photos.load()
    this.#home = home ?? null
    this.#submissions = submissions ?? null
    const owned = byStream(rows)
    const ids = new Set([...streams.map((/** @type {any} */ { id }) => id), ...owned.keys()])
    const stored = new Map(streams.map((/** @type {any} */ stream) => [stream.id, stream]))
    this.#streams = new Map(
      [...ids].map(id => [id, { ...step.blank(id), snapshot: undefined, ...stored.get(id), rows: owned.get(id) ?? [] }])
    )
    const laidOver = [...this.#streams.values()].filter(held =>
      held.rows.some(row => step.isInForce(row) && !row.contained)
    )
    const assessments = new Set([...this.#assessments.keys(), ...this.assessing().map(row => row.assessment.id)])
    for (const id of new Set([...this.#opened.keys(), ...laidOver.map(held => held.id)]))
      await (assessments.has(id) ? this.loadAssessment(id) : this.loadAudit(id))
    this.#announce({}, { tell: false })
  }

  /** Lets go of the database. */
  close() {
    this.#database.close()
    this.#channel?.close()
  }

  // Within

  /** Rows of submissions that I assess and have not finished with. @returns {any[]} */
  #toJudge() {
    return this.assessing().filter(({ assessment: { blinded, reported_at, released_at } }) =>
      !released_at && !(blinded && reported_at)
    )
  }

  /** The photos that stand in an audit that is loaded, each once. @param {string} stream @returns {string[]} */
  #photosOf(stream) {
    const all = standing(items(this.#audits.get(stream)?.registers ?? {}))
    return [...new Set(all.flatMap(({ details }) => details.sha256 ?? []))]
  }

  /** @returns {any[]} */
  #listed() {
    const listed = this.home?.audits ?? []
    const known = new Set(listed.map((/** @type {any} */ { id }) => id))
    const opened = [...this.#streams.values()].filter(held => !known.has(held.id) && opening(held))
    return [...listed, ...opened.map(held => ({ ...opening(held), local: true }))]
  }

  /**
   * Replies, and what else is kept until somebody signs out, in a transaction of their own.
   * @param {'readonly'|'readwrite'} mode @param {(replies: any) => Promise<any>} work
   */
  #kept(mode, work) {
    return this.#database.transact(['replies'], mode, transaction => work(transaction.objectStore('replies')))
  }

  /**
   * One step of one stream: read, change by a pure function, write, in one transaction; memory after it. What memory
   * holds is believed only while the version on the disk says that no other tab has gone on.
   * @param {string} id @param {(held: Held) => Held} change @param {{whole?: boolean, own?: boolean, photo?: string,
   * registers?: string[]}} [how] `whole`: the change looks at the snapshot; `photo`: it speaks of this one;
   * `registers`: it changes these alone
   * @returns {Promise<Held>} the state before
   */
  async #step(id, change, { whole = false, own = false, photo, registers } = {}) {
    const stores = photo ? [...OUTBOX, ...PHOTOS] : OUTBOX
    const { before, after, spoken } = await this.#database.transact(stores, 'readwrite', async transaction => {
      const before = await this.#read(transaction, id, whole)
      const changed = change(before)
      if (changed === before) return { before, after: before }
      const spoken = photo && (await this.#photos.speakOf(transaction, id, photo))
      const after = { ...changed, version: before.version + 1 }
      await write(transaction, before, after)
      return { before, after, spoken }
    })
    this.#streams.set(id, after)
    if (spoken) spoken()
    if (after === before) return before
    this.#draw(id)
    this.#announce({ stream: id, own, registers })
    return before
  }

  /** @param {any} transaction @param {string} id @param {boolean} whole @returns {Promise<Held>} */
  async #read(transaction, id, whole) {
    const stored = await transaction.objectStore('streams').get(id)
    const known = this.#held(id)
    const isFresh = known.version === (stored?.version ?? 0)
    const rows = isFresh ? known.rows : await transaction.objectStore('outbox').getAll(rowsOf(id))
    const held = isFresh ? known : { ...step.blank(id), ...stored, rows, snapshot: undefined }
    if (held.snapshot !== undefined || (!whole && !this.#opened.has(id))) return held
    return { ...held, snapshot: (await transaction.objectStore('snapshots').get(id)) ?? null }
  }

  /** @param {string} id with its snapshot */
  async #load(id) {
    const held = await this.#database.transact(OUTBOX, 'readonly', transaction => this.#read(transaction, id, true))
    this.#streams.set(id, held)
    return held
  }

  /** @param {string} id @returns {Held} */
  #held(id) {
    return this.#streams.get(id) ?? { ...step.blank(id), snapshot: undefined }
  }

  /**
   * Does this cursor say that the ledger is the one that own operations are in?
   * @param {string} id @param {string} cursor
   */
  #isKnown(id, cursor) {
    const { fence, rows } = this.#held(id)
    return cursor === fence && rows.length > 0
  }

  #rows() {
    return [...this.#streams.values()].flatMap(held => held.rows)
  }

  /** @param {string} kind @param {any} payload */
  #draft(kind, payload) {
    return { id: this.#uuid(), v: /** @type {1} */ (1), kind, at: stamp(this.#now()), device: this.#device.id, payload }
  }

  /** Puts a loaded audit together again. @param {string} id */
  #draw(id) {
    const opened = this.#opened.get(id)
    if (!opened) return
    const held = this.#held(id)
    const about = held.snapshot ?? this.#blankSnapshot(held)
    if (!about) return this.#undraw(id)
    const drawn = {
      ...about,
      registers: step.registersOf(held),
      people: { ...about.people, [this.person.id]: this.person.name },
      editionNumber: about.edition,
      edition: opened.edition,
    }
    if (isAssessment(held)) return void this.#assessments.set(id, drawn)
    this.#audits.set(id, {
      ...drawn,
      contributor: opened.contributor,
      siteOf: withoutSealed(this.#siteOf(about.site, id), about.stage),
      asked: askedOf(about),
      local: !held.snapshot,
    })
  }

  /** @param {string} id */
  #undraw(id) {
    this.#audits.delete(id)
    this.#assessments.delete(id)
  }

  /** @param {Held} held */
  #blankSnapshot(held) {
    const about = opening(held)
    return (
      about && {
        ...about,
        opened_by: { id: this.person.id, name: this.person.name },
        registers: {},
        people: {},
        kept: [],
      }
    )
  }

  /**
   * The setting of an audit; one that is another organisation's and is judged here is known by name and sector alone.
   * @param {string} site @param {string} audit
   */
  #siteOf(site, audit) {
    const own = this.home?.sites.find((/** @type {any} */ { id }) => id === site)
    const judged = own ? null : this.#judged().find(row => row.audit === audit)
    const camera = { allowed: false, until: null }
    return own ?? (judged ? { id: site, name: judged.setting, sector: judged.sector, may: [], camera } : null)
  }

  /** What I judge, as an assessor or on a panel, having declared no conflict. @returns {any[]} */
  #judged() {
    const rows = this.submissions?.submissions ?? []
    return rows.filter(
      (/** @type {any} */ { parts, declared }) =>
        declared === 'clear' && (parts.includes('assessor') || parts.includes('panel'))
    )
  }

  /** @param {any} listed */
  #withProgress(listed) {
    const audit = this.#audits.get(listed.id)
    const by = listed.opened_by ?? { id: this.person.id, name: this.person.name }
    const empty = { principles: [], differences: 0 }
    if (!audit?.edition) return { ...listed, opened_by: by, kept: listed.kept ?? 0, progress: listed.progress ?? empty }
    return { ...listed, opened_by: by, kept: listed.kept ?? 0, progress: this.#progressOf(audit) }
  }

  /** Counted once for each state of an audit, since Home asks again and again. @param {Audit} audit */
  #progressOf(audit) {
    const { registers, edition } = audit
    const known = this.#progress.get(audit) ?? {
      principles: progress(registers, edition),
      differences: differences(registers).length,
    }
    this.#progress.set(audit, known)
    return known
  }

  /** @param {ConstructorParameters<typeof StoreChange>[0] & {}} what @param {{tell?: boolean}} [how] */
  #announce(what, { tell = true } = {}) {
    this.dispatchEvent(new StoreChange(what))
    if (tell) this.#channel?.postMessage({ stream: what.stream ?? null })
  }

  /** Another tab has changed something. @param {{stream?: string|null, forgotten?: boolean}} said */
  async #hear({ stream, forgotten }) {
    if (forgotten) {
      this.close()
      this.dispatchEvent(new Event('closed'))
      return
    }
    if (!stream) return this.refresh()
    await this.#photos.load()
    await this.#load(stream)
    this.#draw(stream)
    this.#announce({ stream }, { tell: false })
  }
}

export { StorageProblem }

/** @param {any} transaction @param {Held} before @param {Held} after */
async function write(transaction, before, after) {
  const { rows, snapshot, ...stream } = after
  const outbox = transaction.objectStore('outbox')
  const old = new Set(before.rows)
  const orders = new Set(rows.map(row => row.order))
  const writes = [transaction.objectStore('streams').put(stream)]
  for (const row of rows) if (!old.has(row)) writes.push(outbox.put(row))
  for (const row of before.rows) if (!orders.has(row.order)) writes.push(outbox.delete([row.stream, row.order]))
  if (snapshot && snapshot !== before.snapshot) writes.push(transaction.objectStore('snapshots').put(snapshot))
  if (!after.holds && before.holds) writes.push(transaction.objectStore('snapshots').delete(after.id))
  await Promise.all(writes)
}

/** All rows of a stream: a list sorts after every number. @param {string} id */
function rowsOf(id) {
  return IDBKeyRange.bound([id], [id, []])
}

/** The audit that own work has opened in this stream. @param {Held} held */
function opening(held) {
  const row = held.rows.find(({ operation }) => operation.kind === 'audit.open')
  if (!row || row.dismissed || held.gone) return null
  const { at, payload } = row.operation
  return { id: held.id, ...payload, stage: 'open', opened_at: at, cursor: null, backed_up_to: 0 }
}

/** @param {Row} row */
function shown({ operation: { id, kind, payload, at }, stream, state, problem }) {
  return { id, stream, kind, payload, at, state, ...(problem ? { problem } : {}) }
}

/** The photos that evidence speaks of. @param {Registers} registers @returns {string[]} */
function photosIn(registers) {
  const details = Object.keys(registers).filter(name => name.startsWith('evidence/') && name.endsWith('/details'))
  return details.flatMap(name => registers[name].flatMap(({ value }) => value.sha256 ?? []))
}

/** @param {Row[]} rows @returns {Map<string, Row[]>} */
function byStream(rows) {
  /** @type {Map<string, Row[]>} */
  const found = new Map()
  for (const row of rows) {
    const others = found.get(row.stream)
    if (others) others.push(row)
    else found.set(row.stream, [row])
  }
  return found
}

/** The row that differs from before: the one that was rewritten in place. @param {Row[]} rows @param {Held} before */
function newest(rows, before) {
  return /** @type {Row} */ (rows.find(row => !before.rows.includes(row)))
}

/** @param {string} slug @param {number} edition @param {string} sector @param {string} language */
function editionKey(slug, edition, sector, language) {
  return `edition/${slug}/${edition}/${sector}/${language}`
}

/** Where an edition's ETag lies: apart, because an edition is large and is asked about at every start. @param {string} key */
function tagKey(key) {
  return `etag/${key}`
}

/** Where a kept reply lies. @param {string} key */
function keptKey(key) {
  return `kept/${key}`
}

/** "2026-11-23T08:20:11+00:00" @param {number} now */
function stamp(now) {
  return `${new Date(now).toISOString().slice(0, 19)}+00:00`
}

/** @param {string} name */
function broadcast(name) {
  return typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name)
}

/** What goes on in an audit that was handed in, and what besides while something is asked of its team. */
const GOES_ON = ['plan.']
const ANSWERS = ['evidence.', 'answer.', 'finding.', 'contributor.add']

/**
 * A site with what one may do there in an audit at this stage: nothing of an audit that was handed in changes, but for
 * the plan, which goes on, and what answers what is asked of the team.
 * @param {any} site @param {string} stage
 */
function withoutSealed(site, stage) {
  if (!site || stage === 'open') return site
  const goesOn = isAnswering(stage) ? [...GOES_ON, ...ANSWERS] : GOES_ON
  return { ...site, may: site.may.filter((/** @type {string} */ verb) => !isOffline(verb) || goesOn.some(start =>
    verb.startsWith(start))) }
}

/**
 * The criteria that the team of an audit which was handed in is asked about; null while it is asked about none.
 * @param {any} about @returns {string[] | null}
 */
function askedOf({ stage, submission }) {
  if (!isAnswering(stage)) return null
  return stage === 'deferred' ? submission.decision.criteria
    : submission.asked.points.map((/** @type {any} */ { criterion }) => criterion)
}

/** @param {string} stage */
const isAnswering = stage => ['action-points', 'deferred'].includes(stage)

/** @param {Held} held */
function isAssessment(held) {
  return held.snapshot?.kind === 'assessment'
}

/** @param {Row} row */
function isTaken(row) {
  return row.number !== undefined && row.state !== 'kept'
}

/** Did the service have this audit: was it downloaded, or something of one's own taken? @param {Held} held */
function wasThere(held) {
  return held.holds !== null || held.rows.some(row => row.number !== undefined && isOffline(row.operation.kind))
}

/**
 * Is it ours to see though home does not list it: is its site, and do we have work in it that is not merely kept?
 * @param {Held} held @param {{id: string, may: string[]}[]} sites
 */
function isStillSeen(held, sites) {
  const about = held.snapshot ?? opening(held)
  const isSeen = sites.some(site => site.id === about?.site && site.may.includes('audit.see'))
  return isSeen && held.rows.some(row => row.owed || isTaken(row))
}
