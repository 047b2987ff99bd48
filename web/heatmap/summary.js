// One line for those who do not see the picture.

import { words } from '../words/words.js';
import { formatActivity } from './figures.js';
import { activityOf } from './measures.js';

/** @import { Counted, MeasureName } from './measures.js' */

/** Means of all layers. What was added up stays: a line a second costs what came since. */
export class Summary {
  /** @type {number[]} by layer */
  #sums = [];
  #seen = 0;
  #counted = 0;
  #of = '';

  /** Counts from the beginning, for when what is usual has changed. */
  forget() {
    this.#seen = this.#counted = 0;
    this.#sums = [];
  }

  /**
   * @param {readonly Counted[]} columns
   * @param {string} population
   * @param {MeasureName} measure
   * @param {number} [most] columns that are added up at once
   * @returns {string | null} null: there are more to add up
   */
  line(columns, population, measure, most = Infinity) {
    const of = `${measure} ${population}`;
    if (of !== this.#of || columns.length < this.#seen) this.forget();
    this.#of = of;
    if (columns.length === 0) return words.heatmap.none;
    const { layers } = columns[0].spikes;
    const to = Math.min(columns.length, this.#seen + most);
    for (; this.#seen < to; this.#seen++) {
      const read = activityOf(columns[this.#seen], population, measure);
      if (Number.isNaN(read(0))) continue;
      this.#counted++;
      for (let layer = 0; layer < layers; layer++)
        this.#sums[layer] = (this.#sums[layer] ?? 0) + read(layer);
    }
    if (to < columns.length) return null;
    const size = words.heatmap.size(columns.length, layers);
    const { noun } = words.heatmap.measures[measure];
    if (this.#counted === 0) return `${size} ${noun}: ${words.heatmap.notCounted}.`;
    const busiest = this.#sums.indexOf(Math.max(...this.#sums));
    const quietest = this.#sums.indexOf(Math.min(...this.#sums));
    const told = (/** @type {number} */ layer) =>
      ({ layer, figure: formatActivity(this.#sums[layer] / this.#counted, measure) });
    return `${size} ${words.heatmap.extremes(told(busiest), told(quietest), noun)}`;
  }
}
