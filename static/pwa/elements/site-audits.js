// The audits of one setting as they stand on this device: a plan goes on from one to the next.

/** @typedef {import('../store/store.js').Audit} Audit */

/** Loads them all, so that `auditsOf` has them. @param {any} app @param {string} site */
export const loadAuditsOf = (app, site) =>
  Promise.all(listed(app, site).map(({ id }) => app.store.audit(id) ?? app.store.loadAudit(id).catch(() => null)))

/** Those that are loaded, newest first. @param {any} app @param {string} site @returns {Audit[]} */
export const auditsOf = (app, site) => listed(app, site).map(({ id }) => app.store.audit(id)).filter(Boolean)

/** How many this device does not hold. @param {any} app @param {string} site */
export const lackingOf = (app, site) => listed(app, site).length - auditsOf(app, site).length

/** One that is kept counts only once a lead has put it in force. */
const listed = (app, site) => app.store.audits().filter(audit => audit.site === site && audit.stage !== 'kept')
