// What an assessment's registers say: judgements, what was seen on the visit, remarks, what is still missing. Pure.
import { groups } from './effects.js'

/**
 * @typedef {import('./effects.js').Registers} Registers
 * @typedef {import('./effects.js').Write} Write
 * @typedef {'met'|'partly'|'not-yet'|'does-not-apply'} Judged
 *
 * @typedef {object} Judgement what an assessor holds on one criterion. Where two of their devices differ (`differs`,
 * `noteDiffers`), none is chosen: see `writes`
 * @property {Judged|undefined} judgement
 * @property {string|undefined} reason
 * @property {string} note for themselves alone
 * @property {boolean} probe they mean to look at it on the visit
 * @property {boolean} differs
 * @property {boolean} noteDiffers
 * @property {Write[]} writes
 *
 * @typedef {{id: string, criteria: string[], text: string, differs: boolean}} Seen
 */

/** @type {Judged[]} */
export const JUDGEMENTS = ['met', 'partly', 'not-yet', 'does-not-apply']

/** @param {Registers} registers @param {string} criterion @returns {Judgement} */
export const judgement = (registers, criterion) => {
  const held = said(registers, `judgement/${criterion}/judgement`)
  const note = said(registers, `judgement/${criterion}/note`)
  const probes = groups(registers[`judgement/${criterion}/probe`])
  return {
    judgement: held.value?.judgement,
    reason: held.value?.reason,
    note: note.value ?? '',
    probe: probes.some(({ value }) => value),
    differs: held.differs,
    noteDiffers: note.differs,
    writes: held.writes,
  }
}

/**
 * What was seen on the visit and not taken back, in the order in which it was first said. Where devices differ on the
 * words, all of them are there; where one took it back and another did not, it is.
 * @param {Registers} registers @returns {Seen[]}
 */
export const seen = registers =>
  Object.keys(registers)
    .filter(name => name.startsWith('seen/') && name.endsWith('/said') && registers[name].length > 0)
    .map(name => name.split('/')[1])
    .filter(id => !groups(registers[`seen/${id}/withdrawn`]).every(({ value }) => value))
    .sort()
    .map(id => {
      const sides = groups(registers[`seen/${id}/said`])
      return {
        id,
        criteria: [...new Set(sides.flatMap(({ value }) => value.criteria))].sort(),
        text: sides.map(({ value }) => value.text).join(' / '),
        differs: sides.length > 1,
      }
    })

/** @param {Registers} registers @returns {{strengths: string, suggestions: string, differs: boolean}} */
export const remark = registers => {
  const { value, differs } = said(registers, 'assessment/remark')
  return { strengths: value?.strengths ?? '', suggestions: value?.suggestions ?? '', differs }
}

/**
 * What a report still needs: `reasons`, where the judgement is not what the finding leads one to expect, or no finding
 * stands; `differing`, to be settled; and before a release `judgements`, where there is none.
 * @param {Registers} registers @param {{[criterion: string]: Judged|null}} expects @param {string[]} criteria in order
 * @returns {{judgements: string[], reasons: string[], differing: string[]}}
 */
export const missing = (registers, expects, criteria) => {
  const held = criteria.map(criterion => ({ criterion, ...judgement(registers, criterion) }))
  const where = (/** @type {(one: typeof held[number]) => boolean} */ is) => held.filter(is).map(one => one.criterion)
  return {
    judgements: where(one => one.judgement === undefined && !one.differs),
    reasons: where(one => one.judgement !== undefined && !one.reason && needsReason(one.judgement, expects[one.criterion])),
    differing: where(one => one.differs),
  }
}

/**
 * Does whoever judges so have to say why?
 * @param {Judged} judged @param {Judged|null|undefined} expects what the finding leads one to expect, null where none
 * stands
 */
export const needsReason = (judged, expects) => judged !== expects

/** @param {Registers} registers @param {string} name */
function said(registers, name) {
  const sides = groups(registers[name])
  return { value: sides.length === 1 ? sides[0].value : undefined, differs: sides.length > 1, writes: registers[name] ?? [] }
}
