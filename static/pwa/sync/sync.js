// Hands in what waits and fetches what is new. It may be called at any time, in any number of tabs.
import { language } from '../lib/words.js'
import { StorageProblem } from '../store/store.js'
import { Api, Offline, Problem, Repeating } from './api.js'
import { readRescueFile } from './rescue.js'
import { endOwedSession } from './session.js'
import { Uploads } from './uploads.js'

/**
 * @typedef {import('../store/store.js').Store} Store
 * @typedef {import('../store/device.js').Device} Device
 * @typedef {import('../store/stream.js').Operation} Operation
 * @typedef {null|'offline'|'sign-in'|'slow-down'|'unavailable'|'storage-full'|'diverging'|'repeating'|
 *   'captive'|'update'|'device'}
 *   Trouble 'storage-full': the server's; 'device': this device could not keep something; 'update': a newer app is
 *   needed to read
 * @typedef {{phase: 'idle'|'busy'|'waiting', problem: Trouble, retryAt: number|null}} State
 * @typedef {{isVisible: () => boolean, listen: (wake: () => void) => () => void}} Page
 */

const POLL = 30_000
const AFTER_A_WRITE = 2_000
const APART = 2_500 // however often somebody wakes it, this is never taken for the same again and again (see api.js)
const BACK_OFF = { first: 2_000, most: 300_000 }
const SLOW = 300_000
const HOUR = 3_600_000
const BATCH = { first: 50, most: 200, bytes: 250 * 1024 }
const MOST_AUDITS = 50
const MOST_DIVERGENCES = 3
const MOST_TURNED_AWAY = 3
const MAY_BE_DONE = 'No answer came. It may have been done, or not: say it again and it is done once.'

/** @type {{[reason in Offline['reason']]: Trouble}} */
const WITHOUT_ANSWER = { network: 'offline', timeout: 'offline', server: 'unavailable', captive: 'captive' }
/** @type {{[status: number]: Trouble}} */
const ANSWERED = { 401: 'sign-in', 426: 'update', 429: 'slow-down', 507: 'storage-full' }

/** The ledger has gone back more often than can be right. */
class Diverging extends Error {}

/** Somebody else is signed in: this store's work must not go out in their name. */
class AnotherPerson extends Error {}

/** Dispatches 'change' when `state` changed. */
export class Sync extends EventTarget {
  /** @type {State} */
  state = { phase: 'idle', problem: null, retryAt: null }

  #store
  #device
  #now
  #locks
  #random
  #timers
  #page
  #api
  #uploads
  /** @type {any} */
  #timer = null
  /** @type {Promise<void> | null} */
  #running = null
  #again = false
  /** Are there pictures left to be fetched ahead? */
  #more = false
  #stopped = true
  #halted = false
  #failures = 0
  #ready = false
  #startedAt = -Infinity
  #turnedAway = 0
  /** @type {(() => void)[]} */
  #listening = []
  /** @type {Map<string, Promise<any>>} one request in flight per stream */
  #turns = new Map()
  /** @type {Map<string, number>} */
  #batches = new Map()
  /** @type {Map<string, number>} streams that are not ours any more: until when they wait */
  #slow = new Map()
  /** @type {Map<string, number[]>} */
  #divergences = new Map()
  /** @type {Map<string, {news: string, at: number}>} audits that home does not list, and when that was last looked into */
  #askedAfter = new Map()
  /** @type {Set<string>} editions asked for since the start: their words may be corrected, but not by the minute */
  #asked = new Set()

  /**
   * @param {{store: Store | null, device: Device, fetch?: import('./api.js').Fetch, now?: () => number, locks?:
   *   LockManager | null, random?: () => number, timers?: import('./api.js').Timers, page?: Page}} options with no
   * store it only ends the session of who signed out without a network
   */
  constructor({
    store,
    device,
    fetch,
    now = Date.now,
    locks = globalThis.navigator?.locks ?? null,
    random = Math.random,
    timers = globalThis,
    page = thisPage(),
  }) {
    super()
    this.#store = store
    this.#ready = !store || store.home !== null
    this.#device = device
    this.#now = now
    this.#locks = locks
    this.#random = random
    this.#timers = timers
    this.#page = page
    this.#api = new Api({ fetch, now, timers })
    this.#uploads = store && new Uploads({ store, api: this.#api, now, say: () => this.dispatchEvent(new Event('change')) })
  }

