// How far an audit has come on its way to an award, in the words of its team.
import { t } from './words.js'

/**
 * Has the team said that the facts of the report are right, or corrected them? Then it waits for a panel.
 * @param {string} stage @param {any} submission
 */
export const isChecked = (stage, submission) => stage === 'released' && !submission?.facts_by

/** @param {string} stage @param {any} submission */
export const stageWords = (stage, submission) => t(`stage.${isChecked(stage, submission) ? 'checked' : stage}`)
