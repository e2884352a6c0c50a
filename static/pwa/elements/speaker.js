// Whom one is writing for: oneself, or a group that one is the scribe of.
import { html, nothing } from '../vendor/lit.js'
import { contributorOf } from '../lib/ids.js'
import { lastPlace, rememberPlace } from '../lib/place.js'
import { day } from '../lib/time.js'
import { t } from '../lib/words.js'
import { contributors } from '../store/reading.js'

/**
 * A contributor as this person meets them: `mine` is oneself, `group` is nobody's own; `new` has not said anything yet.
 * @typedef {{id: string, label: string, voice: string, withdrawn: boolean, mine: boolean, group: boolean,
 *   new?: boolean, paper?: string}} Speaker `paper`: the day on which what is entered now was written on paper
 */

/** The contributors that are people, by audit: filled by meet(). @type {Map<string, Set<string>>} */
const people = new Map()

/** Finds out which contributors are people; call it before speakersOf(). @param {any} audit */
export async function meet(audit) {
  const ids = await Promise.all(Object.keys(audit.people).map(person => contributorOf(audit.id, person)))
  people.set(audit.id, new Set(ids))
}

/**
 * All who speak in this audit, oneself first: also when one has not said anything yet, and may.
 * @param {any} app @param {any} audit @returns {Speaker[]}
 */
export function speakersOf(app, audit) {
  const all = contributors(audit.registers).map(one => ({ ...one, mine: one.id === audit.contributor,
    group: !people.get(audit.id)?.has(one.id) }))
  const mine = all.find(one => one.mine) ?? (mayAnswer(audit) && {
    id: audit.contributor, label: app.store.person.name, voice: 'staff', withdrawn: false, mine: true, group: false,
      new: true })
  return mine ? [mine, ...all.filter(one => one !== mine)] : all
}

/** Those one may write for: oneself and groups, never another person. @param {Speaker[]} speakers */
export const writable = speakers => speakers.filter(({ mine, group, withdrawn }) => (mine || group) && !withdrawn)

/** The one being written for now, unless one may only read. @returns {Speaker | undefined} */
export function speakerOf(app, audit) {
  if (!mayAnswer(audit)) return undefined
  const possible = writable(speakersOf(app, audit))
  const place = lastPlace(app.store.person.id)
  const chosen = place?.audit === audit.id && possible.find(({ id }) => id === place.speaker)
  if (!chosen) return possible[0]
  return place.paper ? { ...chosen, paper: place.paper } : chosen
}

/** Writes for this one from now on. @param {any} app @param {any} audit @param {string} speaker */
export function speakAs(app, audit, speaker) {
  enterFromPaper(app, audit, speaker, undefined)
}

/**
 * Enters for this one what was written on paper, from now on until somebody else is chosen.
 * @param {any} app @param {any} audit @param {string} speaker @param {string | undefined} day when it was written
 */
export function enterFromPaper(app, audit, speaker, day) {
  const person = app.store.person.id
  const place = lastPlace(person)
  rememberPlace({ ...(place?.audit === audit.id ? place : {}), person, audit: audit.id, speaker, paper: day })
}

/**
 * May one say this about a criterion? While something is asked of what was handed in, about nothing else.
 * @param {any} audit @param {string} verb @param {string} [criterion] none where it is about none
 */
export const maySay = ({ siteOf, asked }, verb, criterion) => Boolean(siteOf?.may.includes(verb))
  && (!asked || !criterion || asked.includes(criterion))

/** Whether this person may answer in this audit. */
export const mayAnswer = audit => Boolean(audit.siteOf?.may.includes('answer.rate'))

/**
 * Makes the speaker known to the audit before their first answer.
 * @param {any} app @param {any} audit @param {Speaker} speaker
 */
export async function introduce(app, audit, speaker) {
  if (speaker.new) await app.store.record(audit.id, 'contributor.add', { contributor: speaker.id, voice: speaker.voice,
    label: speaker.label })
}

/**
 * The choice of whom one writes for, above the criteria.
 * @param {any} app @param {any} audit @param {() => void} changed
 */
export function speakingAs(app, audit, changed) {
  const speaker = speakerOf(app, audit)
  if (!speaker) return nothing
  const choose = event => {
    speakAs(app, audit, event.target.value)
    changed()
  }
  const stop = () => {
    speakAs(app, audit, speaker.id)
    changed()
  }
  if (speaker.paper) return html`<section class="notice answering-paper" aria-label=${t('paper.title')}>
    <p><b>${t('paper.entering', { who: speaker.label, day: day(speaker.paper) })}</b></p>
    <p><button class="linklike" @click=${stop}>${t('paper.stop')}</button></p></section>`
  return html`<div class="answering"><label for="speaker" class="label">${t('speaker.as')}</label>
    <select class="input" id="speaker" @change=${choose}>${writable(speakersOf(app, audit)).map(one => html`
      <option value=${one.id} .selected=${one.id === speaker.id}>${one.label} (${voiceWord(audit,
        one.voice)})</option>`)}</select></div>`
}

/** A voice in the sector's word. */
export const voiceWord = (audit, voice) => audit.edition?.voices?.[voice] ?? t(`voice.${voice}`)
