// What did not work, said at once, where it did not.
import { html, nothing } from '../vendor/lit.js'
import { problemWords } from '../lib/problem-words.js'

/** @param {any} problem nothing is drawn without one @param {string} [more] what else to know */
export const problemNotice = (problem, more = '') => problem
  ? html`<div class="notice" data-kind="problem" role="alert"><p>${problemWords(problem)} ${more}</p></div>` : nothing
