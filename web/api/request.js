// Reads what a caller hands to createEngine and to chat.completions.create. A field that is not
// known is refused by name: a setting that silently does nothing is worse than an error.

import {
  BUILDS, EXCHANGE_BYTES, KERNELS, MAX_CONTEXT, MAX_STOPS, MAX_THREADS,
  PRESETS, RANGES, ROLES, STEPS,
} from '../shared/contract.js';
import { anAddress } from './address.js';
import { lesions } from './lesions.js';
import { above, fieldsOf, listOf, number, oneOf, refuse, typed, whole } from './plain.js';
import { aSignal } from './signal.js';

/** @import { Threads } from '../shared/contract.js' */
/** @import { AnswerRequest, Message } from '../shared/protocol.js' */
/** @import { Reader } from './plain.js' */
/** @import { CacheSteps, CodingFields, CompletionRequest, EngineOptions } from './types.js' */

const MAX_MESSAGES = 4096;
// Of the content of one message.
const MAX_PARTS = 4096;
/** UTF-16 units of a stop string. */
export const MAX_STOP_LENGTH = 256;
// UTF-16 units of all messages together, what the exchange buffer holds of ASCII. Longer text fits
// no context, and JSON.stringify of some hundred megabytes throws, which would look like a crash.
const MAX_TEXT = EXCHANGE_BYTES;

const STOP_RULE = `must be a string, or several, each of 1 to ${MAX_STOP_LENGTH} characters`;

/** @type {Reader<string>} */
const aStop = (value, name) => {
  if (typeof value === 'string' && value !== '' && value.length <= MAX_STOP_LENGTH) return value;
  throw refuse(`${name.replace(/\[\d+\]$/, '')} ${STOP_RULE}`);
};

const someStops = listOf(aStop, {
  least: 0, most: MAX_STOPS,
  message: (name, length) => (length > MAX_STOPS
    ? `${name} holds ${length} strings, at most ${MAX_STOPS}`
    : `${name} ${STOP_RULE}`),
});

/** @type {Reader<string | string[]>} */
const stops = (value, name) => (typeof value === 'object' ? someStops : aStop)(value, name);

const listOfParts = listOf(
  fieldsOf({ type: oneOf(['text']), text: typed('string') }, ['type', 'text']), {
    least: 0, most: MAX_PARTS,
    message: (name) => `${name} must be a string, or a list of at most ${MAX_PARTS} parts of text`,
  });

/** @type {Reader<string>} */
const aContent = (value, name) => {
  if (typeof value !== 'object') return typed('string')(value, name);
  return listOfParts(value, name).map(({ text }) => text).join('');
};

const fieldsOfMessage = fieldsOf(
  { role: oneOf([...ROLES, 'developer']), content: aContent }, ['role', 'content']);

/** @type {Reader<Message>} */
const aMessage = (value, name) => {
  const { role, content } = fieldsOfMessage(value, name);
  return { role: role === 'developer' ? 'system' : role, content };
};

const listOfMessages = listOf(aMessage, {
  least: 1, most: MAX_MESSAGES,
  message: (name) => `${name} must be a list of 1 to ${MAX_MESSAGES} messages`,
});

/** @type {Reader<Message[]>} */
const someMessages = (value, name) => {
  const messages = listOfMessages(value, name);
  const length = messages.reduce((sum, { content }) => sum + content.length, 0);
  if (length <= MAX_TEXT) return messages;
  throw refuse(
    `${name} hold ${length} characters, at most ${MAX_TEXT}: send less of the conversation`);
};

const steps = oneOf([0, ...STEPS]);
const spikingSteps = oneOf(STEPS);
const SHARED_STEPS = { high: spikingSteps, low: spikingSteps, share: number(0, 1) };
const sharedSteps = fieldsOf(SHARED_STEPS, Object.keys(SHARED_STEPS));

