// Roles in one organisation: who may give and end which, where; and the questions that a form asks about them.
import { html } from '../vendor/lit.js'
import { choiceField } from '../elements/form.js'
import { selectField } from '../elements/select-field.js'
import { t } from '../lib/words.js'

const ROLES = ['auditor', 'lead', 'manager', 'assessor', 'panel', 'admin']
const MAY_GIVE = { lead: ['auditor', 'lead'], manager: ['auditor', 'lead', 'manager'], admin: ROLES }
const WHOLE = 'whole'

/** What somebody may do about roles here. The server decides; this only spares people choices it would refuse. */
export class Reach {
  #organisation
  #sites
  #grants

  /**
   * @param {{organisation: {id: string, may: string[]}, sites: {id: string, name: string, may: string[]}[]}} told
   * @param {{role: string, organisation: string | null, site: string | null}[]} grants their own
   */
  constructor({ organisation, sites }, grants) {
    this.#organisation = organisation
    this.#sites = sites
    this.#grants = grants
  }

  /**
   * The places where they may `verb`, null for the whole organisation; with a role, only those where they may give it.
   * @param {string} verb @param {string} [role] @returns {(string | null)[]}
   */
  places(verb, role) {
    const sites = this.#sites.filter(({ may }) => may.includes(verb)).map(({ id }) => id)
    const places = this.#organisation.may.includes(verb) ? [null, ...sites] : sites
    return role ? places.filter(site => this.#gives(role, site)) : places
  }

  /** Whether they may end this grant. */
  ends({ role, site }) { return this.places('grant.end', role).includes(site) }

  /** Whether they may end everything that somebody with these grants may do here. */
  endsAll({ grants }) { return grants.every(({ role }) => this.#gives(role, null)) }

  /** "Rowan ward", or "whole organisation". @param {string | null} site */
  place(site) { return site === null ? t('organisation.whole') : this.#sites.find(({ id }) => id === site)?.name ?? '' }

  /** "Lead, Rowan ward" @param {{role: string, site: string | null}} grant */
  words({ role, site }) { return t('role.where', { role: t(`role.${role}`), where: this.place(site) }) }

  /**
   * Which role, and where; nobody is asked where there is only one answer.
   * @param {string} verb @param {import('../elements/online-form.js').Given} given
   * @param {Record<string, string>} values
   */
  fields(verb, given, values) {
    const roles = ROLES.filter(role => this.places(verb, role).length)
      .map(role => ({ value: role, label: t(`role.${role}`), hint: t(`role.${role}-hint`) }))
    const places = this.places(verb, values.role).map(site => ({ value: site ?? WHOLE, label: this.place(site) }))
    const all = this.places(verb)
    return html`${choiceField({ ...given('role'), legend: t('role.which'), options: roles })}
      ${all.length > 1
        ? selectField({ ...given('where'), label: t('role.where-label'), empty: t('role.choose'), options: places })
        : html`<p>${t('role.only-at', { where: this.place(all[0]) })}</p>`}`
  }

  /** The role and the site as the server asks for them; the site is undefined where nothing was chosen. */
  asked(verb, { role, where }) {
    const places = this.places(verb)
    return { role, site: places.length === 1 ? places[0] : where === WHOLE ? null : where || undefined }
  }

  /** What is wrong with what was filled in, by field. @returns {Record<string, string>} */
  wrong(verb, values) {
    const { role, site } = this.asked(verb, values)
    const where = site === undefined ? 'role.need-where'
      : role && !this.places(verb, role).includes(site) ? 'role.not-there' : undefined
    return { ...(role ? {} : { role: t('role.need') }), ...(where ? { where: t(where) } : {}) }
  }

  #gives(role, site) {
    const { id } = this.#organisation
    return this.#grants.some(grant => MAY_GIVE[grant.role]?.includes(role)
      && (grant.organisation === null || (grant.organisation === id && [null, site].includes(grant.site))))
  }
}
