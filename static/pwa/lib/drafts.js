// Texts being typed: saved before the page goes away, and remembered when the device refuses them.

const fields = new Set()

/** Texts that could not be saved, by the name of their field: {label, text}. They live as long as the page. */
export const refused = new Map()

/** A field that can be told to save now. @param {{flush: () => Promise<void>}} field */
export const addField = field => fields.add(field)

/** The field has left the screen; what it holds has been saved or refused. */
export const removeField = field => fields.delete(field)

/** Saves what is being typed anywhere. Resolves when all of it is on the device, or refused. */
export const flushDrafts = () => Promise.all([...fields].map(field => field.flush()))
