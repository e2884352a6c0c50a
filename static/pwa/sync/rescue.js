// Reading a rescue file: somebody's unsent work, brought by hand.
import { Problem } from './api.js'

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * The file, once it is sure to be one; anything else is a Problem '/problems/not-a-rescue-file'. What it says is for
 * the server to judge. @param {any} file @returns {import('../store/store.js').RescueFile}
 */
export const readRescueFile = file => {
  const isOne =
    file?.milieu === 'rescue'
    && file.v === 1
    && isId(file.person?.id)
    && Array.isArray(file.streams)
    && file.streams.every(
      (/** @type {any} */ one) =>
        isId(one?.stream) && Array.isArray(one.operations) && one.operations.every(isOperation)
    )
    && (file.photos === undefined || (Array.isArray(file.photos) && file.photos.every(isPhoto)))
  if (isOne) return file
  throw new Problem(
    {
      type: '/problems/not-a-rescue-file',
      title: 'This is not a rescue file',
      detail: 'Choose the file that Milieu gave on the page Unsent. Nothing was changed.',
    },
    400
  )
}

/** @param {any} operation */
function isOperation(operation) {
  return (
    isId(operation?.id)
    && operation.v === 1
    && typeof operation.kind === 'string'
    && typeof operation.at === 'string'
    && isId(operation.device)
    && Array.isArray(operation.seen)
    && operation.seen.every(isId)
    && operation.payload !== null
    && typeof operation.payload === 'object'
  )
}

/** @param {any} photo */
function isPhoto(photo) {
  return isId(photo?.stream) && /^[0-9a-f]{64}$/.test(photo.sha256) && typeof photo.base64 === 'string'
}

/** @param {unknown} text */
function isId(text) {
  return typeof text === 'string' && ID.test(text)
}
