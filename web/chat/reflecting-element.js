// The attributes of <spike-chat> as properties: each reads and writes its attribute, and neither is
// the name of anything else, so that it does not matter which of the two a framework sets.

import { DEFAULT_MODEL } from '../api/engine.js';
import { toAddress } from '../api/address.js';
import { BUILDS, PRESETS } from '../shared/contract.js';
import { BaseElement, setOrRemove, takeOver } from '../shared/dom.js';
import { numberOf } from './attributes.js';

/** @import { NumberField } from './attributes.js' */

const KERNELS = /** @type {const} */ (['auto', 'lookup', 'popcount']);
const LOADS = /** @type {const} */ (['click', 'visible', 'eager']);
const THEMES = /** @type {const} */ (['auto', 'light', 'dark']);
/** Names of the properties that are attributes. */
export const REFLECTED = /** @type {const} */ ([
  'build', 'kernel', 'links', 'load', 'maxTokens', 'model', 'placeholder', 'preset', 'seed',
  'steps',
  'system', 'temperature', 'theme',
]);

/**
 * Properties of numbers are null where the attribute is not there or the engine would refuse it.
 * Any of them takes null or undefined, which removes the attribute.
 */
export class ReflectingElement extends BaseElement {
  constructor() {
    super();
    takeOver(this, REFLECTED);
  }

  /** `auto`, or one of the engine's builds. */
  get build() {
    return this.#oneOf('build', /** @type {const} */ (['auto', ...BUILDS])) ?? 'auto';
  }

  set build(value) {
    setOrRemove(this, 'build', value);
  }

  get kernel() {
    return this.#oneOf('kernel', KERNELS) ?? 'auto';
  }

  set kernel(value) {
    setOrRemove(this, 'kernel', value);
  }

  /** Whether the page opens links to chats. */
  get links() {
    return this.hasAttribute('links');
  }

  set links(value) {
    setOrRemove(this, 'links', value ? '' : null);
  }

  get load() {
    return this.#oneOf('load', LOADS) ?? 'click';
  }

  set load(value) {
    setOrRemove(this, 'load', value);
  }

  get maxTokens() {
    return this.#number('max-tokens', 'max_tokens');
  }

  set maxTokens(value) {
    setOrRemove(this, 'max-tokens', value);
  }

  /** The manifest's address, complete; the attribute as it is where it is none. */
  get model() {
    // Some frameworks take a property back by setting ''.
    const model = this.getAttribute('model') || DEFAULT_MODEL;
    return toAddress(model) ?? model;
  }

  set model(value) {
    setOrRemove(this, 'model', value);
  }

  get placeholder() {
    return this.getAttribute('placeholder') ?? '';
  }

  set placeholder(value) {
    setOrRemove(this, 'placeholder', value);
  }

  /** Null where there is none that the engine has. */
  get preset() {
    return this.#oneOf('preset', PRESETS);
  }

  set preset(value) {
    setOrRemove(this, 'preset', value);
  }

  get seed() {
    return this.#number('seed');
  }

  set seed(value) {
    setOrRemove(this, 'seed', value);
  }

  get steps() {
    return this.#number('steps');
  }

  set steps(value) {
    setOrRemove(this, 'steps', value);
  }

  get system() {
    return this.getAttribute('system') ?? '';
  }

  set system(value) {
    setOrRemove(this, 'system', value);
  }

  get temperature() {
    return this.#number('temperature');
  }

  set temperature(value) {
    setOrRemove(this, 'temperature', value);
  }

  get theme() {
    return this.#oneOf('theme', THEMES) ?? 'auto';
  }

  set theme(value) {
    setOrRemove(this, 'theme', value);
  }

  /**
   * @template {string} T
   * @param {string} attribute
   * @param {readonly T[]} values
   * @returns {T | null} what the attribute says, where it is one of the values
   */
  #oneOf(attribute, values) {
    const text = this.getAttribute(attribute);
    return values.find((value) => value === text) ?? null;
  }

  /**
   * @param {string} attribute
   * @param {NumberField} [field]
   * @returns {number | null}
   */
  #number(attribute, field = /** @type {NumberField} */ (attribute)) {
    return numberOf(this.getAttribute(attribute), field) ?? null;
  }
}
