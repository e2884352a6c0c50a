// Where one was last: the audit and the principle, so that one tap goes on from there. Ids only, nothing readable.
const KEY = 'milieu.place'

/**
 * @param {{person: string, audit: string, principle?: string, speaker?: string, paper?: string}} place
 */
export function rememberPlace(place) {
  try { localStorage.setItem(KEY, JSON.stringify(place)) } catch { /* A convenience: without it one starts at Home. */ }
}

/** The last place of this person, if it is theirs. @param {string | undefined} person */
export function lastPlace(person) {
  try {
    const place = JSON.parse(localStorage.getItem(KEY) ?? 'null')
    return place?.person === person ? place : undefined
  } catch {
    return undefined
  }
}

/** Signing out leaves no trace. */
export function forgetPlace() {
  try { localStorage.removeItem(KEY) } catch { /* Nothing was kept either. */ }
}
