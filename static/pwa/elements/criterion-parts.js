// What is read of one criterion, by its team and by an assessor: its help, each voice by itself, the account.
import { html, nothing } from '../vendor/lit.js'
import { t } from '../lib/words.js'
import { byVoice } from '../store/reading.js'
import { icon } from './icons.js'
import { voiceWord } from './speaker.js'
import './voice-track.js'

/** The parts of an account, in order. */
export const PARTS = ['shows', 'helps', 'hinders']

/**
 * What a criterion means, closed until somebody opens it; drawn from then on.
 * @param {any} edition @param {any} criterion @param {boolean | undefined} isOpen @param {() => void} opened
 */
export function criterionHelp(edition, criterion, isOpen, opened) {
  const { guidance, look_for, ask, evidence, statement } = criterion
  const list = (title, items) => items?.length
    ? html`<div><h3>${title}</h3><ul>${items.map(item => html`<li>${item}</li>`)}</ul></div>` : nothing
  return html`<details class="help" @toggle=${opened}><summary>${t('criterion.help')}<span
    class="unseen">: ${statement}</span></summary>${isOpen ? html`<div>
    <p>${guidance}</p>
    ${list(t('criterion.look-for'), look_for)}
    ${list(t('criterion.ask'), ask)}
    ${evidence?.length ? html`<div><h3>${t('criterion.evidence')}</h3><p>${evidence.map(kind =>
      t(`evidence.${kind}`)).join(', ')}</p></div>` : nothing}
    ${list(t('criterion.scale'), edition.scale.filter(({ hint }) => hint).map(({ word, hint }) =>
      html`<b>${word}:</b> ${hint}`))}
  </div>` : nothing}</details>`
}

/**
 * What each voice says, side by side; the rating of who looks is one of the dots.
 * @param {any} audit @param {{id: string}} criterion @param {string} [own] the contributor who looks: their own words
 *   are not among those of others
 */
export function voicesSideBySide(audit, { id }, own) {
  const { edition, registers } = audit
  const voices = byVoice(registers, id)
  const tracks = voices.filter(({ n }) => n)
  const others = voices.flatMap(({ answers, voice }) => answers.map(one => ({ ...one, voice }))).filter(one =>
    one.contributor !== own)
  const written = others.filter(({ comment }) => comment)
  const gap = widestGap(tracks)
  if (!tracks.length && !others.length) return html`<p class="quiet">${t('criterion.nobody')}</p>`
  return html`<div class="stack" role="group" aria-labelledby="${id}-voices">
    <h3 id="${id}-voices">${t('criterion.voices')}</h3>
    ${tracks.length ? html`<div class="voices">${tracks.map(({ voice, answers }) =>
      html`<voice-track .name=${voiceWord(audit, voice)} .ratings=${ratings(answers)}
        .scale=${edition.scale}></voice-track>`)}
      <div class="voice-ends"
        aria-hidden="true"><span></span>
        <span><span>${edition.scale[0].word}</span><span>${edition.scale.at(-1).word}</span></span></div></div>`
          : nothing}
    ${gap ? html`<p><span class="tag" data-kind="differ">${icon('differ')}${t('criterion.gap',
      { one: voiceWord(audit, gap[0]), other: voiceWord(audit, gap[1]) })}</span></p>` : nothing}
    ${others.filter(({ rating }) => rating === null).map(({ label, reason }) =>
      html`<p class="quiet"><b>${label}:</b> ${t('said.not-apply')}. ${reason}</p>`)}
    ${written.length
      ? html`<details class="more"><summary>${t('criterion.written', { n: written.length })}</summary><div
        class="stack">${written.map(({ comment, label, voice }) => html`
      <div class="said"><p class="written">${comment}</p><small>${label} (${voiceWord(audit,
        voice)})</small></div>`)}</div></details>` : nothing}
  </div>`
}

/** What shows it, what helps, what hinders, to be read. @param {{[part: string]: string}} account */
export const accountRead = account => html`<div class="stack">${PARTS.filter(part => account[part]).map(part => html`
  <div class="said"><b>${t(`finding.${part}`)}</b><p class="written">${account[part]}</p></div>`)}</div>`

/**
 * The two voices furthest apart, the higher first, when their medians are a whole step or more from each other.
 * @param {{voice: string, answers: {rating: number | null | undefined}[]}[]} voices
 */
function widestGap(voices) {
  const spoken = voices.map(({ voice, answers }) => ({ voice, middle: median(ratings(answers)) })).sort((one, other) =>
    other.middle - one.middle)
  const [high, low] = [spoken[0], spoken.at(-1)]
  return high && high.middle - low.middle >= 1 ? [high.voice, low.voice] : undefined
}

const ratings = answers => answers.map(({ rating }) => rating).filter(rating => typeof rating === 'number')

function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}
