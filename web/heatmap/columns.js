// The tokens of the picture, each with its colours as they were last worked out.

import { shadeOf } from './colors.js';
import { MEASURES, activityOf } from './measures.js';
import { Usual } from './usual.js';

/** @import { Spikes } from '../shared/spikes.js' */
/** @import { Levels, MeasureName } from './measures.js' */

/**
 * @typedef {object} Column
 * @property {string} text of the token
 * @property {Spikes} spikes
 * @property {Levels} usual
 * @property {number} answer that it is of, from 0
 * @property {boolean} first of an answer
 */

/** All columns, in the order of their tokens. */
export class Columns {
  /** @type {Column[]} */
  list = [];
  #usual = new Usual();
  /** @type {Levels | null} what is usual in this answer, where somebody has said it */
  #given = null;
  /** @type {Levels[]} what was learned of this answer's columns */
  #learned = [];
  #answer = -1;
  #dividing = true;
  /** @type {WeakMap<Column, Uint16Array>} shades of its layers */
  #shades = new WeakMap();
  #shown = '';

  get length() {
    return this.list.length;
  }

  /** Layers of the model; of a small one before the first token. */
  get layers() {
    return this.list[0]?.spikes.layers ?? 30;
  }

  /** @param {string} text @param {Spikes} spikes */
  push(text, spikes) {
    if (this.#dividing) {
      this.#learned = [];
      this.#answer++;
    }
    const learned = this.#usual.learn(spikes);
    this.#learned.push(learned);
    this.list.push({
      text, spikes, usual: this.#usualOf(spikes, learned), answer: this.#answer,
      first: this.#dividing,
    });
    this.#dividing = false;
  }

  /** The next token begins an answer. */
  divide() {
    this.#dividing = true;
  }

  /** What is usual in this answer. @returns {Levels | null} null: it is learned */
  get usual() {
    return this.#given;
  }

  set usual(levels) {
    this.#given = levels;
    if (this.#dividing) return;
    const from = this.list.length - this.#learned.length;
    this.#learned.forEach((learned, i) => {
      const column = this.list[from + i];
      column.usual = this.#usualOf(column.spikes, learned);
    });
    this.recolor();
  }

  /** Works all colours out anew when they are next asked for. */
  recolor() {
    this.#shades = new WeakMap();
  }

  clear() {
    this.list = [];
    this.#learned = [];
    this.#usual.forget();
    this.#dividing = true;
    this.#answer = -1;
  }

  /**
   * @param {Column} column
   * @param {string} population
   * @param {MeasureName} measure
   * @returns {Uint16Array} shade of each layer
   */
  shades(column, population, measure) {
    const shown = `${measure} ${population}`;
    if (shown !== this.#shown) this.recolor();
    this.#shown = shown;
    let shades = this.#shades.get(column);
    if (!shades) {
      const { limit } = MEASURES[measure];
      const read = activityOf(column, population, measure);
      shades = new Uint16Array(column.spikes.layers);
      for (let layer = 0; layer < shades.length; layer++)
        shades[layer] = shadeOf(read(layer), limit);
      this.#shades.set(column, shades);
    }
    return shades;
  }

  /**
   * @param {Spikes} spikes
   * @param {Levels} learned
   * @returns {Levels} what was said, where it is of a model like this, else what was learned
   */
  #usualOf(spikes, learned) {
    const given = this.#given;
    if (given?.spikes?.length !== spikes.spikes.length) return learned;
    const cache = given.cache?.spikes?.length === spikes.cache?.spikes.length ? given.cache : null;
    return { spikes: given.spikes, cache: cache ?? learned.cache };
  }
}
