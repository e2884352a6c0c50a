// Texts being typed: saved before the page goes away, and remembered when the device refuses them, or when they wait
// for their writer's word.

const fields = new Set()

/** Texts that are not saved, by the name of their field, as long as the page lives. @type {Map<string, Draft>} */
export const refused = new Map()

/** Dispatches 'change' when a text was refused, or was saved after all. */
export const drafts = new EventTarget()

/**
 * @typedef {object} Draft
 * @property {string} label
 * @property {string} text
 * @property {string} reason a StorageProblem's, or 'identifying': it waits until its writer says what to do
 * @property {string[]} [found] what it seems to hold, by its names in IDENTIFYING
 * @property {string[]} [known] what its writer has been warned of
 * @property {string} [where] the address of the screen on which it was written
 */

/** This text could not be saved: it is kept here. @param {string} name @param {Draft} draft */
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
