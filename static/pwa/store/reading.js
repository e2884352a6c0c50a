// What registers say, in the words of an audit: contributors, answers by voice, findings, progress, differences. Pure.
import { groups, same } from './effects.js'

/**
 * @typedef {import('./effects.js').Registers} Registers
 * @typedef {import('./effects.js').Write} Write
 * @typedef {{value: any, writes: Write[]}} Group
 * @typedef {{id: string, label: string, voice: string, withdrawn: boolean, differs: boolean}} Contributor
 * @typedef {{rating: number|null|undefined, reason: string|undefined, comment: string|undefined, writes: Write[],
 *   commentWrites: Write[], differs: boolean, commentDiffers: boolean}} Answer `rating` is undefined when there is
 *   none or when it differs, null when the criterion does not apply
 */

export const VOICES = ['staff', 'resident', 'visitor', 'assessor']

/**
 * Who speaks in this audit, those withdrawn included, by label.
 * @param {Registers} registers @returns {Contributor[]}
 */
export const contributors = registers => {
  const ids = Object.keys(registers)
    .filter(name => name.startsWith('contributor/') && name.endsWith('/voice'))
    .map(name => name.split('/')[1])
  return ids.map(id => contributor(registers, id)).sort((one, other) => one.label.localeCompare(other.label))
}

/**
 * What one contributor says of one criterion. Where two devices differ, neither is chosen: see `writes`.
 * @param {Registers} registers @param {string} contributor @param {string} criterion @returns {Answer}
 */
export const answer = (registers, contributor, criterion) => {
  const rating = one(registers, `answer/${contributor}/${criterion}/rating`)
  const comment = one(registers, `answer/${contributor}/${criterion}/comment`)
  return {
    ...rated(rating.value),
    comment: comment.value,
    writes: rating.writes,
    commentWrites: comment.writes,
    differs: rating.differs,
    commentDiffers: comment.differs,
  }
}

/**
 * The answers to a criterion by voice, each on its own: voices are never pooled. `n` counts those who gave a rating.
 * @param {Registers} registers @param {string} criterion
 * @returns {{voice: string, n: number, answers: (Answer & {contributor: string, label: string})[]}[]} voices heard, in
 * order
 */
export const byVoice = (registers, criterion) => {
  const speaking = contributors(registers).filter(({ withdrawn }) => !withdrawn)
  return VOICES.map(voice => {
    const answers = speaking
      .filter(speaker => speaker.voice === voice)
      .map(speaker => ({ ...answer(registers, speaker.id, criterion), contributor: speaker.id, label: speaker.label }))
      .filter(said => said.rating !== undefined || said.comment || said.differs || said.commentDiffers)
    return { voice, n: answers.filter(({ rating }) => typeof rating === 'number').length, answers }
  }).filter(({ answers }) => answers.length > 0)
}

/**
 * What the team has agreed on a criterion. Agreed is what one group alone says, and says something: a rating, or a
 * "does not apply" with its reason.
 * @param {Registers} registers @param {string} criterion
 */
export const finding = (registers, criterion) => {
  const rating = one(registers, `finding/${criterion}/rating`)
  const account = one(registers, `finding/${criterion}/account`)
  return {
    ...rated(rating.value),
    account: account.value,
    writes: rating.writes,
    accountWrites: account.writes,
    differs: rating.differs,
    accountDiffers: account.differs,
    agreed: rated(rating.value).rating !== undefined,
  }
}

/**
 * What the answers propose as the finding: where everybody within each voice, and every voice, says the same, that;
 * else nothing, and where they differ.
 * @param {Registers} registers @param {string} criterion
 * @returns {{rating: number|null|undefined, reason: string|undefined, voices: {voice: string, rating:
 *   number|null|undefined, n: number, agree: boolean}[], differing: string[], apart: boolean}} `differing`: voices
 *   that differ within; `apart`: voices that each agree within, and differ from one another
 */
