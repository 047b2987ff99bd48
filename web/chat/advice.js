// What to tell the reader about an error: what happened is the error's own message; this is what to
// do.

import { ownName } from '../shared/own-model.js';
import { words } from '../words/words.js';

/** @import { ErrorCode, SpikeError } from '../shared/errors.js' */

/** What ends a load that the next one goes on behind. @type {ErrorCode[]} */
const GOES_ON = ['offline', 'http_status', 'shard_truncated', 'out_of_memory'];

/** @typedef {{title: string, advice: string, file?: true}} Advice file: one is to be opened */

/**
 * Where a model of the reader's own is not here, or not whole: its file has all there is to do.
 * @returns {Advice & {file: true}}
 */
export const noOwnModel = () =>
  ({ title: words.noModel.title, advice: words.noModel.own, file: true });

/** @param {ErrorCode} code @returns {Advice} */
export const adviceFor = (code) => words.advice[code];

/**
 * What to tell about an error of loading.
 * @param {SpikeError} error
 * @param {string} address of the model's manifest
 * @param {boolean} kept whether what came whole is
 * @returns {Advice}
 */
export function adviceForLoading({ code, status, url }, address, kept) {
  if (ownName(address) && (status === 404 || code === 'shard_corrupt')) return noOwnModel();
  if ((status === 404 || status === 410) && url === address) {
    const { title, advice } = words.noModel;
    return { title, advice: advice(address) };
  }
  const { title, advice } = adviceFor(code);
  if (code === 'aborted') return { title, advice: kept ? advice : '' };
  return { title, advice: kept && GOES_ON.includes(code) ? words.loading.kept(advice) : advice };
}
