// <photo-viewer>: a picture as large as the screen, with its description; by keys, fingers or a mouse.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { find } from '../lib/find.js'
import { problemWords } from '../lib/problem-words.js'
import { t } from '../lib/words.js'
import { icon } from './icons.js'
import { pictureOf } from './photo-thumb.js'

const MOST = 8
const STEP = 1.5
const PAN = 0.1
const SWIPE = 60 // pixels
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** @typedef {{audit: string, sha256: string, words: string}} Shown */

/**
 * Shows photos one at a time, beginning with the one at `at`; the focus goes back to where it was.
 * @param {import('../routes.js').App} app
 * @param {Shown[]} photos
 * @param {number} at
 */
export function showPhotos(app, photos, at) {
  const viewer = Object.assign(document.createElement('photo-viewer'), { app, photos, at })
  document.body.append(viewer)
}

export class PhotoViewer extends LitElement {
  static properties = { app: { attribute: false }, photos: { attribute: false }, at: { type: Number },
    picture: { state: true }, problem: { state: true }, frame: { state: true } }
  /** Fingers on the picture, by pointer. @type {Map<number, {x: number, y: number}>} */
  #fingers = new Map()
  #begun = { x: 0, y: 0 }
  #pinched = false

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Shown[]} */
    this.photos = []
    this.at = 0
    /** @type {{url: string, width: number, height: number} | undefined} */
    this.picture = undefined
    /** @type {any} */
    this.problem = undefined
    /** How much larger than the whole, and which place of the picture, in parts of it, is in the middle. */
    this.frame = { scale: 1, x: 0.5, y: 0.5 }
  }

  createRenderRoot() { return this }

  render() {
    const { words } = this.photos[this.at]
    const many = this.photos.length > 1
    const button = (name, drawing, act, off = false) => html`<button type="button" class="button"
      aria-disabled=${off ? 'true' : nothing} @click=${act}>${icon(drawing)}<span
        class="unseen">${t(`viewer.${name}`)}</span></button>`
    return html`<dialog class="viewer" aria-label=${t('viewer.title')} @close=${this.#closed} @keydown=${this.#key}>
      <div class="row" data-spread data-nowrap><p class="figure" aria-live="polite">${many ? t('viewer.at',
        { n: this.at + 1, of: this.photos.length }) : nothing}</p>
        <span class="unseen" role="status">${this.frame.scale === 1 ? nothing : t('viewer.size',
          { n: Math.round(this.frame.scale * 2) * 50 })}</span>
        <button type="button" class="button" autofocus @click=${this.#close}>${t('viewer.close')}</button></div>
      <div class="stage">${this.#stage(words)}</div>
      <p class="written" tabindex="0">${words}</p>
      <div class="row" data-nowrap>${many ? button('before', 'back', () => this.#go(-1), this.at === 0) : nothing}
        ${button('smaller', 'minus', () => this.#zoom(1 / STEP), this.frame.scale === 1)}
        ${button('bigger', 'plus', () => this.#zoom(STEP), this.frame.scale === MOST)}
        ${many ? button('after', 'next', () => this.#go(1), this.at === this.photos.length - 1) : nothing}</div>
    </dialog>`
  }

  firstUpdated() {
    find(this, 'dialog').showModal()
    this.#load()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#forget()
  }

  #stage(words) {
    if (this.problem) return html`<div class="stack" role="alert"><p>${this.#why()}</p><div class="row"><button
      type="button" class="button" @click=${() => this.#load()}>${t('app.try-again')}</button></div></div>`
    if (!this.picture) return html`<p class="busy">${t('viewer.loading')}</p>`
    const { url, width, height } = this.picture
    const { scale, x, y } = this.frame
    const box = [x * width - width / scale / 2, y * height - height / scale / 2, width / scale, height / scale]
    return html`<svg role="img" aria-label=${words} viewBox=${box.join(' ')} ?data-near=${scale > 1}
      @pointerdown=${this.#down} @pointermove=${this.#move} @pointerup=${this.#up} @pointercancel=${this.#up}
      @wheel=${this.#wheel} @dblclick=${() => this.#zoom(this.frame.scale > 1 ? 1 / MOST : STEP * STEP)}>
      <image href=${url} width=${width} height=${height}></image></svg>`
  }

  #why() {
    const { audit, sha256 } = this.photos[this.at]
    if (this.app.store.photoState(audit, sha256) === 'missing') return t('viewer.missing')
    return this.problem.name === 'Offline' ? t('viewer.not-here') : problemWords(this.problem)
  }

  async #load() {
    const photo = this.photos[this.at]
    this.#forget()
    this.frame = { scale: 1, x: 0.5, y: 0.5 }
    try {
      const bytes = await pictureOf(this.app, photo.audit, photo.sha256, { small: false })
      const url = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }))
      const image = Object.assign(new Image(), { src: url })
      await image.decode()
      if (photo !== this.photos[this.at] || !this.isConnected) return URL.revokeObjectURL(url)
      this.picture = { url, width: image.naturalWidth, height: image.naturalHeight }
    } catch (problem) {
      if (photo === this.photos[this.at]) this.problem = problem
    }
  }

  #forget() {
    if (this.picture) URL.revokeObjectURL(this.picture.url)
    this.picture = this.problem = undefined
  }

  #go(by) {
    const at = this.at + by
    if (!this.photos[at]) return
    this.at = at
    this.#load()
  }

  /** Nearer or farther, around a place of the picture that stays where it is. */
  #zoom(by, around = { x: this.frame.x, y: this.frame.y }) {
    const { scale, x, y } = this.frame
    const nearer = Math.min(MOST, Math.max(1, scale * by))
    const less = scale / nearer
    this.#show(nearer, around.x + (x - around.x) * less, around.y + (y - around.y) * less)
  }

  /** The picture never leaves the stage. */
  #show(scale, x, y) {
    const within = value => Math.min(1 - 0.5 / scale, Math.max(0.5 / scale, value))
    this.frame = { scale, x: within(x), y: within(y) }
  }

  #key = event => {
    const { key, ctrlKey, metaKey, altKey } = event
    if (ctrlKey || metaKey || altKey) return
    const { scale, x, y } = this.frame
    if (MOVES[key] && scale > 1) this.#show(scale, x + MOVES[key][0] * PAN, y + MOVES[key][1] * PAN)
    else if (key === 'ArrowLeft') this.#go(-1)
    else if (key === 'ArrowRight') this.#go(1)
    else if (key === '+' || key === '=') this.#zoom(STEP)
    else if (key === '-' || key === '_') this.#zoom(1 / STEP)
    else if (key === '0') this.#zoom(1 / MOST)
    else return
    event.preventDefault()
  }

  #wheel = event => {
    event.preventDefault()
    this.#zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, this.#placeOf({ x: event.clientX, y: event.clientY }))
  }

  #down = event => {
    if (event.button) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const finger = { x: event.clientX, y: event.clientY }
    if (!this.#fingers.size) this.#begun = finger
    this.#pinched = this.#fingers.size > 0
    this.#fingers.set(event.pointerId, finger)
  }

  #move = event => {
    const before = this.#fingers.get(event.pointerId)
    if (!before) return
    const now = { x: event.clientX, y: event.clientY }
    const others = [...this.#fingers].filter(([id]) => id !== event.pointerId).map(([, finger]) => finger)
    this.#fingers.set(event.pointerId, now)
    const { scale, x, y } = this.frame
    if (others.length) {
      const [other] = others
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }
      this.#zoomBetween(distance(now, other) / Math.max(1, distance(before, other)), middle)
    } else if (scale > 1) {
      const [right, down] = this.#unit
      this.#show(scale, x - (now.x - before.x) / right, y - (now.y - before.y) / down)
    }
  }

  /** Without a word at every step. */
  #zoomBetween(by, middle) {
    const place = this.#placeOf(middle)
    const { scale, x, y } = this.frame
    const nearer = Math.min(MOST, Math.max(1, scale * by))
    this.#show(nearer, place.x + (x - place.x) * scale / nearer, place.y + (y - place.y) * scale / nearer)
  }

  #up = event => {
    const finger = this.#fingers.get(event.pointerId)
    this.#fingers.delete(event.pointerId)
    if (!finger || this.#pinched || this.frame.scale > 1 || event.type === 'pointercancel') return
    const across = finger.x - this.#begun.x
    if (Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(finger.y - this.#begun.y)) this.#go(across < 0 ? 1
      : -1)
  }

  /** How many pixels of the screen the picture's width and height take now. */
  get #unit() {
    const { width, height } = this.picture
    const stage = find(this, 'svg').getBoundingClientRect()
    const pixel = Math.min(stage.width / width, stage.height / height) * this.frame.scale
    return [pixel * width, pixel * height]
  }

  /** Where in the picture, in parts of it, a place of the screen is. */
  #placeOf({ x, y }) {
    const stage = find(this, 'svg').getBoundingClientRect()
    const [width, height] = this.#unit
    return { x: this.frame.x + (x - stage.left - stage.width / 2) / width,
      y: this.frame.y + (y - stage.top - stage.height / 2) / height }
  }

  #close = () => find(this, 'dialog').close()

  #closed = () => this.remove()
}
customElements.define('photo-viewer', PhotoViewer)

const distance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y)
