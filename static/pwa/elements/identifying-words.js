// What a text seems to hold by which somebody could be recognised, in words.
import { language, t } from '../lib/words.js'

/** "an NHS number and a phone number". @param {string[]} names of IDENTIFYING */
export const foundWords = names =>
  new Intl.ListFormat(language, { type: 'conjunction' }).format(names.map(name => t(`identifying.${name}`)))
