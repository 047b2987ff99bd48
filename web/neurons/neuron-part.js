// One neuron at one token: its membrane, in a picture, a table, plain words and exact terms.

import { h } from '../shared/dom.js';
import { STEP_LEVELS } from '../shared/contract.js';
import { words } from '../words/words.js';
import { membraneOf, signed } from './charts.js';
import { figure } from './labels.js';
import { Plot } from './plot.js';
import { fold, table } from './table.js';

/** @import { NeuronTrace } from '../shared/inspection.js' */

/** Shows a trace. */
export class NeuronPart {
  #onexcites;
  #plot = new Plot({ label: words.neurons.membrane });
  #title = h('h3', { tabindex: -1 });
  #body = h('div', { class: 'part' });
  element = h('section', { class: 'neuron' }, this.#title, this.#body);

  /** @param {() => void} onexcites the reader asks what excites it */
  constructor(onexcites) {
    this.#onexcites = onexcites;
  }

  focus() {
    this.#title.focus();
  }

  /**
   * @param {number} neuron
   * @param {NeuronTrace} trace
   */
  show(neuron, trace) {
    const { columns, exact, exactSays, excites, fired, neuronTitle, resets, terms } = words.neurons;
    const { activation, code, potentials, rest, steps, threshold, value } = trace;
    this.#title.textContent = neuronTitle(neuron);
    this.#plot.show(membraneOf(trace, words.neurons));
    const rows = trace.fired.map((spike, i) =>
      [i + 1, potentials[i], spike, potentials[i + 1]].map(String));
    this.#body.replaceChildren(
      h('p', {}, `${fired(code, rest)} ${resets(STEP_LEVELS)}`),
      this.#plot.element,
      table([columns.step, columns.potential, columns.fires, columns.left], rows),
      h('button', { class: 'primary', type: 'button', onclick: this.#onexcites }, excites),
      fold(exact, () => [
        h('dl', {}, .../** @type {const} */ ([
          [terms.activation, figure(activation)], [terms.code, String(code)],
          [terms.rest, String(rest)], [terms.from, signed(code - rest)],
          [terms.steps, String(steps)], [terms.threshold, figure(threshold)],
          [terms.value, figure(value)],
        ]).flatMap(([name, said]) => [h('dt', {}, name), h('dd', {}, said)])),
        h('p', {}, exactSays),
      ]),
    );
  }
}
