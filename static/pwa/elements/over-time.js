// <over-time>: one figure from audit to audit as a small line; its last two points are said in numbers beside it.
import { LitElement, html, nothing, svg } from '../vendor/lit.js'

export class OverTime extends LitElement {
  static properties = { points: { attribute: false }, top: { attribute: false } }

  constructor() {
    super()
    /**
     * Oldest first; `value` is null where there is none, and `whole` false where it rests on part of what is asked.
     * @type {{value: number | null, whole: boolean}[]}
     */
    this.points = undefined
    /** The highest it can be. */
    this.top = 3
  }

  createRenderRoot() { return this }

  render() {
    const known = this.points.map(({ value, whole }, n) => ({ value, whole, x: this.#x(n), y: this.#y(value) }))
      .filter(({ value }) => value !== null)
    return html`<svg class="line-over-time" aria-hidden="true">
      <line class="bed" x1="2%" x2="98%" y1=${this.#y(0)} y2=${this.#y(0)}></line>
      <line class="bed" x1="2%" x2="98%" y1=${this.#y(this.top)} y2=${this.#y(this.top)}></line>
      ${known.map(({ x, y }, n) => n ? svg`<line class="way" x1=${known[n - 1].x} y1=${known[n - 1].y} x2=${x}
        y2=${y}></line>` : nothing)}
      ${known.map(({ whole, x, y }, n) => svg`<circle cx=${x} cy=${y} r=${n === known.length - 1 ? 4.5 : 3}
        ?data-part=${!whole}></circle>`)}</svg>`
  }

  #x(n) { return `${this.points.length < 2 ? 50 : Math.round(60 + 880 * n / (this.points.length - 1)) / 10}%` }

  #y(value) { return `${Math.round(880 - 760 * value / this.top) / 10}%` }
}
customElements.define('over-time', OverTime)
