// How many spikes each layer and population usually fires, learned from the tokens so far: where
// nobody says what is usual for the model.

/** @import { Spikes } from '../shared/spikes.js' */
/** @import { Levels } from './measures.js' */

/** Tokens that the mean reaches back: after as many, an answer under another setting is usual. */
const MEMORY = 32;

/** An exponential mean; of the first tokens the plain one. */
class Mean {
  /** @type {readonly number[]} */
  #mean = [];
  #tokens = 0;

  /**
   * @param {readonly number[]} counts
   * @returns {readonly number[]} the mean before them; of the first the counts themselves
   */
  learn(counts) {
    const before = this.#tokens > 0 ? this.#mean : counts;
    const weight = 1 / Math.min(++this.#tokens, MEMORY);
    this.#mean = counts.map((count, i) => before[i] + weight * (count - before[i]));
    return before;
  }

  forget() {
    this.#tokens = 0;
  }
}

/** What is usual in a chat. */
export class Usual {
  #layers = new Mean();
  #cache = new Mean();

  /**
   * Learns from a token.
   * @param {Spikes} spikes
   * @returns {Levels} what was usual before it; for the first token its own spikes: nothing is
   *   unusual yet
   */
  learn({ spikes, cache }) {
    return {
      spikes: this.#layers.learn(spikes),
      cache: cache ? { spikes: this.#cache.learn(cache.spikes) } : null,
    };
  }

  forget() {
    this.#layers.forget();
    this.#cache.forget();
  }
}
