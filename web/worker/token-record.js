// The binary record of one token, as the engine leaves it in its result buffer: little-endian u32s
// (token, finish, position, text bytes, counts), then the counts, then UTF-8 text. Behind it are
// the logprobs of an answer that asked for them (appendLogprobs in wasm/record.go).

import { SpikeError } from '../shared/errors.js';

/** @import { Logprob, TokenLogprob } from '../shared/logprob.js' */

/** Bytes before the counts. */
export const HEADER_BYTES = 20;
/** What the number of a record's end means. */
export const FINISH = /** @type {const} */ ([null, 'stop', 'length']);
/** In the length of a token's text: the token writes no text, as one that ends a turn. */
export const CONTROL_TOKEN = 2 ** 31;

/**
 * @typedef {object} TokenRecord
 * @property {number} token
 * @property {'stop' | 'length' | null} finish null while the answer goes on
 * @property {number} position
 * @property {string} text
 * @property {Uint32Array} counts a copy: it outlives the engine's buffer
 * @property {TokenLogprob[]} [logprobs] where the answer asked for them
 */

// ignoreBOM: a token may begin with U+FEFF, and that is text like any other.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a token record.
 * @param {Uint8Array} bytes exactly one record
 * @param {number} expectedCounts countsOf(model); a record of an answer with steps 0 holds none
 * @param {boolean} [withLogprobs] whether the answer asked for them
 * @returns {TokenRecord}
 * @throws {SpikeError} engine_crashed, when sizes do not add up
 */
export function decodeToken(bytes, expectedCounts, withLogprobs = false) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < HEADER_BYTES)
    throw bad(`${bytes.byteLength} bytes, want at least ${HEADER_BYTES}`);
  const [token, finish, position, textBytes, counted] = [0, 4, 8, 12, 16].map((at) =>
    view.getUint32(at, true),
  );
  if (counted !== expectedCounts && counted !== 0)
    throw bad(`${counted} counts, want ${expectedCounts}`);
  const end = HEADER_BYTES + 4 * counted + textBytes;
  if (withLogprobs ? end > bytes.byteLength : end !== bytes.byteLength) {
    throw bad(
      `${bytes.byteLength} bytes do not hold ${counted} counts and ${textBytes} bytes of text`,
    );
  }
  if (finish >= FINISH.length) throw bad(`finish ${finish} is unknown`);
  const counts = new Uint32Array(counted);
  for (let i = 0; i < counted; i++) counts[i] = view.getUint32(HEADER_BYTES + 4 * i, true);
  const text = decoder.decode(bytes.subarray(HEADER_BYTES + 4 * counted, end));
  const record = { token, finish: FINISH[finish], position, text, counts };
  return withLogprobs ? { ...record, logprobs: decodeLogprobs(bytes.subarray(end)) } : record;
}

/**
 * @param {Uint8Array} bytes all logprobs of a record
 * @returns {TokenLogprob[]}
 */
export function decodeLogprobs(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  /** @param {number} size @returns {number} where so many bytes begin */
  const take = (size) => {
    if (at + size > bytes.byteLength) throw bad(`logprobs end after ${bytes.byteLength} bytes`);
    at += size;
    return at - size;
  };
  const number = () => view.getUint32(take(4), true);
  /** @returns {Logprob} */
  const one = () => {
    const logprob = view.getFloat32(take(4), true);
    const length = number();
    const writes = length < CONTROL_TOKEN;
    const start = take(writes ? length : length - CONTROL_TOKEN);
    const text = bytes.subarray(start, at);
    return { token: spelled(text), logprob, bytes: writes ? [...text] : null };
  };
  const logprobs = [];
  for (let left = number(); left > 0; left--) {
    const alternatives = number();
    /** @type {TokenLogprob} */
    const told = { ...one(), top_logprobs: [] };
    for (let i = 0; i < alternatives; i++) told.top_logprobs.push(one());
    logprobs.push(told);
  }
  if (at !== bytes.byteLength) throw bad(`${bytes.byteLength - at} bytes after the logprobs`);
  return logprobs;
}

/**
 * A token may end inside a character. What is none by itself is written as OpenAI does: `\xe2`.
 * @param {Uint8Array} bytes
 */
function spelled(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    // Longest first: the whole rest, as a rule, then the four bytes that a character may have.
    const length = [bytes.length - at, 4, 3, 2, 1].find((n) => isText(bytes.subarray(at, at + n)));
    if (length === undefined) text += `\\x${bytes[at].toString(16).padStart(2, '0')}`;
    else text += decoder.decode(bytes.subarray(at, at + length));
    at += length ?? 1;
  }
  return text;
}

/** @param {Uint8Array} bytes */
function isText(bytes) {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} message */
function bad(message) {
  return new SpikeError('engine_crashed', `token record: ${message}`);
}
