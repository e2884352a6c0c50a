// What the writer of one text has been warned of: each thing once, and what they kept all the same.
import { IDENTIFYING, foundIn } from './identifying.js'

export class Warned {
  #known

  /** @param {string[]} [known] from an earlier one, when the text is looked at again */
  constructor(known = []) {
    this.#known = new Set(known)
  }

  /**
   * The names of what a text seems to hold and its writer does not know of yet. What is saved has been judged before.
   * @param {string} text @param {string} [saved] what stands already
   */
  unknown(text, saved = '') {
    const judged = new Set(foundIn(saved).map(sign))
    return namesOf(foundIn(text).filter(found => !this.#known.has(sign(found)) && !judged.has(sign(found))))
  }

  /** The writer has been told what this text holds. @param {string} text */
  tell(text) {
    for (const found of foundIn(text)) this.#known.add(sign(found))
  }

  /** The names of what the writer was told of and a text holds all the same: for the history. @param {string} text */
  kept(text) {
    return namesOf(foundIn(text).filter(found => this.#known.has(sign(found))))
  }

  /** To go on from there later. */
  get known() { return [...this.#known] }
}

/**
 * What a payload says of warnings: nothing where there were none.
 * @param {string[]} names
 */
export const warnedOf = names => names.length ? { warned: IDENTIFYING.filter(name => names.includes(name)) } : {}

/** @param {import('./identifying.js').Found} found */
const sign = ({ name, text }) => `${name}:${text}`

/** @param {import('./identifying.js').Found[]} found */
const namesOf = found => IDENTIFYING.filter(name => found.some(one => one.name === name))
