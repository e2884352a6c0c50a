// <voice-track>: what one voice says about one criterion; a dot for each rating given, never an average across voices.
import { LitElement, html, nothing, svg } from '../vendor/lit.js'
import { t } from '../lib/words.js'

export class VoiceTrack extends LitElement {
  static properties = { name: {}, ratings: { attribute: false }, scale: { attribute: false } }

  constructor() {
    super()
    /** The voice, in the sector's word. @type {string} */
    this.name = undefined
    /** @type {number[]} */
    this.ratings = undefined
    /** @type {{value: number, word: string}[]} */
    this.scale = undefined
  }

  createRenderRoot() { return this }

  render() {
    const counts = this.scale.map(({ value, word }) => ({ value, word, n: this.ratings.filter(rating =>
      rating === value).length }))
    const said = counts.filter(({ n }) => n).map(({ n, word }) => `${n} ${word}`).join(', ')
    const at = value => `${8 + 84 * value / (this.scale.length - 1)}%`
    return html`<span><b>${this.name}</b><br><small class="figure">${t('voices.n',
      { n: this.ratings.length })}</small></span>
      <svg class="track" role="img" aria-label=${`${this.name}: ${said}`}>
        <line x1=${at(0)} x2=${at(this.scale.length - 1)} y1="50%" y2="50%"></line>
        ${counts.map(({ value, n }) => n ? svg`<circle class="dot" data-rate=${value} cx=${at(value)} cy="50%"
          r=${n > 1 ? 12 : 9}></circle>
          ${n > 1 ? svg`<text data-rate=${value} x=${at(value)} y="50%">${n}</text>` : nothing}`
          : svg`<circle class="stop" cx=${at(value)} cy="50%" r="2.5"></circle>`)}
      </svg>`
  }
}
customElements.define('voice-track', VoiceTrack)
