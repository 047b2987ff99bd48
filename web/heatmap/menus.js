// What is chosen to be shown: a measure, and a population.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { populationLabel } from './figures.js';
import { CACHE_NAMES, MEASURE_NAMES } from './measures.js';

/** @import { Spikes } from '../shared/spikes.js' */
/** @import { MeasureName } from './measures.js' */
/** @import { Shown } from './grid.js' */

/** Two menus in a row. */
export class Menus {
  #measure;
  #population;
  #measureLabel = h('label', { class: 'unseen', for: 'measure' });
  #populationLabel = h('label', { class: 'unseen', for: 'population' });
  #names = /** @type {readonly string[]} */ (['all']);
  element;

  /**
   * @param {{measure: (name: MeasureName) => void, population: (name: string) => void}} onchange
   */
  constructor(onchange) {
    const menu = (/** @type {string} */ id, /** @type {(name: string) => void} */ chosen) =>
      h('select', {
        id,
        onchange: (/** @type {Event} */ { target }) =>
          chosen(/** @type {HTMLSelectElement} */ (target).value),
      });
    this.#measure = menu('measure', (name) =>
      onchange.measure(/** @type {MeasureName} */ (name)));
    this.#population = menu('population', onchange.population);
    this.element = h('div', { class: 'menus' }, this.#measureLabel, this.#measure,
      this.#populationLabel, this.#population);
  }

  /** @param {Spikes} spikes the first: which populations there are */
  fill({ populations, cache }) {
    this.#names = ['all', ...populations.map(({ name }) => name), ...(cache ? CACHE_NAMES : [])];
  }

  /** @param {Shown} shown */
  show({ measure, population }) {
    const text = words.heatmap;
    this.#measureLabel.textContent = text.measure;
    this.#populationLabel.textContent = text.population;
    options(this.#measure, MEASURE_NAMES.map((name) => [name, text.measures[name].label]));
    options(this.#population, this.#names.map((name) => [name, populationLabel(name)]));
    this.#measure.value = measure;
    this.#population.value = population;
  }
}

/**
 * Only where they are others: a menu that is open would close.
 * @param {HTMLSelectElement} menu
 * @param {[value: string, label: string][]} entries
 */
function options(menu, entries) {
  const shown = JSON.stringify(entries);
  if (menu.dataset.shown === shown) return;
  menu.dataset.shown = shown;
  menu.replaceChildren(...entries.map(([value, label]) => h('option', { value }, label)));
}
