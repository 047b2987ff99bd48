// The line under an answer: how it went.

import { words } from '../words/words.js';
import { codingTitle } from './coding-choice.js';
import { earlyText } from './precision.js';

/** @import { RecordedAnswer, Run } from '../record/types.js' */

/** @param {Run} run @returns {number} tokens a second, from the first on; 0 where not known */
export const rateOf = ({ tokens, first_token_ms: first, ms }) =>
  (tokens > 1 && ms > first ? (1000 * (tokens - 1)) / (ms - first) : 0);

/**
 * @param {RecordedAnswer} answer
 * @param {boolean} full whether the context was
 * @returns {string}
 */
export function noteOf({ finish_reason: reason, run }, full) {
  const { cutFull, cutLength, first: firstAfter, seed, stopped } = words.answer;
  const cut = full ? cutFull : cutLength;
  const parts = reason === 'abort' ? [stopped] : reason === 'length' ? [cut] : [];
  if (run) {
    const { settings, first_token_ms: first } = run;
    const rate = rateOf(run);
    if (first) parts.push(firstAfter(first / 1000));
    if (rate > 0) parts.push(words.chat.rate(rate));
    if (run.precision) parts.push(earlyText(words.answer.early, run.precision));
    parts.push(
      settings.steps === undefined
        ? codingTitle({ coding: settings.preset ?? 'best', steps: 4 })
        : codingTitle({ coding: 'uniform', steps: settings.steps }),
      seed(settings.seed),
    );
  }
  return parts.join(' · ');
}
