// What a manager asks the dashboard about: it stands in the address, so that a link shows a colleague the same. Pure.

/**
 * @typedef {object} Asked empty ones let everything through
 * @property {string} organisation @property {string} site @property {string} sector
 * @property {string} checklist @property {string} track @property {string} stage
 * @property {string} cycle the how-manieth audit of each setting; '' asks for the latest
 * @property {string} lens '' for the principles
 * @property {string} order one of ORDERS
 * @property {string} weak of what rests on little, this alone
 */

/** @type {(keyof Asked)[]} */
export const NAMES = ['organisation', 'site', 'sector', 'checklist', 'track', 'stage', 'cycle', 'lens', 'order', 'weak']

/** By how much is shown is a ranking: only for whoever asks for it. */
export const ORDERS = ['name', 'due', 'change', 'gap', 'shown']
export const RANKING = 'shown'

/** What narrows down which settings are looked at; the rest says how they are looked at. */
export const FILTERS = NAMES.slice(0, 7)

/** @param {string} hash "#/dashboard/voices?sector=ward" @returns {Asked} */
export const readAsked = hash => {
  const said = new URLSearchParams(hash.split('?')[1] ?? '')
  const asked = Object.fromEntries(NAMES.map(name => [name, said.get(name) ?? '']))
  return /** @type {Asked} */ ({ ...asked, order: ORDERS.includes(asked.order) ? asked.order : 'name' })
}

/** The address of a side with these filters. @param {string} side '' for the first screen @param {Asked} asked */
export const address = (side, asked) => {
  const query = queryOf(asked, NAMES)
  return `#/dashboard${side ? `/${side}` : ''}${query ? `?${query}` : ''}`
}

/**
 * These of what is asked, as the service reads it; what is as usual is left out.
 * @param {Asked} asked @param {string[]} names @param {Record<string, string | number>} [more]
 */
export const queryOf = (asked, names, more = {}) => {
  const said = names.filter(name => asked[name] && !(name === 'order' && asked.order === 'name'))
    .map(name => [name, asked[name]])
  return new URLSearchParams([...said, ...Object.entries(more).filter(([, value]) => value)
    .map(([name, value]) => [name, String(value)])]).toString()
}

/** How many filters are set. @param {Asked} asked */
export const narrowed = asked => FILTERS.filter(name => asked[name]).length

/**
 * The settings of a reply that fit, in the order asked for. It is done here so that it works without a network.
 * @param {any[]} settings by name, as the service tells them @param {Asked} asked @returns {any[]}
 */
export const fitting = (settings, asked) => {
  const those = settings.filter(one => (!asked.organisation || one.organisation === asked.organisation)
    && (!asked.sector || one.sector === asked.sector) && (!asked.site || one.id === asked.site))
  const key = KEYS[asked.order]
  if (!key) return those
  const keys = new Map(those.map(one => [one, key(one)]))
  return those.sort((one, other) => keys.get(one) - keys.get(other))
}

/** The widest gap between two voices on any statement of a setting's audit, or null. @param {any} setting */
export const widestGap = ({ audit }) => (audit?.headings ?? []).reduce((most, { gap }) => gap !== null
  && (most === null || gap > most) ? gap : most, null)

/** @type {Record<string, (setting: any) => number>} the smallest comes first */
const KEYS = {
  due: ({ next_due: day }) => day ? Date.parse(day) : Infinity,
  change: ({ change }) => -Math.abs(change ?? 0),
  gap: setting => -(widestGap(setting) ?? -1),
  shown: ({ audit }) => audit ? -audit.shown : 1,
}
