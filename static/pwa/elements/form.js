// Forms after the GOV.UK patterns: label, hint, error beside the field, and a summary on top that takes the focus.
import { html, nothing } from '../vendor/lit.js'
import { find } from '../lib/find.js'
import { t } from '../lib/words.js'

/**
 * A field around one control. The control carries id, name and `aria-describedby=${describedBy(id, …)}`.
 * @param {{id: string, label: string, hint?: string, error?: string, control: unknown}} field
 */
export const field = ({ id, label, hint, error, control }) => html`<div class="field" ?data-wrong=${Boolean(error)}>
  <label for=${id}>${label}</label>
  ${hint ? html`<span class="hint" id="${id}-hint">${hint}</span>` : nothing}
  ${error ? html`<span class="error" id="${id}-error">${error}</span>` : nothing}
  ${control}</div>`

/**
 * A line of text.
 * @param {{id: string, label: string, hint?: string, error?: string, value?: string, type?: string,
 *   autocomplete?: string, maxlength?: number, inputmode?: string}} text
 */
export const textField = ({ id, label, hint, error, value = '', type = 'text', autocomplete = 'off', maxlength,
  inputmode }) => field({
  id, label, hint, error, control: html`<input class="input" id=${id} name=${id} type=${type} .value=${value}
    autocomplete=${autocomplete}
    maxlength=${maxlength ?? nothing} inputmode=${inputmode ?? nothing} spellcheck=${type === 'text'}
      autocapitalize=${type === 'text' ? nothing : 'none'}
    aria-describedby=${describedBy(id, hint, error)} aria-invalid=${error ? 'true' : nothing}>`,
})

/**
 * One of several, each with its own words: large radio buttons.
 * @param {{id: string, legend: string, hint?: string, error?: string, value: unknown,
 *   options: {value: string, label: string, hint?: string}[]}} group
 */
export const choiceField = ({ id, legend, hint, error, value, options }) =>
  html`<fieldset class="field" ?data-wrong=${Boolean(error)} aria-describedby=${describedBy(id, hint, error)}>
  <legend>${legend}</legend>
  ${hint ? html`<span class="hint" id="${id}-hint">${hint}</span>` : nothing}
  ${error ? html`<span class="error" id="${id}-error">${error}</span>` : nothing}
  <div class="choice">${options.map((option, n) => html`<label>
    <input type="radio" name=${id} id=${n ? nothing : id} value=${option.value} .checked=${option.value === value}>
    <span><b>${option.label}</b>${option.hint ? html`<small>${option.hint}</small>`
      : nothing}</span></label>`)}</div></fieldset>`

/** The ids of what explains a control. */
export const describedBy = (id, hint, error) => [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  || nothing

/**
 * All that is wrong, on top of the form; each line leads to its field. Call focusSummary() after rendering it.
 * @param {Record<string, string>} errors by the id of the field; the key `form` has no field
 */
export const errorSummary = errors => Object.keys(errors).length === 0 ? nothing
  : html`<div class="summary" role="alert" tabindex="-1">
  <h2>${t('form.wrong')}</h2>
  <ul>${Object.entries(errors).map(([id, text]) =>
    html`<li>${id === 'form' ? text : html`<a href="#" @click=${event => {
    event.preventDefault()
    document.getElementById(id)?.focus()
  }}>${text}</a>`}</li>`)}</ul></div>`

/** Moves the focus to the summary once it has been drawn. @param {import('../vendor/lit.js').LitElement} element */
export async function focusSummary(element) {
  await element.updateComplete
  find(element, '.summary')?.focus()
}

/** What a form says, by the names of its controls. @param {HTMLFormElement} form @returns {Record<string, string>} */
export const filledIn = form => /** @type {any} */ (Object.fromEntries(new FormData(form)))