  /** Is everything here that is needed without a network? Not before the first fetch after signing in has ended. */
  get isReady() {
    return this.#ready
  }

  /** How many photos of how many are sent, while they are being sent, else null. */
  get photos() {
    return this.#uploads?.progress ?? null
  }

  /** Begins to keep this device and the server one, by itself, until `stop`. */
  start() {
    if (!this.#stopped) return
    this.#stopped = false
    const heard = (/** @type {any} */ { own }) => {
      if (own) this.#plan(AFTER_A_WRITE)
    }
    this.#store?.addEventListener('change', heard)
    this.#listening = [this.#page.listen(() => this.#wake()), () => this.#store?.removeEventListener('change', heard)]
    this.#wake()
  }

  /** Ends that. A request in flight is let go. */
  stop() {
    this.#stopped = true
    this.#timers.clearTimeout(this.#timer)
    this.#plannedAt = null
    for (const off of this.#listening.splice(0)) off()
  }

  /** Syncs now: somebody has tapped. Resolves after the attempt; `state` says how it went. */
  async now() {
    this.#failures = 0
    this.#halted = false
    this.#slow.clear()
    await this.#run()
  }

  /**
   * Performs an online operation: sent at once and awaited. Saying the same again after an Offline is safe: it is the
   * same operation, and is done once.
   * @param {string} stream @param {string} kind @param {any} payload
   * @returns {Promise<{id: string, verdict: string, number: number|null}>} rejects with Problem or Offline
   */
  async perform(stream, kind, payload) {
    const store = this.#requireStore()
    const operation = await store.prepare(stream, kind, payload)
    const reply = await this.#untilAnswered(stream, operation)
    const outcome = reply.outcomes.find((/** @type {any} */ { id }) => id === operation.id)
    if (!outcome) throw new Offline('server', { detail: MAY_BE_DONE })
    if (outcome.verdict === 'refused') {
      await store.forgetPrepared(stream, operation.id)
      throw new Problem(outcome.problem ?? {}, 200)
    }
    await store.takeOutcomes(stream, reply.outcomes, reply.cursor)
    if (!this.#stopped) this.#plan(0)
    return outcome
  }

  /** A read that needs the network. @param {string} path @returns {Promise<any>} rejects with Problem or Offline */
  async fetchJSON(path) {
    return this.#noticing(async () => (await this.#api.get(path)).body)
  }

  /**
   * Fetches one audit now, for whoever opens one that is not here.
   * @param {string} id rejects with Problem or Offline
   */
  async fetchAudit(id) {
    await this.#noticing(() => this.#fetch(id))
  }

  /**
   * Fetches one's own assessment now.
   * @param {string} id rejects with Problem or Offline
   */
  async fetchAssessment(id) {
    await this.#noticing(() => this.#fetch(id, { path: assessmentPath(id) }))
  }

  /**
   * A picture that is not on this device, or a small one. What is fetched whole is kept for times without a network.
   * @param {string} stream @param {string} sha256 @param {{small?: boolean}} [how] rejects with Problem or Offline
   * @returns {Promise<ArrayBuffer>}
   */
  async fetchPicture(stream, sha256, how) {
    this.#requireStore()
    return this.#noticing(() => /** @type {Uploads} */ (this.#uploads).fetch(stream, sha256, how))
  }

  /**
   * Hands in a rescue file. One's own goes into the queue; another person's is sent at once in their name, and the
   * server keeps it for the lead to admit. @param {unknown} file rejects with Problem '/problems/not-a-rescue-file',
   * or Offline: hand it in again
   * @returns {Promise<{queued: number, outcomes: {stream: string, id: string, verdict: string, problem?: any}[]}>}
   */
  async handIn(file) {
    const store = this.#requireStore()
    const rescue = readRescueFile(file)
    if (rescue.person.id === store.person.id) {
      const queued = await store.handIn(rescue)
      if (!this.#stopped) this.#plan(0)
      return { queued, outcomes: [] }
    }
    const outcomes = []
    for (const { stream, operations } of rescue.streams) {
      for (const outcome of await this.#handInFor(rescue.person.id, stream, operations))
        outcomes.push({ stream, ...outcome })
    }
    await this.#noticing(() => /** @type {Uploads} */ (this.#uploads).carry(rescue.photos ?? []))
    return { queued: 0, outcomes }
  }

  // When

  #wake() {
    this.#failures = 0
    this.#plan(0)
  }

  /** Something is to be done in `delay` milliseconds, or earlier if that was planned. @param {number} delay */
  #plan(delay) {
    if (this.#stopped || this.#halted) return
    const at = this.#now() + delay
    if (this.#plannedAt !== null && this.#plannedAt <= at) return
    this.#timers.clearTimeout(this.#timer)
    this.#plannedAt = at
    this.#timer = this.#timers.setTimeout(() => {
      this.#plannedAt = null
      this.#run().catch(failure => console.error(failure))
    }, delay)
  }

  /** @type {number | null} */
  #plannedAt = null

  async #run() {
    if (this.#running) {
      this.#again = true
      return this.#running
    }
    this.#timers.clearTimeout(this.#timer)
    this.#plannedAt = null
    this.#running = this.#cycles().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #cycles() {
    do {
      this.#again = false
      await this.#pause(this.#startedAt + APART - this.#now())
      this.#startedAt = this.#now()
      this.#say({ phase: 'busy', problem: this.state.problem, retryAt: null })
      this.#conclude(
        await this.#cycle().then(
          () => null,
          failure => failure
        )
      )
    } while (this.#again && this.state.problem === null)
  }

  /** What comes after a cycle. @param {unknown} failure */
  #conclude(failure) {
    const problem = troubleOf(failure)
    this.#halted = problem === 'repeating'
    if (failure === null) {
      this.#failures = 0
      this.#ready = true
      this.#say({ phase: 'idle', problem: null, retryAt: null })
      if (this.#more) this.#plan(APART)
      else if (this.#page.isVisible() || this.#store?.owing().length || this.#store?.photosOwed().length) this.#plan(POLL)
      return
    }
    if (problem === 'sign-in' || problem === 'repeating') {
      this.#say({ phase: 'idle', problem, retryAt: null })
      return
    }
    const told = failure instanceof Problem ? failure.retryAfter : null
    // whoever looks at the screen would be asked for news by now in any case
    const most = this.#page.isVisible() ? POLL : BACK_OFF.most
    const delay = told ?? this.#random() * Math.min(most, BACK_OFF.first * 2 ** this.#failures)
    this.#failures += 1
    this.#say({ phase: 'waiting', problem, retryAt: this.#now() + delay })
    this.#plan(delay)
    if (problem === null) throw failure
  }

  // What

  async #cycle() {
    await endOwedSession(this.#device, this.#api)
    if (!this.#store) return
    const store = this.#store
    await this.#exclusively(`milieu-sync-${store.handle}`, async () => {
      const tooOld = await this.#home()
      const pushed = new Set()
      /** @type {unknown[]} */
      const troubles = tooOld ? [tooOld] : []
      if (!tooOld) await this.#orTrouble(troubles, () => this.#submissions())
      if (!tooOld) await this.#orTrouble(troubles, () => this.#compareBare())
      if (!tooOld) await this.#compareUnlisted(troubles)
      for (const stream of store.owing()) {
        if (await this.#orTrouble(troubles, () => this.#push(stream))) pushed.add(stream)
      }
      await this.#uploads?.send()
      if (!tooOld) await this.#fetchAll(pushed, troubles)
      if (!tooOld) await store.loadJudged()
      if (!tooOld) await this.#uploads?.ask()
      if (troubles.length) throw troubles[0]
      this.#more = !tooOld && (await this.#uploads?.fetchAhead()) === true
    })
  }

  /**
   * Only one tab at a time, as a kindness: nothing goes wrong without.
   * @param {string} name @param {() => Promise<void>} work
   */
  async #exclusively(name, work) {
    if (!this.#locks) return work()
    await this.#locks.request(name, { ifAvailable: true }, async lock => {
      // a tab that was frozen in mid-cycle may hold the lock for ever
      if (!lock && ++this.#turnedAway < MOST_TURNED_AWAY) return
      this.#turnedAway = 0
      await work()
    })
  }

  /**
   * What concerns one stream alone does not keep the others waiting.
   * @param {unknown[]} troubles @param {() => Promise<any>} work
   */
  async #orTrouble(troubles, work) {
    try {
      return await work()
    } catch (failure) {
      const isItsOwn =
        failure instanceof Diverging
        || (failure instanceof Problem && failure.status < 500 && ![401, 426, 429].includes(failure.status))
      if (!isItsOwn) throw failure
      troubles.push(failure)
      return false
    }
  }

