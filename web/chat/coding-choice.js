// The choice of how activations are coded: a preset of the engine, or T time steps for all neurons
// alike.

import { h } from '../shared/dom.js';
import { PRESETS, STEPS } from '../shared/contract.js';

/** @import { Preset, Steps } from '../shared/contract.js' */

/** @typedef {import('../shared/contract.js').Preset | 'uniform'} Coding */

/**
 * @typedef {object} CodingSettings
 * @property {Coding} coding
 * @property {Steps} steps T where the coding is uniform
 */

const UNIFORM = /** @type {const} */ ('uniform');

/** @type {Record<Coding, {title: string, hint: string}>} */
const WORDS = {
  best: {
    title: 'Best quality',
    hint: 'All neurons have the most time steps, so they code most finely.',
  },
  balanced: {
    title: 'Balanced',
    hint: 'The neurons that matter most have the most time steps, the others fewer.',
  },
  fewest: {
    title: 'Fewest spikes',
    hint: 'Most neurons have few time steps. Answers are rougher.',
  },
  uniform: {
    title: 'Uniform T',
    hint:
      'All neurons have T time steps. ' +
      'More of them code an activation more finely: 16, 31 or 61 levels.',
  },
};

/**
 * What to ask the engine for.
 * @param {CodingSettings} settings
 * @returns {{preset: Preset} | {steps: Steps}}
 */
export const codingFields = ({ coding, steps }) =>
  coding === UNIFORM ? { steps } : { preset: coding };

/** @param {CodingSettings} settings @returns {string} as it is shown under an answer */
export const codingTitle = ({ coding, steps }) =>
  coding === UNIFORM ? `T = ${steps}` : WORDS[coding].title.toLowerCase();

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
      class: 'choices pairs',
      role: 'radiogroup',
      'aria-labelledby': 'coding-label',
      'aria-describedby': 'coding-hint coding-missing',
      onchange: () => this.#show(),
    },
    ...[...PRESETS, UNIFORM].map((coding) => choice('coding', coding, WORDS[coding].title)),
  );
  #hint = h('p', { class: 'hint', id: 'coding-hint' });
  #missing = h('p', { class: 'hint', id: 'coding-missing', hidden: true });
  #steps = h(
    'div',
    { class: 'choices', role: 'radiogroup', 'aria-labelledby': 'steps-label' },
    ...STEPS.map((t) => choice('steps', t, String(t))),
  );
  #stepsField = h(
    'div',
    { class: 'field' },
    h('span', { id: 'steps-label' }, 'Time steps T'),
    this.#steps,
  );
  element = h(
    'div',
    { class: 'coding' },
    h('div', { class: 'heading', id: 'coding-label' }, 'Coding'),
    this.#codings,
    this.#stepsField,
    this.#hint,
    this.#missing,
  );

  /** @param {Partial<CodingSettings>} settings */
  set({ coding, steps }) {
    const buttons = [
      ...(coding === undefined ? [] : [radio(this.#codings, coding)]),
      ...(steps === undefined ? [] : [radio(this.#steps, steps)]),
    ];
    for (const button of buttons) if (button && !button.disabled) button.checked = true;
    this.#show();
  }

  /** @returns {CodingSettings} */
  get value() {
    return {
      coding: /** @type {Coding} */ (checked(this.#codings) ?? PRESETS[0]),
      steps: /** @type {Steps} */ (Number(checked(this.#steps) ?? 4)),
    };
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
    const titles = missing.map((preset) => WORDS[preset].title).join(', ');
    this.#missing.textContent =
      missing.length === 0
        ? ''
        : `Not with this model: ${titles}. It has no ranking of its neurons.`;
    const { coding } = this.value;
    if (coding !== UNIFORM && missing.includes(coding)) this.set({ coding: can[0] ?? UNIFORM });
  }

  #show() {
    const { coding } = this.value;
    this.#stepsField.hidden = coding !== UNIFORM;
    this.#hint.textContent = WORDS[coding].hint;
  }
}
