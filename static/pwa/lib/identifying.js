// What in a text could say who somebody is: numbers, dates and addresses by which a person can be found.

/** The names of what is looked for; the server's schemas know the same. */
export const IDENTIFYING = ['nhs-number', 'prison-number', 'national-insurance-number', 'date-of-birth', 'phone-number',
  'e-mail-address']

/** @typedef {{name: string, text: string}} Found one of IDENTIFYING, and what looks like it */

const GAP = '[ -]' // between groups of digits; other spaces and dashes have become these
const MONTHS = [
  'jan(?:uary)?|ionawr|ion', 'feb(?:ruary)?|chwefror|chwe', 'mar(?:ch)?|mawrth', 'apr(?:il)?|ebrill|ebr', 'may|mai',
  'june?|mehefin|meh', 'july?|gorffennaf|gorff', 'aug(?:ust)?|awst', 'sept?(?:ember)?|medi', 'oct(?:ober)?|hydref|hyd',
  'nov(?:ember)?|tachwedd|tach', 'dec(?:ember)?|rhagfyr|rhag',
]
const MONTH = `(${MONTHS.join('|')})\\.?`
const BORN = '\\b(?:d\\.?o\\.?b|date of birth|birth ?dates?|birthday|born|dyddiad geni|ganwyd|ganed|eni|pen-blwydd)\\b'
const LONG_AGO = 10 // years: meetings, policies and visits are younger
const OLDEST = 120

/**
 * The names of what is found in a text, each once, in the order of IDENTIFYING.
 * @param {string} text
 * @param {Date} [now] dates are judged by it
 */
export const identifying = (text, now = new Date()) => {
  const names = foundIn(text, now).map(({ name }) => name)
  return IDENTIFYING.filter(name => names.includes(name))
}

/** All that is found in a text. @param {string} text @param {Date} [now] @returns {Found[]} */
export function foundIn(text, now = new Date()) {
  const plain = text.normalize('NFKC').replace(/[\u2010-\u2015\u2212]/g, '-').replace(/\s/g, ' ').replace(/’/g, "'")
  const phones = phoneNumbers(plain)
  // A number with +44 in front of it is nobody's NHS number.
  const rest = phones.filter(found => ABROAD.test(found)).reduce((left, found) => left.replace(found, '…'), plain)
  return [
    ...named('nhs-number', nhsNumbers(rest)),
    ...named('prison-number', matches(plain, /(?<![\p{L}\d])(?:[a-z]\d{4}[a-z]{2}|[A-Z]\d{4} [A-Z]{2})(?![\p{L}\d])/giu)
      .filter(found => !found.includes(' ') || found === found.toUpperCase())),
    ...named('national-insurance-number', matches(plain, NATIONAL_INSURANCE)),
    ...named('date-of-birth', datesOfBirth(plain, now)),
    ...named('phone-number', phones),
    ...named('e-mail-address', matches(plain, E_MAIL)),
  ]
}

const E_MAIL = /(?<![\p{L}\d._%+'-])[\p{L}\d._%+'-]{1,64}@(?:[\p{L}\d-]{1,63}\.){1,8}\p{L}{2,24}/gu

// HM Revenue and Customs, National Insurance Manual NIM39110: D F I Q U V stand in neither place, O not in the second,
// and some pairs are never given out; A to D at the end.
const NATIONAL_INSURANCE = new RegExp(
  '(?<![\\p{L}\\d])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]'
  + `(?:${GAP}?\\d{2}){3}${GAP}?[A-D](?![\\p{L}\\d])`, 'giu')

/** Ten digits, in groups of three or more or in none, that keep the rule of the check digit. @param {string} text */
const nhsNumbers = text => matches(text, /(?<![\p{L}\d+])\d+(?:[ -]\d+)*(?![\p{L}\d])/gu).flatMap(run => {
  const groups = run.split(/[ -]/)
  return groups.flatMap((_, start) => [1, 2, 3].slice(0, groups.length - start)
    .map(many => groups.slice(start, start + many))).filter(some => some.every(group => group.length >= 3)
    && keepsNhsRule(some.join(''))).map(some => some.join(' '))
})

/**
 * Ten digits of which the last fits the nine before it, modulus 11 (NHS Data Dictionary, NHS NUMBER). Ten times the
 * same digit fits too, and stands for nobody. @param {string} digits
 */
function keepsNhsRule(digits) {
  if (digits.length !== 10 || /^(\d)\1*$/.test(digits)) return false
  const sum = [...digits.slice(0, 9)].reduce((all, digit, place) => all + Number(digit) * (10 - place), 0)
  const check = (11 - sum % 11) % 11
  return check === Number(digits[9]) // ten is no digit: such numbers are not given out
}

/**
 * Numbers of mobile and fixed phones in the United Kingdom; 03, 08 and 09 are services, by which nobody is recognised.
 * @param {string} text
 */
const phoneNumbers = text => matches(text, PHONE).flatMap(found => {
  const groups = found.match(/\D*\d+\)?/g) ?? []
  // Another figure may follow: then the number is what is left without it.
  return groups.map((_, end) => groups.slice(0, groups.length - end).join('')).filter(isPhone).slice(0, 1)
})

