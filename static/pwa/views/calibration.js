// How far an awarding body's assessors agree: the first and the second, blind reader of the same audit, side by side;
// and how many audits are drawn to be read twice.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { numbered } from '../elements/assessment-report.js'
import { fetchedState } from '../elements/fetched-state.js'
import { textField } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { judged } from '../elements/judgement-scale.js'
import { Fetched } from '../lib/fetched.js'
import { find } from '../lib/find.js'
import { day } from '../lib/time.js'
import { language, t, useAwardWords } from '../lib/words.js'
import '../elements/online-form.js'

/** From which kappa on it is called so, after Landis and Koch (1977). @type {[number, string][]} */
const CALLED = [[0.81, 'almost'], [0.61, 'well'], [0.41, 'fairly'], [0.21, 'little'], [-1, 'hardly']]

export class CalibrationView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false }, changing: { state: true } }

  #told = new Fetched(this, () => `calibration/${this.params.organisation}/${language}`, () => this.#fetch(),
    { kept: true })

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** The form is open. @type {boolean} */
    this.changing = undefined
  }

  createRenderRoot() { return this }

  /** The pairs, each with its checklist in the setting's words. */
  async #fetch() {
    const { sync } = this.app
    const [told, { submissions }] = await Promise.all([
      sync.fetchJSON(`/api/organisations/${this.params.organisation}/calibration`), sync.fetchJSON('/api/submissions')])
    const editions = new Map()
    const editionOf = ({ checklist, edition, sector }) => {
      const path = `/api/checklists/${checklist}/${edition}?${new URLSearchParams({ sector, language })}`
      editions.set(path, editions.get(path) ?? sync.fetchJSON(path))
      return editions.get(path)
    }
    const pairs = await Promise.all(told.pairs.map(async pair => {
      const row = submissions.find(({ audit }) => audit === pair.audit)
      const edition = await editionOf(row)
      return { ...pair, submitted_at: row.submitted_at, apart: pair.apart.map(one => ({ ...one,
        statement: numbered(edition, one.criterion) })) }
    }))
    return { ...told, pairs }
  }

  async opening() { await Promise.all([useAwardWords(), this.#told.recall()]) }

  render() {
    const told = this.#told.body
    return html`
      <header class="head"><a class="up" href="#/submissions">${icon('back')}${t('tabs.awards')}</a>
        <h1 tabindex="-1">${t('agree.title')}</h1><p>${t('agree.about')}</p></header>
      ${fetchedState(this.#told)}
      ${told ? told.pairs.length ? html`
        <section class="card"><h2>${t('agree.all')}</h2>${figure(told)}<p
          class="quiet">${t('agree.kappa')}</p></section>
        ${told.pairs.map(pair => this.#pair(pair))}`
        : html`<section class="card empty"><h2>${t('agree.none')}</h2><p>${t('agree.none-why')}</p></section>`
          : nothing}
      ${told ? this.#share(told) : nothing}`
  }

  /** How many in a hundred are drawn, and for a manager the way to change it. */
  #share({ share }) {
    const may = this.app.store.home?.organisations.find(({ id }) => id === this.params.organisation)?.may ?? []
    return html`<section class="card" aria-labelledby="share-title"><h2 id="share-title" tabindex="-1" data-heading>${t(
        'agree.share')}</h2>
      <p>${share ? t('agree.share-is', { share }) : t('agree.share-none')}</p>
      ${share ? html`<p class="quiet">${t('agree.share-about')}</p>` : nothing}
      ${!may.includes('calibration.set') ? nothing : !this.changing ? html`<div class="row"><button class="button"
        @click=${() => { this.changing = true }}>${t('agree.share-change')}</button></div>`
        : html`<online-form .app=${this.app} .name=${`share/${this.params.organisation}`} .words=${t('agree.share-go')}
          .closed=${() => { this.changing = false }} .start=${{ share: String(share) }}
          .fields=${given => textField({ ...given('share'), label: t('agree.share-field'),
            hint: t('agree.share-hint'), inputmode: 'numeric', maxlength: 3 })}
          .check=${values => isShare(values.share) ? {} : { share: t('agree.share-need') }}
          .act=${values => this.#set(Number(values.share))}></online-form>`}</section>`
  }

  async #set(share) {
    await this.app.sync.perform(this.params.organisation, 'calibration.set', { share })
    await this.#told.load()
    this.changing = false
    announce(t('agree.share-done'))
    await this.updateComplete
    find(this, '#share-title')?.focus()
  }

  #pair(pair) {
    const { setting, submitted_at, first, second, apart } = pair
    return html`<section class="card"><h2>${setting}</h2>
      <p class="quiet">${t('agree.who', { first: first.name, second: second.name, day: day(submitted_at) })}</p>
      ${figure(pair)}
      ${apart.length ? html`<details class="more"><summary>${t('agree.apart', { n: apart.length })}<span
        class="unseen">: ${setting}</span></summary><ul
          class="listed">${apart.map(one => html`<li><b>${one.statement}</b>
        <p class="row">${[[first, one.first], [second, one.second]].map(([who, held]) => html`<span class="row"
          data-nowrap><small>${who.name}</small>${judged(held)}</span>`)}</p></li>`)}</ul></details>`
            : nothing}</section>`
  }
}
customElements.define('calibration-view', CalibrationView)

/** @param {string} text */
const isShare = text => /^\d+$/.test(text) && Number(text) <= 100

/** The figure, in words first. @param {{kappa: number | null, n: number}} told */
function figure({ kappa, n }) {
  if (kappa === null) return html`<p>${t('agree.cannot', { n })}</p>`
  const [, called] = CALLED.find(([least]) => kappa >= least) ?? CALLED.at(-1)
  return html`<p><b>${t(`agree.${called}`)}</b> <span class="quiet figure">${t('agree.figure',
    { kappa: kappa.toFixed(2),
    n })}</span></p>`
}
