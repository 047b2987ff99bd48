// The figures under the heatmap: means over the latest answer, and how they are counted.

import { totals } from '../heatmap/measures.js';
import { h } from '../shared/dom.js';
import { formatDecimal, formatPercent, formatShort } from '../shared/format.js';
import { words } from '../words/words.js';

/** @import { Spikes } from '../shared/spikes.js' */

/** Speed and spike figures. */
export class Figures {
  #values = {
    rate: h('dd', {}, '–'),
    spikes: h('dd', {}, '–'),
    operations: h('dd', {}, '–'),
    silent: h('dd', {}, '–'),
  };
  #comparison = h('small', {});
  element = h(
    'div',
    { class: 'figures' },
    h(
      'dl',
      {},
      h('div', {}, h('dt', {}, words.figures.rate), this.#values.rate),
      h('div', {}, h('dt', {}, words.figures.spikes), this.#values.spikes),
      h('div', {}, h('dt', {}, words.figures.operations), this.#values.operations),
      h('div', {}, h('dt', {}, words.figures.silent), this.#values.silent),
    ),
    this.#comparison,
    h(
      'details',
      {},
      h('summary', {}, words.figures.how),
      ...words.figures.notes.map((note) => h('p', {}, note)),
    ),
  );

  #sum = { tokens: 0, spikes: 0, operations: 0, executed: 0, silent: 0 };
  /** @type {number[]} when tokens came */
  #times = [];

  /** Begins an answer. */
  reset() {
    this.#sum = { tokens: 0, spikes: 0, operations: 0, executed: 0, silent: 0 };
    this.#times = [];
  }

  /** @param {Spikes | null} spikes of a token */
  add(spikes) {
    this.#times.push(performance.now());
    this.#values.rate.textContent = this.rate > 0 ? formatDecimal(this.rate) : '–';
    if (!spikes) return;
    const { spikes: fired, operations, executed, silent, dense } = totals(spikes);
    const sum = this.#sum;
    sum.tokens++;
    sum.spikes += fired;
    sum.operations += operations;
    sum.executed += executed;
    sum.silent += silent;
    this.#values.spikes.textContent = formatShort(sum.spikes / sum.tokens);
    this.#values.operations.textContent = formatShort(sum.operations / sum.tokens);
    this.#values.silent.textContent = formatPercent(sum.silent / sum.tokens);
    const { operations: back, dense: backDense } = spikes.look_back;
    this.#comparison.textContent =
      words.figures.comparison(sum.executed / sum.tokens, dense, back, backDense);
  }

  /** Tokens per second of this answer, from its first token on. */
  get rate() {
    const n = this.#times.length;
    return n < 2 ? 0 : (1000 * (n - 1)) / (this.#times[n - 1] - this.#times[0]);
  }
}