  /**
   * Who is asking, and what is new. An app that is too old to read what it is told (426) still hands in.
   * @returns {Promise<Problem | null>} that it is too old
   */
  async #home() {
    const store = this.#requireStore()
    try {
      const reply = await this.#api.get('/api/home', { etag: store.homeTag })
      if (reply.status === 304) return null
      if (reply.body.person.id !== store.person.id) throw new AnotherPerson()
      await store.takeHome(reply.body, reply.etag)
      return null
    } catch (failure) {
      if (failure instanceof Problem && failure.status === 426) return failure
      throw failure
    }
  }

  /** What waits at awarding bodies, for those who have a part in one. */
  async #submissions() {
    const store = this.#requireStore()
    if (!hasPartAtBody(store.home)) {
      if (store.submissions) await store.takeSubmissions(null, null)
      return
    }
    const reply = await this.#api.get('/api/submissions', { etag: store.submissionsTag })
    if (reply.status !== 304) await store.takeSubmissions(reply.body, reply.etag)
  }

  /** Organisations and submissions have no snapshot to tell that their ledger has gone back; the lists' cursors do. */
  async #compareBare() {
    const store = this.#requireStore()
    const ways = (store.submissions?.submissions ?? []).filter((/** @type {any} */ { stream }) => stream)
    const bare = ways.map((/** @type {any} */ { stream, cursor }) => ({ id: stream, cursor }))
    for (const { id, cursor } of [...(store.home?.organisations ?? []), ...bare]) {
      const { fence, isInFlight } = store.standing(id)
      if (fence !== null && !isInFlight && isBefore(cursor, fence)) await this.#reconcile(id)
    }
  }

  /**
   * An audit that home does not list is ours to see no more, or lost in a restore: the service is asked which, once for
   * each news from it, and now and then.
   * @param {unknown[]} troubles
   */
  async #compareUnlisted(troubles) {
    const store = this.#requireStore()
    for (const { id, fence, isOwn } of store.unlisted()) {
      const news = `${store.homeTag} ${fence}`
      const asked = this.#askedAfter.get(id)
      if (asked?.news === news && this.#now() - asked.at < HOUR) continue
      await store.hide(id)
      const isAnswered = !isOwn || (await this.#orTrouble(troubles, () => this.#askAfter(id, fence)))
      if (isAnswered) this.#askedAfter.set(id, { news, at: this.#now() })
    }
  }

  /**
   * Hands in nothing, to hear whether the stream is still there and as it was: if not, all of one's own is owed again.
   * @param {string} stream @param {string|null} fence
   */
  async #askAfter(stream, fence) {
    try {
      await this.#post({ stream, cursor: fence, operations: [] })
    } catch (failure) {
      const status = failure instanceof Problem ? failure.status : 0
      if (status === 404) await this.#requireStore().requeue(stream)
      else if (status === 409) await this.#reconcile(stream)
      else throw failure
    }
    return true
  }

  /**
   * Sends all that a stream owes, oldest first.
   * @param {string} stream @returns {Promise<boolean>} whether anything was sent
   */
  async #push(stream) {
    const store = this.#requireStore()
    if ((this.#slow.get(stream) ?? 0) > this.#now()) return false
    for (let sent = false; ; sent = true) {
      const most = this.#batches.get(stream) ?? BATCH.first
      const { cursor, operations } = await store.depart(stream, most, BATCH.bytes)
      if (!operations.length) return sent
      try {
        const { outcomes, cursor: after } = await this.#post({ stream, cursor, operations })
        await store.takeOutcomes(stream, outcomes, after)
        this.#batches.set(stream, Math.min(BATCH.most, most * 2))
      } catch (failure) {
        await this.#afterRefusal(stream, operations, failure)
        if (this.#slow.has(stream)) return false
      }
    }
  }

  /**
   * What to do when a batch was not taken; rejects with what stops this stream, or all.
   * @param {string} stream @param {Operation[]} operations @param {unknown} failure
   */
  async #afterRefusal(stream, operations, failure) {
    const store = this.#requireStore()
    if (failure instanceof Offline && failure.reason === 'timeout') this.#batches.set(stream, half(operations))
    if (!(failure instanceof Problem)) throw failure
    const { status, type, title, detail } = failure
    if ([400, 413, 422].includes(status)) {
      if (operations.length === 1) await store.park(stream, operations[0].id, { type, title, detail })
      this.#batches.set(stream, operations.length === 1 ? BATCH.first : half(operations))
    } else if (status === 409) {
      await this.#reconcile(stream)
    } else if (status === 403 || status === 404) {
      if (status === 403) await store.drop(stream) // of what is not found, home will say whether it is ours no more, or lost
      this.#slow.set(stream, this.#now() + SLOW)
    } else {
      throw failure
    }
  }

  /** The ledger has gone back: what it had confirmed is owed again. @param {string} stream */
  async #reconcile(stream) {
    const lately = (this.#divergences.get(stream) ?? []).filter(at => this.#now() - at < HOUR)
    if (lately.length >= MOST_DIVERGENCES) throw new Diverging()
    this.#divergences.set(stream, [...lately, this.#now()])
    await this.#requireStore().requeue(stream)
  }

  /** Brings what is shown and what may be opened up to date. @param {Set<string>} pushed @param {unknown[]} troubles */
  async #fetchAll(pushed, troubles) {
    const store = this.#requireStore()
    const { audits = [], sites = [], checklists = [] } = store.home ?? {}
    const assessing = store.assessing()
    const judged = assessing.map(row => ({ id: row.audit, cursor: row.audit_cursor }))
    let room = MOST_AUDITS - store.downloaded().length
    for (const { id, cursor } of [...judged, ...audits]) {
      const { holds, isCurrent, fence } = store.standing(id)
      const isNew = holds === null
      if (isNew && room-- <= 0) continue
      // home was asked before the push, so after one its cursor says nothing that the push's own reply does not
      const isStale = !isCurrent || (!pushed.has(id) && cursor !== fence)
      if (isNew || isStale) await this.#orTrouble(troubles, () => this.#fetch(id))
    }
    for (const { assessment, audit_cursor: beside } of assessing) {
      const held = store.standing(assessment.id)
      const isStale = !held.isCurrent || (!pushed.has(assessment.id) && assessment.cursor !== held.fence)
      const how = { path: assessmentPath(assessment.id), anew: held.beside !== beside }
      if (isStale || how.anew) await this.#orTrouble(troubles, () => this.#fetch(assessment.id, how))
    }
    await this.#fetchEditions(audits, sites, checklists, assessing)
  }

  /**
   * Fetches one snapshot. Not while something of it is in flight: nobody could tell whether the snapshot has it.
   * @param {string} stream @param {{path?: string, anew?: boolean}} [how] `anew`: what lies beside it has changed
   */
  async #fetch(stream, { path = `/api/audits/${stream}`, anew = false } = {}) {
    const store = this.#requireStore()
    const { fence, isCurrent, isInFlight, isOpening } = store.standing(stream)
    if (isInFlight || isOpening) return
    try {
      let reply = await this.#api.get(path, { etag: fence })
      // the ledger is where we know it to be, but what we hold of it, or beside it, is less
      if (reply.status === 304 && (anew || !isCurrent)) reply = await this.#api.get(path)
      if (reply.status === 304 || (await store.takeSnapshot(reply.body, fence)) !== 'diverged') return
    } catch (failure) {
      if (failure instanceof Problem && failure.status === 404) return // home will say whether it is ours no more, or lost
      if (failure instanceof Problem && failure.status === 403) return store.drop(stream)
      throw failure
    }
    await this.#reconcile(stream)
    await this.#push(stream)
    await this.#fetch(stream, { path, anew })
  }

  /**
   * The checklists in the words of my sites, so that an audit can be done, and begun, offline.
   * @param {any[]} audits @param {any[]} sites @param {any[]} checklists @param {any[]} judged
   */
  async #fetchEditions(audits, sites, checklists, judged) {
    const store = this.#requireStore()
    const sectorOf = new Map(sites.map(({ id, sector }) => [id, sector]))
    const sectors = [...new Set(sectorOf.values())]
    const wanted = new Map()
    const want = (/** @type {string} */ slug, /** @type {number} */ edition, /** @type {string|undefined} */ sector) =>
      sector && wanted.set(`${slug}/${edition}/${sector}`, { slug, edition, sector })
    for (const { checklist, edition, sector } of judged) want(checklist, edition, sector)
    for (const { site, checklist, edition } of audits) want(checklist, edition, sectorOf.get(site))
    for (const { slug, edition } of checklists) for (const sector of sectors) want(slug, edition, sector)
    for (const { slug, edition, sector } of wanted.values()) {
      const path = `/api/checklists/${slug}/${edition}?${new URLSearchParams({ sector, language })}`
      if (this.#asked.has(path)) continue
      try {
        const etag = await store.editionTag(slug, edition, sector, language)
        const reply = await this.#api.get(path, { etag })
        if (reply.status !== 304) await store.takeEdition(reply.body, language, reply.etag)
      } catch (failure) {
        if (!(failure instanceof Problem && failure.status === 404)) throw failure
      }
      this.#asked.add(path)
    }
  }

  // One request

  /** @param {{stream: string, cursor: string|null, operations: Operation[], on_behalf_of?: string}} push */
  async #post(push) {
    const before = this.#turns.get(push.stream) ?? Promise.resolve()
    const mine = before.then(async () => {
      await this.#requireSamePerson()
      return (await this.#api.post('/api/operations', { ...push, person: this.#requireStore().person.id })).body
    })
    const done = mine.catch(() => {})
    this.#turns.set(push.stream, done)
    done.then(() => {
      if (this.#turns.get(push.stream) === done) this.#turns.delete(push.stream)
    })
    return mine
  }

  /** @param {string} stream @param {Operation} operation */
  async #untilAnswered(stream, operation) {
    const store = this.#requireStore()
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { fence } = store.standing(stream)
        return await this.#noticing(() => this.#post({ stream, cursor: fence, operations: [operation] }))
      } catch (failure) {
        if (failure instanceof Problem && failure.status === 409 && attempt < 3) {
          await this.#reconcile(stream)
          await this.#push(stream)
        } else if (failure instanceof Problem) {
          if ([400, 403, 404, 413, 422].includes(failure.status)) await store.forgetPrepared(stream, operation.id)
          throw failure
        } else if (!(failure instanceof Offline)) {
          throw failure
        } else if (attempt === 3) {
          throw new Offline(failure.reason, { cause: failure, detail: MAY_BE_DONE })
        } else {
          await this.#pause(this.#random() * BACK_OFF.first)
        }
      }
    }
  }

  /**
   * @param {string} person
   * @param {string} stream @param {Operation[]} operations @returns {Promise<any[]>} outcomes
   */
  async #handInFor(person, stream, operations) {
    if (!operations.length) return []
    const [first, rest] = [operations.slice(0, BATCH.first), operations.slice(BATCH.first)]
    try {
      const { outcomes } = await this.#noticing(() =>
        this.#post({ stream, cursor: null, operations: first, on_behalf_of: person })
      )
      return [...outcomes, ...(await this.#handInFor(person, stream, rest))]
    } catch (failure) {
      if (!(failure instanceof Problem) || failure.status >= 500 || [401, 429].includes(failure.status)) throw failure
      if (operations.length === 1)
        return [{ id: operations[0].id, verdict: 'refused', number: null, problem: { ...failure } }]
      const middle = half(operations)
      return [
        ...(await this.#handInFor(person, stream, operations.slice(0, middle))),
        ...(await this.#handInFor(person, stream, operations.slice(middle))),
      ]
    }
  }

  /**
   * Another tab may have signed somebody else in, with the one cookie that all tabs share. Each push names its person as well:
   * the server takes nothing in another's name, however close the two come.
   */
  async #requireSamePerson() {
    await this.#device.refresh()
    if (this.#device.current?.handle !== this.#requireStore().handle) throw new AnotherPerson()
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  async #noticing(work) {
    try {
      return await work()
    } catch (failure) {
      if (troubleOf(failure) === 'sign-in') this.#say({ phase: 'idle', problem: 'sign-in', retryAt: null })
      throw failure
    }
  }

  /** @returns {Store} */
  #requireStore() {
    if (!this.#store) throw new TypeError('nobody is signed in')
    return this.#store
  }

  /** @param {number} delay */
  async #pause(delay) {
    if (delay > 0) await new Promise(resume => this.#timers.setTimeout(() => resume(null), delay))
  }

  /** @param {State} state */
  #say(state) {
    const { phase, problem, retryAt } = this.state
    if (state.phase === phase && state.problem === problem && state.retryAt === retryAt) return
    this.state = state
    this.dispatchEvent(new Event('change'))
  }
}

