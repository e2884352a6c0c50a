// One submission at an awarding body: the report, what the rule says, the panel with its views, the decision and its
// letter, and what becomes of the award.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { areaField } from '../elements/area-field.js'
import { ask } from '../elements/ask.js'
import { assessmentReport, numbered } from '../elements/assessment-report.js'
import { awardDays, ruleHeadings, ruleRing, stageAtBody } from '../elements/award-words.js'
import { kindWord } from '../elements/evidence-words.js'
import { fetchedState } from '../elements/fetched-state.js'
import { choiceField, textField } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { problemNotice } from '../elements/problem-notice.js'
import { rated } from '../elements/rating-scale.js'
import { Fetched } from '../lib/fetched.js'
import { find } from '../lib/find.js'
import { day, isoDay } from '../lib/time.js'
import { Watching } from '../lib/watching.js'
import { has, language, t, useAwardWords } from '../lib/words.js'
import '../elements/check-list.js'
import '../elements/criteria-choice.js'
import '../elements/online-form.js'

/** The step that each outcome of a panel is; those of a first decision are `panel.decide`. */
const VERBS = { suspended: 'award.suspend', restored: 'award.restore', withdrawn: 'award.withdraw',
  'no-change': 'award.keep', upheld: 'appeal.decide', dismissed: 'appeal.decide' }
const OUTCOMES = Object.fromEntries(Object.entries(VERBS).map(([outcome, verb]) => [verb, outcome]))
/** What the register may say why of. */
const PUBLISHED = ['award.suspend', 'award.restore', 'award.withdraw']
const BEFORE_REPORT = ['submitted', 'assessing', 'action-points', 'ready', 'visited']
const KINDS = { awarded: 'done', restored: 'done', upheld: 'done', deferred: 'differ', suspended: 'problem',
  withdrawn: 'problem' }

export class PanelView extends LitElement {
  static properties = { app: { attribute: false }, params: { attribute: false }, form: { state: true },
    busy: { state: true }, problem: { state: true } }

