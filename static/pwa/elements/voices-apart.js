// <voices-apart>: what each voice says of one thing, on one line from the lowest step to the highest; never pooled.
import { LitElement, html, nothing, svg } from '../vendor/lit.js'
import { decimal, t } from '../lib/words.js'

/** Each voice has a shape of its own, so that none needs a colour to be known. */
const SHAPES = {
  staff: 'M-7 0a7 7 0 1014 0a7 7 0 10-14 0z',
  resident: 'M0-9L9 0L0 9L-9 0z',
  visitor: 'M0-8.5L8.5 6.5H-8.5z',
  assessor: 'M-6.5-6.5H6.5V6.5H-6.5z',
}

/**
 * @typedef {object} Told
 * @property {string} voice
 * @property {string} name in the sector's word
 * @property {number} n how many stand behind it
 * @property {number | null} mean null where nobody rated, or where it is hidden
 * @property {boolean} [hidden] too few to be shown
 */

/** The mark of a voice beside its name. @param {string} voice */
export const voiceMark = voice => html`<svg class="voice-mark" viewBox="-11 -11 22 22" aria-hidden="true"
  data-voice=${voice}><path d=${SHAPES[voice] ?? SHAPES.staff}></path></svg>`

export class VoicesApart extends LitElement {
  static properties = { voices: { attribute: false }, top: { attribute: false } }

  constructor() {
    super()
    /** @type {Told[]} */
    this.voices = undefined
    /** The highest step of the scale. */
    this.top = 3
  }

  createRenderRoot() { return this }

  render() {
    const seen = this.voices.filter(({ mean }) => mean !== null)
    const means = seen.map(({ mean }) => mean)
    const [low, high] = [Math.min(...means), Math.max(...means)]
    return html`${seen.length ? html`<svg class="apart-line" aria-hidden="true">
        <line class="bed" x1=${this.#at(0)} x2=${this.#at(this.top)} y1="50%" y2="50%"></line>
        ${[...Array(this.top + 1).keys()].map(step => svg`<circle class="stop" cx=${this.#at(step)} cy="50%"
          r="2.5"></circle>`)}
        ${high > low ? svg`<line class="between" x1=${this.#at(low)} x2=${this.#at(high)} y1="50%"
          y2="50%"></line>` : nothing}
        ${seen.map(({ voice, mean }) => svg`<svg x=${this.#at(mean)} y="50%" overflow="visible"><path
          data-voice=${voice} d=${SHAPES[voice] ?? SHAPES.staff}></path></svg>`)}</svg>` : nothing}
      <ul class="apart-said">${this.voices.map(one => html`<li>${voiceMark(one.voice)}<span><b>${one.name}</b>
        ${said(one)}</span></li>`)}</ul>`
  }

  #at(value) { return `${Math.round(40 + 920 * value / this.top) / 10}%` }
}
customElements.define('voices-apart', VoicesApart)

/** Its figure with the number behind it, or why there is none. @param {Told} told */
export const said = ({ n, mean, hidden }) => hidden ? t('sides.hidden')
  : mean === null ? t('sides.nobody')
    : html`<span class="figure">${decimal(mean)}</span> <small class="figure">${t('sides.n', { n })}</small>`