/** @param {unknown} failure @returns {Trouble} null when it is none that we know, which is a bug */
function troubleOf(failure) {
  if (failure instanceof Offline) return WITHOUT_ANSWER[failure.reason]
  if (failure instanceof AnotherPerson) return 'sign-in'
  if (failure instanceof Repeating) return 'repeating'
  if (failure instanceof Diverging) return 'diverging'
  if (failure instanceof StorageProblem) return 'device'
  if (!(failure instanceof Problem)) return null
  return ANSWERED[failure.status] ?? 'unavailable'
}

/** @param {string} id */
function assessmentPath(id) {
  return `/api/assessments/${id}`
}

/** Does home say that somebody assesses, decides or manages at an awarding body? @param {any} home */
function hasPartAtBody(home) {
  const awarding = (home?.organisations ?? []).filter((/** @type {any} */ { awards }) => awards)
  const bodies = new Set(awarding.map((/** @type {any} */ { id }) => id))
  return (home?.grants ?? []).some(
    (/** @type {any} */ { role, organisation }) =>
      role === 'assessor' || role === 'panel' || (role === 'manager' && bodies.has(organisation))
  )
}

/** Is this cursor of an earlier ledger than the one known? @param {string} cursor @param {string} fence */
function isBefore(cursor, fence) {
  const [epoch, seq] = cursor.split('.')
  const [knownEpoch, knownSeq] = fence.split('.')
  return epoch !== knownEpoch || Number(seq) < Number(knownSeq)
}

/** @param {unknown[]} list */
function half(list) {
  return Math.max(1, Math.ceil(list.length / 2))
}

/**
 * The page in a browser: woken by the network coming back (whatever that means) and by becoming visible.
 * @returns {Page}
 */
function thisPage() {
  const { document, window } = globalThis
  return {
    isVisible: () => document?.visibilityState !== 'hidden',
    listen: wake => {
      const seen = () => {
        if (document.visibilityState === 'visible') wake()
      }
      window?.addEventListener('online', wake)
      document?.addEventListener('visibilitychange', seen)
      return () => {
        window?.removeEventListener('online', wake)
        document?.removeEventListener('visibilitychange', seen)
      }
    },
  }
}
