// What the tour shows of the reader's last answer: one token of it, read once more.

import { fromRest } from '../neurons/figures.js';
import { STEP_LEVELS } from '../shared/contract.js';

/** @import { PopulationName } from '../shared/contract.js' */
/** @import { NeuronTrace, PopulationSpikes } from '../shared/inspection.js' */
/** @import { Inspector } from '../neurons/inspector.js' */
/** @import { Column } from '../neurons/types.js' */

/**
 * @typedef {object} Readings
 * @property {number} layer
 * @property {{name: PopulationName, all: PopulationSpikes}[]} populations of that layer
 * @property {PopulationName} population of the neuron
 * @property {PopulationSpikes} all neurons of that population
 * @property {number} neuron see neuronOf
 * @property {number} from k of it, from rest
 * @property {number} fanOut its synapses
 * @property {NeuronTrace} trace
 */

/** Its neurons feed the most synapses, where a model has it. */
const POPULATION = 'gate_up';

/**
 * The token of the last answer that the tour goes through: of those with a word the one with most
 * spikes.
 * @param {readonly Column[]} columns
 * @returns {number} its column; -1: there is none
 */
export function tokenOf(columns) {
  let found = -1;
  let most = -1;
  let next = Infinity;
  for (let column = columns.length - 1; column >= 0; column--) {
    const { text, spikes: { position, spikes } } = columns[column];
    // What was read before belongs to another answer.
    if (next !== Infinity && position !== next - 1) break;
    next = position;
    const sum = spikes.reduce((all, n) => all + n, 0);
    if (sum <= most || !/[\p{L}\p{N}]/u.test(text)) continue;
    found = column;
    most = sum;
  }
  return found < 0 ? columns.length - 1 : found;
}

/**
 * The neuron that is farthest above rest. One that fires all it can in every step shows least of
 * what steps are for: it is taken where there is no other.
 * @param {PopulationSpikes} all
 * @returns {number}
 */
export function neuronOf(all) {
  const { codes, steps, group_size: size } = all;
  const full = (/** @type {number} */ neuron) =>
    codes[neuron] === STEP_LEVELS * steps[Math.floor(neuron / size)];
  const rank = (/** @type {number} */ neuron) => fromRest(all, neuron) - (full(neuron) ? 1000 : 0);
  return codes.reduce((best, _, neuron) => (rank(neuron) > rank(best) ? neuron : best), 0);
}

/**
 * Reads that token once more: its busiest layer, all populations, and one neuron.
 * @param {Inspector} inspector
 * @param {readonly Column[]} columns
 * @param {number} column
 * @returns {Promise<Readings>}
 * @throws {import('../shared/errors.js').SpikeError} as Inspector.run does
 */
export function readToken(inspector, columns, column) {
  const { spikes: { layers, populations, position, spikes } } = columns[column];
  const index = Math.max(0, populations.findIndex(({ name }) => name === POPULATION));
  const counts = Array.from({ length: layers }, (_, l) => spikes[l * populations.length + index]);
  const layer = counts.indexOf(Math.max(...counts));
  const place = { position, column, picked: true, layer, neuron: null };
  return inspector.run(async (reading) => {
    const read = [];
    for (const { name } of populations) {
      const population = /** @type {PopulationName} */ (name);
      read.push({
        name: population, all: (await reading.population({ ...place, population })).all,
      });
    }
    const { name: population, all } = read[index];
    const neuron = neuronOf(all);
    const trace = await reading.neuron({ ...place, population, neuron });
    return {
      layer, populations: read, population, all, neuron, from: fromRest(all, neuron),
      fanOut: populations[index].fan_out, trace,
    };
  });
}
