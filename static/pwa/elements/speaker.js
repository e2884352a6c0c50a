// Whom one is writing for: oneself, or a group that one is the scribe of.
import { html, nothing } from '../vendor/lit.js'
import { contributorOf } from '../lib/ids.js'
import { lastPlace, rememberPlace } from '../lib/place.js'
import { t } from '../lib/words.js'
import { contributors } from '../store/reading.js'

/**
 * A contributor as this person meets them: `mine` is oneself, `group` is nobody's own; `new` has not said anything yet.
 * @typedef {{id: string, label: string, voice: string, withdrawn: boolean, mine: boolean, group: boolean,
 *   new?: boolean}} Speaker
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
  const chosen = lastPlace(app.store.person.id)
  return possible.find(({ id }) => chosen?.audit === audit.id && id === chosen.speaker) ?? possible[0]
}

/** Writes for this one from now on. @param {any} app @param {any} audit @param {string} speaker */
export function speakAs(app, audit, speaker) {
  const person = app.store.person.id
  const place = lastPlace(person)
  rememberPlace({ ...(place?.audit === audit.id ? place : {}), person, audit: audit.id, speaker })
}

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
  return html`<div class="answering"><label for="speaker" class="label">${t('speaker.as')}</label>
    <select class="input" id="speaker" @change=${choose}>${writable(speakersOf(app, audit)).map(one => html`
      <option value=${one.id} .selected=${one.id === speaker.id}>${one.label} (${voiceWord(audit,
        one.voice)})</option>`)}</select></div>`
}

/** A voice in the sector's word. */
export const voiceWord = (audit, voice) => audit.edition?.voices?.[voice] ?? t(`voice.${voice}`)
