// The choice of how activations are coded: a preset of the engine, or T time steps for all neurons
// alike.

import { h } from '../shared/dom.js';
import { PRESETS, STEPS } from '../shared/contract.js';
import { formatList } from '../shared/format.js';
import { words } from '../words/words.js';

/** @import { Preset, Steps } from '../shared/contract.js' */

/** @typedef {import('../shared/contract.js').Preset | 'uniform'} Coding */

/**
 * @typedef {object} CodingSettings
 * @property {Coding} coding
 * @property {Steps} steps T where the coding is uniform
 */

const UNIFORM = /** @type {const} */ ('uniform');
const BY_QUALITY = 'quality';

/**
 * What to ask the engine for.
 * @param {CodingSettings} settings
 * @returns {{preset: Preset} | {steps: Steps}}
 */
export const codingFields = ({ coding, steps }) =>
  coding === UNIFORM ? { steps } : { preset: coding };

/** @param {CodingSettings} settings @returns {string} as it is shown under an answer */
export const codingTitle = ({ coding, steps }) =>
  coding === UNIFORM ? words.coding.uniform(steps) : words.coding[coding].short;

/**
 * A radio button that looks like a segment of a bar.
 * @param {string} name
 * @param {string | number} value
 * @param {string} title
 */
const choice = (name, value, title) =>
  h('label', {}, h('input', { type: 'radio', name, value }), h('span', {}, title));

/** @param {HTMLElement} group @param {string | number} value @returns {HTMLInputElement | null} */
const radio = (group, value) => group.querySelector(`input[value="${value}"]`);

/** @param {HTMLElement} group @returns {string | undefined} */
const checked = (group) =>
  /** @type {HTMLInputElement | null} */ (group.querySelector('input:checked'))?.value;

/** Both groups of radio buttons, and what they mean. */
export class CodingChoice {
  #codings = h(
    'div',
    {
      class: 'choices thirds',
      role: 'radiogroup',
      'aria-labelledby': 'coding-label',
      'aria-describedby': 'coding-hint coding-missing',
      onchange: () => {
        // Who chooses a quality wants it, whatever T had been set.
        const each = radio(this.#steps, BY_QUALITY);
        if (each) each.checked = true;
        this.#show();
      },
    },
    ...PRESETS.map((coding) => choice('coding', coding, words.coding[coding].title)),
  );
  #hint = h('p', { class: 'hint', id: 'coding-hint' });
  #missing = h('p', { class: 'hint', id: 'coding-missing', hidden: true });
  #steps = h(
    'div',
    {
      class: 'choices',
      role: 'radiogroup',
      'aria-labelledby': 'steps-label',
      'aria-describedby': 'steps-hint',
      onchange: () => this.#show(),
    },
    choice('steps', BY_QUALITY, words.coding.stepsAuto),
    ...STEPS.map((t) => choice('steps', t, String(t))),
  );
  #stepsHint = h('p', { class: 'hint', id: 'steps-hint' });
  element = h(
    'div',
    { class: 'coding' },
    h('div', { class: 'heading', id: 'coding-label' }, words.coding.heading),
    this.#codings,
    this.#hint,
    this.#missing,
  );
  /** The choice of T, for those who know what it is. */
  details = h(
    'div',
    {},
    h('div', { class: 'field' }, h('span', { id: 'steps-label' }, words.coding.steps), this.#steps),
    this.#stepsHint,
  );

  /** @param {Partial<CodingSettings>} settings */
  set({ coding, steps }) {
    const uniform = coding === UNIFORM || (coding === undefined && this.value.coding === UNIFORM);
    const buttons = [
      ...(coding === undefined || uniform ? [] : [radio(this.#codings, coding)]),
      ...(coding === undefined && steps === undefined
        ? []
        : [radio(this.#steps, uniform ? steps ?? this.value.steps : BY_QUALITY)]),
    ];
    for (const button of buttons) if (button && !button.disabled) button.checked = true;
    this.#show();
  }

  /** @returns {CodingSettings} */
  get value() {
    const steps = checked(this.#steps) ?? BY_QUALITY;
    return steps === BY_QUALITY
      ? { coding: /** @type {Preset} */ (checked(this.#codings) ?? PRESETS[0]), steps: 4 }
      : { coding: UNIFORM, steps: /** @type {Steps} */ (Number(steps)) };
  }

  /**
   * @param {readonly Preset[]} can those that the model can do; where the chosen one is none of
   *   them, the first is chosen
   */
  set presets(can) {
    const missing = PRESETS.filter((preset) => !can.includes(preset));
    for (const preset of PRESETS) {
      const button = radio(this.#codings, preset);
      if (button) button.disabled = missing.includes(preset);
    }
    this.#missing.hidden = missing.length === 0;
    const titles = formatList(missing.map((preset) => words.coding[preset].title));
    this.#missing.textContent =
      missing.length === 0
        ? ''
        : words.coding.missing(titles);
    const coding = /** @type {Preset} */ (checked(this.#codings) ?? PRESETS[0]);
    const other = radio(this.#codings, can[0] ?? PRESETS[0]);
    if (missing.includes(coding) && other) other.checked = true;
    this.#show();
  }

  #show() {
    const { coding } = this.value;
    const uniform = coding === UNIFORM;
    this.#codings.classList.toggle('overruled', uniform);
    this.#hint.textContent = uniform ? words.coding.overruled : words.coding[coding].hint;
    this.#stepsHint.textContent = uniform
      ? words.coding.stepsUniform
      : words.coding.stepsByQuality;
  }
}