/** @type {Reader<CacheSteps>} */
const cacheSteps = (value, name) => {
  if (typeof value !== 'object') return steps(value, name);
  const shared = sharedSteps(value, name);
  if (shared.low > shared.high) throw refuse(`${name}.low must not be above ${name}.high`);
  return shared;
};

const CODING = { preset: oneOf(PRESETS), steps, cache_steps: cacheSteps };

/**
 * Reads a field that has one value here.
 * @param {number} only
 * @returns {Reader<unknown>}
 */
const always = (only) => (value, name) => {
  if (value === only) return value;
  throw refuse(`${name} must be ${only}: the engine has nothing else`);
};

// What OpenAI's clients send unasked: it changes nothing.
const NEUTRAL = {
  n: always(1),
  frequency_penalty: always(0),
  presence_penalty: always(0),
  tools: listOf(typed('string'), {
    least: 0, most: 0, message: (name) => `${name} must be an empty list: the engine has none`,
  }),
  response_format: fieldsOf({ type: oneOf(['text']) }, ['type']),
  user: typed('string'),
};

/** Whether text is a date such as 2026-11-30. @param {string} text */
const isDate = (text) => {
  const at = /^[1-9]\d{3}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  // February 30 would be a day of March.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
};

/** @type {Reader<string>} */
export const aDate = (value, name) => {
  const text = typed('string')(value, name);
  if (isDate(text)) return text;
  throw refuse(`${name} must be a date such as 2026-11-30`);
};

/** The reader's date. */
export const today = () => {
  const now = new Date();
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
};

/** @type {Record<string, Reader<any>>} */
export const REQUEST = {
  ...NEUTRAL,
  messages: someMessages,
  model: typed('string'),
  stream: typed('boolean'),
  stream_options: fieldsOf({ include_usage: typed('boolean') }),
  max_tokens: whole(...RANGES.max_tokens),
  max_completion_tokens: whole(...RANGES.max_tokens),
  temperature: number(...RANGES.temperature),
  // Rounded to 0 it would be off, the opposite of what was asked. In the other fields rounding is
  // harmless: a temperature or min_p near 0 and a penalty near 1 do nearly the same as 0 and 1.
  top_p: above(...RANGES.top_p),
  seed: whole(...RANGES.seed),
  stop: stops,
  logprobs: typed('boolean'),
  top_logprobs: whole(...RANGES.top_logprobs),
  signal: aSignal,
  ...CODING,
  top_k: whole(...RANGES.top_k),
  min_p: number(...RANGES.min_p),
  repetition_penalty: number(...RANGES.repetition_penalty),
  chat_template_kwargs: fieldsOf({ enable_thinking: typed('boolean') }),
  spike: fieldsOf({ lesions, aside: typed('boolean'), date: aDate }),
};
// Those of a request that go to the engine as they are.
const SENT = /** @type {const} */ ([
  'max_tokens', 'temperature', 'top_p', 'seed', 'top_k', 'min_p', 'repetition_penalty',
]);

const someThreads = whole(1, MAX_THREADS);
/** @type {Reader<Threads>} */
const threads = (value, name) => (value === 'auto' ? value : someThreads(value, name));

/** @type {Record<string, Reader<any>>} */
export const ENGINE_OPTIONS = {
  model: anAddress,
  ...CODING,
  kernel: oneOf(KERNELS),
  build: oneOf(['auto', ...BUILDS]),
  threads,
  useCache: typed('boolean'),
  context: whole(1, MAX_CONTEXT),
  early: typed('boolean'),
  signal: aSignal,
  onprogress: typed('function'),
  onprefill: typed('function'),
  onnotice: typed('function'),
  onprecision: typed('function'),
};
const readEngineOptions = fieldsOf(ENGINE_OPTIONS);
const readRequest = fieldsOf(REQUEST, ['messages']);
const readCallOptions = fieldsOf({ signal: aSignal });

/**
 * @param {string} field of a request, or of createEngine's options
 * @param {unknown} value
 * @returns {boolean} whether it may have it
 */
