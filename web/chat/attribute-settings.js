// What the attributes of <spike-chat> say about the settings.

import { STEPS } from '../shared/contract.js';

/** @import { ReflectingElement } from './reflecting-element.js' */
/** @import { Settings } from './settings-panel.js' */

/** What the model's makers advise for chat (model card of SmolLM2-135M-Instruct). */
const TEMPERATURE = 0.2;

/** Where nothing else is said. @type {Readonly<Settings>} */
export const STANDARD = Object.freeze({
  coding: 'best', steps: 4, kernel: 'auto', threads: 'auto', temperature: TEMPERATURE, seed: null,
});

/** The attributes that do. */
export const SETTING_ATTRIBUTES = /** @type {const} */ ([
  'kernel', 'preset', 'seed', 'steps', 'temperature', 'threads',
]);

/**
 * @param {ReflectingElement} element
 * @param {readonly string[]} names of the attributes that count
 * @returns {Partial<Settings>} what they say
 */
export function settingsFrom(element, names) {
  const { kernel, preset, seed, steps, temperature, threads } = element;
  /** @type {Partial<Settings>} */
  const settings = {};
  if (names.includes('steps') || names.includes('preset')) {
    const uniform = STEPS.find((one) => one === steps);
    // Of the two the one that has come last, and preset where they come together.
    const last = !preset || !names.includes('preset');
    settings.coding = uniform && last ? 'uniform' : preset ?? STANDARD.coding;
    settings.steps = uniform ?? STANDARD.steps;
  }
  if (names.includes('temperature')) settings.temperature = temperature ?? STANDARD.temperature;
  if (names.includes('seed')) settings.seed = seed;
  if (names.includes('kernel')) settings.kernel = kernel;
  if (names.includes('threads')) settings.threads = threads ?? STANDARD.threads;
  return settings;
}
