// What is asked: one question with several settings, and what that takes.

import { words } from '../words/words.js';

/** @import { AnswerSettings, Run } from '../record/types.js' */
/** @import { Preset, Steps } from '../shared/contract.js' */
/** @import { Lesions } from '../shared/lesions.js' */
/** @import { Plan, Settings } from './types.js' */

/** From the finest: the others are compared with the first. @type {readonly Steps[]} */
const COMPARED_STEPS = [4, 2, 1];

// A damaged model may never end by itself, so that an answer has a longest length: twice that of
// the one in the chat, where that one had none itself.
const LONGER = 2;
const LEAST_LIMIT = 64;
const LIMIT = 160;

// What a prompt's token takes of the time of an answer's, at the most (BENCHMARKS.md).
const PROMPT_SHARE = 0.6;

/**
 * The longest length of each answer, so that none of them is cut before the one in the chat was.
 * @param {AnswerSettings} settings
 * @param {Run | null} run
 * @returns {number} tokens
 */
export const limitOf = ({ max_tokens: most }, run) =>
  most ?? (run ? Math.max(LEAST_LIMIT, LONGER * run.tokens) : LIMIT);

/**
 * @param {AnswerSettings} settings
 * @param {number} limit tokens
 * @param {{preset: Preset} | {steps: Steps} | null} coding null: as it is
 * @param {Lesions} [lesions]
 * @returns {Settings}
 */
function asideOf(settings, limit, coding, lesions) {
  const { preset, steps, ...rest } = settings;
  const own = preset === undefined ? { steps } : { preset };
  return {
    ...coding ?? own, ...rest, max_tokens: limit,
    spike: { ...settings.spike, aside: true, ...(lesions ? { lesions } : {}) },
  };
}

/** @param {AnswerSettings} settings @param {number} limit @returns {Plan[]} */
export const planSteps = (settings, limit) => COMPARED_STEPS.map((steps) => (
  { title: words.coding.uniform(steps), settings: asideOf(settings, limit, { steps }) }));

/**
 * @param {AnswerSettings} settings
 * @param {number} limit
 * @param {readonly Preset[]} presets
 * @returns {Plan[]}
 */
export const planPresets = (settings, limit, presets) => presets.map((preset) => (
  { title: words.coding[preset].title, settings: asideOf(settings, limit, { preset }) }));

/**
 * @param {AnswerSettings} settings
 * @param {number} limit
 * @param {Lesions} lesions
 * @returns {[healthy: Plan, damaged: Plan]}
 */
export const planDamage = (settings, limit, lesions) => [
  { title: words.lesions.healthy, settings: asideOf(settings, limit, null) },
  { title: words.lesions.damaged, settings: asideOf(settings, limit, null, lesions) },
];

/**
 * What one answer takes, where something is known of another to the same question.
 * @param {Pick<Run, 'tokens' | 'first_token_ms' | 'ms'> & {context?: number}} run
 * @returns {number | null} milliseconds
 */
export function timeOf({ tokens, first_token_ms: first, ms, context }) {
  if (tokens < 2 || ms <= first) return null;
  const each = (ms - first) / (tokens - 1);
  // In the chat part of the prompt was read before.
  const prompt = context === undefined ? 0 : (context - tokens) * each * PROMPT_SHARE;
  return Math.max(first, prompt) + each * (tokens - 1);
}
