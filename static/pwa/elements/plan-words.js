// The plan in words: whose task it is, by when, how far, what was said that it answers; nobody is named.
import { html, nothing } from '../vendor/lit.js'
import { day } from '../lib/time.js'
import { capital, t } from '../lib/words.js'
import { ROLES } from '../store/planning.js'
import { icon } from './icons.js'
import { hasMet } from './site-audits.js'
import { speakersOf, voiceWord } from './speaker.js'

/** @typedef {import('../store/planning.js').Planned} Planned */

/** "The lead", or a role in its own words; nobody yet. @param {string} whose @param {any} audit */
export const whoseWord = (whose, audit) => !whose ? t('plan.whose-nobody')
  : ROLES.includes(whose) ? capital(t(`plan.whose-${whose}`, audit?.edition?.words)) : whose

/** A day of the calendar in words. @param {string} due "2026-12-01" */
export const dueDay = due => day(`${due}T12:00`)

/** "To do" @param {string | undefined} state */
export const stateWord = state => t(`plan.state-${state ?? 'differs'}`)

/**
 * What one sees first of an item: how urgent it is, how far, where it comes from.
 * @param {Planned} item @param {any} audit
 */
export const standingTags = ({ stands, due, state, carried }, audit) => html`
  ${stands === 'overdue' ? html`<span class="tag" data-kind="problem">${icon('cannot')}${t('plan.was-due',
    { day: dueDay(due) })}</span>` : nothing}
  ${stands === 'week' || stands === 'later' ? html`<span class="tag">${stands === 'week' ? icon('history') : nothing}
    ${t('plan.due', { day: dueDay(due) })}</span>` : nothing}
  ${state === 'done' ? html`<span class="tag" data-kind="done">${icon('sent')}${stateWord(state)}</span>`
    : state === 'to-do' ? nothing : html`<span class="tag">${stateWord(state)}</span>`}
  ${carried ? html`<span class="tag">${t('plan.carried', { day: day(audit.opened_at) })}</span>` : nothing}`

/**
 * Who said it: a group by its name, a person by their voice alone.
 * @param {any} app @param {any} audit @param {import('../store/planning.js').Said} said
 */
export function speakerWords(app, audit, { kind, reference, voice }) {
  if (kind === 'meeting') return t('plan.at-meeting')
  const speaker = speakersOf(app, audit).find(({ id }) => id === reference.split('/')[0])
  return hasMet(audit) && speaker?.group ? speaker.label : voice ? voiceWord(audit, voice) : ''
}

/**
 * Something that was said, and by whom.
 * @param {any} app @param {any} audit @param {import('../store/planning.js').Said} said
 */
export const quoted = (app, audit, said) => html`<div class="said"><p class="written">${said.text}</p>
  <small>${speakerWords(app, audit, said)}</small></div>`
