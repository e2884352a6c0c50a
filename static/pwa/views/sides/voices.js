// Voices beside one another, never pooled: the widest gaps first, then every principle and statement of each setting.
import { html, nothing } from '../../vendor/lit.js'
import '../../elements/voices-apart.js'
import { said, voiceMark } from '../../elements/voices-apart.js'
import { decimal, t } from '../../lib/words.js'
import { VOICES } from '../../store/reading.js'
import { more } from './more.js'

/** @param {import('../dashboard.js').Told} told */
export function voices(told) {
  const { replies, spoken, more: next } = told
  return html`${replies.gaps ? gaps(replies.gaps, spoken, next) : nothing}
    ${replies.voices ? html`<h2>${t('sides.every-voice')}</h2>${replies.voices.settings.map(one => setting(one, spoken))}
      ${more(replies.voices, 'settings', 'voices', next)}` : nothing}`
}

/** As many as one looks at; the others wait behind a word. */
const FIRST = 5

/** Widest first: something to talk about. */
function gaps(told, spoken, next) {
  if (!told.gaps.length) return html`<div class="card empty"><h2>${t('sides.no-gap')}</h2><p>${t('sides.no-gap-why')}</p></div>`
  return html`<section class="card"><h2>${t('sides.gaps')}</h2><p class="quiet">${t('sides.gaps-key')}</p>
    ${listed(told.gaps.slice(0, FIRST), spoken)}
    ${told.gaps.length > FIRST ? html`<details class="more"><summary>${t('sides.other-gaps', { n: told.total - FIRST })}</summary>
      ${listed(told.gaps.slice(FIRST), spoken)}${more(told, 'gaps', 'gaps', next)}</details>` : nothing}</section>`
}

const listed = (gaps, spoken) => html`<ol class="listed gaps">${gaps.map(one => html`<li>
      <p class="quiet">${one.name} · ${spoken.principle(one.audit, one.principle)}</p>
      <h3><a href="#/audits/${one.audit}/p/${one.principle}/${one.criterion}">${spoken.statement(one.audit,
        one.criterion)}</a></h3>
      <div class="gap-one"><voices-apart .voices=${spokenBy(one.audit, one.voices, spoken)}></voices-apart>
        <p class="apart-by"><b class="figure">${decimal(one.gap)}</b> <small>${t('sides.apart')}</small></p></div></li>`)}</ol>`

/** Every voice that has a place here, in the sector's words, in the same order always. */
export const spokenBy = (audit, voices, spoken) => VOICES.filter(voice => voices[voice]).map(voice => ({ voice,
  name: spoken.voice(audit, voice), ...voices[voice], mean: voices[voice].mean ?? null }))

/** One setting: principle by principle, and behind each its statements. */
function setting({ name, audit, principles }, spoken) {
  const heard = VOICES.filter(voice => audit.contributors[voice])
  return html`<details class="card more setting-voices"><summary><h3>${name}</h3><span class="quiet">${heard.length
      ? heard.map(voice => `${spoken.voice(audit.id, voice)} ${audit.contributors[voice]}`).join(' · ')
      : t('sides.nobody-yet')}</span></summary>
    ${heard.length ? html`<div class="scroll" tabindex="0" role="region" aria-label=${t('sides.voices-of', { name })}>
      <table class="table sides-table"><thead><tr><th scope="col">${t('sides.principle')}</th>${heard.map(voice => html`
        <th scope="col">${voiceMark(voice)}${spoken.voice(audit.id, voice)}</th>`)}<th scope="col">${t(
        'sides.apart-by')}</th></tr></thead>
      ${principles.map(one => html`<tbody><tr data-principle><th scope="row"><a href="#/audits/${audit.id}/p/${one.id}">${
        spoken.principle(audit.id, one.id)}</a></th>${figures(one, heard)}</tr>
        ${one.criteria.map(criterion => html`<tr><th scope="row"><a
          href="#/audits/${audit.id}/p/${one.id}/${criterion.id}">${spoken.statement(audit.id, criterion.id)}</a></th>
          ${figures(criterion, heard)}</tr>`)}</tbody>`)}</table></div>` : nothing}</details>`
}

const figures = ({ voices, gap }, heard) => html`${heard.map(voice => html`<td>${voices[voice]?.n ? said(voices[voice])
  : html`<span aria-hidden="true">–</span><span class="unseen">${t('sides.nobody')}</span>`}</td>`)}<td class="figure">${gap === null ? '–' : decimal(gap)}</td>`
