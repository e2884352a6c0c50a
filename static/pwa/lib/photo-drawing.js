// Draws a photo anew, upright and small, on a canvas that nobody sees: in the worker, or here where there is none.

/** The JPEG's quality: text on a notice stays readable, and a photo comes to about 300 kB. */
export const QUALITY = 0.82
/** The long side, in pixels. */
export const LONGEST = 1600

const LARGEST_FILE = 60e6 // bytes: more than the largest phone cameras write
const LARGEST_PICTURE = 110e6 // pixels, four bytes each while it is drawn
const FALSE_BY = 48 // of 255: JPEG alone stays well below, noise by a few is no harm to a photo

/** @typedef {{bytes: ArrayBuffer, sha256: string, width: number, height: number}} Taken a JPEG and its hash in hex */

/** A photo cannot be taken in, with the reason: 'canvas' falsified, 'unreadable' or 'too-large'. */
export class PhotoProblem extends Error {
  /** @param {'canvas' | 'unreadable' | 'too-large'} reason @param {unknown} [cause] */
  constructor(reason, cause) {
    super(reason, { cause })
    this.name = 'PhotoProblem'
    this.reason = reason
  }
}

/**
 * A photo as a new JPEG: upright, at most `longest` pixels on its long side, with nothing in it but the picture. Throws
 * a PhotoProblem.
 * @param {Blob | ImageBitmap} picture
 * @param {{longest?: number, quality?: number}} [how]
 * @returns {Promise<Taken>}
 */
export async function draw(picture, { longest = LONGEST, quality = QUALITY } = {}) {
  if (!await drawsTruly()) throw new PhotoProblem('canvas')
  if (picture instanceof Blob && picture.size > LARGEST_FILE) throw new PhotoProblem('too-large')
  const bitmap = await upright(picture)
  try {
    if (bitmap.width * bitmap.height > LARGEST_PICTURE) throw new PhotoProblem('too-large')
    const less = Math.min(1, longest / Math.max(bitmap.width, bitmap.height))
    const [width, height] = [bitmap.width, bitmap.height].map(side => Math.max(1, Math.round(side * less)))
    const blob = await pressed(width, height, quality, pen => {
      pen.fillStyle = '#fff' // behind what is transparent; JPEG would make it black
      pen.fillRect(0, 0, width, height)
      pen.imageSmoothingQuality = 'high'
      pen.drawImage(bitmap, 0, 0, width, height)
    })
    const bytes = bare(await blob.arrayBuffer())
    return { bytes, sha256: await hash(bytes), width, height }
  } finally {
    bitmap.close()
  }
}

/**
 * The same JPEG with nothing beside the picture: browsers add a colour profile or EXIF of their own, which say what
 * made it. The profile is the usual one, sRGB, which is meant where there is none.
 * @param {ArrayBuffer} jpeg
 */
export function bare(jpeg) {
  const view = new DataView(jpeg)
  const kept = [new Uint8Array(jpeg, 0, 2)]
  let at = 2
  while (view.getUint8(at) === 0xFF && view.getUint8(at + 1) !== START_OF_SCAN) {
    const length = 2 + view.getUint16(at + 2)
    if (!TOLD.has(view.getUint8(at + 1))) kept.push(new Uint8Array(jpeg, at, length))
    at += length
  }
  kept.push(new Uint8Array(jpeg, at))
  const bytes = new Uint8Array(kept.reduce((sum, part) => sum + part.length, 0))
  let place = 0
  for (const part of kept) {
    bytes.set(part, place)
    place += part.length
  }
  return bytes.buffer
}

const START_OF_SCAN = 0xDA
// APP1 to APP13, APP15 and comments; APP0 and APP14 say how the colours are to be read.
const TOLD = new Set([...Array.from({ length: 13 }, (_, n) => 0xE1 + n), 0xEF, 0xFE])

/** What the JPEG hashes to, in hex. @param {ArrayBuffer} bytes */
async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...digest].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

/** @param {Blob | ImageBitmap} picture */
async function upright(picture) {
  try {
    return await createImageBitmap(picture, { imageOrientation: 'from-image' }).catch(problem => {
      // Chrome before 111 does this by itself, and knows no word for it.
      if (problem instanceof TypeError) return createImageBitmap(picture)
      throw problem
    })
  } catch (problem) {
    throw new PhotoProblem('unreadable', problem)
  }
}

/**
 * A JPEG of what the pen draws.
 * @param {number} width @param {number} height @param {number} quality
 * @param {(pen: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D) => void} drawing
 * @returns {Promise<Blob>}
 */
async function pressed(width, height, quality, drawing) {
  const canvas = blank(width, height)
  const pen = penOf(canvas)
  drawing(pen)
  const blob = 'convertToBlob' in canvas ? await canvas.convertToBlob({ type: 'image/jpeg', quality })
    : await new Promise(done => canvas.toBlob(done, 'image/jpeg', quality))
  canvas.width = canvas.height = 0 // Safari frees a canvas late, and allows few
  if (blob?.type !== 'image/jpeg') throw new PhotoProblem('canvas')
  return blob
}

/** @param {number} width @param {number} height */
function blank(width, height) {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height)
  return Object.assign(document.createElement('canvas'), { width, height })
}

/**
 * @param {HTMLCanvasElement | OffscreenCanvas} canvas
 * @returns {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D}
 */
function penOf(canvas) {
  const pen = /** @type {any} */ (canvas.getContext('2d', { alpha: false, willReadFrequently: true }))
  if (!pen) throw new PhotoProblem('canvas') // no memory for one this large, or forbidden
  return pen
}

const SIDE = 16 // pixels of a patch: whole blocks of a JPEG
const PATCHES = ['#d02020', '#20a040', '#2040d0', '#e0c020', '#101010', '#f0f0f0', '#808080', '#a020a0', '#20c0c0']

/** @type {Promise<boolean> | undefined} */
let truth

/** Whether this browser gives back what was drawn; some privacy modes do not. Asked once. */
const drawsTruly = () => truth ??= comesBack().catch(() => false)

/** Nine patches go through a JPEG and back, as a photo will. */
async function comesBack() {
  const blob = await pressed(SIDE * 3, SIDE * 3, 0.9, pen => PATCHES.forEach((colour, n) => {
    pen.fillStyle = colour
    pen.fillRect(n % 3 * SIDE, Math.floor(n / 3) * SIDE, SIDE, SIDE)
  }))
  const bitmap = await createImageBitmap(blob)
  const pen = penOf(blank(SIDE * 3, SIDE * 3))
  pen.drawImage(bitmap, 0, 0)
  bitmap.close()
  return PATCHES.every((colour, n) => {
    const { data } = pen.getImageData((n % 3 + 0.5) * SIDE, (Math.floor(n / 3) + 0.5) * SIDE, 1, 1)
    return [1, 3, 5].every((at, part) => Math.abs(parseInt(colour.slice(at, at + 2), 16) - data[part]) < FALSE_BY)
  })
}
