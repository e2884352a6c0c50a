// How far those who contributed agree, with n; where they are furthest apart is something to talk about, not a fault.
import { html, nothing } from '../../vendor/lit.js'
import '../../elements/voices-apart.js'
import { statementsAt } from '../../lib/statements-at.js'
import { t } from '../../lib/words.js'
import { VOICES } from '../../store/reading.js'
import { more } from './more.js'
import { spokenBy } from './voices.js'

/** From where on people agree so far (Landis and Koch 1977), for words and never for a verdict. */
const WORDS = [[0.6, 'much'], [0.2, 'partly'], [-Infinity, 'little']]

/** @param {import('../dashboard.js').Told} told */
export function agreement({ replies, spoken, more: next }) {
  const told = replies.agreement
  if (!told) return nothing
  return html`<details class="more"><summary>${t('sides.agreement-how')}</summary><p>${t('sides.agreement-how-why')}</p></details>
    <div class="cards" data-columns>${told.settings.map(one => setting(one, spoken))}</div>
    ${more(told, 'settings', 'agreement', next)}`
}

function setting({ name, audit, together, voices, apart }, spoken) {
  const heard = VOICES.filter(voice => voices[voice]?.raters > 1)
  return html`<section class="card"><h2><a href=${statementsAt(audit.id)}>${name}</a></h2>
    <table class="table agreement"><thead><tr><th scope="col">${t('sides.who')}</th><th scope="col">${t('sides.they')}</th>
      <th scope="col">${t('sides.measure')}</th></tr></thead><tbody>
      ${row(t('sides.together'), together, audit.id)}${heard.map(voice => row(spoken.voice(audit.id, voice), voices[voice],
        audit.id))}</tbody></table>
    ${apart.length ? html`<details class="more"><summary>${t('sides.talk-about', { n: apart.length })}<span
      class="unseen">: ${name}</span></summary>
      <ul class="listed">${apart.map(one => html`<li><h3><a
        href="#/audits/${audit.id}/p/${one.principle}/${one.criterion}">${spoken.statement(audit.id, one.criterion)}</a></h3>
        <voices-apart .voices=${spokenBy(audit.id, one.voices, spoken)}></voices-apart></li>`)}</ul></details>` : nothing}
    </section>`
}

const row = (who, { measure, value, n, raters }, audit) => html`<tr><th scope="row">${who} <small class="figure">${t('sides.n',
  { n: raters })}</small></th><td>${value === null ? t('sides.agree-unknown') : t(`sides.agree-${wordOf(value)}`)}</td>
  <td class="figure">${value === null ? '–' : value.toFixed(2)} <small>${t(`sides.${measure}`)}, <a
    href=${statementsAt(audit)}>${t('sides.statements', { n })}</a></small></td></tr>`

const wordOf = value => WORDS.find(([from]) => value >= from)[1]
