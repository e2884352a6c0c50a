// Times and days as people say them, in the language in use.
import { language, t } from './words.js'

const formats = new Map()

/** "21:04" @param {string | number | Date} at */
export const clock = at => format('clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, at)

/**
 * "today", "yesterday" or "3 November 2026".
 * @param {string | number | Date} at
 * @param {number} [now]
 */
export function day(at, now = Date.now()) {
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000)
  if (days === 0) return t('time.today')
  if (days === 1) return t('time.yesterday')
  return format('day', { day: 'numeric', month: 'long', year: 'numeric' }, at)
}

/** "today, 21:04" @param {string | number | Date} at @param {number} [now] */
export const when = (at, now) => `${day(at, now)}, ${clock(at)}`

/** "today at 21:04" is too much for a small line: the clock alone on the same day, else the day. */
export const briefly = (at, now = Date.now()) => midnight(at) === midnight(now) ? clock(at) : `${day(at, now)}, ${clock(at)}`

/** @param {string | number | Date} at */
const midnight = at => new Date(at).setHours(0, 0, 0, 0)

function format(name, options, at) {
  const key = `${language}/${name}`
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, options))
  return formats.get(key).format(new Date(at))
}
