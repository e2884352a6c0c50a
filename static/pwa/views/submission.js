// The way of an audit to an award, as its team sees it: what the rule says today, handing in, and where it is now.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { areaField } from '../elements/area-field.js'
import { ask } from '../elements/ask.js'
import { numbered } from '../elements/assessment-report.js'
import {
  awardDays, criterionIn, handedIn, nowWords, ruleHeadings, ruleRing, stageOfTeam, toCriterion, wayOf,
} from '../elements/award-words.js'
import { kindsWords, photoStates } from '../elements/evidence-words.js'
import { fetchedState } from '../elements/fetched-state.js'
import { choiceField } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { problemNotice } from '../elements/problem-notice.js'
import { rated } from '../elements/rating-scale.js'
import { maySay } from '../elements/speaker.js'
import { Fetched } from '../lib/fetched.js'
import { find } from '../lib/find.js'
import { isChecked } from '../lib/stage-words.js'
import { day } from '../lib/time.js'
import { language, t, useAwardWords } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import { items, kindsBehind } from '../store/evidencing.js'
import { finding } from '../store/reading.js'
import { missing } from './audit-parts.js'
import '../elements/online-form.js'

/**
 * What happens one after the other, each with the stages in which it is the one that goes on now.
 * @type {[step: string, stages: string[]][]}
 */
const STEPS = [
  ['hand-in', ['open']],
  ['assess', ['submitted', 'assessing', 'action-points']],
  ['visit', ['ready']],
  ['report', ['visited', 'released']],
  ['decide', ['appealed', 'deferred']],
  ['award', ['awarded', 'not-awarded', 'suspended', 'withdrawn', 'renewed']],
]

/** Stages at which the team has nothing to do about what was decided. */
const HOLDS = ['awarded', 'renewed', 'released']

/** What happened, by the step that it belongs to; once an award was given, what follows belongs to that. */
const HAPPENED = { 'hand-in': ['handed-in'], assess: ['action-points', 'answered', 'ready'], visit: ['visited'],
  report: ['released', 'checked'] }

/** How long before an award runs out its next audit is spoken of, in milliseconds. */
const IN_GOOD_TIME = 365 * 86_400_000

/** Stages at which there is a report to read. */
const REPORTED = ['released', 'awarded', 'deferred', 'not-awarded', 'suspended', 'withdrawn', 'renewed', 'appealed']

