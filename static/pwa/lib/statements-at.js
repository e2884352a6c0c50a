// Where the statements of an audit are read as a lens groups them: what stands behind a figure.

/** The lens that every checklist has. */
export const PRINCIPLES = 'principles'

/** The address of one group, or of all of them. @param {string} audit @param {string} [lens] @param {string} [group] */
export const statementsAt = (audit, lens = '', group = '') =>
  `#/audits/${[audit, 'by', lens || PRINCIPLES, group].filter(Boolean).join('/')}`
