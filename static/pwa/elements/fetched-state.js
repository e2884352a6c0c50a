// Where a reply of the server stands: on its way, too old, or not to be had; and why.
import { html, nothing } from '../vendor/lit.js'
import { problemWords } from '../lib/problem-words.js'
import { briefly } from '../lib/time.js'
import { t } from '../lib/words.js'

/**
 * Above what is shown of a reply; nothing when it is here and new.
 * @param {{body: any, at: number | undefined, problem: any, busy: boolean, load: () => Promise<void>}} fetched a
 *   `Fetched`, or several as one
 */
export function fetchedState(fetched) {
  const { body, at, problem, busy } = fetched
  if (problem) {
    return html`<div class="notice" data-kind="problem" role="alert"><p>${problemWords(problem)}</p>
      ${body ? html`<p>${t('fetched.before', { at: briefly(at) })}</p>` : nothing}
      <div class="row">${problem.status === 401 ? html`<a class="button" href="#/sign-in">${t('fetched.sign-in')}</a>`
        : busy ? html`<p class="busy">${t('fetched.busy')}</p>`
          : html`<button class="button" @click=${() => fetched.load()}>${t('app.try-again')}</button>`}</div></div>`
  }
  return body ? nothing : html`<p class="busy">${t('fetched.busy')}</p>`
}
