// Signals of callers, asked by the browser's own functions: what a page has put on the object, or
// on another realm's prototype, is never called.

import { refuse } from './plain.js';

const { addEventListener, removeEventListener } = EventTarget.prototype;
const aborted = /** @type {() => boolean} */ (
  Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted')?.get
);
const ONCE = Object.freeze(Object.assign(Object.create(null), { once: true }));

/** @param {AbortSignal | undefined} signal */
export const isAborted = (signal) => signal !== undefined && Reflect.apply(aborted, signal, []);

/**
 * @param {AbortSignal | undefined} signal
 * @param {() => void} listener called once
 * @returns {() => void} ends listening
 */
export function onAbort(signal, listener) {
  if (!signal) return () => {};
  Reflect.apply(addEventListener, signal, ['abort', listener, ONCE]);
  return () => Reflect.apply(removeEventListener, signal, ['abort', listener]);
}

/** @param {unknown} value @param {string} name @returns {AbortSignal} */
export function aSignal(value, name) {
  try {
    // It throws for anything that is no signal, whatever its prototype.
    isAborted(/** @type {AbortSignal} */ (value));
    return /** @type {AbortSignal} */ (value);
  } catch (cause) {
    throw refuse(`${name} must be an AbortSignal`, cause);
  }
}
