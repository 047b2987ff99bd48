// Has this machine give a recorded answer again, and compares every token and count.

import { checkOf, countsIn } from './read.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { Spikes } from '../shared/spikes.js' */
/** @import { RecordedToken, Recording } from './read.js' */

/**
 * Where the first difference is.
 * @typedef {object} Difference
 * @property {number} token its index
 * @property {string | null} was its text; null: the recording had ended
 * @property {string | null} is null: the answer has ended
 * @property {{layer: number, population: string, was: number, is: number}} [place] whose spikes
 *   differ; none where other counts do, or the text
 */

/**
 * @typedef {object} Verdict
 * @property {number} tokens that were compared
 * @property {number} counts likewise
 * @property {Difference} [difference]
 */

/**
 * @param {Pick<Engine, 'chat'>} engine
 * @param {Recording} recording
 * @param {AbortSignal} signal
 * @returns {Promise<Verdict | null>} null where it was stopped
 * @throws {import('../shared/errors.js').SpikeError} of the engine
 */
export async function reproduce(engine, { question, settings, tokens }, signal) {
  const chunks = await engine.chat.completions.create({
    messages: [{ role: 'user', content: question }], stream: true, ...settings,
  }, { signal });
  const verdict = { tokens: 0, counts: 0 };
  for await (const { choices: [{ delta, finish_reason: finish }], spike } of chunks) {
    if (finish === 'abort') return null;
    const index = verdict.tokens;
    const now = finish || !spike?.spikes
      ? null : { text: delta.content ?? '', spikes: spike };
    const difference = differenceOf(tokens[index], now);
    if (difference) return { ...verdict, difference: { token: index, ...difference } };
    if (!now) return verdict;
    verdict.tokens++;
    verdict.counts += countsIn(now.spikes).length;
  }
  return null;
}

/**
 * @param {RecordedToken | undefined} then
 * @param {{text: string, spikes: Spikes} | null} now
 * @returns {Omit<Difference, 'token'> | null}
 */
function differenceOf(then, now) {
  const [was, is] = [then?.text ?? null, now?.text ?? null];
  if (was !== is) return { was, is };
  if (!then || !now || then.check === checkOf(countsIn(now.spikes))) return null;
  const { spikes, populations } = now.spikes;
  const at = spikes.findIndex((n, i) => n !== then.spikes.spikes[i]);
  if (at < 0) return { was, is };
  const layer = Math.floor(at / populations.length);
  const population = populations[at % populations.length].name;
  return { was, is, place: { layer, population, was: then.spikes.spikes[at], is: spikes[at] } };
}
