// What the picture shows: one number from 0 for each layer of each token, by a measure and for a
// population.

import { POPULATIONS } from '../shared/contract.js';

/** @typedef {import('../shared/spikes.js').Spikes} Spikes */
/** @typedef {'unusual' | 'strong' | 'spikes' | 'active'} MeasureName */
/**
 * A token's counts.
 * @typedef {object} Counted
 * @property {Spikes} spikes
 * @property {readonly number[]} usual its layers' usual spikes, as Usual gives them
 */

/**
 * @typedef {object} Measure
 * @property {string} label in the menu
 * @property {string} noun in a sentence, after the figure
 * @property {string} says what a cell's colour says, for someone who knows nothing of it
 * @property {number} limit end of the colour scale; fixed, so that pictures can be compared
 * @property {number[]} ticks numbers in the legend, from 0 to limit, at equal distances
 * @property {boolean} share shown in per cent
 * @property {boolean} [signed] shown with its sign; what is below 0 has the scale's first colour
 * @property {(spikes: Spikes) => readonly number[]} counts
 */

/** @type {Readonly<Record<MeasureName, Measure>>} */
export const MEASURES = Object.freeze({
  // Measured on SmolLM2-135M-Instruct in two answers, over all populations and presets: 4 % for
  // one cell of twenty, 7 % for one of a hundred, 14 % at most.
  unusual: {
    label: 'More spikes than usual',
    noun: 'against the layer’s usual spikes',
    says: 'Bright: for this word the layer fires more spikes than it has lately done for others.',
    limit: 0.08,
    ticks: [0, 0.02, 0.04, 0.06, 0.08],
    share: true,
    signed: true,
    counts: (s) => s.spikes,
  },
  // At T = 4 nearly all neurons leave rest for almost every token, which would paint one bright
  // area. How many leave it by more than one step can carry is what differs between layers and
  // words. Measured on SmolLM2-135M-Instruct at T = 4: 16 to 21 % over all populations for nine
  // cells of ten, 6 to 37 % for single ones; 0.4 to 3.6 spikes.
  strong: {
    label: 'Neurons beyond one step',
    noun: 'of neurons fire more than one step can carry',
    says: 'Bright: many of the layer’s neurons fire more than one time step can carry.',
    limit: 0.3,
    ticks: [0, 0.1, 0.2, 0.3],
    share: true,
    counts: (s) => s.strong,
  },
  spikes: {
    label: 'Binary spikes per neuron',
    noun: 'binary spikes per neuron',
    says: 'Bright: the layer’s neurons fire many spikes for this word.',
    limit: 4,
    ticks: [0, 1, 2, 3, 4],
    share: false,
    counts: (s) => s.spikes,
  },
  active: {
    label: 'Neurons away from rest',
    noun: 'of neurons away from rest',
    says: 'Bright: few of the layer’s neurons are silent for this word.',
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
 * Activity of one layer: per neuron, or against what is usual.
 * @param {Counted} token
 * @param {number} layer
 * @param {number} population its index; -1 for all
 * @param {MeasureName} measure
 */
export function activity({ spikes, usual }, layer, population, measure) {
  const { count, neurons } = layerCount(
    spikes,
    MEASURES[measure].counts(spikes),
    layer,
    population,
  );
  if (measure !== 'unusual') return count / neurons;
  const { count: before } = layerCount(spikes, usual, layer, population);
  // Where nothing ever fired, the first spike is as unusual as can be.
  return before > 0 ? count / before - 1 : Math.sign(count);
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
  const { share, signed } = MEASURES[measure];
  const figure = share ? `${(100 * value).toFixed(1)} %` : value.toFixed(2);
  return signed && value > 0 ? `+${figure}` : figure.replace('-', '−');
}

/**
 * One line for those who do not see the picture.
 * @param {readonly Counted[]} columns
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
      columns.reduce((sum, token) => sum + activity(token, layer, population, measure), 0) /
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
