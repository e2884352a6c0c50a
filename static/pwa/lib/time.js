// Times and days as people say them. (Few browsers know Welsh months, so these are among our words.)
import { t } from './words.js'

/** @typedef {string | number | Date} Moment */

/** "21:04" @param {Moment} at */
export const clock = at => {
  const moment = new Date(at)
  return [moment.getHours(), moment.getMinutes()].map(part => String(part).padStart(2, '0')).join(':')
}

/** "today", "yesterday" or "3 November 2026". @param {Moment} at @param {number} [now] */
export const day = (at, now = Date.now()) => {
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000)
  if (days === 0) return t('time.today')
  if (days === 1) return t('time.yesterday')
  const moment = new Date(at)
  return `${moment.getDate()} ${t('time.months').split(' ')[moment.getMonth()]} ${moment.getFullYear()}`
}

/** "today, 21:04" @param {Moment} at @param {number} [now] */
export const when = (at, now) => `${day(at, now)}, ${clock(at)}`

/** The clock alone on the same day, else the day with it. @param {Moment} at @param {number} [now] */
export const briefly = (at, now = Date.now()) => midnight(at) === midnight(now) ? clock(at) : when(at, now)

/** The day here, "2026-11-23", as calendars count it. @param {Moment} [at] */
export const isoDay = (at = Date.now()) => {
  const moment = new Date(at)
  return [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map(part => String(part).padStart(2, '0'))
    .join('-')
}

/** @param {Moment} at */
const midnight = at => new Date(at).setHours(0, 0, 0, 0)
