// What is typed into a form that needs the network: kept while this person is signed in, wherever they go.

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

/** It was sent, or is not wanted. @param {object} store @param {string} form */
export const forgetTyped = (store, form) => forms.get(store)?.delete(form)
