// The words of the interface in the person's language: t('home.standing', { n: 4, of: 10 }).
import { words as first } from '../words/en-first.js'

/** @typedef {Record<string, string | {zero?: string, one?: string, other: string}>} Words */

/** The language in use now, as BCP 47. */
export let language = 'en'
/** @type {Words} */
let english = first
/** @type {Words} */
let words = first
let plural = new Intl.PluralRules('en')
/** The files of words in use, each there in every language: `-first` before somebody has signed in, '' after it. */
const parts = new Set(['-first'])

/** The languages a person can choose, each in its own words; `draft` when nobody has reviewed it yet. */
export const LANGUAGES = [{ id: 'en', name: 'English' }, { id: 'cy', name: 'Cymraeg', draft: true }]

/**
 * Speaks another language from now on. What a draft leaves out is said in English.
 * @param {string} name
 */
export async function useLanguage(name) {
  language = name === 'cy' ? name : 'en'
  english = await wordsIn('en')
  words = language === 'en' ? english : await wordsIn(language)
  plural = new Intl.PluralRules(language)
  document.documentElement.lang = language === 'en' ? 'en-GB' : language
}

/** Has the words of every screen that all people use, not only of those that come before somebody has signed in. */
export const useAllWords = () => use('')

/** Has the words of recognition too, which few people need. Awaited before a screen that says them is shown. */
export const useAwardWords = () => use('-award')

/** @param {string} part */
async function use(part) {
  if (parts.has(part)) return
  parts.add(part)
  await useLanguage(language)
}

/** @param {string} name @returns {Promise<Words>} */
async function wordsIn(name) {
  const files = await Promise.all([...parts].map(part => import(`../words/${name}${part}.js`)))
  return Object.assign({}, ...files.map(file => file.words))
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
