// Checks what a caller hands to createEngine and to chat.completions.create. A field that is not
// known is refused by name: a setting that silently does nothing is worse than an error.

import {
  BUILDS, EXCHANGE_BYTES, KERNELS, MAX_CONTEXT, MAX_STOPS, PRESETS, RANGES, ROLES, STEPS,
} from '../shared/contract.js';
import { SpikeError } from '../shared/errors.js';

/** @import { AnswerRequest } from '../shared/protocol.js' */
/** @import { CacheSteps, CodingFields, CompletionRequest, EngineOptions } from './types.js' */

/** @typedef {(value: unknown, name: string) => void} Check throws when the value is not right */

const MAX_MESSAGES = 4096;
/** UTF-16 units of a stop string. */
export const MAX_STOP_LENGTH = 256;
// UTF-16 units of all messages together, what the exchange buffer holds of ASCII. Longer text fits
// no context, and JSON.stringify of some hundred megabytes throws, which would look like a crash.
const MAX_TEXT = EXCHANGE_BYTES;

/** @param {string} message */
const refuse = (message) => new SpikeError('bad_request', message);

/**
 * A check that a value is a number in a range.
 * @param {number} low
 * @param {number} high
 * @param {{whole?: boolean, above?: boolean}} [how] above: low itself is refused, and what the
 *   engine's float32 rounds to it
 * @returns {Check}
 */
const number = (low, high, { whole = false, above = false } = {}) => (value, name) => {
  const ok = typeof value === 'number' && Number.isFinite(value) && value <= high
    && (above ? Math.fround(value) > low : value >= low) && (!whole || Number.isSafeInteger(value));
  if (!ok)
    throw refuse(
      `${name} must be a ${whole ? 'whole ' : ''}number ${above ? 'above' : 'from'} ${low} to ${high}`,
    );
};

/**
 * @param {readonly unknown[]} values
 * @returns {Check}
 */
const oneOf = (values) => (value, name) => {
  if (!values.includes(value)) throw refuse(`${name} must be one of ${values.join(', ')}`);
};

/** @type {(type: 'boolean' | 'string' | 'function') => Check} */
const typed = (type) => (value, name) => {
  if (typeof value !== type) throw refuse(`${name} must be a ${type}`);
};

/** @type {Check} */
const aSignal = (value, name) => {
  if (!(value instanceof AbortSignal)) throw refuse(`${name} must be an AbortSignal`);
};

/** @type {Check} */
const aStop = (value, name) => {
  const stops = Array.isArray(value) ? value : [value];
  if (stops.length > MAX_STOPS)
    throw refuse(`${name} holds ${stops.length} strings, at most ${MAX_STOPS}`);
  for (const stop of stops) {
    if (typeof stop !== 'string' || stop === '' || stop.length > MAX_STOP_LENGTH) {
      throw refuse(
        `${name} must be a string, or several, each of 1 to ${MAX_STOP_LENGTH} characters`,
      );
    }
  }
};

/** @type {Check} */
const someMessages = (value, name) => {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_MESSAGES) {
    throw refuse(`${name} must be a list of 1 to ${MAX_MESSAGES} messages`);
  }
  let length = 0;
  // By index: forEach would pass over holes.
  for (let i = 0; i < value.length; i++) {
    checkFields(value[i], MESSAGE, `${name}[${i}]`, ['role', 'content']);
    length += value[i].content.length;
  }
  if (length > MAX_TEXT)
    throw refuse(
      `${name} hold ${length} characters, at most ${MAX_TEXT}: send less of the conversation`,
    );
};

/** @type {Record<string, Check>} */
const MESSAGE = { role: oneOf(ROLES), content: typed('string') };

const preset = oneOf(PRESETS);
const steps = oneOf([0, ...STEPS]);
const spikingSteps = oneOf(STEPS);

/** @type {Record<string, Check>} */
const SHARED_STEPS = { high: spikingSteps, low: spikingSteps, share: number(0, 1) };

/** @type {Check} */
const cacheSteps = (value, name) => {
  if (typeof value !== 'object') return steps(value, name);
  checkFields(value, SHARED_STEPS, name, Object.keys(SHARED_STEPS));
  const { high, low } = /** @type {{high: number, low: number}} */ (value);
  if (low > high) throw refuse(`${name}.low must not be above ${name}.high`);
};

/** @type {Record<string, Check>} */
const REQUEST = {
  messages: someMessages,
  model: typed('string'),
  stream: typed('boolean'),
  stream_options: (value, name) => checkFields(value, { include_usage: typed('boolean') }, name),
  max_tokens: number(...RANGES.max_tokens, { whole: true }),
  temperature: number(...RANGES.temperature),
  // Rounded to 0 it would be off, the opposite of what was asked. In the other fields rounding is
  // harmless: a temperature or min_p near 0 and a penalty near 1 do nearly the same as 0 and 1.
  top_p: number(...RANGES.top_p, { above: true }),
  seed: number(...RANGES.seed, { whole: true }),
  stop: aStop,
  signal: aSignal,
  preset,
  steps,
  cache_steps: cacheSteps,
  top_k: number(...RANGES.top_k, { whole: true }),
  min_p: number(...RANGES.min_p),
  repetition_penalty: number(...RANGES.repetition_penalty),
};

