// The six steps of the tour: what each says, shows and points at.

import { totals } from '../heatmap/measures.js';
import { populationLabel } from '../heatmap/figures.js';
import { membraneOf } from '../neurons/charts.js';
import { tokenLabel } from '../neurons/labels.js';
import { legend } from '../neurons/legend.js';
import { rasterOf } from '../neurons/raster.js';
import { STEP_LEVELS } from '../shared/contract.js';
import { formatPercent, formatShort } from '../shared/format.js';
import { words } from '../words/words.js';
import { barsOf, enlarged, groupOf, lengthsOf, stepsOf } from './pictures.js';

/** @import { Column } from '../neurons/types.js' */
/** @import { Picture } from '../neurons/plot.js' */
/** @import { Readings } from './readings.js' */

/** @typedef {'word' | 'picture' | 'figures' | 'settings'} Target a part of the page */

/**
 * @typedef {object} Shown
 * @property {string[]} says sentences about the figure
 * @property {Picture} picture
 * @property {string} label of the picture, for those who do not see it
 * @property {HTMLElement} [key] to the colours
 */

/**
 * @typedef {object} Step
 * @property {'neuron' | 'spikes' | 'thresholds' | 'choice' | 'additions' | 'honesty'} name of its
 *   words
 * @property {Target} target
 * @property {(readings: Readings, column: Column) => Shown} show
 */

/** The bits of a number, largest first: 13 is 8 + 4 + 1. @param {number} n */
const bitsOf = (n) => [16, 8, 4, 2, 1].filter((bit) => n & bit);

/** @type {readonly Step[]} */
export const STEPS = Object.freeze([
  {
    name: 'neuron', target: 'word',
    show: ({ layer, neuron, trace }, { text }) => {
      const { says } = words.tour.neuron;
      const line = says(neuron, layer, tokenLabel(text), trace.potentials[0], trace.steps);
      return { says: [line], label: line, picture: membraneOf(trace, words.neurons) };
    },
  },
  {
    name: 'spikes', target: 'picture',
    show: ({ all, neuron, trace, from }) => {
      const { says } = words.tour.spikes;
      const line = says(all.group_size, all.spikes.length, trace.spikes, from);
      const at = neuron % all.group_size;
      return {
        says: [line], label: line,
        picture: enlarged(rasterOf(groupOf(all, neuron), () => at), 2),
        key: legend([['above', words.neurons.above], ['below', words.neurons.below]]),
      };
    },
  },
  {
    name: 'thresholds', target: 'picture',
    show: ({ all: { thresholds, group_size: size }, neuron, layer, population }) => {
      const { says } = words.tour.thresholds;
      const [low, high] = [Math.min(...thresholds), Math.max(...thresholds)];
      const line = says(
        thresholds.length, layer, populationLabel(population), low > 0 ? high / low : 1);
      return {
        says: [line], label: line, picture: barsOf(thresholds, Math.floor(neuron / size)),
      };
    },
  },
  {
    name: 'choice', target: 'settings',
    show: ({ populations, layer }) => {
      const { alike, differ } = words.tour.choice;
      const all = populations.flatMap(({ all: { steps } }) => steps);
      const kinds = [...new Set(all)].sort((a, b) => b - a);
      const line = kinds.length === 1 ? alike(all.length, layer, kinds[0]) : differ(
        layer, kinds.map((steps) => ({ steps, groups: all.filter((n) => n === steps).length })));
      return {
        says: [line], label: line,
        picture: stepsOf(populations.map(({ name, all: { steps } }) =>
          ({ name: populationLabel(name), steps }))),
      };
    },
  },
  {
    name: 'additions', target: 'figures',
    show: ({ trace, fanOut, neuron }, { spikes }) => {
      const { says, sum, bars } = words.tour.additions;
      const { operations, dense } = totals(spikes);
      const fired = trace.spikes.find((spike) => spike !== 0) ?? 0;
      const bits = bitsOf(Math.min(Math.abs(fired), STEP_LEVELS));
      const lines = [
        says(neuron, fired, bits, fanOut), sum(formatShort(operations), formatShort(dense))];
      return {
        says: lines, label: lines[1],
        picture: lengthsOf([
          { name: bars.operations(formatShort(operations)), value: operations },
          { name: bars.dense(formatShort(dense)), value: dense },
        ]),
      };
    },
  },
  {
    name: 'honesty', target: 'figures',
    show: (_, { spikes }) => {
      const { silent } = words.tour.honesty;
      const share = totals(spikes).silent;
      const line = silent(formatPercent(share, 1));
      return {
        says: [], label: line,
        picture: lengthsOf([{ name: line, value: share }], 1),
      };
    },
  },
]);
