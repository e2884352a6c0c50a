// Which settings, which of their audits, in which order: said in one line, changed behind it.
import { html, nothing } from '../../vendor/lit.js'
import { icon } from '../../elements/icons.js'
import { selectField } from '../../elements/select-field.js'
import { capital, t } from '../../lib/words.js'
import { ORDERS, RANKING, narrowed, readAsked } from './asked.js'

/** Screens of which the order of settings is a part. */
const ORDERED = ['overview']
const CYCLES = 6

/**
 * @param {{asked: any, everywhere: any[], settings: any[], app: any, spoken: import('./spoken.js').Spoken, side: string,
 *   choose: (asked: any) => void, isOpen: boolean, opened: (is: boolean) => void}} told
 */
export function choices({ asked, everywhere, settings, app, spoken, choose, side, isOpen, opened }) {
  const ordered = ORDERED.includes(side)
  const change = event => choose({ ...asked, [event.target.name]: event.target.value })
  return html`<details class="more choices" @toggle=${event => opened(event.target.open)}><summary>${icon('sides')}<span>${inWords(asked, settings, everywhere,
      ordered)}</span></summary>
      ${isOpen ? html`<form class="filter" @submit=${event => event.preventDefault()} @change=${change}>
        ${fields(asked, everywhere, app, spoken).map(field => selectField(field))}
        ${ordered ? selectField({ id: 'order', label: t('sides.order'), value: asked.order,
          options: ORDERS.map(value => ({ value, label: t(`sides.order-${value}`) })) }) : nothing}
      </form>` : nothing}
      ${narrowed(asked) ? html`<button class="button" @click=${() => choose({ ...readAsked(''), lens: asked.lens,
        order: asked.order })}>${t('sides.show-all')}</button>` : nothing}</details>
    ${ordered && asked.order === RANKING ? html`<p class="notice" data-kind="differ">${t('sides.ranking')}</p>` : nothing}`
}

const inWords = (asked, settings, everywhere, ordered) => [
  settings.length < everywhere.length ? t('sides.some', { n: settings.length, of: everywhere.length })
    : t('sides.all', { n: settings.length }),
  ordered ? t(`sides.ordered-${asked.order}`) : '',
  asked.track ? t(`track.${asked.track}`) : '',
  asked.cycle ? t('sides.cycle-n', { n: asked.cycle }) : '',
].filter(Boolean).join(' · ')

/** Only what there is a choice of. */
function fields(asked, everywhere, app, spoken) {
  const any = t('sides.any')
  const unique = (name, list) => [...new Set([...list, asked[name]].filter(Boolean))]
  const audits = everywhere.map(({ audit }) => audit).filter(Boolean)
  const organisationName = id => app.store.home?.organisations.find(one => one.id === id)?.name ?? id
  /** @type {Record<string, [string[], (value: string) => string]>} */
  const said = {
    organisation: [unique('organisation', everywhere.map(one => one.organisation)), organisationName],
    site: [unique('site', everywhere.map(({ id }) => id)), id => everywhere.find(one => one.id === id)?.name ?? id],
    sector: [unique('sector', everywhere.map(one => one.sector)), sector => sectorWord(sector, everywhere, spoken)],
    checklist: [unique('checklist', audits.map(one => one.checklist)), slug => spoken.edition(audits.find(one =>
      one.checklist === slug)?.id)?.title ?? capital(slug.replaceAll('-', ' '))],
    track: [['development', 'award'], track => t(`track.${track}`)],
    stage: [unique('stage', audits.map(one => one.stage)), stage => t(`stage.${stage}`)],
  }
  const found = Object.entries(said).filter(([name, [values]]) => values.length > 1 || asked[name])
    .map(([id, [values, label]]) => ({ id, label: t(`sides.${id}`), value: asked[id], empty: any,
      options: values.map(value => ({ value, label: label(value) })).sort((one, other) =>
        one.label.localeCompare(other.label)) }))
  const most = Math.max(Number(asked.cycle), ...audits.map(({ cycle }) => cycle), 1)
  const cycle = { id: 'cycle', label: t('sides.cycle'), value: asked.cycle, empty: t('sides.latest'),
    options: [...Array(Math.min(most, CYCLES)).keys()].map(n => ({ value: String(n + 1),
      label: t('sides.cycle-n', { n: n + 1 }) })) }
  return most > 1 ? [...found, cycle] : found
}

/** "Ward" */
function sectorWord(sector, everywhere, spoken) {
  const there = everywhere.find(one => one.sector === sector && one.audit)
  return capital(spoken.edition(there?.audit.id)?.words.setting ?? sector.replaceAll('-', ' '))
}
