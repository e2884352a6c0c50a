// What only the server knows: asked for when a screen opens, and again when there is a network; its last reply stays.

/** Last replies, as long as somebody is signed in. @type {WeakMap<object, Map<string, {body: any, at: number}>>} */
const replies = new WeakMap()

/**
 * A Lit controller. `body` is the last reply, from whenever it is (`at`); `problem` says why there is no newer one.
 * @typedef {import('../vendor/lit.js').LitElement & {app: {store: object, sync: any}}} Host
 */
export class Fetched {
  /** @type {any} a Problem or Offline */
  problem = undefined
  busy = false
  #host
  #name
  #fetch
  #turn = 0
  #connected = false

  /**
   * @param {Host} host
   * @param {() => string} name what is asked for: its reply is found again under this name
   * @param {() => Promise<any>} fetch rejects with Problem or Offline
   */
  constructor(host, name, fetch) {
    this.#host = host
    this.#name = name
    this.#fetch = fetch
    host.addController(this)
  }

  get body() { return this.#kept?.body }

  /** When that reply came. @returns {number | undefined} */
  get at() { return this.#kept?.at }

  hostConnected() {
    this.#connected = true
    this.#host.app.sync.addEventListener('change', this.#again)
    this.load()
  }

  hostDisconnected() {
    this.#connected = false
    this.#host.app.sync.removeEventListener('change', this.#again)
  }

  /** Asks again. Resolves when the answer, or the problem, is there. */
  async load() {
    const turn = ++this.#turn
    const { store } = this.#host.app
    this.busy = true
    this.#host.requestUpdate()
    const outcome = await this.#fetch().then(body => ({ body }), problem => ({ problem }))
    if (turn !== this.#turn) return
    this.busy = false
    this.problem = 'problem' in outcome ? outcome.problem : undefined
    if ('body' in outcome) {
      const kept = replies.get(store) ?? new Map()
      replies.set(store, kept.set(this.#name(), { body: outcome.body, at: Date.now() }))
    }
    this.#host.requestUpdate()
    await this.#host.updateComplete
  }

  /** There is a network again. */
  #again = () => {
    const { state } = this.#host.app.sync
    if (this.#connected && this.problem && !this.busy && state.phase === 'idle' && !state.problem) this.load()
  }

  get #kept() { return replies.get(this.#host.app.store)?.get(this.#name()) }
}