export const proposal = (registers, criterion) => {
  const voices = byVoice(registers, criterion)
    .map(({ voice, answers }) => {
      const said = answers.filter(({ rating, differs }) => rating !== undefined || differs)
      const agree = said.length > 0 && said.every(({ rating, differs }) => !differs && rating === said[0].rating)
      return {
        voice,
        n: said.length,
        agree,
        rating: agree ? said[0].rating : undefined,
        reason: agree ? said[0].reason : undefined,
      }
    })
    .filter(({ n }) => n > 0)
  const differing = voices.filter(({ agree }) => !agree).map(({ voice }) => voice)
  const apart = voices.filter(({ agree }) => agree).some(({ rating }, _, [first]) => rating !== first.rating)
  const proposed = differing.length || apart ? undefined : voices[0]
  return { rating: proposed?.rating, reason: proposed?.reason, voices, differing, apart }
}

/**
 * How far each principle has come: findings agreed, criteria that somebody answered, criteria there are.
 * @param {Registers} registers @param {{principles: {id: string, criteria: {id: string}[]}[]}} edition
 */
export const progress = (registers, edition) => {
  const withdrawn = new Set(
    contributors(registers)
      .filter(one => one.withdrawn)
      .map(({ id }) => id)
  )
  const answered = new Set(
    Object.keys(registers)
      .map(name => name.split('/'))
      .filter(
        ([thing, by, criterion, field]) =>
          thing === 'answer'
          && field === 'rating'
          && !withdrawn.has(by)
          && registers[`answer/${by}/${criterion}/rating`].some(({ value }) => rated(value).rating !== undefined)
      )
      .map(([, , criterion]) => criterion)
  )
  return edition.principles.map(({ id, criteria }) => ({
    id,
    agreed: criteria.filter(criterion => finding(registers, criterion.id).agreed).length,
    answered: criteria.filter(criterion => answered.has(criterion.id)).length,
    criteria: criteria.length,
  }))
}

/**
 * What people wrote unseen by one another, and nobody has settled.
 * @param {Registers} registers
 * @returns {{register: string, kind: string, criterion?: string, contributor?: string, evidence?: string,
 *   item?: string, groups: Group[]}[]} `kind`: rating, comment, finding, account, contributor, plan or opening; of
 *   evidence caption, shows, withdrawn or details
 */
export const differences = registers =>
  Object.entries(registers)
    .map(([register, writes]) => ({ register, ...about(register), groups: writes.length > 1 ? groups(writes) : [] }))
    .filter(found => found.groups.length > 1)
    .sort((one, other) => (one.register < other.register ? -1 : 1))

/** The criterion that a register is about, if it is about one alone. @param {string} register */
export const criterionOf = register => about(register).criterion

/** @param {Registers} registers @param {string} id @returns {Contributor} */
function contributor(registers, id) {
  const [label, voice, withdrawn] = ['label', 'voice', 'withdrawn'].map(field =>
    groups(registers[`contributor/${id}/${field}`])
  )
  const differs = [label, voice, withdrawn].some(found => found.length > 1)
  // where somebody withdrew and somebody else did not, they stay until it is settled: nothing said is lost
  const isGone = withdrawn.length > 0 && withdrawn.every(({ value }) => value === true)
  return { id, label: label[0]?.value ?? '', voice: voice[0]?.value ?? '', withdrawn: isGone, differs }
}

/** @param {Registers} registers @param {string} register */
function one(registers, register) {
  const writes = registers[register] ?? []
  const differs = writes.some(({ value }) => !same(value, writes[0].value))
  return { value: differs ? undefined : writes[0]?.value, writes, differs }
}

/**
 * A cleared rating (null, with no reason) is none.
 * @param {{rating: number|null, reason?: string} | undefined} value
 */
function rated(value) {
  if (!value || (value.rating === null && !value.reason)) return { rating: undefined, reason: undefined }
  return { rating: value.rating, reason: value.reason }
}

/** @param {string} register */
function about(register) {
  const [thing, one, two, three] = register.split('/')
  if (thing === 'answer') return { kind: three, contributor: one, criterion: two }
  if (thing === 'finding') return { kind: two === 'rating' ? 'finding' : 'account', criterion: one }
  if (thing === 'contributor') return { kind: 'contributor', contributor: one }
  if (thing === 'plan') return { kind: 'plan', item: one }
  if (thing === 'evidence') return { kind: two, evidence: one, ...(three ? { criterion: three } : {}) }
  return { kind: 'opening' }
}
