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

  /**
   * Sends bytes: all of a photo (PUT), or the part of it that begins `at` (PATCH).
   * @param {string} path @param {ArrayBuffer} bytes @param {{at: number, of: number}} [part] @returns {Promise<Reply>}
   */
  async send(path, bytes, part) {
    const headers = { 'Content-Type': 'application/octet-stream' }
    if (!part) return this.#request('PUT', path, headers, bytes)
    const place = { 'Upload-Offset': String(part.at), 'Upload-Length': String(part.of) }
    return this.#request('PATCH', path, { ...headers, ...place }, bytes)
  }

  /** How many bytes of a photo have arrived, and whether it is there for good. @param {string} path */
  async measure(path) {
    const { body } = await this.#request('HEAD', path, {})
    return /** @type {{offset: number, here: boolean}} */ (body)
  }

  /** A picture. @param {string} path @returns {Promise<ArrayBuffer>} */
  async picture(path) {
    return (await this.#request('GET', path, { Accept: 'image/jpeg, application/json' })).body
  }

  /** @param {string} path @returns {Promise<Reply>} */
  delete(path) {
    return this.#request('DELETE', path, {})
  }

  /**
   * @param {string} method @param {string} path @param {{[name: string]: string}} headers
   * @param {string | ArrayBuffer} [content] text is gzipped where that is worth it
   */
  async #request(method, path, headers, content) {
    const isText = typeof content === 'string'
    this.#refuseRepetition(`${method} ${path} ${Object.values(headers)} ${isText ? content : ''}`)
    const stop = new AbortController()
    const timer = this.#timers.setTimeout(() => stop.abort(), TIMEOUT)
    try {
      const packed = isText && content.length > WORTH_GZIP ? await gzip(content) : null
      const response = await this.#fetch.call(globalThis, path, {
        method,
        headers: { Accept: 'application/json', ...headers, ...(packed ? { 'Content-Encoding': 'gzip' } : {}) },
        body: packed ?? content,
        cache: 'no-store',
        signal: stop.signal,
      })
      return await this.#believe(response, method, 'If-None-Match' in headers)
    } catch (failure) {
      if (failure instanceof Problem || failure instanceof Offline) throw failure
      throw new Offline(stop.signal.aborted ? 'timeout' : 'network', { cause: failure })
    } finally {
      this.#timers.clearTimeout(timer)
    }
  }

  /** @param {Response} response @param {string} method @param {boolean} conditional @returns {Promise<Reply>} */
  async #believe(response, method, conditional) {
    const { status } = response
    const etag = (response.headers.get('ETag') ?? '').replace(/^W\//, '').replaceAll('"', '') || null
    if (status === 304 && conditional) return { status, body: null, etag }
    if (status === 204) return { status, body: null, etag }
    const isOurs = response.headers.has('X-Request-Id') // of replies that are no JSON, the sign that we know
    if (status === 200 && isOurs && response.headers.get('Content-Type') === 'image/jpeg')
      return { status, body: await response.arrayBuffer(), etag }
    const body = method === 'HEAD' && isOurs ? arrivedBy(response.headers) : await readJSON(response)
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

/** @param {Response} response */
function isJSON(response) {
  return /[/+]json\b/.test(response.headers.get('Content-Type') ?? '')
}

/** What a reply to HEAD says of a photo. @param {Headers} headers */
function arrivedBy(headers) {
  return { protocol: 1, offset: Number(headers.get('Upload-Offset')), here: headers.get('Upload-Complete') === '?1' }
}

/** The reply's JSON; null when it is none. A reply that was cut rejects. @param {Response} response */
async function readJSON(response) {
  const text = await response.text()
  if (!isJSON(response)) return null
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
