// What the picture shows: one number from 0 for each layer of each token, by a measure and for a
// population.

import { POPULATIONS, STEP_LEVELS } from '../shared/contract.js';

/** @typedef {import('../shared/spikes.js').Spikes} Spikes */
/** @typedef {'strong' | 'spikes' | 'active'} MeasureName */

/**
 * @typedef {object} Measure
 * @property {string} label in the menu
 * @property {string} noun in a sentence, after the figure
 * @property {number} limit end of the colour scale; fixed, so that pictures can be compared
 * @property {number[]} ticks numbers in the legend, from 0 to limit, at equal distances
 * @property {boolean} share shown in per cent
 * @property {(spikes: Spikes) => readonly number[]} counts
 */

/** @type {Readonly<Record<MeasureName, Measure>>} */
export const MEASURES = Object.freeze({
  // At T = 4 nearly all neurons leave rest for almost every token, which would paint one bright
  // area. How many leave it by more than one step can carry is what differs between layers and
  // words. Measured on SmolLM2-135M-Instruct at T = 4: 16 to 21 % over all populations for nine
  // cells of ten, 6 to 37 % for single ones; 0.4 to 3.6 spikes.
  strong: {
    label: `Neurons with |k| > ${STEP_LEVELS}`,
    noun: `of neurons with |k| > ${STEP_LEVELS}`,
    limit: 0.3,
    ticks: [0, 0.1, 0.2, 0.3],
    share: true,
    counts: (s) => s.strong,
  },
  spikes: {
    label: 'Binary spikes per neuron',
    noun: 'binary spikes per neuron',
    limit: 4,
    ticks: [0, 1, 2, 3, 4],
    share: false,
    counts: (s) => s.spikes,
  },
  active: {
    label: 'Neurons away from rest',
    noun: 'of neurons away from rest',
    limit: 1,
    ticks: [0, 0.25, 0.5, 0.75, 1],
    share: true,
    counts: (s) => s.active,
  },
});

/** @type {Readonly<Record<string, string>>} */
const LABELS = POPULATIONS;

/** @param {string} name @returns {string} the population's name for people */
export const populationLabel = (name) => LABELS[name] ?? name;

/**
 * The counts of one layer, over one population or all.
 * @param {Spikes} spikes
 * @param {readonly number[]} counts one of the arrays of spikes
 * @param {number} layer
 * @param {number} population its index; -1 for all
 * @returns {{count: number, neurons: number}}
 */
export function layerCount({ populations }, counts, layer, population) {
  let count = 0;
  let neurons = 0;
  for (let p = 0; p < populations.length; p++) {
    if (population !== -1 && population !== p) continue;
    count += counts[layer * populations.length + p];
    neurons += populations[p].neurons;
  }
  return { count, neurons };
}

/**
 * Activity per neuron of one layer.
 * @param {Spikes} spikes
 * @param {number} layer
 * @param {number} population its index; -1 for all
 * @param {MeasureName} measure
 */
export function activity(spikes, layer, population, measure) {
  const { count, neurons } = layerCount(
    spikes,
    MEASURES[measure].counts(spikes),
    layer,
    population,
  );
  return count / neurons;
}

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

/**
 * A figure of a measure in words.
 * @param {number} value
 * @param {MeasureName} measure
 * @returns {string}
 */
export function formatActivity(value, measure) {
  return MEASURES[measure].share ? `${(100 * value).toFixed(1)} %` : value.toFixed(2);
}

/**
 * One line for those who do not see the picture.
 * @param {readonly {spikes: Spikes}[]} columns
 * @param {number} population
 * @param {MeasureName} measure
 * @returns {string}
 */
export function summarize(columns, population, measure) {
  if (columns.length === 0) return 'No tokens yet.';
  const { layers } = columns[0].spikes;
  const means = Array.from(
    { length: layers },
    (_, layer) =>
      columns.reduce((sum, { spikes }) => sum + activity(spikes, layer, population, measure), 0) /
      columns.length,
  );
  const busiest = means.indexOf(Math.max(...means));
  const quietest = means.indexOf(Math.min(...means));
  const figure = (/** @type {number} */ layer) => formatActivity(means[layer], measure);
  return (
    `${columns.length} ${columns.length === 1 ? 'token' : 'tokens'}, ${layers} layers. ` +
    `On average layer ${busiest} is busiest: ${figure(busiest)} ${MEASURES[measure].noun}; ` +
    `layer ${quietest} is quietest: ${figure(quietest)}.`
  );
}
