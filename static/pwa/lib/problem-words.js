// What went wrong, in the reader's words where we have them, else in the server's.
import { has, t } from './words.js'

/**
 * One or two sentences for a person. The server's problems are known by their type, the device's by their reason.
 * @param {any} problem a Problem, Offline, StorageProblem, PhotoProblem, or a bug
 */
export function problemWords(problem) {
  if (problem?.name === 'StorageProblem') return t(`problem.storage-${problem.reason}`)
  if (problem?.name === 'PhotoProblem') return t(`photo.${problem.reason}`)
  if (problem?.name === 'Offline') return t(has(`problem.${problem.reason}`) ? `problem.${problem.reason}`
    : 'problem.offline')
  if (problem?.name === 'Repeating') return t('problem.repeating')
  const type = problem?.type?.split('/').pop()
  if (type && has(`problem.${type}`)) return t(`problem.${type}`)
  if (problem?.detail || problem?.title) return problem.detail ?? problem.title
  return t('problem.unknown')
}