export function isGood(field, value) {
  try {
    (REQUEST[field] ?? ENGINE_OPTIONS[field])(value, field);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {CodingFields} fields a copy that was read
 * @returns {boolean} whether they choose a coding
 */
function choosesCoding({ preset: name, steps: count }) {
  if (name !== undefined && count !== undefined) {
    throw refuse('preset and steps exclude each other');
  }
  return name !== undefined || count !== undefined;
}

/**
 * Reads createEngine's options.
 * @param {unknown} options
 * @returns {EngineOptions & {model?: string}} a copy; the model's address is complete
 * @throws {SpikeError} bad_request, naming the field
 */
export function checkEngineOptions(options) {
  const given = readEngineOptions(options, '');
  choosesCoding(given);
  return given;
}

/**
 * @typedef {{[Field in keyof CompletionRequest]: NonNullable<CompletionRequest[Field]>}} Given
 * @typedef {Omit<Given, 'messages'> & {messages: Message[]}} CheckedRequest
 */

/**
 * Reads a completion request.
 * @param {unknown} request
 * @param {unknown} options the second argument of create: `{signal}`
 * @param {string} model name of the loaded model
 * @returns {{request: CheckedRequest, signal: AbortSignal | undefined}} a copy
 * @throws {SpikeError} bad_request, naming the field
 */
export function checkRequest(request, options, model) {
  /** @type {CheckedRequest} */
  const given = readRequest(request, '');
  /** @type {{signal?: AbortSignal}} */
  const call = readCallOptions(options, 'options');
  if (given.model !== undefined && given.model !== model) {
    throw refuse(`model must be ${model}, the one that is loaded`);
  }
  choosesCoding(given);
  const { max_tokens: most, max_completion_tokens: other = most } = given;
  if (most !== undefined && other !== most) {
    throw refuse('max_tokens and max_completion_tokens differ');
  }
  if (other !== undefined) given.max_tokens = other;
  if (given.stream_options !== undefined && !given.stream) {
    throw refuse('stream_options is for stream: true');
  }
  if (given.top_logprobs !== undefined && !given.logprobs) {
    throw refuse('top_logprobs is for logprobs: true');
  }
  return { request: given, signal: call.signal ?? given.signal };
}

/**
 * @param {CacheSteps | undefined} value
 * @returns {Pick<AnswerRequest, 'cache_steps' | 'cache_share' | 'cache_low'>}
 */
function cacheFields(value) {
  if (value === undefined) return {};
  if (typeof value !== 'object') return { cache_steps: value };
  return { cache_steps: value.high, cache_share: value.share, cache_low: value.low };
}

/**
 * The part of a request that the engine needs.
 * @param {CheckedRequest} request a copy that was read
 * @param {CodingFields} coding likewise; what holds for a request that does not say: preset or
 *   steps, and cache_steps
 * @returns {AnswerRequest}
 */
export function toAnswerRequest(request, coding) {
  const { preset, steps: count } = choosesCoding(request) ? request : coding;
  /** @type {AnswerRequest} */
  const answer = {
    ...(preset === undefined ? {} : { preset }),
    ...(count === undefined ? {} : { steps: count }),
    ...cacheFields(request.cache_steps ?? coding.cache_steps),
    messages: request.messages.map(({ role, content }) => ({ role, content })),
  };
  for (const field of SENT) if (request[field] !== undefined) answer[field] = request[field];
  if (request.spike?.lesions !== undefined) answer.lesions = request.spike.lesions;
  if (request.spike?.aside) answer.aside = true;
  if (request.spike?.date) answer.date = request.spike.date;
  const thinking = request.chat_template_kwargs?.enable_thinking;
  if (thinking !== undefined && thinking !== null) answer.thinking = thinking;
  if (request.stop !== undefined) answer.stop = [request.stop].flat();
  if (request.logprobs) answer.top_logprobs = request.top_logprobs ?? 0;
  return answer;
}
