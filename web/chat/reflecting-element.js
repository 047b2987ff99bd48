// The attributes of <spike-chat> as properties: each reads and writes its attribute, and neither is
// the name of anything else, so that it does not matter which of the two a framework sets.

import { DEFAULT_MODEL } from '../api/engine.js';
import { toAddress } from '../api/address.js';
import { BUILDS, PRESETS } from '../shared/contract.js';
import { BaseElement, setOrRemove, takeOver } from '../shared/dom.js';
import { numberOf } from './attributes.js';

/** @import { Build, Preset, Threads } from '../shared/contract.js' */
/** @import { NumberField } from './attributes.js' */

const KERNELS = /** @type {const} */ (['auto', 'lookup', 'popcount']);
const LOADS = /** @type {const} */ (['click', 'visible', 'eager']);
const THEMES = /** @type {const} */ (['auto', 'light', 'dark']);
/** Names of the properties that are attributes. */
export const REFLECTED = /** @type {const} */ ([
  'build', 'kernel', 'links', 'load', 'maxTokens', 'model', 'placeholder', 'preset', 'seed',
  'steps', 'system', 'temperature', 'theme', 'threads',
]);

/** @typedef {typeof REFLECTED[number]} SettingName */

/**
 * Attributes by what a framework makes of their properties' names where the element is not defined
 * yet: it takes them for attributes, and in HTML these are in lower case.
 * @type {Readonly<Record<string, string>>}
 */
export const WRITTEN = Object.freeze({ maxtokens: 'max-tokens' });

/**
 * Gives an attribute the name that it has here.
 * @param {Element} element
 * @param {string} name of WRITTEN
 */
export function rename(element, name) {
  const value = element.getAttribute(name);
  if (value === null) return;
  element.removeAttribute(name);
  element.setAttribute(WRITTEN[name], value);
}

/**
 * Properties of numbers are null where the attribute is not there or the engine would refuse it.
 * Any of them takes null or undefined, which removes the attribute.
 */
export class ReflectingElement extends BaseElement {
  constructor() {
    super();
    takeOver(this, REFLECTED);
  }

  /** `auto`, or one of the engine's builds. @returns {'auto' | Build} */
  get build() {
    return this.#oneOf('build', /** @type {const} */ (['auto', ...BUILDS])) ?? 'auto';
  }

  /** @param {'auto' | Build | null | undefined} value */
  set build(value) {
    setOrRemove(this, 'build', value);
  }

  /** @returns {typeof KERNELS[number]} */
  get kernel() {
    return this.#oneOf('kernel', KERNELS) ?? 'auto';
  }

  /** @param {typeof KERNELS[number] | null | undefined} value */
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

  /** @returns {typeof LOADS[number]} */
  get load() {
    return this.#oneOf('load', LOADS) ?? 'click';
  }

  /** @param {typeof LOADS[number] | null | undefined} value */
  set load(value) {
    setOrRemove(this, 'load', value);
  }

  /** @returns {number | null} */
  get maxTokens() {
    return this.#number('max-tokens', 'max_tokens');
  }

  /** @param {number | null | undefined} value */
  set maxTokens(value) {
    setOrRemove(this, 'max-tokens', value);
  }

  /**
   * The manifest's address, complete; the attribute as it is where it is none.
   * @returns {string}
   */
  get model() {
    // Some frameworks take a property back by setting ''.
    const model = this.getAttribute('model') || DEFAULT_MODEL;
    return toAddress(model) ?? model;
  }

  /** @param {string | URL | null | undefined} value */
  set model(value) {
    setOrRemove(this, 'model', value);
  }

  /** @returns {string} */
  get placeholder() {
    return this.getAttribute('placeholder') ?? '';
  }

  /** @param {string | null | undefined} value */
  set placeholder(value) {
    setOrRemove(this, 'placeholder', value);
  }

  /** Null where there is none that the engine has. @returns {Preset | null} */
  get preset() {
    return this.#oneOf('preset', PRESETS);
  }

  /** @param {Preset | null | undefined} value */
  set preset(value) {
    setOrRemove(this, 'preset', value);
  }

  /** @returns {number | null} */
  get seed() {
    return this.#number('seed');
  }

  /** @param {number | null | undefined} value */
  set seed(value) {
    setOrRemove(this, 'seed', value);
  }

  /** @returns {number | null} */
  get steps() {
    return this.#number('steps');
  }

  /** @param {number | null | undefined} value */
  set steps(value) {
    setOrRemove(this, 'steps', value);
  }

  /** @returns {string} */
  get system() {
    return this.getAttribute('system') ?? '';
  }

  /** @param {string | null | undefined} value */
  set system(value) {
    setOrRemove(this, 'system', value);
  }

  /** @returns {number | null} */
  get temperature() {
    return this.#number('temperature');
  }

  /** @param {number | null | undefined} value */
  set temperature(value) {
    setOrRemove(this, 'temperature', value);
  }

  /** @returns {typeof THEMES[number]} */
  get theme() {
    return this.#oneOf('theme', THEMES) ?? 'auto';
  }

  /** @param {typeof THEMES[number] | null | undefined} value */
  set theme(value) {
    setOrRemove(this, 'theme', value);
  }

  /**
   * Null where there is neither `auto` nor a number that the engine takes.
   * @returns {Threads | null}
   */
  get threads() {
    return this.#oneOf('threads', /** @type {const} */ (['auto'])) ?? this.#number('threads');
  }

  /** @param {Threads | null | undefined} value */
  set threads(value) {
    setOrRemove(this, 'threads', value);
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
