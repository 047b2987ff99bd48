// Figures of one answer, summed over its tokens.

import { totals } from '../heatmap/measures.js';

/** @import { Spikes } from '../shared/spikes.js' */

/**
 * Means; null where nothing is known yet.
 * @typedef {object} Figures
 * @property {number | null} spikes binary spikes a token, of all layers and populations
 * @property {number | null} operations synaptic operations a token: spikes times the rows that
 *   read them, without looking back
 * @property {number | null} rate tokens a second, from the first one on
 */

/** Sums over the tokens of an answer. */
export class Tally {
  /** Tokens that were counted. */
  counted = 0;
  spikes = 0;
  operations = 0;

  /** @param {Spikes | null} counts of a token; null where the engine counted nothing */
  add(counts) {
    if (!counts) return;
    const { spikes, operations } = totals(counts);
    this.counted++;
    this.spikes += spikes;
    this.operations += operations;
  }

  /**
   * @param {{tokens: number, first_token_ms: number, ms: number}} run
   * @returns {Figures}
   */
  figures({ tokens, first_token_ms: first, ms }) {
    const { counted, spikes, operations } = this;
    return {
      spikes: counted > 0 ? spikes / counted : null,
      operations: counted > 0 ? operations / counted : null,
      rate: tokens > 1 && ms > first ? (1000 * (tokens - 1)) / (ms - first) : null,
    };
  }
}