  #told = new Fetched(this, () => this.#name, () => this.#fetch(), { kept: true })

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** The form that is open. @type {'convene' | 'view' | 'decide' | 'review' | undefined} */
    this.form = undefined
    /** An earlier award is being replaced. @type {boolean} */
    this.busy = undefined
    /** Why that did not work. @type {any} */
    this.problem = undefined
    new Watching(this, () => [this.app.sync])
  }

  createRenderRoot() { return this }

  async opening() { await Promise.all([useAwardWords(), this.#told.recall()]) }

  get #name() { return `submission/${this.params.audit}/${language}` }

  /** What may be shown: nothing that one may not read any more, although the device had kept it. */
  get #body() { return isNotMine(this.#told.problem) ? undefined : this.#told.body ?? undefined }

  /** All of this can be read without a network; nothing of it can be done. */
  get #isOffline() { return this.#told.problem !== undefined || this.app.sync.state.problem === 'offline' }

  /** All that is read here, with the checklist in the setting's words. */
  async #fetch() {
    const { store, sync } = this.app
    const asked = sync.fetchJSON(`/api/submissions/${this.params.audit}?language=${language}`)
    const told = await asked.catch(async problem => {
      if (isNotMine(problem)) await store.keepReply(this.#name, null).catch(() => {}) // until it is asked for again
      throw problem
    })
    const { checklist, edition: number, sector, report } = told
    const [edition, released] = await Promise.all([
      sync.fetchJSON(`/api/checklists/${checklist}/${number}?${new URLSearchParams({ sector, language })}`),
      report ?? sync.fetchJSON(`/api/audits/${this.params.audit}/assessment-report`).catch(problem => {
        if (problem.status === 404 || problem.status === 403) return null
        throw problem
      }),
    ])
    return { ...told, edition, report: released }
  }

  render() {
    const told = this.#body
    return html`
      <header class="head"><a class="up" href="#/submissions">${icon('back')}${t('tabs.awards')}</a>
        <h1 tabindex="-1">${told?.setting ?? t('panel.title')}</h1>
        ${told ? html`<p class="quiet">${[told.organisation, told.edition.title].join(' · ')}</p>
          <p class="row">${stageAtBody(told.stage)}</p>` : nothing}</header>
      ${isUndeclared(this.#told.problem) ? html`<section class="card"><p>${t('panel.declare-first')}</p><div
        class="row"><a class="button" data-main href="#/submissions">${t('declare.begin')}</a></div></section>`
        : fetchedState({ ...stateOf(this.#told), body: told })}
      ${told ? html`${this.#decided(told)}<div class="two">
        <div class="cards">${inOrder(Boolean(told.panel) || !told.award, this.#panel(told), html`${this.#award(
          told)}${this.#earlier(told)}`)}${this.#decisions(told)}${this.#history(told)}</div>
        <div class="cards">${this.#rule(told)}${told.report ? html`<div class="stack" data-tight><h2>${t(
          'told.title')}</h2><p class="quiet">${t('told.by', { who: told.report.assessor.name,
          body: told.report.body.name, day: day(told.report.released_on) })}</p></div>${assessmentReport(told.edition,
          told.report)}`
          : BEFORE_REPORT.includes(told.stage) ? html`<p class="quiet">${t('panel.no-report')}</p>`
            : nothing}</div></div>` : nothing}`
  }

  /** Whoever decided goes on reading it. */
  #decided({ decisions, panel }) {
    const { id } = this.app.store.person
    return !panel && decisions.some(({ by }) => by.some(person => person.id === id))
      ? html`<p class="quiet">${t('panel.you-decided')}</p>` : nothing
  }

  /** What the rule says: all of it for those who are to decide, else opened by whoever asks. */
  #rule({ rule, edition, stage }) {
    const each = rule && ruleHeadings({ edition }, rule)
    return rule ? html`<section class="card" aria-labelledby="rule-title"><div
      class="rule-standing standing">${ruleRing(
        rule)}<div
          class="stack" data-tight><h2 id="rule-title">${t('rule.title-sealed')}</h2><p>${rule.summary}</p></div></div>
      <p class="quiet">${t('panel.rule-about')}</p>${stage === 'released' ? each : html`<details
        class="more"><summary>${t('panel.rule-each')}</summary>${each}</details>`}</section>` : nothing
  }

  // The panel

  #panel(told) {
    const { panel, parts, stage, facts } = told
    const convenes = parts.includes('manager') && told.candidates
    if (!panel && !convenes) return nothing
    return html`<section class="card" aria-labelledby="panel-title"><h2 id="panel-title" tabindex="-1" data-heading>${t(
        'panel.title')}</h2>
      ${panel ? html`<ul class="listed">${panel.members.map(({ name, declared,
        said }) => html`<li><span><b>${name}</b><br>
          <small>${t(said ? 'panel.said' : declared ? 'panel.cleared' : 'panel.asked')}</small></span></li>`)}</ul>
        ${panel.sits_on ? html`<p class="quiet">${t('panel.sits', { day: day(panel.sits_on) })}</p>` : nothing}`
        : html`<p>${t(`panel.none-${stage === 'released' ? 'yet' : stage}`)}</p>`}
      ${stage === 'released' && facts && !facts.checked ? html`<p class="notice"><span>${t('panel.facts', { day: day(
        facts.until) })}</span></p>` : nothing}
      ${panel?.members.some(({ id }) => id === this.app.store.person.id) ? this.#views(told) : nothing}
      ${convenes ? this.#convene(told) : nothing}</section>`
  }

  #convene({ candidates, panel, stream, stage, body }) {
    if (candidates.filter(({ why }) => !why).length < 2) return html`<p class="notice"><span>${t('panel.too-few')} <a
      href="#/organisations/${body.id}">${t('more.people', { name: body.name })}</a></span></p>`
    if (this.form !== 'convene') return this.#opens('convene', t(panel ? 'panel.convene-again' : 'panel.convene'),
      !panel && stage !== 'awarded')
    return html`<div class="inset stack"><h3>${t(panel ? 'panel.convene-again' : 'panel.convene')}</h3>
      <p>${t('panel.convene-about')}</p><online-form .app=${this.app} .name=${`convene/${this.params.audit}`}
      .words=${t('panel.convene-go')} .closed=${this.#close}
      .fields=${given => html`<check-list id="people" name="people" .value=${given('people').value} .legend=${t(
          'panel.who')} .hint=${t('panel.who-hint')} .error=${given('people').error} .options=${candidates.map(
          ({ id, name, why }) => ({ value: id, label: name, why: why ? t(`panel.not-${why}`)
            : undefined }))}></check-list>
        ${textField({ ...given('sits_on'), label: t('panel.when'), hint: t('panel.when-hint'), type: 'date' })}`}
      .check=${({ people }) => people?.split(' ').filter(Boolean).length >= 2 ? {} : { people: t('panel.need-two') }}
      .act=${({ people, sits_on }) => this.#do(stream, 'panel.convene', { people: people.split(' ').filter(Boolean),
        ...(sits_on ? { sits_on } : {}) }, t('panel.convened'))}></online-form></div>`
  }

  /** One's own view first; those of the others once all have said theirs. */
  #views(told) {
    const { panel, stream, letters } = told
    const { own, views, complete, outcomes } = panel
    return html`${own ? html`<div class="said"><b>${t('panel.own')}</b><p><span class="tag"
      data-kind=${KINDS[own.outcome]
        ?? nothing}>${t(`outcome.${own.outcome}`)}</span></p><p class="written">${own.reasons}</p></div>` : nothing}
      ${complete && views ? html`<h3>${t('panel.views')}</h3><ul class="listed">${views.map(({ person, outcome,
        reasons }) =>
        html`<li><span class="row"><b>${person.name}</b><span class="tag" data-kind=${KINDS[outcome] ?? nothing}>${t(
          `outcome.${outcome}`)}</span></span><p class="written">${reasons}</p></li>`)}</ul>`
        : own ? html`<p class="quiet">${t('panel.waiting')}</p>` : nothing}
      ${complete ? nothing : this.form !== 'view' ? this.#opens('view', t(own ? 'panel.change-view'
        : 'panel.give-view'), !own, t('panel.view-needs-network'))
        : html`<online-form .app=${this.app} .name=${`view/${this.params.audit}`} .words=${t('panel.view-go')}
          .closed=${this.#close} .start=${{ outcome: own?.outcome ?? '', reasons: own?.reasons ?? '' }}
          .fields=${given => html`${choiceField({ ...given('outcome'), legend: t('panel.view'),
            hint: t('panel.view-hint'),
            options: outcomes.map(value => ({ value, label: t(`outcome.${value}`) })) })}
            ${areaField({ ...given('reasons'), label: t('panel.reasons'), maxlength: 4000, rows: 4 })}`}
          .check=${({ outcome, reasons }) => ({ ...(outcome ? {} : { outcome: t('panel.need-outcome') }),
            ...(reasons ? {} : { reasons: t('panel.need-reasons') }) })}
          .act=${({ outcome, reasons }) => this.#do(stream, 'panel.view', { outcome, reasons },
            t('panel.view-done'))}></online-form>`}
      ${complete && letters ? this.#decide(told) : nothing}`
  }

  /** The decision: what, why, what is asked for, why against the rule, and the letter that says so. */
  #decide(told) {
    const { panel, stream, letters, facts, stage, rule, edition, report } = told
    if (stage === 'released' && !facts.checked && facts.until > isoDay()) return nothing
    const { outcomes } = panel
    if (this.form !== 'decide') return this.#opens('decide', t('decide.begin'), true, t('panel.decide-needs-network'))
    const weak = report?.judgements.filter(({ judgement }) => ['not-yet', 'partly'].includes(judgement)) ?? []
    return html`<div class="inset stack"><h3>${t('decide.begin')}</h3><online-form .app=${this.app}
      .name=${`decide/${this.params.audit}`} .words=${t('decide.go')} .closed=${this.#close}
      .start=${{ criteria: weak.map(({ criterion }) => criterion).join(' '), ...Object.fromEntries(outcomes.map(one =>
        [`letter-${one}`, letters[one] ?? ''])) }}
      .fields=${(given, values) => html`
        ${choiceField({ ...given('outcome'), legend: t('decide.outcome'), options: outcomes.map(value => ({ value,
          label: t(`outcome.${value}`), hint: isAgainst(rule, stage, value) ? t('decide.against-hint')
            : undefined })) })}
        ${areaField({ ...given('reasons'), label: t('decide.reasons'), hint: t('decide.reasons-hint'), maxlength: 8000,
          rows: 5 })}
        ${values.outcome === 'deferred' ? html`${this.#criteria(given('criteria'), edition)}
          ${textField({ ...given('due'), label: t('decide.due'), type: 'date' })}` : nothing}
        ${isAgainst(rule, stage, values.outcome) ? areaField({ ...given('against_rule'), label: t('decide.against'),
          hint: t('decide.against-public'), maxlength: 4000 }) : nothing}
        ${PUBLISHED.includes(VERBS[values.outcome]) ? areaField({ ...given('published'), label: t('decide.published'),
          hint: t('decide.published-hint'), maxlength: 2000 }) : nothing}
        ${values.outcome ? areaField({ ...given(`letter-${values.outcome}`), label: t('decide.letter'),
          hint: t('decide.letter-hint'), maxlength: 20000, rows: 12 }) : nothing}`}
      .check=${values => wrongDecision(values, rule, stage)}
      .act=${values => this.#send(stream, values, rule, stage)}></online-form></div>`
  }

  #criteria({ id, value, error }, edition) {
    const chose = event => {
      const field = find(this, `#${id} input[type=hidden]`)
      field.value = event.target.chosen.join(' ')
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }
    return html`<div id=${id} tabindex="-1"><input type="hidden" name=${id} .value=${value}><criteria-choice
      .edition=${edition} .chosen=${value.split(' ').filter(Boolean)} .legend=${t('decide.criteria')} .rest=${t(value
        ? 'decide.more' : 'decide.choose')} .error=${error}
      @change=${chose}></criteria-choice></div>`
  }

  #send(stream, values, rule, stage) {
    const { outcome, reasons, criteria, due, against_rule, published } = values
    const letter = values[`letter-${outcome}`]
    const said = { reasons, ...(letter ? { letter } : {}), language }
    const payload = VERBS[outcome] === 'appeal.decide' ? { outcome, ...said } : VERBS[outcome]
      ? { ...said, ...(published ? { published } : {}) } : { outcome, ...said,
      ...(outcome === 'deferred' ? { criteria: criteria.split(' ').filter(Boolean), due } : {}),
      ...(isAgainst(rule, stage, outcome) ? { against_rule } : {}) }
    return this.#do(stream, VERBS[outcome] ?? 'panel.decide', payload, t('decide.done'))
  }

  // The award, and what came before

  #award({ award, parts, stream }) {
    if (!award) return nothing
    const looksAgain = parts.includes('assessor') && !award.interim_on && award.state === 'valid'
    return html`<section class="card" aria-labelledby="award-title"><h2 id="award-title">${t('award.title')}</h2>
      <dl class="facts"><dt>${t('award.number')}</dt><dd class="figure">${award.number}</dd>
        <dt>${t('award.state')}</dt><dd>${t(`award.is-${award.state}`)}</dd>
        ${awardDays(award)}</dl>
      ${this.#isOffline ? html`<p class="quiet">${t('award.offline')}</p>` : html`<div class="row" data-links><a
        class="linklike" href="/certificate/${award.number}" target="_blank" rel="noopener">${t(
        'award.certificate')}</a><a class="linklike" href="/check/${award.number}" target="_blank" rel="noopener">${t(
        'award.check')}</a></div>`}
      ${award.reviews.map(({ on, by, says }) => html`<div class="said"><b>${t('award.reviewed', { who: by.name,
        day: day(on) })}</b><p class="written">${says}</p></div>`)}
      ${!looksAgain ? nothing : award.interim_from > isoDay() ? html`<p class="quiet">${t('award.interim-opens',
        { day: day(award.interim_from) })}</p>` : this.form !== 'review' ? this.#opens('review', t('award.review'),
        true)
        : html`<online-form .app=${this.app} .name=${`review/${this.params.audit}`}
          .words=${t('award.review-go')} .closed=${this.#close} .fields=${given => areaField({ ...given('says'),
            label: t('award.review-says'), hint: t('award.review-hint'), maxlength: 4000 })}
          .check=${({ says }) => says ? {} : { says: t('award.review-need') }}
          .act=${({ says }) => this.#do(stream, 'interim.review', { says },
            t('award.review-done'))}></online-form>`}</section>`
  }

  /** An award of the same place that this one did not take the place of by itself. Whoever sits on panels says so. */
  #earlier({ earlier, award, parts }) {
    if (!earlier?.length) return nothing
    return html`<section class="card" aria-labelledby="earlier-title"><h2 id="earlier-title">${t('award.earlier')}</h2>
      <p>${t('award.earlier-about')}</p>${problemNotice(this.problem)}
      <ul class="listed">${earlier.map(one => html`<li><p>${t('award.earlier-one', { number: one.number,
        checklist: one.checklist, day: day(one.decided_on) })}</p>${!parts.includes('panel') ? nothing
        : this.#isOffline ? html`<p class="quiet">${t('panel.needs-network')}</p>` : html`<div class="row"><button
          class="button" aria-disabled=${this.busy ? 'true' : nothing} @click=${() => this.#renew(one, award)}>${t(
          this.busy ? 'online-form.busy' : 'award.renew')}<span class="unseen">: ${
          one.number}</span></button></div>`}</li>`)}</ul></section>`
  }

  async #renew({ number, stream }, award) {
    if (this.busy || !await ask({ title: t('award.renew-sure', { number }), text: t('award.renew-text',
      { newer: award.number }), yes: t('award.renew') })) return
    this.busy = true
    this.problem = undefined
    try {
      await this.#do(stream, 'award.renew', { replaced_by: award.number }, t('award.renewed'))
    } catch (problem) {
      this.problem = problem
    } finally {
      this.busy = false
    }
  }

  #decisions({ decisions, appeals, edition }) {
    return html`${appeals.map(({ lodged_on, lodged_by, grounds, outcome }) => html`<section class="card"><h2>${t(
        'appeal.was')}</h2><p class="quiet">${lodged_by.name}, ${day(lodged_on)}</p><p class="written">${grounds}</p>
        ${outcome ? html`<p><span class="tag" data-kind=${KINDS[outcome] ?? nothing}>${decided(outcome)}</span></p>`
          : nothing}</section>`)}
      ${[...decisions].reverse().map(one => ({ ...one, outcome: one.outcome ?? OUTCOMES[one.verb] })).map(
        one => html`<section class="card"><div class="row" data-spread><h2>${t(
        'decide.was')}</h2><span class="tag" data-kind=${KINDS[one.outcome] ?? nothing}>${decided(
        one.outcome)}</span></div>
        <p class="quiet">${day(one.decided_on)} · ${one.by.map(({ name }) => name).join(', ')}</p>
        <p class="written">${one.reasons}</p>
        ${one.against_rule ? html`<div class="said"><b>${t('decide.against')}</b><p
          class="written">${one.against_rule}</p></div>`
          : nothing}
        ${one.published ? html`<div class="said"><b>${t('decide.was-published')}</b><p
          class="written">${one.published}</p></div>` : nothing}
        ${one.criteria?.length ? html`<p>${t('decide.asked', { day: day(one.due) })}</p><ul
          class="statements">${one.criteria
          .map(id => html`<li>${numbered(edition, id)}</li>`)}</ul>` : nothing}
        ${one.answer ? this.#answered(one, edition) : nothing}
        <details class="more"><summary>${t('decide.read-letter')}</summary><p
          class="written letter">${one.letter}</p></details></section>`)}`
  }

  /** What a site answered to a deferral: of each statement what it says, what it agrees now, and what shows it. */
  #answered({ answer, answered_at, found, shown }, edition) {
    const audit = this.#isOffline ? '' : this.params.audit
    return html`<div class="said stack"><b>${t('decide.answered', { day: day(answered_at) })}</b>
      <p class="written">${answer.text}</p>${answer.answers.map(({ criterion, text }) => html`<div class="stack"
        data-tight><p><b>${numbered(edition, criterion)}</b></p><p class="written">${text}</p>
        ${foundNow(found?.[criterion], edition)}${shownBy(shown?.[criterion], audit)}</div>`)}</div>`
  }

  /** The button that opens a form; without a network what it would need, instead of a button that does nothing. */
  #opens(form, words, main = false, needs = t('panel.needs-network')) {
    return this.#isOffline ? html`<p class="quiet">${needs}</p>` : html`<div class="row"><button class="button"
      ?data-main=${main} @click=${() => { this.form = form }}>${words}</button></div>`
  }

  /** Who took which step, for whoever manages. */
  #history({ audit, parts, stream }) {
    return parts.includes('manager') && stream ? html`<section class="card"><ul class="link-list"><li><a
      href="#/submissions/${audit}/history">${icon('history')}<span>${t('panel.history')}</span>${icon(
      'next')}</a></li></ul></section>` : nothing
  }

  #close = () => { this.form = undefined }

  async #do(stream, kind, payload, said) {
    await this.app.sync.perform(stream, kind, payload)
    await this.#told.load()
    this.form = undefined
    announce(said)
    await this.updateComplete
    const heading = find(this, '#panel-title') ?? find(this, 'h1')
    heading.focus()
  }
}
customElements.define('panel-view', PanelView)

/** What was decided, in a word or two. @param {string} outcome */
const decided = outcome => t(has(`stage.${outcome}`) ? `stage.${outcome}` : `decided.${outcome}`)

/** It is there, and not for this person, or not any more. */
const isNotMine = problem => problem?.status === 403 || problem?.status === 404 || isUndeclared(problem)

/** Nobody reads what they judge before they have said whether they have an interest in it. */
const isUndeclared = problem => Boolean(problem?.type?.endsWith('/interests-first'))

/** What `fetchedState` asks of a reply. @param {Fetched} fetched */
const stateOf = fetched => ({ at: fetched.at, problem: fetched.problem, busy: fetched.busy,
  load: () => fetched.load() })

/** The first of two before the other, or after it. @param {boolean} is @param {unknown} one @param {unknown} other */
const inOrder = (is, one, other) => is ? [one, other] : [other, one]

/** A first decision that is not what the rule says needs a reason that everybody can read. */
const isAgainst = (rule, stage, outcome) => Boolean(rule && outcome) && stage === 'released' && (rule.state === 'shown')
  !== (outcome === 'awarded')

/** What is wrong with a decision, by field. @returns {Record<string, string>} */
function wrongDecision({ outcome, reasons, criteria, due, against_rule }, rule, stage) {
  if (!outcome) return { outcome: t('panel.need-outcome') }
  return {
    ...(reasons ? {} : { reasons: t('panel.need-reasons') }),
    ...(outcome !== 'deferred' || criteria ? {} : { criteria: t('decide.need-criteria') }),
    ...(outcome !== 'deferred' || due > isoDay() ? {} : { due: t('report.need-due') }),
    ...(isAgainst(rule, stage, outcome) && !against_rule ? { against_rule: t('decide.need-against') } : {}),
  }
}

/**
 * What the team agrees on a statement that was asked about.
 * @param {{rating: number | null, reason: string | null, anew: boolean} | undefined} finding a reply that the device
 *   kept from an earlier version has none
 * @param {any} edition
 */
const foundNow = (finding, { scale }) => !finding || (finding.rating === null && !finding.reason) ? nothing
  : html`<p>${t(finding.anew ? 'decide.found-anew' : 'decide.found')}: ${finding.rating === null
    ? html`${t('said.not-apply')}. ${finding.reason}` : rated(scale, finding.rating)}</p>`

/**
 * What shows a statement, each piece in its words.
 * @param {{kind: string, caption: string, photo?: string | null}[] | undefined} pieces a reply that the device kept
 *   from an earlier version has none
 * @param {string} audit whose photos can be fetched now; none without a network
 */
const shownBy = (pieces, audit) => pieces?.length ? html`<ul class="prose-list dotted">${pieces.map(({ kind, caption,
  photo }) => html`<li>${kindWord(kind)}: ${caption}${audit && photo ? html`<a class="thumb"
    href="/api/audits/${audit}/photos/${photo}" target="_blank" rel="noopener"><img
    src="/api/audits/${audit}/photos/${photo}?size=small" alt=${t('photo.open', { caption })}></a>`
    : nothing}</li>`)}</ul>` : nothing
