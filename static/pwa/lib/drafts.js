// Texts being typed: saved before the page goes away, and remembered when the device refuses them.

const fields = new Set()

/** Texts that could not be saved, by the name of their field, as long as the page lives. @type {Map<string, Draft>} */
export const refused = new Map()

/** Dispatches 'change' when a text was refused, or was saved after all. */
export const drafts = new EventTarget()

/** @typedef {{label: string, text: string, reason: string}} Draft */

/** The device would not take this text: it is kept here. @param {string} name @param {Draft} draft */
export function refuse(name, draft) {
  refused.set(name, draft)
  drafts.dispatchEvent(new Event('change'))
}

/** It has been saved after all, or nobody wants it any more. @param {string} name */
export function settle(name) {
  if (refused.delete(name)) drafts.dispatchEvent(new Event('change'))
}

/** A field that can be told to save now. @param {{flush: () => Promise<void>}} field */
export const addField = field => fields.add(field)

/** The field has left the screen; its text was saved or refused. @param {{flush: () => Promise<void>}} field */
export const removeField = field => fields.delete(field)

/** Saves what is being typed anywhere. Resolves when all of it is on the device, or refused. */
export const flushDrafts = () => Promise.all([...fields].map(field => field.flush()))
