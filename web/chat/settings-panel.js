// The settings panel. Values are read when a question is asked; only the kernel needs the engine to
// start again.

import { h } from '../shared/dom.js';
import { LANGUAGES } from '../words/languages.js';
import { words } from '../words/words.js';
import { CodingChoice } from './coding-choice.js';

/** @import { Language } from '../words/languages.js' */
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

/** The panel's content. */
export class SettingsPanel {
  #coding = new CodingChoice();
  #kernel = h(
    'select',
    { id: 'kernel', onchange: () => this.#host.onkernel() },
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
    'aria-describedby': 'temperature-hint',
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
  #temperatureHint = h('p', { class: 'hint', id: 'temperature-hint' });
  #plain = h('input', { type: 'checkbox', id: 'plain' });
  #language = h(
    'select',
    {
      id: 'language',
      onchange: () => this.#host.onlanguage(/** @type {Language} */ (this.#language.value)),
    },
    ...Object.entries(LANGUAGES).map(([value, name]) =>
      h('option', { value, lang: value }, name)),
  );
  #host;

  element = h(
    'div',
    { class: 'settings' },
    this.#coding.element,
    h(
      'div',
      { class: 'field' },
      h('label', { for: 'temperature' }, 'Creativity ', h('small', {}, '(temperature)')),
      h('span', { class: 'range' }, this.#temperature, this.#temperatureShown),
    ),
    this.#temperatureHint,
    h('div', { class: 'field' }, h('label', { for: 'language' }, words.settings.language),
      this.#language),
    h(
      'details',
      {},
      h('summary', {}, 'Details'),
      this.#coding.details,
      h('div', { class: 'field' }, h('label', { for: 'seed' }, 'Seed'), this.#seed),
      h(
        'p',
        { class: 'hint' },
        'The same question, settings and seed give the same answer in every browser.',
      ),
      h('div', { class: 'field' }, h('label', { for: 'kernel' }, 'Kernel'), this.#kernel),
      this.#running,
      h('div', { class: 'check' }, this.#plain,
        h('label', { for: 'plain' }, 'Show answers as the model wrote them (Markdown)')),
    ),
  );

  /**
   * @param {Settings} settings
   * @param {{onkernel: () => void, onlanguage: (language: Language) => void}} host hears of another
   *   kernel or language
   */
  constructor(settings, host) {
    this.#host = host;
    this.set(settings);
    this.showLanguage();
  }

  /** Shows the one that the page is in. */
  showLanguage() {
    this.#language.value = words.language;
  }

  focusLanguage() {
    this.#language.focus();
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

  /** @param {boolean} answering an answer is shown in the words that it began with */
  set answering(answering) {
    this.#language.disabled = answering;
  }

  /** @param {{kernel: string, why: string, build: Build} | null} info what runs */
  set running(info) {
    this.#running.textContent = info
      ? `Running: ${info.kernel}, ${BUILD_NAMES[info.build]} build (${info.why}).`
      : 'Auto measures both while answering.';
  }

  /** Whether answers are shown as the model wrote them. */
  get plain() {
    return this.#plain.checked;
  }

  set plain(plain) {
    this.#plain.checked = plain;
  }

  /** @param {number} temperature */
  #setTemperature(temperature) {
    this.#chosenTemperature = temperature;
    this.#temperatureShown.textContent = Number.isInteger(temperature)
      ? temperature.toFixed(1)
      : String(temperature);
    this.#temperatureHint.textContent =
      temperature === 0
        ? 'Always the likeliest word: the same question gets the same answer.'
        : temperature <= 0.4
          ? 'Mostly the likeliest words.'
          : temperature <= 0.9
            ? 'Less likely words too: livelier, more mistakes.'
            : 'Unlikely words too: seldom makes sense.';
  }
}
