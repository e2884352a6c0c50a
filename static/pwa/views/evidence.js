// Evidence: all that shows something, by principle and statement; found by kind and by words; put right and taken out.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { ask } from '../elements/ask.js'
import { evidenceItem } from '../elements/evidence-list.js'
import { DRAWINGS, cameraWords, captionOf, kindWord, kindsWords, photoStates } from '../elements/evidence-words.js'
import { describedBy, errorSummary, field, filledIn, focusSummary, textField } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { foundWords } from '../elements/identifying-words.js'
import { problemNotice } from '../elements/problem-notice.js'
import { criterionOf } from '../elements/said-words.js'
import { selectField } from '../elements/select-field.js'
import { find } from '../lib/find.js'
import { problemWords } from '../lib/problem-words.js'
import { Warned, warnedOf } from '../lib/warned.js'
import { Watching } from '../lib/watching.js'
import { t } from '../lib/words.js'
import { KINDS, findItems, findNotes, items, kindsBehind, showing, standing, tally } from '../store/evidencing.js'
import { contributors } from '../store/reading.js'
import { missing } from './audit-parts.js'
import '../elements/criteria-choice.js'

const NOTES = 50

export class EvidenceView extends LitElement {
  static properties = {
    app: { attribute: false }, params: { attribute: false }, kind: { state: true }, query: { state: true },
    open: { state: true }, errors: { state: true }, problem: { state: true },
  }
  #warned = new Warned()

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** Only this kind. */
    this.kind = ''
    this.query = ''
    /** Where something is being changed: the id that its place in the list has. @type {string | undefined} */
    this.open = undefined
    /** @type {Record<string, string>} */
    this.errors = {}
    /** @type {any} */
    this.problem = undefined
    new Watching(this, () => [this.app.store, this.app.sync])
  }

  createRenderRoot() { return this }

  async opening() { await this.app.store.loadAudit(this.params.audit) }

  render() {
    const audit = this.#audit
    if (!audit?.edition) return missing(audit, this.app, this.params.audit)
    const all = items(audit.registers)
    const { items: n, bare, gone } = tally(all, audit.edition, this.#states)
    return html`
      <header class="head"><a class="up" href="#/audits/${audit.id}">${icon('back')}${audit.siteOf?.name
        ?? t('tabs.audit')}</a>
        <h1 tabindex="-1">${t('evidence.title')}</h1>
        <p>${t('evidence.items', { n })}, ${t('evidence.bare', { n: bare })}.</p>
        ${audit.siteOf?.camera ? html`<p class="state">${icon('camera')}${cameraWords(audit.siteOf.camera)}</p>` : nothing}
      </header>
      ${problemNotice(this.problem)}
      ${this.#lost(audit, gone)}
      ${this.#may('add') ? html`<div class="row"><a class="button" data-main
        href="#/audits/${audit.id}/evidence/add">${icon('plus')}${t('evidence.add')}</a></div>` : nothing}
      ${all.length ? this.#filter() : html`<div class="card empty"><p>${t('evidence.first')}</p></div>`}
      ${this.query.trim() ? this.#found(audit, all) : this.#principles(audit, all)}
      ${this.#withdrawn(audit, all)}`
  }

  get #audit() { return this.app.store.audit(this.params.audit) }

  get #states() { return photoStates(this.app, this.params.audit) }

  #may(verb) { return this.#audit.siteOf?.may.includes(`evidence.${verb}`) }

  /** Photos whose picture is gone: each can be taken again. */
  #lost(audit, gone) {
    if (!gone.length) return nothing
    return html`<section class="notice" data-kind="problem"><h2>${t('evidence.gone', { n: gone.length })}</h2>
      <p>${t('evidence.gone-why')}</p>
      <ul class="link-list">${gone.map(item => html`<li>${this.#may('add')
        ? html`<a href="#/audits/${audit.id}/evidence/again/${item.id}">${icon('camera')}<span>${captionOf(item)}<br><small>${
          t('evidence.again')}</small></span>${icon('next')}</a>` : captionOf(item)}</li>`)}</ul></section>`
  }

  #filter() {
    return html`<form class="filter" role="search" aria-label=${t('evidence.filter')}
      @submit=${event => event.preventDefault()} @input=${this.#look}>
      ${textField({ id: 'query', type: 'search', label: t('evidence.search'), value: this.query })}
      ${selectField({ id: 'kind', label: t('evidence.kind'), value: this.kind, empty: t('evidence.every-kind'),
        options: KINDS.map(value => ({ value, label: kindWord(value) })) })}</form>`
  }

  #look = event => {
    this[event.target.name] = event.target.value
    this.open = undefined
  }

  #ofKind(all) { return standing(all).filter(({ kind }) => !this.kind || kind === this.kind) }

  // What is found

  #found(audit, all) {
    const found = findItems(this.#ofKind(all), this.query)
    const notes = this.kind ? [] : findNotes(audit.registers, this.query)
    return html`<section class="card" aria-labelledby="found-title">
        <h2 id="found-title">${t('evidence.found', { n: found.length })}</h2>
        ${this.#list(audit, found, 'found')}</section>
      ${notes.length ? html`<section class="card" aria-labelledby="notes-title">
        <h2 id="notes-title">${t('evidence.notes', { n: notes.length })}</h2>
        <ul class="listed">${notes.slice(0, NOTES).map(note => this.#note(audit, note))}</ul></section>` : nothing}
      <p class="unseen" role="status">${t('evidence.found', { n: found.length })}. ${t('evidence.notes',
        { n: notes.length })}</p>`
  }

  /** @param {any} audit @param {{criterion: string, contributor?: string, text: string}} note */
  #note(audit, { criterion, contributor, text }) {
    const speaker = contributor && contributors(audit.registers).find(({ id }) => id === contributor)
    const principle = audit.edition.principles.find(({ criteria }) => criteria.some(({ id }) => id === criterion))
    return html`<li><p class="said written">${text}</p>
      <p class="quiet">${contributor ? speaker?.label ?? t('differences.somebody') : t('finding.title')}</p>
      ${principle ? html`<p><a href="#/audits/${audit.id}/p/${principle.id}/${criterion}">${criterionOf(audit.edition,
        criterion).statement}</a></p>` : nothing}</li>`
  }

  // By principle

  #principles(audit, all) {
    const shown = this.#ofKind(all)
    const loose = shown.filter(({ criteria }) => !criteria.length)
    return html`${audit.edition.principles.map(principle => this.#principle(audit, principle, shown))}
      ${loose.length ? html`<section class="card"><h2>${t('evidence.loose')}</h2>${this.#list(audit, loose,
        'loose')}</section>` : nothing}
      ${this.kind ? html`<p class="unseen" role="status">${t('evidence.found', { n: shown.length })}</p>` : nothing}`
  }

  #principle(audit, { id, title, criteria }, shown) {
    const full = criteria.filter(criterion => showing(shown, criterion.id).length)
    const bare = criteria.filter(criterion => !full.includes(criterion))
    if (this.kind && !full.length) return nothing
    return html`<section class="card" aria-labelledby="principle-${id}"><h2 id="principle-${id}">${title}</h2>
      ${full.map(criterion => html`<div class="statement-evidence">
        <h3><a href="#/audits/${audit.id}/p/${id}/${criterion.id}">${criterion.statement}</a></h3>
        <p class="quiet">${kindsWords(kindsBehind(shown, criterion.id, this.#states))}</p>
        ${this.#list(audit, showing(shown, criterion.id), criterion.id)}</div>`)}
      ${this.kind || !bare.length ? nothing : this.#may('add')
        ? html`<details class="more"><summary>${t('evidence.bare', { n: bare.length })}<span
          class="unseen">: ${title}</span></summary><ul class="link-list">${bare.map(criterion => html`<li><a
          href="#/audits/${audit.id}/evidence/add/${criterion.id}"><span><span class="unseen">${t('evidence.add')}:
            </span>${criterion.statement}</span>${icon('plus')}</a></li>`)}</ul></details>`
        : html`<p class="quiet">${t('evidence.bare', { n: bare.length })}</p>`}</section>`
  }

  #list(audit, found, place) {
    if (!found.length) return nothing
    return html`<ul class="evidence-list">${found.map(item => {
      const name = `${place}-${item.id}`
      return evidenceItem(this.app, audit, item, { among: found, again: this.#may('add'), link: this.#link(item, name),
        more: this.open === name ? this.#change(audit, item, name) : nothing })
    })}</ul>`
  }

  // Changing one

  #link(item, name) {
    return this.#may('caption') && this.open !== name ? html`<button class="linklike" id="change-${name}"
      @click=${() => this.#start(name)}>${t('evidence.change')}<span class="unseen">: ${captionOf(item)}</span></button>`
      : nothing
  }

  #change(audit, item, name) {
    const { captions } = item
    const id = 'caption'
    return html`<form class="stack inset" novalidate @submit=${event => this.#save(event, item, name)}>
      ${errorSummary(this.errors)}
      ${field({ id, label: t('evidence.words'), error: this.errors.caption, control: html`<textarea class="input"
        id=${id} name=${id} rows="3" maxlength="2000" .defaultValue=${captions.map(({ value }) => value).join('\n\n')}
        aria-describedby=${describedBy(id, '', this.errors.caption)} aria-invalid=${this.errors.caption ? 'true'
          : nothing}></textarea>` })}
      <criteria-choice id="criteria" .edition=${audit.edition} .chosen=${item.criteria}
        .legend=${t('add-evidence.shows')} .error=${this.errors.criteria}></criteria-choice>
      <div class="row"><button class="button" data-main>${t('audit.save')}</button>
        <button type="button" class="linklike" @click=${() => this.#stop(name)}>${t('online-form.close')}</button></div>
      <div class="row"><button type="button" class="button" data-danger @click=${() => this.#withdraw(item)}>${
        t('evidence.withdraw')}</button></div></form>`
  }

  async #start(name) {
    this.open = name
    this.errors = {}
    this.#warned = new Warned()
    await this.updateComplete
    find(this, '#caption').focus()
  }

  async #stop(name) {
    this.open = undefined
    this.errors = {}
    await this.updateComplete
    find(this, `#${CSS.escape(`change-${name}`)}`)?.focus()
  }

  async #save(event, item, name) {
    event.preventDefault()
    const caption = filledIn(event.target).caption.trim()
    const { chosen } = find(this, 'criteria-choice')
    const found = this.#warned.unknown(caption, item.captions.map(({ value }) => value).join('\n\n'))
    this.#warned.tell(caption)
    this.errors = {
      ...(!caption ? { caption: t('evidence.need-words') } : found.length ? { caption: t('identifying.again',
        { what: foundWords(found) }) } : {}),
      ...(chosen.length ? {} : { criteria: t('evidence.need-criteria') }),
    }
    if (Object.keys(this.errors).length) return focusSummary(this)
    try {
      await this.#write(item, caption, chosen)
    } catch (problem) {
      this.errors = { form: `${problemWords(problem)} ${t('online-form.kept')}` }
      return focusSummary(this)
    }
    announce(t('criterion.saved'))
    this.open = undefined
    await this.updateComplete
    const place = find(this, `#${CSS.escape(`change-${name}`)}`) ?? find(this, 'h1')
    place.focus()
  }

  /** Only what is different now. */
  async #write({ id: evidence, captions, criteria }, caption, chosen) {
    const record = (verb, payload) => this.app.store.record(this.params.audit, `evidence.${verb}`, { evidence,
      ...payload })
    if (captions.length !== 1 || captions[0].value !== caption) await record('caption', { caption,
      ...warnedOf(this.#warned.kept(caption)) })
    for (const criterion of chosen) if (!criteria.includes(criterion)) await record('tag', { criterion })
    for (const criterion of criteria) if (!chosen.includes(criterion)) await record('untag', { criterion })
  }

  async #withdraw(item) {
    if (!await ask({ title: t('evidence.withdraw-title'), text: t('evidence.withdraw-why'),
      yes: t('evidence.withdraw'), danger: true })) return
    this.problem = undefined
    try {
      await this.app.store.record(this.params.audit, 'evidence.withdraw', { evidence: item.id })
      announce(t('evidence.withdrawn-now'))
    } catch (problem) {
      this.problem = problem
    }
    this.open = undefined
    await this.updateComplete
    find(this, 'h1').focus()
  }

  #withdrawn(audit, all) {
    const gone = all.filter(({ withdrawn }) => withdrawn)
    return gone.length ? html`<details class="more"><summary>${t('evidence.withdrawn', { n: gone.length })}</summary>
      <ul class="evidence-list">${gone.map(item => html`<li class="evidence-item"><span
        class="drawing">${icon(DRAWINGS[item.kind])}</span><div class="stack" data-tight><p
          class="written">${captionOf(item)}</p><p class="quiet">${kindWord(item.kind)} · ${
            audit.people[item.added.author] ?? t('differences.somebody')}</p></div></li>`)}</ul></details>` : nothing
  }
}
customElements.define('evidence-view', EvidenceView)
