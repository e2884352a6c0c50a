// Names for things made on this device: UUIDs, and the secret of an invitation.

/** @typedef {(bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>} Fill fills bytes with chance */

/** @param {Uint8Array} bytes sixteen of them @param {number} version */
const uuidOf = (bytes, version) => {
  bytes[6] = (bytes[6] & 0x0f) | (version << 4)
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/**
 * A UUIDv7 (RFC 9562): its first 48 bits are the time, so ids sort roughly by when they were made. Nothing depends on
 * that.
 * @param {number} [now] milliseconds since 1970
 * @param {Fill} [fill]
 */
export const uuid7 = (now = Date.now(), fill = chance) => {
  const bytes = fill(new Uint8Array(16))
  for (let place = 5, rest = Math.max(0, Math.floor(now)); place >= 0; place -= 1, rest = Math.floor(rest / 256)) {
    bytes[place] = rest % 256
  }
  return uuidOf(bytes, 7)
}

/** A UUIDv4: nothing but chance. @param {Fill} [fill] */
export const uuid4 = (fill = chance) => uuidOf(fill(new Uint8Array(16)), 4)

/**
 * The contributor that a person is in an audit: the same on all their devices without asking anybody.
 * UUIDv8 of the first 16 bytes of SHA-256 over "<audit>/<person>" in lower case.
 * @param {string} audit @param {string} person @returns {Promise<string>}
 */
export const contributorOf = async (audit, person) =>
  uuidOf((await sha256(`${audit}/${person}`.toLowerCase())).slice(0, 16), 8)

/**
 * The secret of an invitation: 32 bytes of chance as base64url, which only its link carries, and the SHA-256 (hex) of
 * that text, which the server gets.
 * @param {Fill} [fill] @returns {Promise<{secret: string, sha256: string}>}
 */
export const newSecret = async (fill = chance) => {
  const text = btoa(String.fromCharCode(...fill(new Uint8Array(32))))
  const secret = text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  return { secret, sha256: hex(await sha256(secret)) }
}

/** The SHA-256 of bytes, in hexadecimal digits. @param {ArrayBuffer} bytes @returns {Promise<string>} */
export const digest = async bytes => hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

/** @type {Fill} */
function chance(bytes) {
  return crypto.getRandomValues(bytes)
}

/** @param {string} text @returns {Promise<Uint8Array>} */
async function sha256(text) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
