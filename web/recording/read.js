// Reads a recording of an answer (FORMAT.md, Recordings). The file may be damaged, or of another
// version: everything has bounds, and is checked before any of it is shown.

import { fieldsOf, listOf, number, oneOf, refuse, whole } from '../api/plain.js';
import { PRESETS, RANGES } from '../shared/contract.js';
import { CACHE_COUNTS, COUNTS, LOOK_BACK } from '../shared/spikes.js';

/** @import { Reader } from '../api/plain.js' */
/** @import { Preset } from '../shared/contract.js' */
/** @import { Population, Spikes } from '../shared/spikes.js' */

/**
 * @typedef {object} RecordedToken
 * @property {string} text
 * @property {number} ms since the token before, or the question
 * @property {number} check of all its counts: see checkOf
 * @property {Spikes} spikes its spikes; the other kinds of counts are not recorded, and empty
 */

/**
 * @typedef {object} Recording
 * @property {{name: string, sha256: string}} model sha256 of the manifest, in hexadecimal
 * @property {string} question
 * @property {{preset: Preset, temperature: number, top_p: number, seed: number, max_tokens:
 *   number}} settings fields of the request
 * @property {string} machine that gave the answer
 * @property {RecordedToken[]} tokens
 */

const MAX_ENTRIES = 1 << 18;
const UINT32 = 2 ** 32 - 1;
// Four bits in each of four time steps.
const MAX_SPIKES = 16;

/** @param {number} most UTF-16 units @returns {Reader<string>} */
const text = (most) => (value, name) => {
  if (typeof value === 'string' && value.length <= most) return value;
  throw refuse(`${name} must be text of at most ${most} characters`);
};

/** @param {Record<string, Reader<any>>} readers all required @returns {Reader<any>} */
const all = (readers) => fieldsOf(readers, Object.keys(readers));

/** @template T @param {Reader<T>} reader @param {number} most @returns {Reader<T[]>} */
const list = (reader, most) => listOf(reader, {
  least: 1, most, message: (name) => `${name} must be a list of 1 to ${most}`,
});

const { temperature, top_p: share, seed, max_tokens: most } = RANGES;
const readFields = all({
  format: oneOf(['spikechat-recording']),
  version: oneOf([1]),
  model: all({ name: text(128), sha256: text(64) }),
  layers: whole(1, 1024),
  populations: list(all({
    name: text(32), neurons: whole(1, 1 << 20), fan_out: whole(1, 1 << 20),
  }), 8),
  question: text(400),
  settings: all({
    preset: oneOf(PRESETS), temperature: number(...temperature), top_p: number(...share),
    seed: whole(...seed), max_tokens: whole(...most),
  }),
  machine: text(120),
  position: whole(1, most[1]),
  tokens: list(text(80), 200),
  ms: list(whole(0, 600_000), 200),
  checks: list(whole(0, UINT32), 200),
  spikes: text(4 * MAX_ENTRIES),
});

const FIRST_LETTER = 35;
const BACKSLASH = 92;
const LAST_DIGITS = 64;
const OTHER_DIGITS = 27;

/**
 * Whole numbers from text. A number has any number of leading digits, of base 27, and a last one,
 * of base 64: the first 64 letters are last digits. Even numbers stand for those from 0 up, odd
 * ones for those from -1 down.
 * @param {string} letters
 * @param {number} count of numbers that it must hold
 * @returns {number[]}
 */
function numbersOf(letters, count) {
  /** @type {number[]} */
  const found = [];
  let high = 0;
  for (let i = 0; i < letters.length; i++) {
    const code = letters.charCodeAt(i);
    const digit = code - FIRST_LETTER - (code > BACKSLASH ? 1 : 0);
    if (digit < 0 || digit >= LAST_DIGITS + OTHER_DIGITS || high > UINT32)
      throw refuse(`spikes: letter ${i} is of no number`);
    if (digit >= LAST_DIGITS) {
      high = high * OTHER_DIGITS + digit - LAST_DIGITS;
    } else {
      const n = high * LAST_DIGITS + digit;
      found.push(n % 2 === 0 ? n / 2 : -(n + 1) / 2);
      high = 0;
    }
  }
  if (high === 0 && found.length === count) return found;
  throw refuse(`spikes has ${found.length} numbers, want ${count}`);
}

/**
 * @param {unknown} value of the file
 * @returns {Recording}
 * @throws {import('../shared/errors.js').SpikeError} bad_request, naming what is wrong
 */
export function readRecording(value) {
  const { model, layers, question, settings, machine, position, ...lists } = readFields(value, '');
  /** @type {Population[]} */
  const populations = lists.populations;
  /** @type {string[]} */
  const texts = lists.tokens;
  const size = layers * populations.length;
  const numbers = (texts.length + 1) * size;
  if (lists.ms.length !== texts.length || lists.checks.length !== texts.length)
    throw refuse('tokens, ms and checks must be as long as each other');
  if (numbers > MAX_ENTRIES) throw refuse(`${numbers} counts, at most ${MAX_ENTRIES}`);
  // What is usual is written less that of the layer below, a token's spikes less what is usual.
  const read = numbersOf(lists.spikes, numbers);
  for (let i = populations.length; i < size; i++) read[i] += read[i - populations.length];
  const tokens = texts.map((piece, t) => ({
    text: piece,
    ms: lists.ms[t],
    check: lists.checks[t],
    spikes: {
      populations, layers, position: position + t,
      spikes: read.slice((t + 1) * size, (t + 2) * size).map((n, i) =>
        whole(0, MAX_SPIKES * populations[i % populations.length].neurons)(n + read[i], 'spikes')),
      active: [], strong: [], executed: [], levels: [],
      look_back: { spikes: 0, operations: 0, dense: 0 }, cache: null,
    },
  }));
  return { model, question, settings, machine, tokens };
}

/**
 * All counts of a token, one after the other.
 * @param {Spikes} spikes
 * @returns {number[]}
 */
export const countsIn = (spikes) => [
  ...COUNTS.flatMap((kind) => spikes[kind]),
  ...CACHE_COUNTS.flatMap((kind) => spikes.cache?.[kind] ?? []),
  ...LOOK_BACK.map((kind) => spikes.look_back[kind]),
];

/**
 * One number that all of them give: FNV-1a.
 * @param {readonly number[]} counts
 * @returns {number} 32 bits
 */
export const checkOf = (counts) =>
  counts.reduce((hash, n) => Math.imul(hash ^ n, 0x01000193) >>> 0, 0x811c9dc5);
