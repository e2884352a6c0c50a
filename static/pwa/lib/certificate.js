// What may be said of a certificate without asking anybody: by the keys and status lists that were fetched last. The same
// as `check_without_register` on the server; a signature alone never makes it valid.

const LISTED = { revocation: 'withdrawn', suspension: 'suspended', refresh: 'superseded' } // worst first
const ENVELOPED = 'data:application/vc+jwt,'
const TOKEN = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/
const IN_SVG = /<openbadges:credential\b[^<>]*?\sverify="([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)"/g
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const KEYWORD = 'openbadgecredential\0\0\0\0\0'
const LONGEST = 1024 * 1024
const ALGORITHM = { name: 'Ed25519' }

/**
 * @typedef {{keys: {kty: string, crv: string, kid: string, x: string}[]}} KeySet
 * @typedef {{state: 'valid'|'expired'|'suspended'|'withdrawn'|'superseded'|'unknown'|'cannot-confirm', number?: string,
 *   asOf?: string}} Checked `number` is told only of a certificate that was signed by one of these keys; `asOf`: the
 *   moment of the list that was relied on
 */

/** Whether this browser can check a signature by itself (Safari 17, Chrome 137, Firefox 129). */
export async function canCheck() {
  if (!globalThis.crypto?.subtle || typeof DecompressionStream === 'undefined') return false
  return crypto.subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(42) + 'A' }, ALGORITHM, false,
    ['verify']).then(() => true, () => false)
}

/**
 * What may be said of a token now: valid only where a fresh list of each purpose says that nothing ended the award.
 * @param {string} token @param {KeySet} keySet @param {string[]} lists @param {number} at milliseconds
 * @returns {Promise<Checked>}
 */
export async function checkWithoutNetwork(token, keySet, lists, at) {
  const claims = await read(token, keySet, 'OpenBadgeCredential')
  if (!claims) return { state: namesOtherKey(token, keySet) ? 'cannot-confirm' : 'unknown' }
  const number = claims.id.slice(claims.id.lastIndexOf('/') + 1)
  if (at < Date.parse(claims.validFrom)) return { state: 'unknown' }
  const over = at >= Date.parse(claims.validUntil)
  const found = (await Promise.all(lists.map(list => read(list, keySet, 'BitstringStatusListCredential'))))
    .filter(list => list && Date.parse(list.validFrom) <= at)
  const fresh = []
  for (const [purpose, state] of Object.entries(LISTED)) {
    const entry = claims.credentialStatus.find(one => one.statusPurpose === purpose)
    const ours = found.filter(list => list.id === entry.statusListCredential && list.iss === claims.iss)
    if (!ours.length) continue
    const latest = ours.reduce((one, other) => other.validFrom > one.validFrom ? other : one)
    const index = Number(entry.statusListIndex)
    const bits = await unpacked(latest.credentialSubject.encodedList)
    if (index >= bits.length * 8) continue
    const isSet = bits[index >> 3] & (0x80 >> (index & 7))
    if (isSet && !(state === 'suspended' && over))
      return { state: /** @type {Checked['state']} */ (state), number, asOf: latest.validFrom }
    if (at < Date.parse(latest.validUntil)) fresh.push(latest.validFrom)
  }
  if (over) return { state: 'expired', number }
  if (fresh.length < Object.keys(LISTED).length) return { state: 'cannot-confirm', number }
  return { state: 'valid', number, asOf: fresh.sort()[0] }
}

/** The addresses of the lists that say what became of it; none where it cannot be read. @param {string} token */
export function listsOf(token) {
  const said = parsed(token.split('.')[1])
  return (Array.isArray(said?.credentialStatus) ? said.credentialStatus : []).map(one => String(
    one?.statusListCredential))
}

/**
 * The token in a file that somebody shows: a token, its JSON, or a picture with it inside; else undefined.
 * @param {Uint8Array} bytes @returns {string | undefined}
 */
export function tokenIn(bytes) {
  if (PNG.every((byte, n) => bytes[n] === byte)) return inPNG(bytes)
  const text = new TextDecoder().decode(bytes).trim()
  if (text.startsWith('{')) return inJSON(text)
  const found = text.startsWith('<') ? [...text.matchAll(IN_SVG)].map(([, token]) => token) : [text]
  return found.length === 1 && TOKEN.test(found[0]) ? found[0] : undefined
}

/** @param {string} text */
function inJSON(text) {
  try {
    const { id } = JSON.parse(text)
    const token = String(id).startsWith(ENVELOPED) ? id.slice(ENVELOPED.length) : ''
    return TOKEN.test(token) ? token : undefined
  } catch {
    return undefined
  }
}

/** @param {Uint8Array} bytes */
function inPNG(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const latin = new TextDecoder('latin1')
  const found = []
  for (let at = PNG.length; at + 12 <= bytes.length;) {
    const length = view.getUint32(at)
    const said = latin.decode(bytes.subarray(at + 8, at + 8 + length))
    if (latin.decode(bytes.subarray(at + 4, at + 8)) === 'iTXt' && said.startsWith(KEYWORD)) found.push(said.slice(
      KEYWORD.length))
    at += 12 + length
  }
  return found.length === 1 && TOKEN.test(found[0]) ? found[0] : undefined
}

/** What a token says that one of these keys signed and that is of this kind; null for anything else. */
async function read(token, { keys }, kind) {
  if (token.length > LONGEST || !TOKEN.test(token)) return null
  const [header, body, signature] = token.split('.')
  const key = keys.find(one => one.kty === 'OKP' && one.crv === 'Ed25519' && header === encoded(utf8(
    `{"alg":"EdDSA","kid":${JSON.stringify(one.kid)},"typ":"JWT"}`)))
  if (!key || decoded(signature)?.length !== 64 || encoded(decoded(signature)) !== signature) return null
  const known = await crypto.subtle.importKey('jwk', { kty: key.kty, crv: key.crv, x: key.x }, ALGORITHM, false,
    ['verify'])
  if (!await crypto.subtle.verify(ALGORITHM, known, /** @type {any} */ (decoded(signature)), utf8(`${header}.${body}`))) return null
  const claims = parsed(body)
  return claims?.type?.includes(kind) ? claims : null
}

/** Is this written as our tokens are, but by a key that is not among these? */
function namesOtherKey(token, { keys }) {
  if (!TOKEN.test(token)) return false
  const { alg, kid } = parsed(token.split('.')[0]) ?? {}
  return alg === 'EdDSA' && typeof kid === 'string' && !keys.some(key => key.kid === kid)
}

/** A bitstring as status lists carry it. @param {string} list @returns {Promise<Uint8Array>} */
async function unpacked(list) {
  const packed = new Blob([/** @type {any} */ (decoded(list.replace(/^u/, '')))]).stream()
  return new Uint8Array(await new Response(packed.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer())
}

/** @param {string} part */
function parsed(part) {
  try {
    const said = JSON.parse(new TextDecoder().decode(decoded(part)))
    return typeof said === 'object' ? said : null
  } catch {
    return null
  }
}

const utf8 = text => new TextEncoder().encode(text)

/** @param {Uint8Array} bytes */
const encoded = bytes => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

/** @param {string} text @returns {Uint8Array} nothing where it is not base64url */
function decoded(text) {
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}
