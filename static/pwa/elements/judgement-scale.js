// <judgement-scale>: what an assessor holds on one criterion, as a group of radio buttons. Fires `judge` {judgement}.
import { LitElement, html, live, nothing } from '../vendor/lit.js'
import { t } from '../lib/words.js'
import { dots } from './rating-scale.js'

/** From the least to the most; the last says that the criterion is none here. */
export const JUDGEMENTS = ['not-yet', 'partly', 'met', 'does-not-apply']

let groups = 0

export class JudgementScale extends LitElement {
  static properties = { value: {}, legend: {} }
  #name = `judgement-${++groups}`

  constructor() {
    super()
    /** @type {string | undefined} */
    this.value = undefined
    /** The question, for those who do not see the card around it. @type {string} */
    this.legend = undefined
  }

  createRenderRoot() { return this }

  /** Shows `value` again: what was tapped could not be saved. */
  takeBack() { this.requestUpdate() }

  render() {
    return html`<fieldset class="rating" @change=${this.#choose}><legend class="unseen">${this.legend}</legend>
      ${JUDGEMENTS.map(value => html`<label><input type="radio" name=${this.#name} value=${value}
        .checked=${live(this.value === value)}><span class="face">${face(value)}<span>${t(
        `judgement.${value}`)}</span></span></label>`)}</fieldset>`
  }

  #choose = event => {
    event.stopPropagation()
    this.dispatchEvent(new CustomEvent('judge', { detail: { judgement: event.target.value } }))
  }
}
customElements.define('judgement-scale', JudgementScale)

/** Two dots: none, one or both filled; none at all where the criterion does not apply. @param {string} judgement */
const face = judgement => judgement === 'does-not-apply' ? nothing : dots(JUDGEMENTS.indexOf(judgement), 3)

/** A judgement as a label: its dots and its word. @param {string} judgement */
export const judged = judgement => html`<span class="rated" data-judgement=${judgement}>${face(judgement)} ${t(
  `judgement.${judgement}`)}</span>`
