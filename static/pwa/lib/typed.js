// What is typed into a form and not sent or saved yet: kept while this person is signed in, wherever they go.

/** @typedef {{values: Record<string, string>, attempt?: {of: string, made: any}}} Typed */

/** @type {WeakMap<object, Map<string, Typed>>} by whose copy it is, so that it goes when they sign out */
const forms = new WeakMap()

/**
 * @param {object} store whose form it is
 * @param {string} form its name
 * @param {Record<string, string>} [start] what it begins with
 * @returns {Typed} to be written into
 */
export function typedInto(store, form, start = {}) {
  const mine = forms.get(store) ?? new Map()
  forms.set(store, mine)
  if (!mine.has(form)) mine.set(form, { values: { ...start } })
  return mine.get(form)
}

/** It was sent, or is not wanted. @param {any} store @param {string} form */
export const forgetTyped = (store, form) => {
  forms.get(store)?.delete(form)
  store.keepTyped(form, undefined).catch(() => {})
}

/**
 * Keeps what is typed beyond the life of the page: a phone that opens its camera may end the browser meanwhile. A
 * convenience: where the device does not take it, it is on the screen still.
 * @param {any} store @param {string} form
 */
export const holdTyped = (store, form) => {
  const typed = forms.get(store)?.get(form)
  if (typed) store.keepTyped(form, typed.values).catch(() => {})
}

/** What was held, when the page that it was typed into is no more. @param {any} store @param {string} form */
export const recallTyped = async (store, form) => {
  if (forms.get(store)?.has(form)) return
  const values = await store.typed(form)
  if (values) typedInto(store, form, values)
}
