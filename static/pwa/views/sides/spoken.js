// The words of the checklists that the dashboard's figures are about, in each setting's sector.
import { capital, t } from '../../lib/words.js'

export class Spoken {
  #editions = new Map()
  #audits = new Map()

  /**
   * Learns which checklist each audit uses, and the words of those it does not know yet.
   * @param {any} store @param {any[]} settings as a reply names them
   * @returns {Promise<boolean>} whether there are words that were not known before
   */
  async learn(store, settings) {
    const before = this.#editions.size
    for (const { id, name, sector, audit } of settings) {
      if (!audit) continue
      const about = { ...audit, sector, site: id, name }
      this.#audits.set(audit.id, about)
      if (audit.previous) this.#audits.set(audit.previous, { ...about, id: audit.previous })
      const key = keyOf(about)
      if (this.#editions.has(key)) continue
      const edition = await store.loadEdition(audit.checklist, audit.edition, sector)
      if (edition) this.#editions.set(key, edition)
    }
    return this.#editions.size > before
  }

  /** Are there audits whose words this device has not got yet? */
  get lacks() { return [...this.#audits.values()].some(about => !this.#editions.has(keyOf(about))) }

  /** The edition an audit is on, in its sector's words; undefined when this device has not got them. */
  edition(audit) {
    const about = this.#audits.get(audit)
    return about && this.#editions.get(keyOf(about))
  }

  /** "Belonging" */
  principle(audit, id) {
    const found = this.edition(audit)?.principles.find(one => one.id === id)
    return found?.short ?? found?.title ?? capital(id)
  }

  /** "A newcomer is met …" */
  statement(audit, id) {
    for (const { criteria } of this.edition(audit)?.principles ?? []) {
      const found = criteria.find(one => one.id === id)
      if (found) return found.statement
    }
    return id
  }

  /** "Patients", in the setting's own word */
  voice(audit, voice) { return this.edition(audit)?.voices[voice] ?? t(`voice.${voice}`) }
}

const keyOf = ({ checklist, edition, sector }) => `${checklist}/${edition}/${sector}`
