// The settings panel. Values are read when a question is asked; only the kernel needs the engine to
// start again.

import { h } from '../shared/dom.js';
import { CodingChoice } from './coding-choice.js';

/** @import { Build, Kernel, Preset } from '../shared/contract.js' */

/** @type {Readonly<Record<Build, string>>} */
const BUILD_NAMES = Object.freeze({ relaxed: 'relaxed SIMD', simd: 'SIMD', plain: 'plain' });

/**
 * @typedef {object} OwnSettings
 * @property {Kernel} kernel
 * @property {number} temperature
 * @property {number | null} seed null: another one for each answer
 */

/** @typedef {import('./coding-choice.js').CodingSettings & OwnSettings} Settings */

/** The panel and its button. */
export class SettingsPanel {
  #coding = new CodingChoice();
  #kernel = h(
    'select',
    { id: 'kernel', onchange: () => this.#onkernel() },
    ...[
      ['auto', 'Automatic'],
      ['lookup', 'Table lookup'],
      ['popcount', 'AND + popcount'],
    ].map(([value, label]) => h('option', { value }, label)),
  );
  #temperature = h('input', {
    id: 'temperature',
    type: 'range',
    min: 0,
    max: 1.5,
    step: 0.1,
    oninput: () => this.#setTemperature(this.#temperature.valueAsNumber),
  });
  #temperatureShown = h('output', { for: 'temperature' });
  #seed = h('input', {
    id: 'seed',
    type: 'number',
    min: 0,
    step: 1,
    placeholder: 'random',
    inputmode: 'numeric',
  });
  // Kept beside the slider, which knows only its own steps.
  #chosenTemperature = 0;
  #running = h('p', { class: 'hint' });
  #onkernel;

  button = h(
    'button',
    {
      class: 'quiet',
      type: 'button',
      'aria-expanded': 'false',
      'aria-controls': 'settings',
      onclick: () => this.toggle(),
    },
    'Settings',
  );
  element = h(
    'div',
    { class: 'settings', id: 'settings', role: 'group', 'aria-label': 'Settings', hidden: true },
    this.#coding.element,
    h('div', { class: 'field' }, h('label', { for: 'kernel' }, 'Kernel'), this.#kernel),
    this.#running,
    h(
      'div',
      { class: 'field' },
      h('label', { for: 'temperature' }, 'Temperature'),
      h('span', { class: 'range' }, this.#temperature, this.#temperatureShown),
    ),
    h('div', { class: 'field' }, h('label', { for: 'seed' }, 'Seed'), this.#seed),
    h(
      'p',
      { class: 'hint' },
      'The same question, settings and seed give the same answer in every browser.',
    ),
  );

  /**
   * @param {Settings} settings
   * @param {() => void} onkernel
   */
  constructor(settings, onkernel) {
    this.#onkernel = onkernel;
    this.set(settings);
  }

  /** @param {Partial<Settings>} settings */
  set({ coding, steps, kernel, temperature, seed }) {
    this.#coding.set({ coding, steps });
    if (kernel !== undefined) this.#kernel.value = kernel;
    if (temperature !== undefined) {
      this.#temperature.value = String(temperature);
      this.#setTemperature(temperature);
    }
    if (seed !== undefined) this.#seed.value = seed === null ? '' : String(seed);
  }

  /** @returns {Settings} */
  get value() {
    const seed = Math.floor(this.#seed.valueAsNumber);
    return {
      ...this.#coding.value,
      kernel: /** @type {Kernel} */ (this.#kernel.value),
      temperature: this.#chosenTemperature,
      seed: seed >= 0 && seed <= Number.MAX_SAFE_INTEGER ? seed : null,
    };
  }

  /** @param {readonly Preset[]} can presets that the model can do */
  set presets(can) {
    this.#coding.presets = can;
  }

  /** @param {boolean} loading the kernel is chosen at its beginning: another choice must wait */
  set loading(loading) {
    this.#kernel.disabled = loading;
  }

  /** @param {{kernel: string, why: string, build: Build} | null} info what runs */
  set running(info) {
    this.#running.textContent = info
      ? `Running: ${info.kernel}, ${BUILD_NAMES[info.build]} build (${info.why}).`
      : 'Auto measures both while answering.';
  }

  get open() {
    return !this.element.hidden;
  }

  /** @param {boolean} [open] */
  toggle(open = !this.open) {
    this.element.hidden = !open;
    this.button.setAttribute('aria-expanded', String(open));
  }

  /** @param {number} temperature */
  #setTemperature(temperature) {
    this.#chosenTemperature = temperature;
    this.#temperatureShown.textContent = Number.isInteger(temperature)
      ? temperature.toFixed(1)
      : String(temperature);
  }
}
