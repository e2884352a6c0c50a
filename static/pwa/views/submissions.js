// What waits at an awarding body: taking it on, asking people to assess it, saying whether one has an interest.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { areaField } from '../elements/area-field.js'
import { nextFor, waitingAtBodies, waitsToday } from '../elements/award-queue.js'
import { stageAtBody } from '../elements/award-words.js'
import { fetchedState } from '../elements/fetched-state.js'
import { choiceField } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { problemNotice } from '../elements/problem-notice.js'
import { selectField } from '../elements/select-field.js'
import { find } from '../lib/find.js'
import { uuid7 } from '../lib/ids.js'
import { briefly, day, isoDay } from '../lib/time.js'
import { language, t, useAwardWords } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import '../elements/online-form.js'

/** What is asked of a manager that needs a word on why. */
const WHY = ['assign-second', 'assign-interim']

export class SubmissionsView extends LitElement {
  static properties = { app: { attribute: false }, form: { state: true }, busy: { state: true },
    failed: { state: true } }

  #told = waitingAtBodies(this)
  /** The streams that were made for taking submissions on, so that saying it again is the same deed. */
  #streams = new Map()

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** The form that is open, and of which audit. @type {string | undefined} */
    this.form = undefined
    /** The audit that is being taken on. @type {string | undefined} */
    this.busy = undefined
    /** What did not work, and with which audit. @type {{audit: string, problem: any} | undefined} */
    this.failed = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  async opening() { await Promise.all([useAwardWords(), this.#told.recall()]) }

  render() {
    const { body, at, problem } = this.#told
    const rows = body?.submissions ?? []
    const urgent = rows.filter(row => nextFor(row))
    const others = rows.filter(row => !nextFor(row) && waitsToday(row).length)
    const settled = rows.filter(row => !waitsToday(row).length)
    const part = (id, title, list) => list.length ? html`<section class="stack" aria-labelledby=${id}>
      <h2 id=${id} tabindex="-1" data-heading>${title}</h2><ul class="cards" data-columns>${list.map(row =>
        this.#row(row, body.assessors))}</ul></section>` : nothing
    return html`
      <header class="head"><h1 tabindex="-1">${t('queue.title')}</h1>
        ${body && problem ? nothing : html`<p class="quiet">${t('queue.about')}</p>`}</header>
      ${fetchedState(this.#told)}
      ${body && rows.length === 0 ? html`<section class="card empty"><h2>${t('queue.none')}</h2>
        <p>${t('queue.none-why')}</p></section>` : nothing}
      ${part('urgent-title', t('queue.urgent', { n: urgent.length }), urgent)}
      ${part('others-title', t('queue.others', { n: others.length }), others)}
      ${settled.length ? this.#settled(settled) : nothing}
      ${this.#managed.map(({ id, name }) => html`<section class="card"><ul class="link-list"><li><a
        href="#/organisations/${id}/calibration">${icon('people')}<span>${t('queue.agree')}<br><small>${name}</small></span>
        ${icon('next')}</a></li></ul></section>`)}
      ${body && problem ? html`<p class="quiet">${t('fetched.before', { at: briefly(at) })}</p>` : nothing}`
  }

  /** The awarding bodies that one manages. */
  get #managed() {
    return this.app.store.home?.organisations.filter(({ awards, may }) => awards
      && may.includes('submission.take')) ?? []
  }

  #row(row, assessors) {
    const { audit, setting, organisation, stage, submitted_at, late, parts, declared } = row
    const judges = parts.includes('assessor') || parts.includes('panel')
    return html`<li class="card" id="row-${audit}">
      <div class="row" data-spread><h3 tabindex="-1" data-heading>${setting}</h3>${stageAtBody(stage)}</div>
      <p class="quiet">${[organisation, this.#checklist(row), t('queue.since',
        { day: day(submitted_at) })].join(' · ')}</p>
      ${late ? html`<p><span class="tag">${t('queue.late', { n: late })}</span></p>` : nothing}
      ${this.#waits(row)}
      ${this.failed?.audit === audit ? problemNotice(this.failed.problem) : nothing}
      ${judges ? declared === null ? this.#declare(row) : declared === 'conflict'
        ? html`<p>${t('declare.conflicted')}</p>` : this.#judge(row) : nothing}
      ${parts.includes('manager') ? this.#manage(row, assessors) : nothing}</li>`
  }

  /** What waits for others, and since or by when. What waits for oneself has its button. */
  #waits(row) {
    const { parts } = row
    const others = waitsToday(row).filter(({ yours, people }) => !yours || people.length)
    if (!others.length || (parts.length === 1 && row.declared === 'conflict')) return nothing
    return html`<ul class="listed">${others.map(one => html`<li><span><b>${who(one)}</b><br><small>${[t(
      `queue.waits-${one.what}`, { n: one.people.length + Number(one.yours) || 1 }), until(one)].filter(Boolean)
      .join(', ')}</small></span></li>`)}</ul>`
  }

