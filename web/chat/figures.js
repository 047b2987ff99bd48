// The figures under the heatmap: means over the latest answer, and how they are counted.

import { totals } from '../heatmap/measures.js';
import { h } from '../shared/dom.js';
import { formatShort } from '../shared/format.js';

/** @import { Spikes } from '../shared/spikes.js' */

const NOTES = [
  'Spikes are binary and counted from rest: k = q − z, run through the T steps; the ones ' +
    'of each 4-bit spike are added up. A neuron with k = 0 is silent.',
  'Synaptic operations are those spikes times the synapses each one reaches. “Executed” ' +
    'counts the ones in the codes’ binary planes, rest level included, times the same ' +
    'synapses: what the popcount kernel adds. The lookup kernel reads tables instead.',
  'Keys and values are spikes too, kept for the tokens that follow: each spike of a key ' +
    'reaches the query heads that share it, each spike of a value those that give its token ' +
    'weight. They are counted apart, because they grow with the context. The head is not in ' +
    'these figures.',
  'Dense is the number of multiply-adds of the same layers without spikes. An addition and ' +
    'a multiply-add do not cost the same, so the two are figures side by side, not a saving.',
];

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
      h('div', {}, h('dt', {}, 'Tokens per second'), this.#values.rate),
      h('div', {}, h('dt', {}, 'Spikes per token'), this.#values.spikes),
      h('div', {}, h('dt', {}, 'Synaptic operations'), this.#values.operations),
      h('div', {}, h('dt', {}, 'Neurons at rest'), this.#values.silent),
    ),
    this.#comparison,
    h(
      'details',
      {},
      h('summary', {}, 'How this is counted'),
      ...NOTES.map((note) => h('p', {}, note)),
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
    this.#values.rate.textContent = this.rate > 0 ? this.rate.toFixed(1) : '–';
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
    this.#values.silent.textContent = `${((100 * sum.silent) / sum.tokens).toFixed(1)} %`;
    const { operations: back, dense: backDense } = spikes.look_back;
    this.#comparison.textContent =
      'Per token and in the mean. Executed by the popcount kernel: ' +
      `${formatShort(sum.executed / sum.tokens)} additions. ` +
      `Dense: ${formatShort(dense)} multiply-adds. Looking back from the last token: ` +
      `${formatShort(back)} synaptic operations, dense ${formatShort(backDense)}.`;
  }

  /** Tokens per second of this answer, from its first token on. */
  get rate() {
    const n = this.#times.length;
    return n < 2 ? 0 : (1000 * (n - 1)) / (this.#times[n - 1] - this.#times[0]);
  }
}
