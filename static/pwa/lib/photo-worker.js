// Draws photos beside the page, so that the page never stands still: one at a time, as photo.js asks.
import { draw } from './photo-drawing.js'

addEventListener('message', async ({ data: { picture, how } }) => {
  const answer = await draw(picture, how).then(taken => ({ taken }), problem => ({ reason: problem.reason,
    message: String(problem) }))
  const page = /** @type {any} */ (self)
  page.postMessage(answer, 'taken' in answer ? [answer.taken.bytes] : [])
})
postMessage({ ready: typeof OffscreenCanvas !== 'undefined' })
