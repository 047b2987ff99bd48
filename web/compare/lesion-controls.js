// What to damage: plain controls, each with a sentence of what it does, and ready-made choices.

import { MAX_RAISE, PARTS, POPULATIONS } from '../shared/contract.js';
import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { keyOf, nameOf } from './code.js';
import { EXPERIMENTS, FIGURES } from './experiments.js';

/** @import { EngineInfo } from '../api/types.js' */
/** @import { Part, PopulationName } from '../shared/contract.js' */
/** @import { Lesions, Silence } from '../shared/lesions.js' */
/** @import { ExperimentName } from './experiments.js' */

// The slider goes up by a quarter of an octave: thresholds count by their ratio.
const NOTCHES = 4;
const ALL = '';
const PLANES = [0, 1, 2, 3];
const POPULATION_NAMES = /** @type {PopulationName[]} */ (Object.keys(POPULATIONS));
const HEAD = 'head';
const LAYER = 'layer';

/** @param {number} notch of the slider @returns {number} in tenths, as it is shown */
const factorOf = (notch) => Math.round(10 * 2 ** (notch / NOTCHES)) / 10;

/**
 * @param {Lesions} lesions
 * @param {Pick<EngineInfo, 'layers' | 'heads'>} model
 * @returns {boolean} whether the model has what they name
 */
const fits = ({ silenced = [] }, { layers, heads }) =>
  silenced.every(({ layer = 0, head = 0 }) => layer < layers && head < heads);

