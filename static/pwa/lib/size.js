// How large something is, as people say it.

/** "2.2 GB", "33 MB", "4 kB" @param {number} bytes */
export const size = bytes => bytes >= 1e9 ? `${rounded(bytes / 1e9)} GB` : bytes >= 1e6 ? `${rounded(bytes / 1e6)} MB`
  : `${Math.max(1, Math.round(bytes / 1e3))} kB`

const rounded = (/** @type {number} */ number) => number.toFixed(number < 10 ? 1 : 0)
