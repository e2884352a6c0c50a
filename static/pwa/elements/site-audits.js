// The audits of one setting as they stand on this device: a plan goes on from one to the next.
import { meet } from './speaker.js'

/** @typedef {import('../store/store.js').Audit} Audit */

/** The states of audits whose people have been met. @type {WeakSet<Audit>} */
const met = new WeakSet()

/**
 * Loads those that are on this device, and finds out which of their contributors are people.
 * @param {any} app @param {string} site @returns {Promise<boolean>} whether there was anything new
 */
export async function gather(app, site) {
  const here = app.store.downloaded()
  const lacking = listed(app, site).filter(({ id, local }) => !app.store.audit(id) && (local || here.includes(id)))
  const found = await Promise.all(lacking.map(({ id }) => app.store.loadAudit(id).catch(() => null)))
  const strangers = auditsOf(app, site).filter(audit => !met.has(audit))
  await Promise.all(strangers.map(meet))
  for (const audit of strangers) met.add(audit)
  return found.some(Boolean) || strangers.length > 0
}

/** Is it known which of its contributors are people? Until then nobody is named. @param {Audit} audit */
export const hasMet = audit => met.has(audit)

/** Those that are loaded and can be shown, newest first. @param {any} app @param {string} site @returns {Audit[]} */
export const auditsOf = (app, site) => listed(app, site).map(({ id }) => app.store.audit(id)).filter(audit =>
  audit?.edition)

/** How many this device cannot show. @param {any} app @param {string} site */
export const lackingOf = (app, site) => listed(app, site).length - auditsOf(app, site).length

/** One that is kept counts only once a lead has put it in force. */
const listed = (app, site) => app.store.audits().filter(audit => audit.site === site && audit.stage !== 'kept')
