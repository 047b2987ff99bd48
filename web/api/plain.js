// Checked copies of what callers hand over. A caller's object may answer otherwise the second time,
// or throw: so each of its properties is read once, into plain data without a prototype, and what
// is used further on is the copy alone.

import { SpikeError, messageOf, shown } from '../shared/errors.js';

/**
 * Gives a checked copy of a value, or throws a bad_request that names it.
 * @template T
 * @typedef {(value: unknown, name: string) => T} Reader
 */

/**
 * @param {string} message
 * @param {unknown} [cause]
 */
export const refuse = (message, cause) => new SpikeError('bad_request', message, { cause });

/**
 * Reads something of a caller's object. What its getters and traps throw is the caller's mistake.
 * @template T
 * @param {string} name
 * @param {() => T} read
 * @returns {T}
 */
function foreign(name, read) {
  try {
    return read();
  } catch (cause) {
    throw refuse(`${name || 'the argument'} cannot be read: ${shown(messageOf(cause))}`, cause);
  }
}

/**
 * @param {number} low
 * @param {number} high
 * @returns {Reader<number>} of numbers from low to high
 */
export const number = (low, high) => (value, name) => {
  if (typeof value === 'number' && value >= low && value <= high) return value;
  throw refuse(`${name} must be a number from ${low} to ${high}`);
};

/**
 * @param {number} low
 * @param {number} high
 * @returns {Reader<number>} of whole numbers from low to high
 */
export const whole = (low, high) => (value, name) => {
  if (Number.isSafeInteger(value)) {
    const n = /** @type {number} */ (value);
    if (n >= low && n <= high) return n;
  }
  throw refuse(`${name} must be a whole number from ${low} to ${high}`);
};

/**
 * @param {number} low
 * @param {number} high
 * @returns {Reader<number>} of numbers above low, as the engine's float32 has them, to high
 */
export const above = (low, high) => (value, name) => {
  if (typeof value === 'number' && Math.fround(value) > low && value <= high) return value;
  throw refuse(`${name} must be a number above ${low} to ${high}`);
};

/**
 * @template {string | number} T
 * @param {readonly T[]} values
 * @returns {Reader<T>}
 */
export const oneOf = (values) => (value, name) => {
  if (values.includes(/** @type {T} */ (value))) return /** @type {T} */ (value);
  throw refuse(`${name} must be one of ${values.join(', ')}`);
};

/**
 * @param {'boolean' | 'string' | 'function'} type
 * @returns {Reader<any>}
 */
export const typed = (type) => (value, name) => {
  if (typeof value === type) return value;
  throw refuse(`${name} must be a ${type}`);
};

/**
 * @template T
 * @param {Reader<T>} reader of one item; its name has the index
 * @param {{least: number, most: number, message: (name: string, length: number) => string}} bounds
 * @returns {Reader<T[]>}
 */
export const listOf = (reader, { least, most, message }) => (value, name) => {
  const list = /** @type {unknown[]} */ (value);
  const given = foreign(name, () => (Array.isArray(list) ? list.length : -1));
  // A Proxy may say anything, also an object that is another number each time it is converted.
  const length = Number.isSafeInteger(given) ? given : -1;
  if (!(length >= least && length <= most)) throw refuse(message(name, length));
  /** @type {T[]} */
  const copy = [];
  // By index: other ways pass over holes, or ask the caller's iterator.
  for (let i = 0; i < length; i++) {
    const at = `${name}[${i}]`;
    copy.push(reader(foreign(at, () => list[i]), at));
  }
  return copy;
};

/** @param {unknown} value @returns {boolean} null counts as left out, like undefined */
const leftOut = (value) => value === undefined || value === null;

/**
 * Fields that are left out are not in the copy, and neither are those that are not the object's
 * own and enumerable.
 * @param {Record<string, Reader<any>>} readers by field; any other field is refused
 * @param {readonly string[]} [required]
 * @returns {Reader<any>}
 */
export const fieldsOf = (readers, required = []) => (value, name) => {
  const object = /** @type {Record<string, unknown>} */ (value);
  const keys = foreign(name, () => {
    const good = typeof object === 'object' && object !== null && !Array.isArray(object);
    return good ? Object.keys(object) : null;
  });
  if (!keys) throw refuse(`${name || 'the argument'} must be an object`);
  const prefix = name && `${name}.`;
  const copy = Object.create(null);
  for (const key of keys) {
    if (!Object.hasOwn(readers, key)) throw refuse(`unknown field ${prefix}${shown(key)}`);
    const field = foreign(prefix + key, () => object[key]);
    if (!leftOut(field)) copy[key] = readers[key](field, prefix + key);
  }
  for (const key of required) {
    if (!(key in copy)) throw refuse(`${prefix}${key} is missing`);
  }
  return copy;
};