/** @type {Record<string, Check>} */
const ENGINE = {
  model: (value, name) => {
    if (value instanceof URL) return;
    typed('string')(value, name);
    if (!toAddress(/** @type {string} */ (value))) throw refuse(`${name} is not an address`);
  },
  preset,
  steps,
  cache_steps: cacheSteps,
  kernel: oneOf(KERNELS),
  build: oneOf(['auto', ...BUILDS]),
  context: number(1, MAX_CONTEXT, { whole: true }),
  signal: aSignal,
  onprogress: typed('function'),
  onprefill: typed('function'),
  onnotice: typed('function'),
};

/**
 * @param {string} field of a request
 * @param {unknown} value
 * @returns {boolean} whether a request may have it
 */
export function isGood(field, value) {
  try {
    REQUEST[field](value, field);
    return true;
  } catch {
    return false;
  }
}

/**
 * The address that a text means in this document.
 * @param {string} text
 * @returns {URL | null} null when it means none
 */
export function toAddress(text) {
  try {
    return new URL(text, globalThis.document?.baseURI);
  } catch {
    return null;
  }
}

/** @param {unknown} value */
const leftOut = (value) => value === undefined || value === null;

/**
 * Checks every field of an object. A field that is undefined or null counts as left out, and so
 * does one that is not the object's own and enumerable: nobody would check it.
 * @param {unknown} object
 * @param {Record<string, Check>} checks
 * @param {string} where leads the names in error messages; '' for the outermost object
 * @param {string[]} [required]
 */
function checkFields(object, checks, where, required = []) {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw refuse(`${where || 'the argument'} must be an object`);
  }
  const prefix = where && `${where}.`;
  const seen = new Set();
  for (const [name, value] of Object.entries(object)) {
    if (!Object.hasOwn(checks, name)) throw refuse(`unknown field ${prefix}${name}`);
    if (leftOut(value)) continue;
    checks[name](value, prefix + name);
    seen.add(name);
  }
  for (const name of required) {
    if (!seen.has(name)) throw refuse(`${prefix}${name} is missing`);
  }
}

/**
 * A checked object without the fields that count as left out, so that nobody further on meets a
 * null. What the caller does to its cache_steps afterwards changes nothing.
 * @param {unknown} object
 */
function given(object) {
  const fields = Object.fromEntries(
    Object.entries(/** @type {object} */ (object)).filter(([, value]) => !leftOut(value)),
  );
  if (typeof fields.cache_steps === 'object') fields.cache_steps = { ...fields.cache_steps };
  return fields;
}

/** @param {CodingFields} fields checked ones @returns {boolean} whether they choose a coding */
function choosesCoding({ preset: name, steps: count }) {
  if (name !== undefined && count !== undefined)
    throw refuse('preset and steps exclude each other');
  return name !== undefined || count !== undefined;
}

/**
 * Checks createEngine's options.
 * @param {unknown} options
 * @returns {EngineOptions}
 * @throws {SpikeError} bad_request, naming the field
 */
export function checkEngineOptions(options) {
  checkFields(options, ENGINE, '');
  const checked = /** @type {EngineOptions} */ (given(options));
  choosesCoding(checked);
  return checked;
}

/**
 * Checks a completion request.
 * @param {unknown} request
 * @param {unknown} options the second argument of create: `{signal}`
 * @param {string} model name of the loaded model
 * @returns {{request: CompletionRequest, signal: AbortSignal | undefined}}
 * @throws {SpikeError} bad_request, naming the field
 */
export function checkRequest(request, options, model) {
  checkFields(request, REQUEST, '', ['messages']);
  checkFields(options, { signal: aSignal }, 'options');
  const checked = /** @type {CompletionRequest} */ (given(request));
  const signal = /** @type {{signal?: AbortSignal}} */ (given(options)).signal ?? checked.signal;
  if (checked.model !== undefined && checked.model !== model)
    throw refuse(`model must be ${model}, the one that is loaded`);
  choosesCoding(checked);
  if (checked.stream_options !== undefined && !checked.stream)
    throw refuse('stream_options is for stream: true');
  return { request: checked, signal };
}

/**
 * @param {CacheSteps | undefined} value
 * @returns {Pick<AnswerRequest, 'cache_steps' | 'cache_share' | 'cache_low'>}
 */
function cacheFields(value) {
  if (typeof value === 'object')
    return { cache_steps: value.high, cache_share: value.share, cache_low: value.low };
  return value === undefined ? {} : { cache_steps: value };
}

/**
 * The part of a checked request that the engine needs.
 * @param {CompletionRequest} request
 * @param {CodingFields} coding what holds for a request that does not say: preset or steps, and
 *   cache_steps
 * @returns {AnswerRequest}
 */
export function toAnswerRequest(request, { cache_steps, ...coding }) {
  const {
    model: _,
    stream: __,
    stream_options: ___,
    signal: ____,
    cache_steps: own,
    stop,
    messages,
    ...sampling
  } = request;
  return {
    ...(choosesCoding(request) ? {} : coding),
    ...cacheFields(own ?? cache_steps),
    ...sampling,
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...(stop === undefined ? {} : { stop: [stop].flat() }),
  };
}
