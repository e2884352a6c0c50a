// One way to write a value down, so that equal values are equal texts: here and on the server.

/**
 * Canonical JSON: keys sorted, no spaces (RFC 8785 for the strings, whole numbers, lists and things that we use).
 * What is undefined is left out, as JSON does.
 * @param {unknown} value @returns {string}
 */
export const canonical = value => {
  if (Array.isArray(value)) return `[${value.map(item => canonical(item ?? null)).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  entries.sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

/**
 * The value with every text in it composed (Unicode NFC) and trimmed.
 * @template T @param {T} value @returns {T}
 */
export const tidy = value => {
  if (typeof value === 'string') return /** @type {any} */ (value.normalize('NFC').trim())
  if (Array.isArray(value)) return /** @type {any} */ (value.map(tidy))
  if (value === null || typeof value !== 'object') return value
  return /** @type {any} */ (Object.fromEntries(Object.entries(value).map(([key, item]) => [key, tidy(item)])))
}
