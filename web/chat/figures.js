// The figures under the heatmap: means over the latest answer, and how they are counted.

import { totals } from '../heatmap/measures.js';
import { h } from '../shared/dom.js';
import { formatDecimal, formatPercent, formatShort } from '../shared/format.js';
import { words } from '../words/words.js';

/** @import { Spikes } from '../shared/spikes.js' */

/** More often nobody reads them, and each time the page is laid out. */
const SHOW_MS = 250;

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
  /** @type {Spikes | null} of the last token */
  #last = null;
  /** @type {number[]} when tokens came */
  #times = [];
  #timer = 0;

  /** Begins an answer. */
  reset() {
    this.#sum = { tokens: 0, spikes: 0, operations: 0, executed: 0, silent: 0 };
    this.#times = [];
    this.#last = null;
  }

  /** A token has come. */
  tick() {
    this.#times.push(performance.now());
  }

  /** @param {Spikes | null} spikes of a token */
  add(spikes) {
    this.tick();
    this.#timer ||= window.setTimeout(() => {
      this.#timer = 0;
      this.#show();
    }, SHOW_MS);
    if (!spikes) return;
    const { spikes: fired, operations, executed, silent } = totals(spikes);
    const sum = this.#sum;
    sum.tokens++;
    sum.spikes += fired;
    sum.operations += operations;
    sum.executed += executed;
    sum.silent += silent;
    this.#last = spikes;
  }

  #show() {
    this.#values.rate.textContent = this.rate > 0 ? formatDecimal(this.rate) : '–';
    if (!this.#last) return;
    const { tokens, spikes, operations, executed, silent } = this.#sum;
    this.#values.spikes.textContent = formatShort(spikes / tokens);
    this.#values.operations.textContent = formatShort(operations / tokens);
    this.#values.silent.textContent = formatPercent(silent / tokens);
    const { operations: back, dense: backDense } = this.#last.look_back;
    this.#comparison.textContent =
      words.figures.comparison(executed / tokens, totals(this.#last).dense, back, backDense);
  }

  /** Tokens per second of this answer, from its first token on. */
  get rate() {
    const n = this.#times.length;
    return n < 2 ? 0 : (1000 * (n - 1)) / (this.#times[n - 1] - this.#times[0]);
  }
}