  /** Where nothing waits, a line is enough: it is there to be read, by those who may. */
  #settled(rows) {
    return html`<section class="card" aria-labelledby="settled-title"><h2 id="settled-title">${t('queue.settled',
      { n: rows.length })}</h2><ul class="link-list">${rows.map(row => {
        const { audit, setting, organisation, stage, award, parts, assessment, declared } = row
        const said = html`<span>${setting}<br><small>${[organisation, declared === 'conflict'
          ? t('declare.conflicted') : award ? held(award) : t(`stage.${stage}`)].join(' · ')}</small></span>`
        return html`<li id="row-${audit}">${parts.includes('manager') || declared === 'clear' ? html`<a
          href=${isDeskAlone(parts, stage) ? `#/desk/${assessment.id}` : `#/submissions/${audit}`}>${said}${icon(
            'next')}</a>` : html`<p>${said}</p>`}</li>`
      })}</ul></section>`
  }

  #checklist({ checklist, edition }) {
    const { checklists = [] } = this.app.store.home ?? {}
    return (checklists.find(one => one.slug === checklist && one.edition === edition) ?? checklists.find(one =>
      one.slug === checklist))?.title ?? checklist
  }

  // For whoever judges

  /** Before anything is read: whether one has an interest in the setting. */
  #declare(row) {
    const { audit, stream, setting } = row
    if (!stream) return nothing
    if (this.form !== `declare/${audit}`) return this.#opens(`declare/${audit}`, t('declare.begin'), setting, true)
    return html`<div class="inset stack"><h4>${t('declare.title')}</h4><p>${t('declare.about', { setting })}</p>
      <online-form .app=${this.app} .name=${`declare/${audit}`} .words=${t('declare.go')} .closed=${this.#close}
        .fields=${(given, values) => html`
          ${choiceField({ ...given('declared'), legend: t('declare.which', { setting }), options: ['clear', 'conflict']
            .map(value => ({ value, label: t(`declare.${value}`), hint: t(`declare.${value}-hint`) })) })}
          ${values.declared ? areaField({ ...given('says'), label: t(`declare.says-${values.declared}`) }) : nothing}`}
        .check=${({ declared }) => declared ? {} : { declared: t('declare.need') }}
        .act=${async ({ declared, says }) => {
          await this.app.sync.perform(stream, 'interest.declare', { declared, ...(says ? { says } : {}) })
          await this.#done(audit, t(`declare.done-${declared}`))
        }}></online-form></div>`
  }

  /** The way to the desk, and to the panel: named by what there is to do there. */
  #judge(row) {
    const { audit, assessment, parts, setting, stage } = row
    const next = nextFor(row)
    const at = isDeskAlone(parts, stage) || (assessment && next?.of === 'assessor' && next.what !== 'interim')
    const [to, words] = at ? [`#/desk/${assessment.id}`, t('queue.to-desk')] : [`#/submissions/${audit}`, next
      && next.of !== 'manager' ? t(`queue.next-${next.what}`) : t('queue.open')]
    return parts.includes('manager') && next?.of === 'manager' ? nothing : html`<div class="row"><a class="button"
      ?data-main=${Boolean(next)} href=${to}>${words}<span class="unseen">: ${setting}</span></a></div>`
  }

  // For whoever manages

  #manage(row, assessors) {
    const { audit, stage, stream, setting, assessments } = row
    if (!stream) return html`<div class="row"><button class="button" data-main aria-disabled=${this.busy ? 'true'
      : nothing} @click=${() => this.#take(audit)}>${t(this.busy === audit ? 'online-form.busy' : 'queue.take')}<span
      class="unseen">: ${setting}</span></button></div>`
    const free = assessors.filter(({ id, body }) => body === row.body.id && !assessments.some(one =>
      one.assessor.id === id))
    const next = nextFor(row)
    const convenes = next?.of === 'manager' && next.what.startsWith('convene')
    const isAssessed = ['submitted', 'assessing', 'action-points', 'ready', 'visited'].includes(stage)
    return html`
      ${convenes && stage !== 'released' ? html`<p>${t(`panel.none-${stage}`)}</p>` : nothing}
      ${WHY.includes(next?.what) ? html`<p>${t(`queue.why-${next.what}`)}</p>` : nothing}
      ${next?.what === 'assign-interim' ? this.#assign(row, free, true)
        : ['submitted', 'assessing', 'ready', 'visited'].includes(stage) ? this.#assign(row, free) : nothing}
      ${assessments.length && isAssessed ? html`<details class="more"><summary>${t('queue.assessors',
        { n: assessments.length })}</summary><ul class="listed">${assessments.map(one => html`<li><span><b>${
        one.assessor.name}</b> ${one.blinded ? html`<span class="tag">${t('assign.second')}</span>` : nothing}<br>
        <small>${this.#standing(one)}</small></span></li>`)}</ul></details>` : nothing}
      <div class="row"><a class=${convenes ? 'button' : 'linklike'} ?data-main=${convenes}
        href="#/submissions/${audit}">${t(convenes ? 'panel.convene' : 'queue.open')}<span
        class="unseen">: ${setting}</span></a></div>`
  }

  /** How far an assessor is, as their manager may know. */
  #standing({ assigned_at, declared, reported_at, released_at }) {
    const said = released_at ? ['released', released_at] : reported_at ? ['reported', reported_at]
      : declared === 'conflict' ? ['conflict', assigned_at] : declared ? ['clear', assigned_at] : ['asked', assigned_at]
    return t(`assign.is-${said[0]}`, { day: day(said[1]) })
  }

  /** Asks somebody to assess it; `again`: to look at its award again, where there is nobody who did. */
  #assign(row, free, again = false) {
    const { audit, setting, body } = row
    const what = again ? 'assign-interim' : nextFor(row)?.what
    const asked = ['assign', 'assign-second', 'assign-interim'].includes(what)
    const words = asked ? t(`queue.next-${what}`) : t('assign.another')
    const blind = what !== 'assign' && !again
    if (!free.length) return !asked ? nothing : html`<p class="notice"><span>${t('assign.nobody')}
      <a href="#/organisations/${body.id}">${t('more.people', { name: body.name })}</a></span></p>`
    if (this.form !== `assign/${audit}`) return this.#opens(`assign/${audit}`, words, setting, asked)
    return html`<div class="inset stack"><h4>${words}</h4>
      <online-form .app=${this.app} .name=${`assign/${audit}`} .words=${t('assign.go')} .closed=${this.#close}
        .start=${{ how: blind ? 'second' : 'first' }} .make=${async () => ({ assessment: uuid7() })}
        .fields=${given => html`${selectField({ ...given('assessor'), label: t('assign.who'), empty: t('assign.choose'),
          options: free.map(({ id, name }) => ({ value: id, label: name })) })}
          ${again || what === 'assign-second' ? nothing : choiceField({ ...given('how'), legend: t('assign.how'), options: ['first',
            'second'].map(value => ({ value, label: t(`assign.how-${value}`),
              hint: t(`assign.how-${value}-hint`) })) })}`}
        .check=${({ assessor }) => assessor ? {} : { assessor: t('assign.need-who') }}
        .act=${async ({ assessor, how }, { assessment }) => {
          await this.app.sync.perform(assessment, 'assessment.assign', { audit, assessor, blinded: how === 'second' })
          await this.#done(audit, t('assign.done', { name: free.find(({ id }) => id === assessor).name }))
        }}></online-form></div>`
  }

  #take = async audit => {
    if (this.busy) return
    const stream = this.#streams.get(audit) ?? uuid7()
    this.#streams.set(audit, stream)
    this.busy = audit
    this.failed = undefined
    try {
      await this.app.sync.perform(stream, 'submission.take', { audit })
      await this.#done(audit, t('queue.taken'))
    } catch (problem) {
      this.failed = { audit, problem }
    } finally {
      this.busy = undefined
    }
  }

  // Forms

  #opens(form, words, setting, main = false) {
    return html`<div class="row"><button class="button" ?data-main=${main}
      @click=${() => { this.form = form }}>${words}<span
      class="unseen">: ${setting}</span></button></div>`
  }

  #close = () => {
    const audit = this.form?.split('/')[1]
    this.form = undefined
    this.#toRow(audit)
  }

  /** How things stand after something was done, and the focus where it was done. The form goes last: one opened before
      would begin with what was just sent. */
  async #done(audit, said) {
    await this.#told.load()
    this.form = undefined
    announce(said)
    await this.#toRow(audit)
  }

  async #toRow(audit) {
    await this.updateComplete
    find(this, `#row-${CSS.escape(audit)} h3`)?.focus()
  }
}
customElements.define('submissions-view', SubmissionsView)

/** Where only an assessor's own work is to be read as yet, on their desk. */
const isDeskAlone = (parts, stage) => parts.length === 1 && parts[0] === 'assessor'
  && ['submitted', 'assessing', 'action-points', 'ready', 'visited'].includes(stage)

/**
 * Whose turn it is: by name where one may know, else as a whole.
 * @param {import('../elements/award-queue.js').Wait} one
 */
function who({ of, people, yours }) {
  if (of === 'team') return t('queue.team')
  if (!people.length) return t(of === 'assessor' ? 'queue.assessor' : 'panel.title')
  return new Intl.ListFormat(language).format(yours ? [t('queue.you'), ...people] : people)
}

/** "by 7 December 2026" @param {import('../elements/award-queue.js').Wait} one */
function until({ opens, by }) {
  if (!by) return ''
  if (by < isoDay()) return t('queue.was-due', { day: day(by) })
  return opens ? t('queue.from-by', { from: day(opens), by: day(by) }) : t('queue.by', { day: day(by) })
}

/** "It holds, until 23 November 2029" */
const held = ({ state, until: last }) => state === 'valid' ? t('queue.award-is', { state: t('award.is-valid'),
  day: day(last) }) : t(`award.is-${state}`)
