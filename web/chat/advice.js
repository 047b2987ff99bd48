// What to tell the reader about an error: what happened is the error's own message; this is what to
// do.

import { words } from '../words/words.js';

/** @import { ErrorCode, SpikeError } from '../shared/errors.js' */

/** @typedef {{title: string, advice: string}} Advice */

/** @param {ErrorCode} code @returns {Advice} */
export const adviceFor = (code) => words.advice[code];

/**
 * What to tell about an error of loading.
 * @param {SpikeError} error
 * @param {string} address of the model's manifest
 * @returns {Advice}
 */
export function adviceForLoading({ code, status, url }, address) {
  if ((status !== 404 && status !== 410) || url !== address) return adviceFor(code);
  const { title, advice } = words.noModel;
  return { title, advice: advice(address) };
}
