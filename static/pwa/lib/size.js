// How large something is, as people say it.

/** "2.2 GB", "33.1 MB", "4 kB" @param {number} bytes */
export const size = bytes => bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB`
  : `${Math.max(1, Math.round(bytes / 1e3))} kB`
