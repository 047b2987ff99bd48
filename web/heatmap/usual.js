// How many spikes each layer and population usually fires: learned from the tokens so far, because
// no model's files say it yet (FORMAT.md, version 3: `activity`).

/** @import { Spikes } from '../shared/spikes.js' */

/** Tokens that the mean reaches back: after as many, an answer under another setting is usual. */
const MEMORY = 32;

/** An exponential mean; of the first tokens the plain one. */
export class Usual {
  /** @type {number[]} by layer and population */
  #mean = [];
  #tokens = 0;

  /**
   * Learns from a token.
   * @param {Spikes} spikes
   * @returns {readonly number[]} what was usual before it, by layer and population; for the first
   *   token its own spikes: nothing is unusual yet
   */
  learn({ spikes }) {
    const before = this.#tokens > 0 ? this.#mean : spikes;
    const weight = 1 / Math.min(++this.#tokens, MEMORY);
    this.#mean = spikes.map((count, i) => before[i] + weight * (count - before[i]));
    return before;
  }

  forget() {
    this.#tokens = 0;
  }
}
