// One token: its neurons, or what else could have come, with ways to the tokens beside it.

import { h } from '../shared/dom.js';
import { SpikeError } from '../shared/errors.js';
import { words } from '../words/words.js';
import { ChoicesView } from './choices-view.js';
import { countsOf, isAsSeen } from './figures.js';
import { tokenLabel } from './labels.js';
import { PopulationView, agree } from './population-view.js';

/** @import { PopulationSpikes } from '../shared/inspection.js' */
/** @import { Around, Page } from './page-types.js' */
/** @import { Seen, Spot } from './types.js' */

/** How many likely tokens are shown. */
const TOP = 10;

/** @typedef {'neurons' | 'others'} Tab */

/** The page. @implements {Page} */
export class TokenPage {
  #look;
  /** @type {Spot} */
  #spot;
  /** @type {Tab} */
  #tab;
  /** What the neuron of the spot did, as far as it was seen before. @type {Seen | null} */
  #expected;
  /** What is shown of the neurons. @type {{spot: Spot, all: PopulationSpikes} | null} */
  #shown = null;
  /** The token that was read, as it is called. @type {string | null} */
  #read = null;
  #where = h('p', { class: 'where', 'aria-live': 'polite' });
  #previous;
  #next;
  /** @type {Record<Tab, HTMLButtonElement>} */
  #tabs;
  #population;
  #choices = new ChoicesView();
  #body = h('div', { class: 'body' });
  element;

  /**
   * @param {Around} look
   * @param {Spot} spot
   * @param {{tab?: Tab, expected?: Seen}} [how] expected: of its neuron
   */
  constructor(look, spot, { tab = 'neurons', expected } = {}) {
    const say = words.neurons;
    this.#look = look;
    this.#spot = spot;
    this.#tab = tab;
    this.#expected = expected ?? null;
    const tabButton = (/** @type {Tab} */ name, /** @type {string} */ label) => h('button', {
      class: 'quiet', type: 'button',
      onclick: () => { this.#tab = name; this.load(); },
    }, label);
    this.#tabs = {
      neurons: tabButton('neurons', say.neurons), others: tabButton('others', say.others),
    };
    const step = (/** @type {string} */ name, /** @type {string} */ sign,
      /** @type {number} */ by) => h('button', {
      class: 'quiet step', type: 'button', 'aria-label': name, title: name,
      onclick: () => this.#move(look.beside(this.#spot, by)),
    }, sign);
    this.#previous = step(say.previous, '‹', -1);
    this.#next = step(say.next, '›', 1);
    this.#population = new PopulationView(look.model, {
      onmove: (to) => this.#move({ ...this.#spot, ...to, neuron: null }),
      onneuron: (neuron) => this.#pick(neuron),
      onexcites: () => look.askNeuron({ ...this.#spot, neuron: this.#population.neuron },
        /** @type {Seen} */ (this.#population.seen())),
    });
    this.element = h('div', { class: 'page' },
      h('div', { class: 'stepper' }, this.#previous, this.#where, this.#next),
      h('div', { class: 'tabs', role: 'group', 'aria-label': say.tabs },
        this.#tabs.neurons, this.#tabs.others),
      this.#body);
  }

  get title() {
    return words.neurons.title;
  }

  /** The page can be seen again. */
  shown() {
    this.#look.light(this.#spot.column);
  }

  /** @param {Spot} spot */
  #move(spot) {
    this.#spot = spot;
    this.#expected = null;
    this.load();
  }

  /** Reads what the page is to show. @param {boolean} [focus] the neuron is to have the focus */
  load(focus = false) {
    for (const [name, button] of Object.entries(this.#tabs))
      button.setAttribute('aria-pressed', String(name === this.#tab));
    const { position } = this.#spot;
    this.#previous.disabled = position <= 1;
    this.#next.disabled = this.#look.isLast(this.#spot);
    if (this.#tab === 'others') return this.#loadChoices();
    return this.#loadNeurons(focus);
  }

  /** @param {boolean} focus */
  #loadNeurons(focus) {
    const spot = this.#spot;
    this.#population.aim(spot);
    return this.#look.run(this, async (reading) => {
      const { all, column } = await reading.population(spot);
      const neuron = Math.min(spot.neuron ?? countsOf(all).busiest, all.codes.length - 1);
      const trace = await reading.neuron({ ...spot, neuron });
      const expected = this.#expected;
      if (!agree(all, neuron, trace) || (expected && !isAsSeen(expected, trace)))
        throw new SpikeError('bad_request', 'other spikes than were seen');
      return { all, column, neuron, trace };
    }, ({ all, column, neuron, trace }) => {
      this.#found(column);
      this.#shown = { spot: this.#spot, all };
      this.#say(all.token.text);
      this.#show(this.#population.element);
      this.#population.show(all, neuron, trace);
      if (focus) this.#population.focusNeuron();
    });
  }

  /** Another neuron of those that are shown. @param {number} neuron */
  #pick(neuron) {
    const shown = this.#shown;
    if (!shown) return;
    const spot = this.#spot = { ...shown.spot, neuron };
    this.#expected = null;
    this.#look.run(this, async (reading) => {
      const trace = await reading.neuron(spot);
      if (!agree(shown.all, neuron, trace))
        throw new SpikeError('bad_request', 'other spikes than were seen');
      return trace;
    }, (trace) => {
      this.#population.showNeuron(neuron, trace);
      this.#population.revealNeuron();
    });
  }

  #loadChoices() {
    const spot = this.#spot;
    return this.#look.run(this, (reading) => reading.alternatives(spot, TOP), (found) => {
      const { told, read, column } = found;
      this.#found(column);
      this.#say(read, told.token);
      this.#show(this.#choices.element);
      this.#choices.show(told, this.#read);
    });
  }

  /** @param {number | null} column that has the spot's counts */
  #found(column) {
    this.#spot = { ...this.#spot, column };
    this.#look.light(column);
  }

  /** @param {string} read @param {string} [next] where the engine has told it */
  #say(read, next = this.#look.textAt(this.#spot) ?? undefined) {
    this.#read = tokenLabel(read);
    this.#where.textContent = words.neurons.at(
      this.#read, next === undefined ? null : tokenLabel(next));
  }

  /** @param {HTMLElement} view */
  #show(view) {
    if (view.parentNode !== this.#body) this.#body.replaceChildren(view);
  }
}
