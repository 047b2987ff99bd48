// What is made of the engine's figures before they are shown. Nothing here draws.

import { messageOf } from '../shared/errors.js';

/** @import { Alternatives, NeuronHistory, PopulationSpikes } from '../shared/inspection.js' */
/** @import { TokenLogprob } from '../shared/logprob.js' */
/** @import { Spikes } from '../shared/spikes.js' */
/** @import { Seen } from './types.js' */

/** Ones in the size of a graded spike: its binary spikes. @param {number} spike */
const ones = (spike) => {
  let count = 0;
  for (let left = Math.abs(spike); left > 0; left >>= 1) count += left & 1;
  return count;
};

/**
 * @param {PopulationSpikes} all
 * @param {number} neuron
 * @returns {number} k = q - z
 */
export const fromRest = ({ codes, rest, group_size: size }, neuron) =>
  codes[neuron] - rest[Math.floor(neuron / size)];

/**
 * @param {PopulationSpikes} all
 * @returns {{neurons: number, active: number, spikes: number, levels: number, busiest: number}}
 *   as a token's counts have them; busiest: the neuron that is farthest above rest
 */
export function countsOf(all) {
  const sum = { neurons: all.codes.length, active: 0, spikes: 0, levels: 0, busiest: 0 };
  let most = -Infinity;
  for (let neuron = 0; neuron < sum.neurons; neuron++) {
    const k = fromRest(all, neuron);
    if (k !== 0) sum.active++;
    sum.levels += Math.abs(k);
    if (k > most) [most, sum.busiest] = [k, neuron];
  }
  for (const step of all.spikes) for (const spike of step) sum.spikes += ones(spike);
  return sum;
}

/**
 * Whether a population that was read again did what was counted when its token was chosen.
 * @param {PopulationSpikes} all
 * @param {Spikes} counted
 * @param {number} layer
 * @param {string} population
 */
export function isAsCounted(all, counted, layer, population) {
  const p = counted.populations.findIndex(({ name }) => name === population);
  const entry = layer * counted.populations.length + p;
  const { active, spikes, levels } = countsOf(all);
  return active === counted.active[entry] && spikes === counted.spikes[entry]
    && levels === counted.levels[entry];
}

/**
 * Whether a neuron is as it was.
 * @param {Seen} before
 * @param {Seen} now
 */
export const isAsSeen = (before, now) => before.code === now.code && before.rest === now.rest
  && before.threshold === now.threshold;

/**
 * @param {PopulationSpikes} all
 * @param {number} neuron
 * @returns {Seen}
 */
export function seenIn({ codes, rest, thresholds, group_size: size }, neuron) {
  const group = Math.floor(neuron / size);
  return { code: codes[neuron], rest: rest[group], threshold: thresholds[group] };
}

/**
 * @param {NeuronHistory} history
 * @param {number} at
 * @returns {Seen}
 */
export const seenAt = ({ codes, rest, thresholds }, at) =>
  ({ code: codes[at], rest: rest[at], threshold: thresholds[at] });

/**
 * The tokens that a neuron fired most for above its rest, strongest first. Where codes are equal
 * the larger value goes first.
 * @param {NeuronHistory} history
 * @param {(at: number) => boolean} counts whether a token is a word to show
 * @param {number} most
 * @returns {{at: number, code: number}[]} code: from rest
 */
export function strongest({ codes, rest, thresholds }, counts, most) {
  return codes.map((code, at) => ({ at, code: code - rest[at] }))
    .filter(({ at, code }) => code > 0 && counts(at))
    .sort((a, b) => b.code - a.code || b.code * thresholds[b.at] - a.code * thresholds[a.at]
      || a.at - b.at)
    .slice(0, most);
}

/**
 * Likely tokens by chance; the chosen one is last where it is not among them.
 * @param {Alternatives} told
 * @returns {{chances: (TokenLogprob['top_logprobs'][number] & {chance: number, chosen: boolean})[],
 *   rest: number}} rest: the chance of all others together
 */
export function chancesOf({ top_logprobs: top, ...told }) {
  const same = (/** @type {{token: string, bytes: number[] | null}} */ one) =>
    one.token === told.token && String(one.bytes) === String(told.bytes);
  const all = top.some(same) ? top : [...top, told];
  const chances = all.map(({ token, bytes, logprob }) => ({
    token, bytes, logprob, chance: Math.exp(logprob), chosen: same({ token, bytes }),
  }));
  const rest = 1 - chances.reduce((sum, { chance }) => sum + chance, 0);
  return { chances, rest: Math.max(0, rest) };
}

/**
 * The part of a histogram that is not empty, with rest (0) in it.
 * @param {Pick<PopulationSpikes, 'lowest' | 'histogram'>} all
 * @returns {{first: number, counts: number[]}} first: the code from rest of the first count
 */
export function trimmed({ lowest, histogram }) {
  let [from, to] = [-lowest, -lowest];
  histogram.forEach((count, i) => {
    if (count > 0) [from, to] = [Math.min(from, i), Math.max(to, i)];
  });
  return { first: lowest + from, counts: histogram.slice(from, to + 1) };
}

/** Why nothing is shown. @typedef {'gone' | 'busy' | 'stopped' | 'dead' | 'failed'} Reason */

/**
 * @param {unknown} error of the engine
 * @returns {{reason: Reason, detail: string}}
 */
export function reasonOf(error) {
  const { code } = /** @type {{code?: string}} */ (Object(error));
  /** @type {Record<string, Reason>} */
  const reasons = {
    bad_request: 'gone', busy: 'busy', aborted: 'stopped', engine_crashed: 'dead', timeout: 'dead',
    out_of_memory: 'dead',
  };
  return { reason: reasons[code ?? ''] ?? 'failed', detail: messageOf(error) };
}
