// Evidence in words: its kind, what belongs to its kind, how much of it there is, and where a photo is.
import { html, nothing } from '../vendor/lit.js'
import { day } from '../lib/time.js'
import { language, t } from '../lib/words.js'
import { icon } from './icons.js'
import { voiceWord } from './speaker.js'

/** The drawing beside each kind. @type {Record<string, Parameters<typeof icon>[0]>} */
export const DRAWINGS = { observation: 'eye', quotation: 'speech', document: 'page', count: 'count', photo: 'camera' }

/** "Observation". @param {string} kind */
export const kindWord = kind => t(`evidence.kind-${kind}`)

/** The words of an item; while people differ on them, that. @param {import('../store/evidencing.js').Item} item */
export const captionOf = ({ caption, kind }) => caption ?? t('evidence.two-ways', { kind: kindWord(kind) })

/** "2 kinds: 1 quotation, 1 photo". @param {{kind: string, n: number}[]} kinds */
export const kindsWords = kinds => kinds.length
  ? t('evidence.kinds', { n: kinds.length, which: listed(kinds.map(({ kind, n }) => t(`evidence.n-${kind}`, { n }))) })
  : t('evidence.none')

/** What belongs to its kind: whose voice, where it is kept, how many of how many. */
export function detailsWords(audit, { kind, details }) {
  const { voice, where, dated, count, of, over } = details
  if (kind === 'quotation') return voiceWord(audit, voice)
  if (kind === 'document') return [t('evidence.kept-at', { where }), dated && t('evidence.dated', { day: day(dated) })]
    .filter(Boolean).join(', ')
  if (kind === 'count') return [of === undefined ? String(count) : t('evidence.of', { n: count, of }), over]
    .filter(Boolean).join(', ')
  return ''
}

/** How far the photos of an audit have got, as the device knows it. @param {any} app @param {string} audit */
export const photoStates = (app, audit) => (/** @type {string} */ sha256) => app.store.photoState(audit, sha256)

/** Where a photo is, for the line below it: nothing is said of one that is where it should be. */
export function photoLine(app, audit, /** @type {import('../store/evidencing.js').Item} */ { details, added }) {
  const state = app.store.photoState(audit.id, details.sha256)
  const who = audit.people[added.author] ?? t('differences.somebody')
  if (state === 'waiting') return html`<p class="state">${icon('saved')}${t('photo-state.waiting')}</p>`
  if (state === 'refused') return html`<p class="state" data-wrong>${icon('cannot')}${t('photo-state.refused')}</p>`
  if (state !== 'missing') return nothing
  return html`<p class="state" data-wrong>${icon('cannot')}${added.author === app.store.person.id
    ? t('photo-state.missing') : t('photo-state.missing-theirs', { who })}</p>`
}

/** "Photos allowed until 3 March 2027". @param {{allowed: boolean, until: string | null}} camera of a setting */
export const cameraWords = ({ allowed, until }) => t(`camera.${allowed ? 'is-allowed' : 'is-not'}${until ? '-until' : ''}`,
  { day: until && day(until) })

/** "a, b and c" @param {string[]} words */
const listed = words => new Intl.ListFormat(language, { type: 'unit', style: 'long' }).format(words)