const ABROAD = /^(?:\+|00 ?)44(?:[ -]?\(0\))?/
const PHONE = new RegExp(
  `(?<![\\p{L}\\d/.:])(?:(?:\\+|00 ?)44${GAP}?(?:\\(0\\))?|\\(?0)${GAP}?[127]\\d{1,4}\\)?(?:${GAP}{0,2}\\d{2,8}){1,4}`
  + '(?![\\p{L}\\d])', 'gu')

/** @param {string} text */
function isPhone(text) {
  const national = text.replace(ABROAD, '').replace(/\D/g, '').replace(/^0/, '')
  // In figures that only begin like one, such as 01-12-2024, the first group is short.
  return (ABROAD.test(text) || /^\(?\d{3}/.test(text)) && /^(?:[127]\d{9}|1\d{8})$/.test(national)
}

/**
 * Dates that can be somebody's birth: any beside a word for it, or whole ones from long ago.
 * @param {string} text @param {Date} now
 */
function datesOfBirth(text, now) {
  const beside = new RegExp(`${BORN}[^.!?;\\n]{0,30}$`, 'iu')
  const after = new RegExp(`^[ ,]*\\(?(?:${BORN})`, 'iu')
  return writtenDates(text).filter(({ found, at, year, month, day, loose }) => {
    const born = beside.test(text.slice(Math.max(0, at - 60), at)) || after.test(text.slice(at + found.length))
    if (loose && !born) return false
    const whole = year.length === 4 ? Number(year) : century(Number(year), now)
    if (!isDay(whole, month, day)) return false
    const age = yearsBetween({ year: whole, month, day }, now)
    return age < OLDEST && (born ? age >= 0 : age >= LONG_AGO)
  }).map(({ found }) => found)
}

/**
 * All that is written like a date. `loose`: it could as well be something else.
 * @param {string} text
 * @returns {{found: string, at: number, year: string, month: number, day: number, loose?: boolean}[]}
 */
function writtenDates(text) {
  const all = (/** @type {string} */ pattern, /** @type {(groups: string[]) => any} */ read) =>
    [...text.matchAll(new RegExp(`(?<![\\p{L}\\d/.-])${pattern}(?![\\p{L}\\d])`, 'giu'))].map(match =>
      ({ found: match[0], at: match.index, ...read(match) }))
  const month = (/** @type {string} */ word) =>
    MONTHS.findIndex(names => new RegExp(`^(?:${names})$`, 'i').test(word)) + 1
  const numbers = (/** @type {string} */ day, /** @type {string} */ month, /** @type {string} */ year) =>
    // Americans write the month first; where only that makes a date, it was meant.
    Number(month) > 12 && Number(day) <= 12 ? { year, month: Number(day), day: Number(month) }
      : { year, month: Number(month), day: Number(day) }
  return [
    ...all('(\\d{1,2}) ?([/.-]) ?(\\d{1,2}) ?\\2 ?(\\d{4}|\\d{2})', ([found, day, , month, year]) =>
      ({ ...numbers(day, month, year), loose: year.length === 2 && !/^\d\d\/\d\d\/\d\d$/.test(found) })),
    ...all('(\\d{4})([/.-])(\\d{1,2})\\2(\\d{1,2})', ([, year, , month, day]) =>
      ({ year, month: Number(month), day: Number(day) })),
    ...all(`(\\d{1,2})(?:st|nd|rd|th|af|il|ydd|fed|eg|ain)?[ -]?(?:of |o )?${MONTH},?[ -]?'?(\\d{4}|\\d{2})`,
      ([, day, word, year]) => ({ year, month: month(word), day: Number(day), loose: year.length === 2 })),
    ...all(`${MONTH} (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})`, ([, word, day, year]) =>
      ({ year, month: month(word), day: Number(day) })),
    ...all('(\\d{2}) ?(\\d{2}) ?(\\d{4}|\\d{2})', ([, day, month, year]) =>
      ({ ...numbers(day, month, year), loose: true })),
  ]
}

/** 61 is 1961 until 2061 has come. @param {number} year @param {Date} now */
const century = (year, now) => {
  const thisYear = now.getFullYear()
  const here = thisYear - thisYear % 100 + year
  return here > thisYear ? here - 100 : here
}

/** @param {number} year @param {number} month @param {number} day */
const isDay = (year, month, day) => {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0
}

/**
 * Whole years, negative for what is to come.
 * @param {{year: number, month: number, day: number}} then @param {Date} now
 */
const yearsBetween = ({ year, month, day }, now) => {
  const gone = now.getMonth() + 1 > month || (now.getMonth() + 1 === month && now.getDate() >= day)
  return now.getFullYear() - year - (gone ? 0 : 1)
}

/** @param {string} text @param {RegExp} pattern */
const matches = (text, pattern) => text.match(pattern) ?? []

/** @param {string} name @param {string[]} texts @returns {Found[]} */
const named = (name, texts) => texts.map(text => ({ name, text }))
