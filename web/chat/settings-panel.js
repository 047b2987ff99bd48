// The settings panel. Values are read when a question is asked; only for another kernel or number
// of threads the engine starts again.

import { MAX_THREADS, THREADS_WHY } from '../shared/contract.js';
import { h } from '../shared/dom.js';
import { formatDecimal } from '../shared/format.js';
import { LANGUAGES } from '../words/languages.js';
import { words } from '../words/words.js';
import { showsActivity } from './activity-choice.js';
import { CodingChoice } from './coding-choice.js';

/** @import { ChatInfo } from '../shared/protocol.js' */
/** @import { Language } from '../words/languages.js' */
/** @import { Build, Kernel, Preset, Threads } from '../shared/contract.js' */

/**
 * @typedef {object} OwnSettings
 * @property {Kernel} kernel
 * @property {Threads} threads
 * @property {number} temperature
 * @property {number | null} seed null: another one for each answer
 * @property {boolean} [thinking] none where the model's cannot be switched
 */

/** @typedef {import('./coding-choice.js').CodingSettings & OwnSettings} Settings */

/** The panel's content. */
export class SettingsPanel {
  #coding = new CodingChoice();
  #kernel = h(
    'select',
    { id: 'kernel', onchange: () => this.#host.onengine() },
    ...Object.entries(words.settings.kernels).map(([value, label]) =>
      h('option', { value }, label)),
  );
  #threads = h(
    'select',
    {
      id: 'threads', 'aria-describedby': 'threads-hint', onchange: () => this.#host.onengine(),
    },
    h('option', { value: 'auto' }, words.settings.kernels.auto),
    ...Array.from({ length: MAX_THREADS }, (_, i) => h('option', {}, String(i + 1))),
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
    placeholder: words.settings.seedRandom,
    inputmode: 'numeric',
  });
  // Kept beside the slider, which knows only its own steps.
  #chosenTemperature = 0;
  #running = h('p', { class: 'hint' });
  #temperatureHint = h('p', { class: 'hint', id: 'temperature-hint' });
  #thinking = h('input', { type: 'checkbox', id: 'thinking' });
  #switch = h('div', { class: 'check', hidden: true }, this.#thinking,
    h('label', { for: 'thinking' }, words.settings.thinking));
  #plain = h('input', { type: 'checkbox', id: 'plain' });
  #activity = h('input', {
    type: 'checkbox', id: 'activity', checked: showsActivity(),
    onchange: () => this.#host.onactivity(this.#activity.checked),
  });
  #language = h(
    'select',
    {
      id: 'language',
      onchange: () => this.#host.onlanguage(/** @type {Language} */ (this.#language.value)),
    },
    ...Object.entries(LANGUAGES).map(([value, name]) =>
      h('option', { value, lang: value }, name)),
  );
  #delete = h('button', {
    class: 'quiet', type: 'button', hidden: true, onclick: () => this.#host.ondelete(),
  });
  #host;

  element = h(
    'div',
    { class: 'settings' },
    this.#coding.element,
    h('button', {
      class: 'quiet', type: 'button', onclick: () => this.#host.oncompare(),
    }, words.compare.open),
    h(
      'div',
      { class: 'field' },
      h('label', { for: 'temperature' }, `${words.settings.creativity} `,
        h('small', {}, `(${words.settings.temperature})`)),
      h('span', { class: 'range' }, this.#temperature, this.#temperatureShown),
    ),
    this.#temperatureHint,
    this.#switch,
    h('div', { class: 'field' }, h('label', { for: 'language' }, words.settings.language),
      this.#language),
    h('div', { class: 'check' }, this.#activity,
      h('label', { for: 'activity' }, words.settings.activity)),
    h(
      'details',
      {},
      h('summary', {}, words.settings.details),
      this.#coding.details,
      h('div', { class: 'field' }, h('label', { for: 'seed' }, words.settings.seed), this.#seed),
      h('p', { class: 'hint' }, words.settings.seedHint),
      h('div', { class: 'field' },
        h('label', { for: 'kernel' }, words.settings.kernel), this.#kernel),
      h('div', { class: 'field' },
        h('label', { for: 'threads' }, words.settings.threads), this.#threads),
      h('p', { class: 'hint', id: 'threads-hint' }, words.settings.threadsHint),
      this.#running,
      h('div', { class: 'check' }, this.#plain,
        h('label', { for: 'plain' }, words.settings.plain)),
    ),
    this.#delete,
  );

  /**
   * @param {Settings} settings
   * @param {{onengine: () => void, onlanguage: (language: Language) => void,
   *   onactivity: (shown: boolean) => void, oncompare: () => void, ondelete: () => void}} host
   *   hears of another kernel, number of threads or language, whether the reader wants to see the
   *   activity, and of the wish to compare or to delete the model
   * @param {HTMLElement} shelf
   */
  constructor(settings, host, shelf) {
    this.#host = host;
    this.#delete.before(shelf);
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
  set({ coding, steps, kernel, threads, temperature, seed }) {
    this.#coding.set({ coding, steps });
    if (kernel !== undefined) this.#kernel.value = kernel;
    if (threads !== undefined) this.#threads.value = String(threads);
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
      threads: this.#threads.value === 'auto' ? 'auto' : Number(this.#threads.value),
      temperature: this.#chosenTemperature,
      seed: seed >= 0 && seed <= Number.MAX_SAFE_INTEGER ? seed : null,
      ...(this.#switch.hidden ? {} : { thinking: this.#thinking.checked }),
    };
  }

  /** @param {readonly Preset[]} can presets that the model can do */
  set presets(can) {
    this.#coding.presets = can;
  }

  /** @param {ChatInfo} chat whose thinking may be switched; what was chosen stays */
  set chat({ thinking }) {
    const can = thinking?.default !== undefined;
    if (can && this.#switch.hidden) this.#thinking.checked = thinking.default === 'on';
    this.#switch.hidden = !can;
  }

  /** @param {boolean} loading what is chosen at its beginning: another choice must wait */
  set loading(loading) {
    this.#kernel.disabled = this.#threads.disabled = loading;
    if (loading) this.#delete.hidden = true;
  }

  /** @param {number} bytes of the model that this browser keeps */
  set kept(bytes) {
    this.#delete.textContent = bytes > 0 ? words.loading.delete(bytes) : '';
    this.#delete.hidden = bytes === 0;
  }

  /** @param {boolean} answering an answer is shown in the words that it began with */
  set answering(answering) {
    this.#language.disabled = answering;
  }

  /**
   * @param {{kernel: string, prompt_kernel: string, why: string, build: Build, threads: number,
   *   threads_why: string, fewer: boolean} | null} info what runs; fewer: threads than an engine
   *   that has died
   */
  set running(info) {
    const { running, runningThreads, prompts, builds, notRunning } = words.settings;
    this.#running.textContent = info
      ? `${running(info.kernel, builds[info.build], info.why)} `
        + runningThreads(info.threads, reasonOf(info))
      : notRunning;
    if (info && info.prompt_kernel !== info.kernel)
      this.#running.append(' ', prompts(info.prompt_kernel));
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
    const { creativityHints: hints } = words.settings;
    this.#chosenTemperature = temperature;
    this.#temperatureShown.textContent = formatDecimal(temperature, 1, 3);
    this.#temperatureHint.textContent =
      temperature === 0
        ? hints.none
        : temperature <= 0.4
          ? hints.low
          : temperature <= 0.9
            ? hints.middle
            : hints.high;
  }
}

/**
 * @param {{threads_why: string, fewer: boolean}} info
 * @returns {string} why there are so many threads, in the reader's words; the engine's own where
 *   there are none
 */
function reasonOf({ threads_why: why, fewer }) {
  const { threadsWhy, threadsFewer } = words.settings;
  if (fewer) return threadsFewer;
  const known = /** @type {(keyof typeof THREADS_WHY)[]} */ (Object.keys(THREADS_WHY));
  const reason = known.find((one) => THREADS_WHY[one] === why);
  return reason ? threadsWhy[reason] : why;
}