export class SubmissionView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false }, form: { state: true },
    busy: { state: true }, problem: { state: true } }

  #told = new Fetched(this, () => `verdict/${this.params.audit}/${language}`, () =>
    this.app.sync.fetchJSON(`/api/audits/${this.params.audit}/verdict?language=${language}`), { kept: true })

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** The form that is open. @type {'submit' | 'recall' | 'answer' | 'appeal' | undefined} */
    this.form = undefined
    /** @type {boolean} */
    this.busy = undefined
    /** Why the audit was not moved. @type {any} */
    this.problem = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  async opening() {
    await Promise.all([useAwardWords(), this.app.store.loadAudit(this.params.audit), this.#told.recall()])
  }

  render() {
    const audit = this.app.store.audit(this.params.audit)
    if (!audit?.edition) return missing(audit, this.app, this.params.audit)
    const { stage, submission } = wayOf(this.app, audit)
    const told = this.#told.body
    const development = audit.track === 'development'
    return html`
      <header class="head"><a class="up" href="#/audits/${audit.id}">${icon('back')}${audit.siteOf?.name
        ?? t('tabs.audit')}</a>
        <h1 tabindex="-1">${t('way.title')}</h1><p class="quiet">${audit.edition.title}</p></header>
      ${!audit.edition.award_rule ? html`<p class="notice"><span>${t('way.no-rule')}</span></p>`
        : development ? this.#promote(audit) : html`
        ${this.#returned(audit, stage, submission)}
        <div class="two">${inOrder(stage === 'open', html`<div class="cards">${fetchedState(this.#told)}${told
          ? this.#rule(audit, told, stage) : nothing}</div>`, html`<div class="cards">${this.#award(audit,
            submission)}${this.#asked(audit, stage, submission)}${inOrder(HOLDS.includes(stage), this.#way(audit, stage,
            submission), this.#decision(audit, stage, submission))}</div>`)}</div>`}`
  }

  /** What the team holds, with the way to what others see of it. */
  #award(audit, submission) {
    const { award, listed } = submission ?? {}
    if (!award) return nothing
    const may = audit.siteOf?.may.includes('register.consent')
    const offline = this.app.sync.state.problem === 'offline'
    return html`<section class="card" aria-labelledby="award-title"><h2 id="award-title">${t('award.title')}</h2>
      <dl class="facts"><dt>${t('award.number')}</dt><dd class="figure">${award.number}</dd>
        <dt>${t('award.state')}</dt><dd>${t(`award.is-${award.state}`)}</dd>
        ${awardDays(award)}
        <dt>${t('award.listed')}</dt><dd>${t(listed ? 'award.is-listed' : 'award.not-listed')}</dd></dl>
      ${award.state === 'valid' && !award.interim_on ? html`<p class="quiet">${t('award.interim-about')}</p>` : nothing}
      ${this.#next(audit, award)}
      ${problemNotice(this.problem)}
      ${offline ? html`<p class="quiet">${t('award.offline')}</p>` : html`<div class="row" data-links><a
        class="linklike" href="/certificate/${award.number}" target="_blank" rel="noopener">${t(
        'award.certificate')}</a><a class="linklike" href="/check/${award.number}" target="_blank" rel="noopener">${t(
        'award.check')}</a>${may ? html`<button class="linklike" aria-disabled=${this.busy ? 'true' : nothing}
        @click=${() => this.#consent(!listed)}>${t(listed ? 'award.unlist' : 'award.list')}</button>`
          : nothing}</div>`}</section>`
  }

  /** An award is renewed by the next audit: where to begin it in good time, or the one that came. */
  #next(audit, { state, until, replaced_by: newer }) {
    if (newer) {
      const later = this.app.store.home?.audits.find(({ submission }) => submission?.award?.number === newer)
      return later ? html`<p><a href="#/audits/${later.id}/award">${t('award.newer')}</a></p>` : nothing
    }
    if (state === 'valid' && Date.parse(until) - Date.now() > IN_GOOD_TIME) return nothing
    if (!['valid', 'expired'].includes(state)) return nothing
    return html`<p>${t('award.next-about')}</p>${this.#beginNext(audit, t('award.next'))}`
  }

  /** The way to the next audit, for those who may begin one. */
  #beginNext(audit, words) {
    const site = this.app.store.home?.sites.find(({ id }) => id === audit.site)
    return site?.may.includes('audit.open') ? html`<p><a href="#/sites/${site.id}/start">${words}</a></p>` : nothing
  }

  async #consent(listed) {
    if (this.busy) return
    this.busy = true
    this.problem = undefined
    try {
      await this.#do('register.consent', { listed }, t(listed ? 'award.is-listed' : 'award.not-listed'))
    } catch (problem) {
      this.problem = problem
    } finally {
      this.busy = false
    }
  }

  /** What the assessor asks for before they go on, and what the team answers. */
  #asked(audit, stage, submission) {
    const asked = submission?.asked
    if (!asked || !['action-points', 'assessing', 'ready', 'visited'].includes(stage)) return nothing
    const answers = stage === 'action-points' && audit.siteOf?.may.includes('actions.answer')
    return html`<section class="card" aria-labelledby="asked-title"><h2 id="asked-title">${t('asked.title')}</h2>
      <p class="quiet">${asked.answered_at ? t('report.was-answered', { day: day(asked.answered_at) }) : t('asked.by',
        { day: day(asked.due) })}</p>
      ${this.form === 'answer' ? this.#answer(audit, 'actions.answer', asked.points) : html`<ul class="listed">${
        asked.points.map(({ criterion, text, answer }) => html`<li><b>${toCriterion(audit, criterion)}</b><p
          class="written">${text}</p>${answer ? html`<p class="said written">${answer}</p>` : nothing}</li>`)}</ul>
        ${answers ? this.#opens('answer', t('asked.answer'), true) : stage === 'action-points' ? html`<p
          class="quiet">${t(
          'way.lead-only')}</p>` : nothing}`}</section>`
  }

  /** A text for each statement that something was asked of; of a deferral, one for the whole as well. */
  #answer(audit, kind, points) {
    const whole = kind === 'deferral.answer'
    return html`${this.#unsent(audit)}<online-form .app=${this.app} .name=${`${kind}/${audit.id}`}
      .words=${t('asked.go')} .closed=${this.#close}
      .fields=${given => html`${whole ? areaField({ ...given('text'), label: t('asked.whole'), maxlength: 4000 })
        : nothing}
        ${points.map(({ criterion, text }, n) => html`${areaField({ ...given(`answer-${n}`), label: numbered(
          audit.edition, criterion), hint: text || undefined })}${this.#stands(audit, criterion)}`)}`}
      .check=${values => ({ ...(whole && !values.text ? { text: t('asked.need-whole') } : {}),
        ...Object.fromEntries(points.map((_, n) => `answer-${n}`).filter(id => !values[id]).map(id => [id,
          t('asked.need')])) })}
      .act=${values => this.#do(kind, { ...(whole ? { text: values.text } : {}), answers: points.map(({ criterion },
        n) =>
        ({ criterion, text: values[`answer-${n}`] })) }, t('asked.done'))}></online-form>`
  }

  /** What the team agrees on a statement, how much shows it, and the ways to agree anew and to show more. */
  #stands(audit, criterion) {
    const { principle } = criterionIn(audit.edition, criterion)
    const { agreed, rating } = finding(audit.registers, criterion)
    const kinds = kindsBehind(items(audit.registers), criterion, photoStates(this.app, audit.id))
    const line = (verb, said, href, words) => html`<p class="row" data-spread><small>${said}</small>${
      maySay(audit, verb, criterion) ? html`<a class="linklike" href=${href}>${words}<span class="unseen">: ${numbered(
      audit.edition, criterion)}</span></a>` : nothing}</p>`
    const word = rating === null ? t('said.not-apply') : rated(audit.edition.scale, rating)
    return html`${line('finding.agree', agreed ? html`${t('finding.title')}: ${word}` : t('finding.none'),
        `#/audits/${audit.id}/p/${principle.id}/${criterion}`, html`${icon('audit')}${t('asked.anew')}`)}
      ${line('evidence.add', kindsWords(kinds), `#/audits/${audit.id}/evidence/add/${criterion}`,
        html`${icon('plus')}${t('evidence.add')}`)}`
  }

  /** What this device has still to send would come late. */
  #unsent(audit) {
    const n = this.app.store.unsent().filter(({ stream }) => stream === audit.id).length
    return n ? html`<p class="notice" data-kind="differ"><span>${t('submit.unsent', { n })} <a href="#/unsent">${t(
      'home.see-unsent')}</a></span></p>` : nothing
  }

  /** What was decided: what it asks for, the letter's words, the answer to a deferral, and an appeal. */
  #decision(audit, stage, submission) {
    const { decision, appeal, appeal_by } = submission ?? {}
    if (!decision || stage === 'open') return nothing
    const may = verb => audit.siteOf?.may.includes(verb)
    const letter = html`<p class="written letter">${decision.letter}</p>`
    const published = decision.published ?? decision.against_rule
    return html`<section class="card" aria-labelledby="decision-title"><h2 id="decision-title">${t('decide.was')}</h2>
      <p class="quiet">${day(decision.decided_on)}</p>
      ${stage === 'deferred' ? this.#deferral(audit, decision, may('deferral.answer')) : nothing}
      ${HOLDS.includes(stage) ? html`<details class="more"><summary>${t('decide.read-letter')}</summary>${
        letter}</details>` : letter}
      ${published ? html`<div class="said"><b>${t('decide.was-published')}</b><p class="written">${published}</p></div>`
        : nothing}
      ${decision.answer ? html`<div class="said"><b>${t('decide.answered', { day: day(decision.answered_at) })}</b><p
        class="written">${decision.answer.text}</p></div>` : nothing}
      ${appeal ? html`<div class="said"><b>${t('appeal.was')}</b> <small>${appeal.lodged_by.name},
        ${day(appeal.lodged_on)}</small>
        <p class="written">${appeal.grounds}</p>${appeal.outcome ? html`<p>${t(`decided.${appeal.outcome}`)}</p>`
          : nothing}</div>`
        : nothing}
      ${appeal_by && may('appeal.lodge') ? this.form === 'appeal' ? html`<div
        class="inset stack"><h3>${t('appeal.begin')}</h3>
        <p>${t('appeal.about', { day: day(appeal_by) })}</p><online-form .app=${this.app} .name=${`appeal/${audit.id}`}
        .words=${t('appeal.go')} .closed=${this.#close} .fields=${given => areaField({ ...given('grounds'),
          label: t('appeal.grounds'), hint: t('appeal.grounds-hint'), maxlength: 8000, rows: 5 })}
        .check=${({ grounds }) => grounds ? {} : { grounds: t('appeal.need') }}
        .act=${({ grounds }) => this.#do('appeal.lodge', { grounds }, t('appeal.done'))}></online-form></div>`
        : html`<p class="quiet">${t('appeal.until', { day: day(appeal_by) })}</p>${this.#opens('appeal',
          t('appeal.begin'))}`
        : nothing}</section>`
  }

  /** What the panel asks for: the one thing to do now. */
  #deferral(audit, { criteria, due }, mayAnswer) {
    const points = criteria.map(criterion => ({ criterion, text: '' }))
    return html`<p><b>${t('decide.asked', { day: day(due) })}</b></p>
      <ul class="statements">${points.map(({ criterion }) => html`<li>${toCriterion(audit, criterion)}</li>`)}</ul>
      ${!mayAnswer ? html`<p class="quiet">${t('way.lead-only')}</p>` : this.form === 'answer' ? this.#answer(audit,
        'deferral.answer', points) : this.#opens('answer', t('asked.answer-panel'), true)}`
  }

  #opens(form, words, main = false) {
    return html`<div class="row"><button class="button" ?data-main=${main}
      @click=${() => { this.form = form }}>${words}</button></div>`
  }

  /** It was given back: why, with the way to each card. */
  #returned(audit, stage, submission) {
    if (stage !== 'open' || !submission?.returned) return nothing
    const { at, by, reasons } = submission.returned
    return html`<section class="notice" data-kind="differ"><h2>${t('way.returned')}</h2>
      <p>${t('way.returned-by', { who: by.name, body: submission.body.name, day: day(at) })}</p>
      <ul class="listed">${reasons.map(({ criterion, text }) => html`<li>${criterion ? html`<b>${toCriterion(audit,
        criterion)}</b>` : nothing}<p class="written">${text}</p></li>`)}</ul></section>`
  }

  #way(audit, stage, submission) {
    const isOfAward = stage === 'appealed' && submission?.award
    const checked = isChecked(stage, submission)
    const reached = STEPS.findIndex(([, stages]) => stages.includes(stage))
    const now = isOfAward ? STEPS.length - 1 : checked ? reached + 1 : reached
    const open = stage === 'open'
    const happened = open ? {} : byStep(submission?.happened ?? [])
    return html`<section class="card" aria-labelledby="way-title">
      <div class="row" data-spread><h2 id="way-title" tabindex="-1" data-heading>${t('way.where')}</h2>
        ${open ? nothing : stageOfTeam(stage, submission)}</div>
      <p>${nowWords(stage, submission)}</p>
      <ol class="way">${STEPS.map(([step], n) => html`<li data-is=${n < now ? 'done' : n === now ? 'now' : 'later'}
        aria-current=${n === now ? 'step' : nothing}><b>${t(`way.step-${step}`)}</b>
        ${n < now ? html`<span class="unseen">${t('way.done')}</span>` : nothing}
        ${happened[step]?.length ? html`<ul>${happened[step].map(one => html`<li><small>${
          one.what === 'handed-in' ? handedIn(submission) : t(`happened.${one.what}`, { day: one.on ? day(one.on) : '',
            who: one.by?.name ?? '', number: one.number ?? '' })}</small></li>`)}</ul>` : nothing}</li>`)}</ol>
      ${submission?.late && !open ? html`<p class="notice"><span>${t('way.late', { n: submission.late })}
        ${audit.siteOf?.may.includes('kept.see') ? html`<a href="#/audits/${audit.id}/kept">${t('audit.see-kept')}</a>`
          : nothing}</span></p>` : nothing}
      ${submission && REPORTED.includes(stage) ? html`<div class="row"><a class="button"
        ?data-main=${stage === 'released' && !checked} href="#/audits/${audit.id}/report">${t(stage === 'released'
        && !checked ? 'way.check-report' : 'way.read-report')}</a></div>`
        : nothing}
      ${['not-awarded', 'withdrawn'].includes(stage) ? this.#beginNext(audit, t('award.next-other')) : nothing}
      ${open ? this.#submit(audit) : nothing}
      ${stage === 'submitted' ? this.#recall(audit) : nothing}</section>`
  }

  #rule(audit, told, stage) {
    const { verdict, differences, photos_missing: photos } = told
    return html`<section class="card" aria-labelledby="rule-title">
      <div class="standing rule-standing">${ruleRing(verdict)}
        <div class="stack" data-tight><h2 id="rule-title">${t(stage === 'open' ? 'rule.title'
          : 'rule.title-sealed')}</h2>
          <p>${verdict.summary}</p></div></div>
      <p class="quiet">${t('rule.about')}</p>
      ${differences ? html`<p class="row" data-nowrap>${icon('differ')}<a href="#/audits/${audit.id}/differences">${t(
        'rule.differences', { n: differences })}</a></p>` : nothing}
      ${photos ? html`<p class="row" data-nowrap>${icon('camera')}<a href="#/audits/${audit.id}/evidence">${t(
        'rule.photos', { n: photos })}</a></p>` : nothing}
      ${stage === 'open' ? ruleHeadings(audit, verdict) : html`<details class="more"><summary>${t(
        'panel.rule-each')}</summary>${ruleHeadings(audit, verdict)}</details>`}</section>`
  }

  // What one may do

  #promote(audit) {
    return html`<section class="card"><h2>${t('promote.title')}</h2><div class="prose"><p>${t('promote.about')}</p>
        <p>${t('promote.no-way-back')}</p></div>
      ${problemNotice(this.problem)}
      ${audit.siteOf?.may.includes('audit.promote') ? html`<div class="row"><button class="button" data-main
        aria-disabled=${this.busy ? 'true' : nothing} @click=${this.#askPromotion}>${t(this.busy ? 'online-form.busy'
          : 'promote.begin')}</button></div>` : html`<p class="quiet">${t('way.lead-only')}</p>`}</section>`
  }

  #askPromotion = async () => {
    if (this.busy || !await ask({ title: t('promote.sure'), text: t('promote.no-way-back'),
      yes: t('promote.begin') })) return
    this.busy = true
    this.problem = undefined
    try {
      await this.#do('audit.promote', { track: 'award' }, t('promote.done'))
    } catch (problem) {
      this.problem = problem
    } finally {
      this.busy = false
    }
  }

  #submit(audit) {
    const { bodies } = this.#told.body ?? {}
    if (!audit.siteOf?.may.includes('audit.submit')) return html`<p class="quiet">${t('way.lead-only')}</p>`
    if (!bodies) return nothing
    if (!bodies.length) return html`<p class="notice"><span>${t('submit.nobody')}</span></p>`
    if (this.form !== 'submit') return html`<div class="row"><button class="button" data-main @click=${() => {
      this.form = 'submit'
    }}>${t('submit.begin')}</button></div>`
    return html`<div class="inset stack"><h3>${t('submit.begin')}</h3>
      <ul class="prose-list dotted">${['seal', 'late', 'plan', 'recall'].map(one => html`<li>${t(
        `submit.about-${one}`)}</li>`)}</ul>
      ${this.#unsent(audit)}
      <online-form .app=${this.app} .name=${`submit/${audit.id}`} .words=${t('submit.go')} .closed=${this.#close}
        .start=${{ to: bodies.length === 1 ? bodies[0].id : '' }}
        .fields=${given => html`
          ${choiceField({ ...given('to'), legend: t('submit.to'), options: bodies.map(({ id, name }) => ({ value: id,
            label: name })) })}
          ${choiceField({ ...given('listed'), legend: t('submit.listed'), hint: t('submit.listed-hint'), options: [
            { value: 'yes', label: t('submit.listed-yes') }, { value: 'no', label: t('submit.listed-no') }] })}`}
        .check=${({ to, listed }) => ({ ...(to ? {} : { to: t('submit.need-to') }),
          ...(listed ? {} : { listed: t('submit.need-listed') }) })}
        .act=${({ to, listed }) => this.#do('audit.submit', { to, listed: listed === 'yes' },
          t('submit.done'))}></online-form></div>`
  }

  #recall(audit) {
    if (!audit.siteOf?.may.includes('audit.recall')) return nothing
    if (this.form !== 'recall') return html`<div class="row"><button class="button" @click=${() => {
      this.form = 'recall'
    }}>${t('recall.begin')}</button></div>`
    return html`<div class="inset stack"><h3>${t('recall.begin')}</h3><p>${t('recall.about')}</p>
      <online-form .app=${this.app} .name=${`recall/${audit.id}`} .words=${t('recall.go')} .closed=${this.#close}
        .fields=${given => areaField({ ...given('why'), label: t('recall.why'),
          hint: t('recall.why-hint'), maxlength: 1000 })}
        .act=${({ why }) => this.#do('audit.recall', why ? { why } : {}, t('recall.done'))}></online-form></div>`
  }

  #close = () => { this.form = undefined }

  /** Does it, and shows how things stand afterwards. */
  async #do(kind, payload, said) {
    const { sync } = this.app
    await sync.perform(this.params.audit, kind, payload)
    await sync.fetchAudit(this.params.audit).catch(() => {}) // without a network the next sync does it
    this.#close()
    announce(said)
    this.#told.load()
    await this.updateComplete
    find(this, '#way-title')?.focus()
  }
}
customElements.define('submission-view', SubmissionView)

/** What happened, in order, under each step. @param {any[]} happened @returns {Record<string, any[]>} */
function byStep(happened) {
  const found = Object.fromEntries(STEPS.map(([step]) => [step, /** @type {any[]} */ ([])]))
  const awarded = happened.findIndex(({ what }) => what === 'awarded')
  for (const [n, one] of happened.entries()) {
    const own = Object.keys(HAPPENED).find(step => HAPPENED[step].includes(one.what))
    found[own ?? (awarded >= 0 && n > awarded ? 'award' : 'decide')].push(one)
  }
  return found
}

/** The first of two before the other, or after it. @param {boolean} is @param {unknown} one @param {unknown} other */
const inOrder = (is, one, other) => is ? [one, other] : [other, one]
