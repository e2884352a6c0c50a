// <photo-brush>: a photo on which faces are blurred before it is kept: with a finger, a pen, a mouse, or keys.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { find } from '../lib/find.js'
import { takeIn } from '../lib/photo.js'
import { t } from '../lib/words.js'
import { announce } from './announce.js'

// So few colours are left of the whole photo, along its long side, that no stroke can show a face.
const COLOURS = 16
const BLOWN_UP = 16
/** The ring's radius, as parts of the long side. */
const SIZES = [1 / 40, 1 / 24, 1 / 14, 1 / 9, 1 / 6]
const PAUSE = 500
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
let brushes = 0

/** @typedef {{radius: number, points: {x: number, y: number}[]}} Stroke in pixels of the photo */

/** Dispatches `change` when something was blurred or brought back. */
export class PhotoBrush extends LitElement {
  static properties = { picture: { attribute: false }, strokes: { state: true }, ring: { state: true },
    size: { state: true }, unreadable: { state: true } }
  #id = `brush-${++brushes}`
  /** @type {ImageBitmap} */
  #bitmap
  /** The photo as it looks under the strokes. @type {CanvasPattern} */
  #blurred
  /** What is being drawn. @type {Stroke | undefined} */
  #stroke
  #loading = Promise.resolve()
  #telling

  constructor() {
    super()
    /** A photo that was taken in. @type {ArrayBuffer | Blob} */
    this.picture = undefined
    /** @type {Stroke[]} */
    this.strokes = []
    /** Where the ring is, in pixels of the photo. */
    this.ring = { x: 0, y: 0 }
    this.size = 2
    this.unreadable = false
  }

  createRenderRoot() { return this }

  render() {
    if (this.unreadable) return html`<div class="notice" data-kind="problem"
      role="alert"><p>${t('photo.unreadable')}</p></div>`
    const { x, y } = this.ring
    const { width = 1, height = 1 } = this.#bitmap ?? {}
    return html`<div class="brush" role="group" aria-label=${t('brush.title')}>
      <p id="${this.#id}-how">${t('brush.how')}</p>
      <div class="picture">
        <canvas tabindex="0" role="application" aria-label=${t('brush.photo')} aria-describedby="${this.#id}-how"
          @keydown=${this.#key} @pointerdown=${this.#down} @pointermove=${this.#move} @pointerup=${this.#up}
          @pointercancel=${this.#cancel}></canvas>
        <svg viewBox="0 0 ${width} ${height}" aria-hidden="true"><circle class="rim" cx=${x} cy=${y}
          r=${this.#radius}></circle><circle cx=${x} cy=${y} r=${this.#radius}></circle></svg>
      </div>
      <div class="row"><button type="button" class="button" @click=${this.#dab}>${t('brush.here')}</button>
        <button type="button" class="button" aria-disabled=${this.strokes.length ? nothing : 'true'}
          @click=${this.#undo}>${t('brush.undo')}</button></div>
      <div class="row"><button type="button" class="button" aria-disabled=${this.size ? nothing : 'true'}
          @click=${() => this.#resize(-1)}>${t('brush.smaller')}</button>
        <button type="button" class="button" aria-disabled=${this.size < SIZES.length - 1 ? nothing : 'true'}
          @click=${() => this.#resize(1)}>${t('brush.bigger')}</button></div></div>`
  }

  updated(changed) {
    if (changed.has('picture') && this.picture) this.#loading = this.#load(this.picture)
  }

  /** Whether anything is blurred. */
  get touched() { return this.strokes.length > 0 }

  /**
   * The photo as it is now, as a new JPEG: what is under the strokes is not in it. Throws a PhotoProblem.
   * @returns {Promise<import('../lib/photo.js').Taken>}
   */
  async export() {
    await this.updateComplete
    await this.#loading
    return takeIn(await createImageBitmap(this.#canvas))
  }

  /** @returns {HTMLCanvasElement} */
  get #canvas() { return find(this, 'canvas') }

  get #radius() {
    const { width = 1, height = 1 } = this.#bitmap ?? {}
    return Math.max(width, height) * SIZES[this.size]
  }

  async #load(picture) {
    const blob = picture instanceof Blob ? picture : new Blob([picture])
    const bitmap = await createImageBitmap(blob).catch(() => undefined)
    if (picture !== this.picture) return
    this.#bitmap?.close()
    this.#bitmap = bitmap
    this.unreadable = !bitmap
    this.strokes = []
    if (!bitmap) return
    const { width, height } = bitmap
    this.ring = { x: width / 2, y: height / 2 }
    this.#blurred = undefined
    const blurred = await this.#blur(blob, bitmap)
    await this.updateComplete
    Object.assign(this.#canvas, { width, height })
    this.#blurred = blurred
    this.#paint()
  }

  /** The photo in a handful of colours that run into one another. A cheap phone makes it small, to be quick. */
  async #blur(blob, { width, height }) {
    const most = Math.max(width, height)
    const [resizeWidth, resizeHeight] = [width, height].map(side => Math.max(1, Math.round(side * COLOURS / most)))
    const few = await createImageBitmap(blob, { resizeWidth, resizeHeight, resizeQuality: 'high' })
    // Whatever the browser made of the wish, after this there are no more colours than that.
    const tiny = drawn(few, resizeWidth, resizeHeight)
    few.close()
    const soft = drawn(tiny, resizeWidth * BLOWN_UP, resizeHeight * BLOWN_UP)
    // Repeated, so that the edge of the photo is mixed with blurred colours too, and never with nothing.
    const pattern = soft.getContext('2d').createPattern(soft, 'repeat')
    pattern.setTransform(new DOMMatrix([width / soft.width, 0, 0, height / soft.height, 0, 0]))
    return pattern
  }

