// All neurons of one part of a layer at one token: the raster, one neuron's membrane, and how many
// have which code.

import { populationLabel } from '../heatmap/figures.js';
import { h } from '../shared/dom.js';
import { formatCount } from '../shared/format.js';
import { words } from '../words/words.js';
import { histogramOf, signed } from './charts.js';
import { countsOf, fromRest, isAsSeen, seenIn, trimmed } from './figures.js';
import { legend } from './legend.js';
import { NeuronPart } from './neuron-part.js';
import { Plot } from './plot.js';
import { rasterOf } from './raster.js';
import { fold, table } from './table.js';

/** @import { NeuronTrace, PopulationSpikes } from '../shared/inspection.js' */
/** @import { Spot } from './types.js' */

/**
 * @typedef {object} Handlers
 * @property {(spot: Partial<Spot>) => void} onmove another layer or part
 * @property {(neuron: number) => void} onneuron
 * @property {() => void} onexcites
 */

/** The view. */
export class PopulationView {
  /** @type {PopulationSpikes | null} */
  #all = null;
  #neuron = 0;
  #layer;
  #population;
  #number;
  #summary = h('p', {});
  #says = h('p', { class: 'hint' });
  #readout = h('p', { class: 'readout' });
  #spoken = h('p', { class: 'unseen', 'aria-live': 'polite' });
  #bar = h('p', { class: 'readout' });
  #raster;
  #histogram;
  #part;
  #tables = h('div');
  element;

  /**
   * @param {{layers: number, populations: readonly {name: string}[]}} model
   * @param {Handlers} handlers
   */
  constructor({ layers, populations }, { onmove, onneuron, onexcites }) {
    const say = words.neurons;
    this.#layer = menu(say.layer, Array.from({ length: layers }, (_, i) => [String(i), String(i)]),
      (value) => onmove({ layer: Number(value) }));
    this.#population = menu(
      say.population, populations.map(({ name }) => [name, populationLabel(name)]),
      (value) => onmove({ population: /** @type {Spot['population']} */ (value) }));
    this.#number = h('input', {
      type: 'number', min: 0, step: 1, 'aria-label': say.neuron,
      onchange: () => {
        const { valueAsNumber: wanted, max } = this.#number;
        if (Number.isInteger(wanted) && wanted >= 0 && wanted <= Number(max)) onneuron(wanted);
        else this.#number.value = String(this.#neuron);
      },
    });
    this.#raster = new Plot({
      label: say.raster, kind: say.raster, onpick: onneuron,
      onpoint: (at, spoken) => {
        this.#readout.textContent = at === null ? say.pick : this.#tell(at);
        if (spoken && at !== null) this.#spoken.textContent = this.#tell(at);
      },
    });
    this.#histogram = new Plot({
      label: say.histogram, kind: say.histogram,
      onpoint: (at, spoken) => {
        const text = at === null ? '' : this.#tellBar(at);
        this.#bar.textContent = text;
        if (spoken) this.#spoken.textContent = text;
      },
    });
    this.#part = new NeuronPart(onexcites);
    this.element = h('div', { class: 'population' },
      h('div', { class: 'menus' }, this.#layer.element,
        h('label', {}, `${say.neuron} `, this.#number), this.#population.element),
      this.#summary,
      this.#raster.element,
      this.#readout,
      legend([['above', say.above], ['below', say.below]]),
      this.#says,
      this.#part.element,
      h('section', {}, h('h3', {}, say.histogram), this.#histogram.element, this.#bar),
      this.#tables,
      this.#spoken);
  }

  /** The one that is shown. */
  get neuron() {
    return this.#neuron;
  }

  /** @returns {import('./types.js').Seen | null} what was seen of a neuron */
  seen(neuron = this.#neuron) {
    return this.#all && seenIn(this.#all, neuron);
  }

  /** @param {Spot} spot that is being read: the menus say so at once */
  aim({ layer, population }) {
    this.#layer.select.value = String(layer);
    this.#population.select.value = population;
  }

  /**
   * @param {PopulationSpikes} all
   * @param {number} neuron
   * @param {NeuronTrace} trace
   */
  show(all, neuron, trace) {
    const say = words.neurons;
    this.#all = all;
    const { active, neurons, spikes } = countsOf(all);
    this.#summary.textContent =
      say.summary(formatCount(neurons), formatCount(active), formatCount(spikes));
    this.#says.textContent = say.rasterSays(
      all.spikes.length, all.steps.every((steps) => steps === all.spikes.length));
    this.#readout.textContent = say.pick;
    this.#number.max = String(neurons - 1);
    this.#raster.show(rasterOf(all, () => this.#neuron));
    this.#raster.label = `${say.raster}. ${this.#summary.textContent}`;
    this.#histogram.show(histogramOf(trimmed(all)));
    this.#bar.textContent = '';
    this.#tables.replaceChildren(fold(say.table, () => [this.#bars(), this.#rows()]));
    this.showNeuron(neuron, trace);
  }

  /**
   * @param {number} neuron
   * @param {NeuronTrace} trace
   */
  showNeuron(neuron, trace) {
    this.#neuron = neuron;
    this.#number.value = String(neuron);
    this.#part.show(neuron, trace);
    this.#raster.draw();
  }

  /** Brings its membrane into view. */
  revealNeuron() {
    this.#part.element.scrollIntoView({ block: 'nearest' });
  }

  focusNeuron() {
    this.#part.focus();
    this.revealNeuron();
  }

  /** @param {number} neuron */
  #tell(neuron) {
    if (!this.#all) return '';
    const { spikes } = this.#all;
    return words.neurons.one(neuron, signed(fromRest(this.#all, neuron)),
      spikes.map((step) => signed(step[neuron])).join(', '));
  }

  /** @param {number} at */
  #tellBar(at) {
    if (!this.#all) return '';
    const { first, counts } = trimmed(this.#all);
    return words.neurons.bar(signed(first + at), formatCount(counts[at]));
  }

  #bars() {
    const { from, neurons } = words.neurons.counts;
    const { first, counts } = trimmed(/** @type {PopulationSpikes} */ (this.#all));
    return table([from, neurons],
      counts.map((count, i) => [signed(first + i), String(count)]).filter(([, n]) => n !== '0'));
  }

  #rows() {
    const { neuron, code, rest, from, spikes } = words.neurons.rows;
    const all = /** @type {PopulationSpikes} */ (this.#all);
    return table([neuron, code, rest, from, spikes], all.codes.map((q, j) => [
      String(j), String(q), String(seenIn(all, j).rest), signed(fromRest(all, j)),
      all.spikes.map((step) => signed(step[j])).join(', '),
    ]));
  }
}

/**
 * Whether a trace is of the neuron that the population shows.
 * @param {PopulationSpikes} all
 * @param {number} neuron
 * @param {NeuronTrace} trace
 */
export const agree = (all, neuron, trace) => isAsSeen(seenIn(all, neuron), trace);

/**
 * @param {string} name
 * @param {string[][]} options value and label
 * @param {(value: string) => void} onchange
 */
function menu(name, options, onchange) {
  const select = h('select', { onchange: () => onchange(select.value) },
    ...options.map(([value, label]) => h('option', { value }, label)));
  return { select, element: h('label', {}, `${name} `, select) };
}
