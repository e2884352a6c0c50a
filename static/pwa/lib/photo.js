// Takes a photo in: drawn anew without anything that was hidden in it, small enough to keep and to send, and hashed.
import { PhotoProblem, draw } from './photo-drawing.js'

export { PhotoProblem }

/** @typedef {import('./photo-drawing.js').Taken} Taken */

const PATIENCE = 30_000 // milliseconds for one photo; a worker that ran out of memory says nothing at all
const START = 5_000

/** @type {Promise<unknown>} */
let last = Promise.resolve()
/** @type {Promise<Worker | null> | undefined} */
let worker

/**
 * A new JPEG of a photo, upright, at most `longest` pixels on its long side. One photo at a time; the others wait.
 * Throws a PhotoProblem with the reason 'canvas' (this browser falsifies pictures), 'unreadable' or 'too-large'.
 * @param {Blob | ImageBitmap} picture a bitmap is used up
 * @param {{longest?: number, quality?: number}} [how]
 * @returns {Promise<Taken>}
 */
export function takeIn(picture, how = {}) {
  const taken = last.then(() => drawBeside(picture, how))
  last = taken.catch(() => {})
  return taken
}

/** In the worker; here, where the browser has none that can draw. */
async function drawBeside(/** @type {Blob | ImageBitmap} */ picture, /** @type {{}} */ how) {
  const beside = await (worker ??= startWorker())
  return beside ? askWorker(beside, picture, how) : draw(picture, how)
}

/** @returns {Promise<Worker | null>} null where modules cannot be workers (Firefox before 114), or cannot draw */
async function startWorker() {
  try {
    const started = new Worker(trusted(new URL('./photo-worker.js', import.meta.url).href), { type: 'module' })
    const { ready } = await nextWord(started, START)
    if (ready) return started
    started.terminate()
  } catch (problem) {
    console.warn('Photos are drawn without a worker.', problem)
  }
  return null
}

/**
 * @param {Worker} beside
 * @param {Blob | ImageBitmap} picture
 * @param {{}} how
 * @returns {Promise<Taken>}
 */
async function askWorker(beside, picture, how) {
  beside.postMessage({ picture, how }, picture instanceof Blob ? [] : [picture])
  const { taken, reason, message } = await nextWord(beside, PATIENCE).catch(problem => {
    beside.terminate()
    worker = undefined // the next photo gets another
    throw new PhotoProblem('unreadable', problem)
  })
  if (taken) return taken
  throw reason ? new PhotoProblem(reason, message) : new Error(message)
}

/**
 * What a worker says next.
 * @param {Worker} beside
 * @param {number} patience in milliseconds
 * @returns {Promise<any>}
 */
const nextWord = (beside, patience) => new Promise((done, failed) => {
  const timer = setTimeout(() => failed(new Error('the worker says nothing')), patience)
  const wrong = (/** @type {any} */ event) => {
    clearTimeout(timer)
    failed(new Error(event.message ?? 'the worker failed'))
  }
  beside.onmessage = ({ data }) => {
    clearTimeout(timer)
    done(data)
  }
  beside.onerror = wrong
  beside.onmessageerror = wrong
})

/** @type {any} */
let policy

/** The worker's address and no other, as the page's policy demands. @param {string} url @returns {any} */
function trusted(url) {
  policy ??= /** @type {any} */ (globalThis).trustedTypes?.createPolicy('photo', {
    createScriptURL(/** @type {string} */ asked) {
      if (asked === url) return asked
      throw new TypeError('only the worker that draws photos is started')
    },
  })
  return policy?.createScriptURL(url) ?? url
}
