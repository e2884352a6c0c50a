// <ring-of-ten>: an audit's principles as a ring; each arc fills lightly with answers and fully with what is agreed.
import { LitElement, html, nothing, svg } from '../vendor/lit.js'
import { t } from '../lib/words.js'

const AROUND = 2 * Math.PI * 42
const CAP = 9
const GAP = 4.5

export class RingOfTen extends LitElement {
  static properties = { parts: { attribute: false }, label: {}, size: {} }

  constructor() {
    super()
    /**
     * One a principle: how much of it is agreed and how much has been answered, from 0 to 1.
     * @type {{share: number, begun?: number, done?: boolean, differs?: boolean}[]}
     */
    this.parts = undefined
    /** What the ring says, in words. @type {string} */
    this.label = undefined
    /** @type {'large' | undefined} */
    this.size = undefined
  }

  createRenderRoot() { return this }

  render() {
    const parts = this.parts ?? []
    const done = parts.filter(part => part.done).length
    const large = this.size === 'large'
    return html`<svg class="ring" data-size=${this.size ?? nothing} viewBox="-4 -4 108 108" role="img"
      aria-label=${this.label}>
      ${parts.map((part, n) => this.#arc(part, n, parts.length, large))}
      <text x="50" y=${large ? 54 : 60}>${done}</text>
      ${large ? svg`<text class="of" x="50" y="70">${t('ring.of', { of: parts.length })}</text>` : nothing}
    </svg>`
  }

  #arc(part, n, of, large) {
    const length = AROUND / of - CAP - GAP
    const turn = n * 360 / of - 90 + (GAP + CAP) / 2 / AROUND * 360
    const at = (n + 0.5) / of * 2 * Math.PI
    return svg`<g><circle class="bed" cx="50" cy="50" r="42" stroke-dasharray="${length} 400"
      transform="rotate(${turn} 50 50)"></circle>
      ${[['begun', part.begun], ['arc', part.share]].map(([layer, share]) => share > 0
        ? svg`<circle class=${layer} cx="50" cy="50" r="42"
        stroke-dasharray="${Math.max(0.1, length * share)} 400" transform="rotate(${turn} 50 50)"></circle>` : nothing)}
      ${part.differs ? svg`<circle class="spark" cx=${50 + 42 * Math.sin(at)} cy=${50 - 42 * Math.cos(at)}
        r=${large ? 5 : 7}></circle>` : nothing}</g>`
  }
}
customElements.define('ring-of-ten', RingOfTen)

/**
 * The ring of an audit's progress; empty when there is no audit yet.
 * @param {{principles: {agreed: number, answered: number, criteria: number, differences?: number}[]} | undefined}
 *   progress
 * @param {string} label
 * @param {'large'} [size]
 */
export const progressRing = (progress, label, size) => html`<ring-of-ten .label=${label} .size=${size}
  .parts=${(progress?.principles ?? Array(10).fill({ agreed: 0, answered: 0, criteria: 1 })).map(({ agreed, answered,
    criteria, differences }) => ({
    share: agreed / criteria, begun: answered / criteria, done: agreed >= criteria,
      differs: differences > 0 }))}></ring-of-ten>`
