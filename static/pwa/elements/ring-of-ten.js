// <ring-of-ten>: an audit's principles as a ring; each arc fills lightly with answers and fully with what is agreed.
import { LitElement, html, nothing, svg } from '../vendor/lit.js'
import { t } from '../lib/words.js'

const RADIUS = 42
/** Between two arcs: their round ends and some air. */
const BETWEEN = 13.5

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
    // one path a layer: two hundred of these stand side by side on a phone
    return html`<svg class="ring" data-size=${this.size ?? nothing} viewBox="-4 -4 108 108" role="img"
      aria-label=${this.label}>
      <path class="bed" d=${arcs(parts, () => 1)}></path>
      <path class="begun" d=${arcs(parts, part => part.begun)}></path>
      <path class="arc" d=${arcs(parts, part => part.share)}></path>
      ${parts.map((part, n) => part.differs ? spark(n, parts.length, large) : nothing)}
      <text x="50" y=${large ? 54 : 60}>${done}</text>
      ${large ? svg`<text class="of" x="50" y="70">${t('ring.of', { of: parts.length })}</text>` : nothing}
    </svg>`
  }
}
customElements.define('ring-of-ten', RingOfTen)

/** The arcs of one layer, each as long as its share of its place. */
function arcs(parts, shareOf) {
  const place = 2 * Math.PI / parts.length
  const length = place - BETWEEN / RADIUS
  return parts.map((part, n) => {
    const share = Math.min(1, shareOf(part) ?? 0)
    if (!(share > 0)) return ''
    const from = n * place + BETWEEN / RADIUS / 2
    return `M${at(from)}A${RADIUS} ${RADIUS} 0 0 1 ${at(from + Math.max(0.002, length * share))}`
  }).join('')
}

/** A point on the ring, clockwise from the top. */
const at = angle => `${(50 + RADIUS * Math.sin(angle)).toFixed(2)} ${(50 - RADIUS * Math.cos(angle)).toFixed(2)}`

/** People differ here. */
function spark(n, of, large) {
  const [x, y] = at((n + 0.5) / of * 2 * Math.PI).split(' ')
  return svg`<circle class="spark" cx=${x} cy=${y} r=${large ? 5 : 7}></circle>`
}

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
