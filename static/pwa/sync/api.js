// Requests to the server, and how much of a reply is believed.

const TIMEOUT = 30_000
const WORTH_GZIP = 1024
const MOST_ALIKE = 5
const WITHIN = 10_000

/** What the server says it cannot do, in its own words (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {{type?: string, title?: string, detail?: string, errors?: {[field: string]: string[]}}} body
   * @param {number} status @param {number|null} [retryAfter] milliseconds to wait, when the server says so
   */
  constructor({ type = 'about:blank', title = '', detail = '', errors = {} }, status, retryAfter = null) {
    super(detail || title)
    this.name = 'Problem'
    this.type = type
    this.title = title
    this.detail = detail
    this.errors = errors
    this.status = status
    this.retryAfter = retryAfter
  }
}

/**
 * No answer that can be believed: what was asked for may have been done or not. Asking again is safe.
 * `reason`: 'network', 'timeout', 'server' (it failed), or 'captive' (somebody else answered, as in a hotel's Wi-Fi).
 */
export class Offline extends Error {
  /** @param {'network'|'timeout'|'server'|'captive'} reason @param {{cause?: unknown, detail?: string}} [more] */
  constructor(reason, { cause, detail = 'There is no connection to the service just now.' } = {}) {
    super(detail, { cause })
    this.name = 'Offline'
    this.reason = reason
    this.detail = detail
  }
}

/** The same request was about to be sent a sixth time within ten seconds: something here is wrong. */
export class Repeating extends Error {
  constructor() {
    super('The same request again and again; stopped.')
    this.name = 'Repeating'
  }
}

/** @typedef {{setTimeout: (work: () => void, delay: number) => any, clearTimeout: (timer: any) => void}} Timers */
/** @typedef {(path: string, init: RequestInit) => Promise<Response>} Fetch */
/** @typedef {{status: number, body: any, etag: string|null}} Reply */

export class Api {
  #fetch
  #now
  #timers
  /** @type {{what: string, at: number}[]} */
  #lately = []

  /** @param {{fetch?: Fetch, now?: () => number, timers?: Timers}} [options] */
  constructor({ fetch = globalThis.fetch, now = Date.now, timers = globalThis } = {}) {
    this.#fetch = fetch
    this.#now = now
    this.#timers = timers
  }

  /**
   * @param {string} path
   * @param {{etag?: string|null}} [more] @returns {Promise<Reply>} status 304 when nothing is new
   */
  get(path, { etag = null } = {}) {
    return this.#request('GET', path, etag === null ? {} : { 'If-None-Match': `"${etag}"` })
  }

  /** @param {string} path @param {any} body @returns {Promise<Reply>} */
  async post(path, body) {
    return this.#request('POST', path, { 'Content-Type': 'application/json' }, JSON.stringify(body))
  }

  /** @param {string} path @returns {Promise<Reply>} */
  delete(path) {
    return this.#request('DELETE', path, {})
  }

  /** @param {string} method @param {string} path @param {{[name: string]: string}} headers @param {string} [text] */
  async #request(method, path, headers, text) {
    this.#refuseRepetition(`${method} ${path} ${headers['If-None-Match']} ${text}`)
    const stop = new AbortController()
    const timer = this.#timers.setTimeout(() => stop.abort(), TIMEOUT)
    try {
      const packed = text !== undefined && text.length > WORTH_GZIP ? await gzip(text) : null
      const response = await this.#fetch.call(globalThis, path, {
        method,
        headers: { Accept: 'application/json', ...headers, ...(packed ? { 'Content-Encoding': 'gzip' } : {}) },
        body: packed ?? text,
        cache: 'no-store',
        signal: stop.signal,
      })
      return await this.#believe(response, 'If-None-Match' in headers)
    } catch (failure) {
      if (failure instanceof Problem || failure instanceof Offline) throw failure
      throw new Offline(stop.signal.aborted ? 'timeout' : 'network', { cause: failure })
    } finally {
      this.#timers.clearTimeout(timer)
    }
  }

  /** @param {Response} response @param {boolean} conditional @returns {Promise<Reply>} */
  async #believe(response, conditional) {
    const { status } = response
    const etag = (response.headers.get('ETag') ?? '').replace(/^W\//, '').replaceAll('"', '') || null
    if (status === 304 && conditional) return { status, body: null, etag }
    if (status === 204) return { status, body: null, etag }
    const body = await readJSON(response)
    if (status >= 500 && ![503, 507].includes(status)) throw new Offline('server')
    if (body?.protocol !== 1) throw new Offline(status >= 500 ? 'server' : 'captive')
    if (status >= 400) throw new Problem(body, status, this.#retryAfter(response))
    return { status, body, etag }
  }

  /** @param {Response} response */
  #retryAfter(response) {
    const said = response.headers.get('Retry-After')
    if (said === null) return null
    const seconds = Number(said)
    const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(said) - this.#now()
    return Number.isFinite(wait) ? Math.max(0, wait) : null
  }

  /** @param {string} what */
  #refuseRepetition(what) {
    const now = this.#now()
    this.#lately = this.#lately.filter(({ at }) => now - at < WITHIN && at <= now)
    if (this.#lately.filter(request => request.what === what).length >= MOST_ALIKE) throw new Repeating()
    this.#lately.push({ what, at: now })
  }
}

/** The reply's JSON; null when it is none. A reply that was cut rejects. @param {Response} response */
async function readJSON(response) {
  const text = await response.text()
  if (!/[/+]json\b/.test(response.headers.get('Content-Type') ?? '')) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** @param {string} text @returns {Promise<ArrayBuffer | null>} null where the browser cannot */
async function gzip(text) {
  if (typeof CompressionStream === 'undefined') return null
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()
}
