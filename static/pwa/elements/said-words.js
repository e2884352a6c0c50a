// An operation in words: what was said, about what, and the text itself.
import { t } from '../lib/words.js'
import { items } from '../store/evidencing.js'
import { captionOf, kindWord } from './evidence-words.js'
import { groups } from '../store/effects.js'

/**
 * @param {{kind: string, payload: any}} operation
 * @param {any} [audit] where its words are found: criteria, contributors, the scale; the assessment, for what is of one
 * @returns {{title: string, about?: string, text?: string}}
 */
export function saidWords({ kind, payload }, audit) {
  const about = criterionOf(audit?.edition, payload.criterion)?.statement
  const word = ratingWords(payload, audit?.edition)
  switch (kind) {
    case 'audit.open': return { title: t('said.open') }
    case 'contributor.add': return { title: t('said.add', { label: payload.label }) }
    case 'contributor.withdraw': return { title: t('said.withdraw') }
    case 'answer.rate': return { title: t('said.rate', { word }), about, text: payload.reason }
    case 'answer.comment': return { title: t(payload.text ? 'said.comment' : 'said.no-comment'), about,
      text: payload.text }
    case 'finding.agree': return { title: t('said.agree', { word }), about, text: payload.reason }
    case 'finding.account': return { title: t('said.account'), about, text: accountWords(payload) }
    case 'plan.add': return { title: t('said.plan-add'), text: payload.what }
    case 'plan.change': return { title: t('said.plan-change'), text: payload.what ?? planned(audit, payload.item) }
    case 'plan.settle': return { title: t('said.plan-settle', { state: t(`plan.state-${payload.state}`) }),
      about: planned(audit, payload.item), text: payload.outcome ?? payload.reason }
    case 'evidence.add': return { title: t('said.evidence', { kind: kindWord(payload.kind) }),
      about: statements(audit, payload.criteria), text: payload.caption }
    case 'evidence.tag': case 'evidence.untag': case 'evidence.withdraw':
      return { title: t(kind === 'evidence.withdraw' ? 'said.withdraw-evidence' : `said.${kind.split('.')[1]}`), about,
         text: captionIn(audit, payload.evidence) }
    case 'evidence.caption': return { title: t('said.caption'), text: payload.caption }
    case 'judgement.record': return { title: t('said.judge', { word: t(`judgement.${payload.judgement}`) }), about,
      text: payload.reason }
    case 'judgement.note': return { title: t('said.note'), about, text: payload.text }
    case 'judgement.probe': return { title: t(payload.probe ? 'said.probe' : 'said.no-probe'), about }
    case 'visit.see': return { title: t('said.see'), about: statements(audit, payload.criteria), text: payload.text }
    case 'visit.unsee': return { title: t('said.unsee'),
      text: groups(audit?.registers[`seen/${payload.seen}/said`])[0]?.value.text }
    case 'assessment.remark': return { title: t('said.remark'), text: ['strengths', 'suggestions'].filter(part =>
      payload[part]).map(part => `${t(`visit.${part}`)}: ${payload[part]}`).join('\n') }
    default: return { title: kind }
  }
}

/** What several criteria say. @param {any} audit @param {string[]} criteria */
const statements = (audit, criteria) => criteria.map(id => criterionOf(audit?.edition, id)?.statement).filter(Boolean)
  .join(' · ')

/** What an item of the plan says is to be done. */
const planned = (audit, item) => groups(audit?.registers[`plan/${item}/what`])[0]?.value

/** What an item of evidence says. @param {any} audit @param {string} id */
function captionIn(audit, id) {
  const item = audit && items(audit.registers).find(one => one.id === id)
  return item && captionOf(item)
}

/** A rating in the scale's word, "does not apply", or "no rating". */
export function ratingWords({ rating, reason }, edition) {
  if (rating === null || rating === undefined) return t(reason ? 'said.not-apply' : 'said.cleared')
  return edition?.scale.find(step => step.value === rating)?.word ?? String(rating)
}

/** The three parts of an account, each under its heading. */
export const accountWords = ({ shows, helps, hinders }) => [['shows', shows], ['helps', helps], ['hinders', hinders]]
  .filter(([, text]) => text).map(([part, text]) => `${t(`finding.${part}`)}: ${text}`).join('\n')

/** @param {any} edition @param {string} id */
export const criterionOf = (edition, id) => edition?.principles.flatMap(({ criteria }) => criteria).find(criterion =>
  criterion.id === id)
