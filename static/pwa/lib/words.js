// The words of the interface in the person's language: t('home.agreed', { n: 4 }).
import { words as first } from '../words/en-first.js'

/** @typedef {Record<string, string | {zero?: string, one?: string, other: string}>} Words */

/** The language in use now, as BCP 47. */
export let language = 'en'
/** @type {Words} */
let english = first
/** @type {Words} */
let words = first
let plural = new Intl.PluralRules('en')
let isWhole = false

/** The languages a person can choose, each in its own words; `draft` when nobody has reviewed it yet. */
export const LANGUAGES = [{ id: 'en', name: 'English' }, { id: 'cy', name: 'Cymraeg', draft: true }]

/**
 * Speaks another language from now on. What a draft leaves out is said in English.
 * @param {string} name
 */
export async function useLanguage(name) {
  language = name === 'cy' ? name : 'en'
  words = language === 'en' ? english : await welsh()
  plural = new Intl.PluralRules(language)
  document.documentElement.lang = language === 'en' ? 'en-GB' : language
}

/** Has the words of every screen, not only of those that come before somebody has signed in. */
export async function useAllWords() {
  isWhole = true
  english = { ...first, ...(await import('../words/en.js')).words }
  await useLanguage(language)
}

/** @returns {Promise<Words>} */
async function welsh() {
  const { words: before } = await import('../words/cy-first.js')
  return isWhole ? { ...before, ...(await import('../words/cy.js')).words } : before
}

/**
 * A text by its key. `{name}` stands for values.name; a text with plural forms is chosen by values.n
 * (`zero` also in languages without that form). A checklist's sector words are passed in as values.
 * @param {string} key
 * @param {Record<string, any>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const found = words[key] ?? english[key] ?? key
  const text = typeof found === 'string' ? found : (values.n === 0 && found.zero) || found[plural.select(values.n)]
    || found.other
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '')
}

/** Whether there is a text under this key. @param {string} key */
export const has = key => key in english

/** The same text, beginning with a capital letter. @param {string} text */
export const capital = text => text.charAt(0).toLocaleUpperCase(language) + text.slice(1)

/** A figure with one place: 2.4. Welsh writes it the same way. @param {number} value */
export const decimal = value => (Math.round(value * 10) / 10).toFixed(1)

/** What people call the thing in their hand. */
export const deviceWord = () => t(matchMedia('(min-width: 60rem)').matches ? 'device.computer' : 'device.phone')
