// Roles: who may give which, and where. The server decides; this only spares people choices it would refuse.
import { t } from '../lib/words.js'

/** As they are offered. */
export const ROLES = ['auditor', 'lead', 'manager', 'assessor', 'panel', 'admin']

const MAY_GIVE = { lead: ['auditor', 'lead'], manager: ['auditor', 'lead', 'manager'], admin: ROLES }

/**
 * The roles that somebody with these grants may give, and end, at a setting or (with null) in the whole organisation.
 * @param {{role: string, organisation: string | null, site: string | null}[]} grants
 * @param {string} organisation @param {string | null} site @returns {string[]}
 */
export function rolesToGive(grants, organisation, site) {
  const reaching = grants.filter(grant => grant.organisation === null || (grant.organisation === organisation && (grant.site === null || grant.site === site)))
  return ROLES.filter(role => reaching.some(grant => MAY_GIVE[grant.role]?.includes(role)))
}

/** "Lead, Rowan ward" @param {string} role @param {string | undefined} place a setting's name, or nothing for the whole organisation */
export const roleWords = (role, place) => t('role.where', { role: t(`role.${role}`), where: place ?? t('organisation.whole') })
