// What the picture shows: one number from 0 for each layer of each token, by a measure and for a
// population.

/** @import { Population, Spikes } from '../shared/spikes.js' */

/** @typedef {'unusual' | 'spikes' | 'active' | 'operations' | 'strong'} MeasureName */

/**
 * How many spikes each layer and population usually fires for a token, in the places that a
 * token's own counts have.
 * @typedef {object} Levels
 * @property {readonly number[]} spikes layers x populations
 * @property {{readonly spikes: readonly number[]} | null} [cache] layers x 2: keys, values
 */

/**
 * A token's counts.
 * @typedef {object} Counted
 * @property {Spikes} spikes
 * @property {Levels} usual
 */

/**
 * Its words are in words.heatmap.measures.
 * @typedef {object} Measure
 * @property {number} limit end of the colour scale; fixed, so that pictures can be compared
 * @property {number[]} ticks numbers in the legend, from 0 to limit, at equal distances
 * @property {boolean} share shown in per cent
 * @property {boolean} [signed] shown with its sign; what is below 0 has the scale's first colour
 * @property {boolean} [weighted] each neuron counts as often as it has synapses
 * @property {'spikes' | 'active' | 'strong'} counts
 */

/** In the order of the menu. @type {Readonly<Record<MeasureName, Measure>>} */
export const MEASURES = Object.freeze({
  // Against what packing has counted, SmolLM2-135M-Instruct in six answers at T = 1 to 4 and in the
  // presets, 3,548 tokens: over all populations 4 % for one cell of twenty, 6 % for one of a
  // hundred, 17 % at most. One of two hundred is beyond the end, in 12 % of the tokens; of a single
  // population 2 to 4 % are.
  unusual: {
    limit: 0.08, ticks: [0, 0.02, 0.04, 0.06, 0.08], share: true, signed: true, counts: 'spikes',
  },
  spikes: { limit: 4, ticks: [0, 1, 2, 3, 4], share: false, counts: 'spikes' },
  active: { limit: 1, ticks: [0, 0.25, 0.5, 0.75, 1], share: true, counts: 'active' },
  // For each synapse, so that it is beside the multiply-adds of a layer without spikes, whatever
  // the model's size.
  operations: {
    limit: 4, ticks: [0, 1, 2, 3, 4], share: false, weighted: true, counts: 'spikes',
  },
  // At T = 4 nearly all neurons leave rest for almost every token, which would paint one bright
  // area. How many leave it by more than one step can carry is what differs between layers and
  // words. Measured on SmolLM2-135M-Instruct at T = 4: 16 to 21 % over all populations for nine
  // cells of ten, 6 to 37 % for single ones; 0.4 to 3.6 spikes.
  strong: { limit: 0.3, ticks: [0, 0.1, 0.2, 0.3], share: true, counts: 'strong' },
});

export const MEASURE_NAMES = /** @type {MeasureName[]} */ (Object.keys(MEASURES));

/** Neurons that keep keys and values, which are counted apart: a token's `cache`. */
export const CACHE_NAMES = Object.freeze(['keys', 'values']);

/**
 * Counts of a token's populations: a chunk's `spike`, or its `cache`.
 * @typedef {Record<Measure['counts'], readonly number[]>
 *   & {populations: readonly Population[]}} CountSet
 */

/**
 * Where a population's counts are.
 * @param {Spikes} spikes
 * @param {string} population all, or a name; one that is not known is all
 * @returns {{set: CountSet, index: number, cached: boolean} | null} index -1: all of the set; null:
 *   they were not counted
 */
export function placeOf(spikes, population) {
  const cached = CACHE_NAMES.includes(population);
  const set = cached ? spikes.cache : spikes;
  if (!set) return null;
  const index = set.populations.findIndex(({ name }) => name === population);
  return cached && index === -1 ? null : { set, index, cached };
}

/**
 * A sum over one population of a layer, or all.
 * @param {readonly Population[]} populations
 * @param {readonly number[]} counts layers x populations
 * @param {number} layer
 * @param {number} index of the population; -1 for all
 * @param {boolean} [weighted] by synapses
 * @returns {{count: number, neurons: number}} weighted: synaptic operations, and synapses
 */
export function layerCount(populations, counts, layer, index, weighted = false) {
  let count = 0;
  let neurons = 0;
  for (let p = 0; p < populations.length; p++) {
    if (index !== -1 && index !== p) continue;
    const weight = weighted ? populations[p].fan_out : 1;
    count += weight * counts[layer * populations.length + p];
    neurons += weight * populations[p].neurons;
  }
  return { count, neurons };
}

/**
 * Reads the activity of a token's layers: per neuron, per synapse, or against what is usual.
 * @param {Counted} token
 * @param {string} population
 * @param {MeasureName} measure
 * @returns {(layer: number) => number} NaN where it was not counted
 */
export function activityOf({ spikes, usual }, population, measure) {
  const place = placeOf(spikes, population);
  if (!place) return () => NaN;
  const { set: { populations, [MEASURES[measure].counts]: counts }, index, cached } = place;
  const sum = (/** @type {readonly number[]} */ of, /** @type {number} */ layer) =>
    layerCount(populations, of, layer, index, MEASURES[measure].weighted);
  if (measure !== 'unusual') {
    return (layer) => {
      const { count, neurons } = sum(counts, layer);
      return count / neurons;
    };
  }
  const levels = cached ? usual.cache?.spikes : usual.spikes;
  if (!levels) return () => NaN;
  return (layer) => {
    const { count } = sum(counts, layer);
    const { count: before } = sum(levels, layer);
    // Where nothing ever fired, the first spike is as unusual as can be.
    return before > 0 ? count / before - 1 : Math.sign(count);
  };
}

/**
 * The activity of one layer.
 * @param {Counted} token
 * @param {number} layer
 * @param {string} population
 * @param {MeasureName} measure
 * @returns {number} NaN where it was not counted
 */
export const activity = (token, layer, population, measure) =>
  activityOf(token, population, measure)(layer);

/**
 * Sums over all layers of one token.
 * @param {Spikes} spikes
 * @returns {{spikes: number, operations: number, executed: number, dense: number, silent: number}}
 *   operations: synaptic, spikes times fan-out; dense: multiply-adds of the same layers without
 *   spikes; silent: share of neurons at rest
 */
export function totals(spikes) {
  const { populations, layers } = spikes;
  const sum = { spikes: 0, operations: 0, executed: 0, dense: 0, silent: 0 };
  let neurons = 0;
  let active = 0;
  for (let i = 0; i < layers * populations.length; i++) {
    const population = populations[i % populations.length];
    sum.spikes += spikes.spikes[i];
    sum.operations += spikes.spikes[i] * population.fan_out;
    sum.executed += spikes.executed[i] * population.fan_out;
    sum.dense += population.neurons * population.fan_out;
    neurons += population.neurons;
    active += spikes.active[i];
  }
  sum.silent = 1 - active / neurons;
  return sum;
}
