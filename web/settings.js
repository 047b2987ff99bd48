// The settings panel. Values are read when a question is asked; only the kernel needs the engine to start again.

import { h } from './dom.js';

/**
 * @typedef {object} Settings
 * @property {1 | 2 | 4} steps
 * @property {import('./protocol.js').Kernel} kernel
 * @property {number} temperature
 * @property {number | null} seed null: another one for each answer
 */

/** The panel and its button. */
export class SettingsPanel {
  #steps = h('div', { class: 'choices', role: 'radiogroup', 'aria-labelledby': 'steps-label' },
    ...[1, 2, 4].map((t) => h('label', {}, h('input', { type: 'radio', name: 'steps', value: t }), h('span', {}, String(t)))));
  #kernel = h('select', { id: 'kernel', onchange: () => this.#onkernel() },
    ...[['auto', 'Automatic'], ['lookup', 'Table lookup'], ['popcount', 'AND + popcount']].map(([value, label]) => h('option', { value }, label)));
  #temperature = h('input', { id: 'temperature', type: 'range', min: 0, max: 1.5, step: 0.1, oninput: () => this.#setTemperature(this.#temperature.valueAsNumber) });
  #temperatureShown = h('output', { for: 'temperature' });
  #seed = h('input', { id: 'seed', type: 'number', min: 0, step: 1, placeholder: 'random', inputmode: 'numeric' });
  // Kept beside the slider, which knows only its own steps.
  #chosenTemperature = 0;
  #running = h('p', { class: 'hint' });
  #onkernel;

  button = h('button', { class: 'quiet', type: 'button', 'aria-expanded': 'false', 'aria-controls': 'settings', onclick: () => this.toggle() }, 'Settings');
  element = h('div', { class: 'settings', id: 'settings', role: 'group', 'aria-label': 'Settings', hidden: true },
  h('div', { class: 'field' }, h('span', { id: 'steps-label' }, 'Time steps T'), this.#steps),
  h('p', { class: 'hint' }, 'More steps code an activation more finely: 16, 31 or 61 levels.'),
  h('div', { class: 'field' }, h('label', { for: 'kernel' }, 'Kernel'), this.#kernel),
  this.#running,
  h('div', { class: 'field' }, h('label', { for: 'temperature' }, 'Temperature'), h('span', { class: 'range' }, this.#temperature, this.#temperatureShown)),
  h('div', { class: 'field' }, h('label', { for: 'seed' }, 'Seed'), this.#seed),
  h('p', { class: 'hint' }, 'The same question, settings and seed give the same answer in every browser.'));

  /**
   * @param {Settings} settings
   * @param {() => void} onkernel
   */
  constructor(settings, onkernel) {
    this.#onkernel = onkernel;
    this.set(settings);
  }

  /** @param {Partial<Settings>} settings */
  set({ steps, kernel, temperature, seed }) {
    const chosen = this.#steps.querySelector(`input[value="${steps}"]`);
    if (chosen instanceof HTMLInputElement) chosen.checked = true;
    if (kernel !== undefined) this.#kernel.value = kernel;
    if (temperature !== undefined) {
      this.#temperature.value = String(temperature);
      this.#setTemperature(temperature);
    }
    if (seed !== undefined) this.#seed.value = seed === null ? '' : String(seed);
  }

  /** @returns {Settings} */
  get value() {
    const steps = Number(/** @type {HTMLInputElement | null} */ (this.#steps.querySelector('input:checked'))?.value ?? 4);
    const seed = Math.floor(this.#seed.valueAsNumber);
    return {
      steps: /** @type {1 | 2 | 4} */ (steps),
      kernel: /** @type {import('./protocol.js').Kernel} */ (this.#kernel.value),
      temperature: this.#chosenTemperature,
      seed: seed >= 0 && seed <= Number.MAX_SAFE_INTEGER ? seed : null,
    };
  }

  /** @param {boolean} loading the kernel is chosen at its beginning: another choice must wait */
  set loading(loading) {
    this.#kernel.disabled = loading;
  }

  /** @param {{kernel: string, why: string, build: string} | null} info what runs */
  set running(info) {
    this.#running.textContent = info
      ? `Running: ${info.kernel}, ${info.build === 'simd' ? 'SIMD' : 'plain'} build (${info.why}).`
      : 'Auto measures both while loading.';
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
    this.#temperatureShown.textContent = Number.isInteger(temperature) ? temperature.toFixed(1) : String(temperature);
  }
}
