// <rating-scale>: four faces from "not yet" to "embedded", as a group of radio buttons. Fires `rate` {rating}.
import { LitElement, html, live, nothing } from '../vendor/lit.js'

let groups = 0

export class RatingScale extends LitElement {
  static properties = { scale: { attribute: false }, value: { attribute: false }, legend: {} }
  #name = `rating-${++groups}`

  constructor() {
    super()
    /** @type {{value: number, word: string, hint?: string}[]} */
    this.scale = undefined
    /** The rating chosen now. @type {number | null | undefined} */
    this.value = undefined
    /** The question, for those who do not see the card around it. @type {string} */
    this.legend = undefined
  }

  createRenderRoot() { return this }

  /** Shows `value` again: what was tapped could not be saved. */
  takeBack() { this.requestUpdate() }

  render() {
    return html`<fieldset class="rating" @change=${this.#choose}>
      <legend class="unseen">${this.legend}</legend>
      ${(this.scale ?? []).map(({ value, word }) => html`<label>
        <input type="radio" name=${this.#name} value=${value} .checked=${live(this.value === value)}>
        <span class="face">${dots(value, this.scale.length)}<span>${word}</span></span>
      </label>`)}
    </fieldset>`
  }

  #choose = event => {
    event.stopPropagation()
    this.dispatchEvent(new CustomEvent('rate', { detail: { rating: Number(event.target.value) } }))
  }
}
customElements.define('rating-scale', RatingScale)

/** A rating as a label: its dots and its word. @param {{value: number, word: string}[]} scale @param {number} value */
export const rated = (scale, value) => html`<span class="rated" data-rate=${value}>${dots(value,
  scale.length)} ${scale.find(step => step.value === value)?.word ?? nothing}</span>`

/** As many filled dots as the rating is worth. */
export const dots = (value, of) => html`<span class="dots" aria-hidden="true">${[...Array(of - 1).keys()].map(n =>
  html`<i ?data-on=${n < value}></i>`)}</span>`