/** The controls. */
export class LesionControls {
  #model;
  #onchange;
  #say;
  #factor = 1;
  /** @type {Silence[]} */
  #silenced = [];
  #slider = h('input', {
    type: 'range', id: 'anaesthesia', step: 1, value: 0,
    min: 0, max: NOTCHES * Math.log2(MAX_RAISE),
    'aria-describedby': 'anaesthesia-hint',
    oninput: () => {
      this.#setFactor(factorOf(this.#slider.valueAsNumber));
      this.#onchange();
    },
  });
  #factorShown = h('output', { for: 'anaesthesia' });
  #raised;
  #kind;
  #layer;
  #head;
  #headPlace;
  #list = h('ul', { class: 'silenced' });
  #planes;
  #measured = h('p', { class: 'hint measured', hidden: true });
  element;

  /**
   * @param {Pick<EngineInfo, 'layers' | 'heads'>} model
   * @param {() => void} onchange
   * @param {(status: string) => void} say
   */
  constructor(model, onchange, say) {
    this.#model = model;
    this.#onchange = onchange;
    this.#say = say;
    const text = words.lesions;
    this.#raised = select('raised', text.raised, [
      [ALL, text.everyNeuron],
      ...POPULATION_NAMES.map((name) => pair(name, words.heatmap.populations[name])),
    ], onchange);
    this.#kind = select('silence-kind', text.silence, [
      [LAYER, text.wholeLayer],
      ...PARTS.map((part) => pair(part, text.parts[part])),
      ...POPULATION_NAMES.map((name) => pair(name, words.heatmap.populations[name])),
      [HEAD, text.oneHead],
    ], () => this.#showKind());
    this.#layer = select('silence-layer', text.inLayer, [], () => {});
    this.#head = select('silence-head', text.headNumber, numbers(model.heads), () => {});
    this.#headPlace = this.#head.parentElement ?? this.#head;
    this.#planes = h('div', { class: 'choices', role: 'radiogroup', 'aria-label': text.planes,
      'aria-describedby': 'planes-hint', onchange },
    ...PLANES.map((n) => h('label', {},
      h('input', { type: 'radio', name: 'dropped', value: n, checked: n === 0 }),
      h('span', {}, n === 0 ? text.noPlane : String(n)))));
    this.element = h('div', { class: 'lesions' },
      this.#experiments(),
      group(text.anaesthesia,
        h('div', { class: 'field' },
          h('label', { for: 'anaesthesia' }, text.thresholds),
          h('span', { class: 'range' }, this.#slider, this.#factorShown)),
        field(this.#raised),
        h('p', { class: 'hint', id: 'anaesthesia-hint' }, text.anaesthesiaSays)),
      group(text.silencing,
        field(this.#kind), field(this.#layer), this.#headPlace,
        h('button', {
          class: 'quiet framed', type: 'button', onclick: () => this.#add(),
        }, text.add),
        this.#list,
        h('p', { class: 'hint' }, text.silencingSays)),
      group(text.coarser,
        this.#planes,
        h('p', { class: 'hint', id: 'planes-hint' }, text.coarserSays)),
    );
    this.set({});
  }

  /** Those that are chosen; an empty object: none. @returns {Lesions} */
  get value() {
    const population = /** @type {PopulationName} */ (this.#raised.value);
    const planes = Number(this.#planes.querySelector('input:checked')?.getAttribute('value') ?? 0);
    return {
      ...(this.#factor === 1 ? {} : {
        thresholds: [{ factor: this.#factor, ...(population ? { population } : {}) }],
      }),
      ...(this.#silenced.length === 0 ? {} : { silenced: structuredClone(this.#silenced) }),
      ...(planes === 0 ? {} : { dropped_planes: planes }),
    };
  }

  /** @param {Lesions} lesions with one threshold at most: the controls have no more */
  set({ thresholds: [raised] = [], silenced = [], dropped_planes: planes = 0 }) {
    this.#silenced = structuredClone(silenced);
    this.#raised.value = raised?.population ?? ALL;
    const radio = /** @type {HTMLInputElement | null} */ (
      this.#planes.querySelector(`input[value="${planes}"]`));
    if (radio) radio.checked = true;
    this.#measured.hidden = true;
    this.#showKind();
    this.#showList();
    const factor = raised?.factor ?? 1;
    this.#slider.value = String(Math.round(NOTCHES * Math.log2(factor)));
    this.#setFactor(factor);
  }

  /** @param {number} factor */
  #setFactor(factor) {
    this.#factor = factor;
    this.#factorShown.textContent = words.lesions.times(factor);
    this.#slider.setAttribute('aria-valuetext', words.lesions.times(factor));
  }

  /** Offers the layers and heads that what is chosen can have. */
  #showKind() {
    const kind = this.#kind.value;
    const { layers } = this.#model;
    const { value } = this.#layer;
    const one = kind === LAYER || kind === HEAD;
    this.#layer.replaceChildren(...options([
      ...(one ? [] : [pair(ALL, words.lesions.all)]), ...numbers(layers),
    ]));
    if (value !== '' && Number(value) < layers) this.#layer.value = value;
    this.#headPlace.hidden = kind !== HEAD;
  }

  #add() {
    const kind = this.#kind.value;
    /** @type {Silence} */
    const silence = this.#layer.value === ALL ? {} : { layer: Number(this.#layer.value) };
    if (kind === HEAD) silence.head = Number(this.#head.value);
    else if (PARTS.includes(/** @type {Part} */ (kind))) silence.part = /** @type {Part} */ (kind);
    else if (kind !== LAYER) silence.population = /** @type {PopulationName} */ (kind);
    const there = this.#silenced.some((one) => keyOf(one) === keyOf(silence));
    this.#say(words.lesions.isSilent(nameOf(silence)));
    if (there) return;
    this.#silenced.push(silence);
    this.#showList();
    this.#onchange();
  }

  #showList() {
    this.#list.hidden = this.#silenced.length === 0;
    this.#list.replaceChildren(...this.#silenced.map((silence) => h('li', {}, h('button', {
      class: 'quiet framed', type: 'button', 'aria-label': words.lesions.takeBack(nameOf(silence)),
      onclick: () => {
        this.#silenced = this.#silenced.filter((one) => one !== silence);
        this.#showList();
        this.#onchange();
        // The button that was pressed has gone.
        this.#kind.focus();
      },
    }, `${nameOf(silence)} ×`))));
  }

  #experiments() {
    const names = /** @type {ExperimentName[]} */ (Object.keys(EXPERIMENTS))
      .filter((name) => fits(EXPERIMENTS[name], this.#model));
    const { experiments, try: title, figures } = words.lesions;
    return h('div', { class: 'experiments', role: 'group', 'aria-label': title },
      h('span', { class: 'heading' }, title),
      ...names.map((name) => h('button', {
        class: 'quiet framed', type: 'button',
        onclick: () => {
          this.set(EXPERIMENTS[name]);
          this.#onchange();
          this.#measured.hidden = false;
          this.#measured.replaceChildren(
            `${experiments[name].measured} `,
            h('a', { href: FIGURES, target: '_blank', rel: 'noopener noreferrer' }, figures));
          this.#say(experiments[name].measured);
        },
      }, experiments[name].title)),
      this.#measured);
  }
}

/** @param {string} value @param {string} label @returns {[string, string]} */
const pair = (value, label) => [value, label];

/** @param {number} count */
const numbers = (count) => Array.from({ length: count }, (_, i) => pair(String(i), String(i)));

/** @param {[string, string][]} all */
const options = (all) => all.map(([value, label]) => h('option', { value }, label));

/**
 * A choice inside its label.
 * @param {string} id
 * @param {string} label
 * @param {[string, string][]} all
 * @param {() => void} onchange
 */
function select(id, label, all, onchange) {
  const box = h('select', { id, onchange }, ...options(all));
  h('div', { class: 'field' }, h('label', { for: id }, label), box);
  return box;
}

/** @param {HTMLSelectElement} box */
const field = (box) => box.parentElement ?? box;

/** @param {string} title @param {...HTMLElement} content */
const group = (title, ...content) =>
  h('fieldset', {}, h('legend', {}, title), ...content);
