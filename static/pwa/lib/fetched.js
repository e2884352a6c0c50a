// What only the server knows: asked for when a screen opens, and again when there is a network; its last reply stays,
// and where it is kept on the device it is there without a network too.

/** By then a reply is on the screen, in milliseconds. */
const SEEN = 200

/** Last replies, as long as somebody is signed in. @type {WeakMap<object, Map<string, Reply>>} */
const replies = new WeakMap()

/** @typedef {{body: any, at: number, isRecalled?: boolean}} Reply */

/**
 * A Lit controller. `body` is the last reply, from whenever it is (`at`); `problem` says why there is no newer one.
 * @typedef {import('../vendor/lit.js').LitElement & {app: {store: any, sync: any}}} Host
 */
export class Fetched {
  /** @type {any} a Problem or Offline */
  problem = undefined
  busy = false
  #host
  #name
  #fetch
  #isKept
  #fresh
  #turn = 0
  #connected = false

  /**
   * @param {Host} host
   * @param {() => string} name what is asked for: its reply is found again under this name
   * @param {() => Promise<any>} fetch rejects with Problem or Offline
   * @param {{kept?: boolean, fresh?: number}} [options] `kept`: on the device, until signing out; `fresh`: how long a
   *   reply is new enough for a screen that opens, in milliseconds
   */
  constructor(host, name, fetch, { kept = false, fresh = 0 } = {}) {
    this.#host = host
    this.#name = name
    this.#fetch = fetch
    this.#isKept = kept
    this.#fresh = fresh
    host.addController(this)
  }

  get body() { return this.#known?.body }

  /** When that reply came. @returns {number | undefined} */
  get at() { return this.#known?.at }

  /** Has what the device keeps, unless there is something newer. Awaited before a screen is shown. */
  async recall() {
    const { store } = this.#host.app
    const name = this.#name()
    if (!this.#isKept || this.#known) return
    const kept = await store.reply(name).catch(() => null) // a device that cannot read has only the network
    if (kept && !replies.get(store)?.has(name)) this.#know(store, name, { ...kept, isRecalled: true })
  }

  hostConnected() {
    this.#connected = true
    this.#host.app.sync.addEventListener('change', this.#again)
    this.refresh()
  }

  hostDisconnected() {
    this.#connected = false
    this.#host.app.sync.removeEventListener('change', this.#again)
  }

  /** Asks unless what is known is new enough. What the device kept is from another time. */
  async refresh() {
    if (this.#known && !this.#known.isRecalled && Date.now() - this.#known.at < this.#fresh) this.problem = undefined
    else await this.load()
  }

  /** Asks again. Resolves when the answer, or the problem, is there. */
  async load() {
    const turn = ++this.#turn
    const { store } = this.#host.app
    const name = this.#name()
    this.busy = true
    this.#host.requestUpdate()
    const outcome = await this.#fetch().then(body => ({ body }), problem => ({ problem }))
    if (turn !== this.#turn) return
    this.busy = false
    this.problem = 'problem' in outcome ? outcome.problem : undefined
    if ('body' in outcome) {
      this.#know(store, name, { body: outcome.body, at: Date.now() })
      // after it is seen; and a full device shows it all the same, while there is a network
      if (this.#isKept) setTimeout(() => store.keepReply(name, outcome.body).catch(() => {}), SEEN)
    }
    this.#host.requestUpdate()
    await this.#host.updateComplete
  }

  /** There is a network again. */
  #again = () => {
    const { state } = this.#host.app.sync
    if (this.#connected && this.problem && !this.busy && state.phase === 'idle' && !state.problem) this.load()
  }

  get #known() { return replies.get(this.#host.app.store)?.get(this.#name()) }

  #know(store, name, reply) {
    const known = replies.get(store) ?? new Map()
    replies.set(store, known.set(name, reply))
  }
}