  get #pen() { return this.#canvas.getContext('2d', { alpha: false }) }

  /** The photo and all that was drawn on it. */
  #paint() {
    this.#pen.drawImage(this.#bitmap, 0, 0)
    for (const stroke of this.strokes) this.#drag(stroke)
  }

  /** Draws a stroke, or what has come to it since. @param {Stroke} stroke */
  #drag({ radius, points }, since = 0) {
    const pen = this.#pen
    const [start, ...on] = points.slice(Math.max(0, since - 1))
    Object.assign(pen, { strokeStyle: this.#blurred, lineWidth: radius * 2, lineCap: 'round', lineJoin: 'round' })
    pen.beginPath()
    pen.moveTo(start.x, start.y)
    pen.lineTo(start.x + 0.01, start.y) // a line of no length would not be drawn
    for (const { x, y } of on) pen.lineTo(x, y)
    pen.stroke()
  }

  #keep(stroke) {
    this.strokes = [...this.strokes, stroke]
    this.#changed(t('brush.blurred', { n: this.strokes.length }))
  }

  #changed(words) {
    announce(words)
    this.dispatchEvent(new Event('change'))
  }

  #dab = () => {
    if (!this.#blurred) return
    const stroke = { radius: this.#radius, points: [this.ring] }
    this.#drag(stroke)
    this.#keep(stroke)
  }

  #undo = () => {
    if (!this.strokes.length) return
    this.strokes = this.strokes.slice(0, -1)
    this.#paint()
    this.#changed(t('brush.undone', { n: this.strokes.length }))
  }

  #resize(by) {
    this.size = Math.min(SIZES.length - 1, Math.max(0, this.size + by))
    this.#tell(t('brush.size', { n: this.size + 1, of: SIZES.length }))
  }

  #key = event => {
    const { key, ctrlKey, metaKey, shiftKey } = event
    if ((ctrlKey || metaKey) && key.toLowerCase() === 'z') this.#undo()
    else if (ctrlKey || metaKey || event.altKey) return
    else if (MOVES[key]) this.#step(MOVES[key], shiftKey ? 2 : 0.5)
    else if (key === ' ' || key === 'Enter') this.#dab()
    else if (key === '+' || key === '=') this.#resize(1)
    else if (key === '-' || key === '_') this.#resize(-1)
    else return
    event.preventDefault()
  }

  #step([right, down], radii) {
    if (!this.#bitmap) return
    const { width, height } = this.#bitmap
    const within = (value, most) => Math.min(most, Math.max(0, value))
    this.ring = { x: within(this.ring.x + right * radii * this.#radius, width),
      y: within(this.ring.y + down * radii * this.#radius, height) }
    this.#tell(t('brush.at', { x: Math.round(this.ring.x / width * 100), y: Math.round(this.ring.y / height * 100) }))
  }

  /** Aloud when somebody pauses: at every step it would only be noise. */
  #tell(words) {
    clearTimeout(this.#telling)
    this.#telling = setTimeout(() => announce(words), PAUSE)
  }

  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect()
    return { x: (clientX - left) * this.#canvas.width / width, y: (clientY - top) * this.#canvas.height / height }
  }

  #down = event => {
    if (!event.isPrimary || event.button || !this.#blurred) return
    this.#canvas.setPointerCapture(event.pointerId)
    this.ring = this.#at(event)
    this.#stroke = { radius: this.#radius, points: [this.ring] }
    this.#drag(this.#stroke)
  }

  #move = event => {
    if (!event.isPrimary || !this.#bitmap) return
    this.ring = this.#at(event)
    if (!this.#stroke) return
    const { points } = this.#stroke
    const since = points.length
    const passed = event.getCoalescedEvents?.() ?? []
    points.push(...(passed.length ? passed : [event]).map(one => this.#at(one)))
    this.#drag(this.#stroke, since)
  }

  #up = event => {
    if (!event.isPrimary || !this.#stroke) return
    const stroke = this.#stroke
    this.#stroke = undefined
    this.#keep(stroke)
  }

  /** The finger turned out to be one of two that enlarge the page. */
  #cancel = () => {
    if (!this.#stroke) return
    this.#stroke = undefined
    this.#paint()
  }
}
customElements.define('photo-brush', PhotoBrush)

/** A picture drawn to another size. */
function drawn(picture, width, height) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  const pen = canvas.getContext('2d', { alpha: false })
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(picture, 0, 0, width, height)
  return canvas
}
