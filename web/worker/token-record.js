// The binary record of one token, as the engine leaves it in its result buffer: little-endian u32s
// (token, finish, position, text bytes, counts), then the counts, then UTF-8 text.

import { SpikeError } from '../shared/errors.js';

/** Bytes before the counts. */
export const HEADER_BYTES = 20;
/** What the number of a record's end means. */
export const FINISH = /** @type {const} */ ([null, 'stop', 'length']);

/**
 * @typedef {object} TokenRecord
 * @property {number} token
 * @property {'stop' | 'length' | null} finish null while the answer goes on
 * @property {number} position
 * @property {string} text
 * @property {Uint32Array} counts a copy: it outlives the engine's buffer
 */

// ignoreBOM: a token may begin with U+FEFF, and that is text like any other.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a token record.
 * @param {Uint8Array} bytes exactly one record
 * @param {number} expectedCounts layers x populations x COUNTS and LOOK_BACK; a record of an answer
 *   with steps 0 holds none
 * @returns {TokenRecord}
 * @throws {SpikeError} engine_crashed, when sizes do not add up
 */
export function decodeToken(bytes, expectedCounts) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < HEADER_BYTES)
    throw bad(`${bytes.byteLength} bytes, want at least ${HEADER_BYTES}`);
  const [token, finish, position, textBytes, counted] = [0, 4, 8, 12, 16].map((at) =>
    view.getUint32(at, true),
  );
  if (counted !== expectedCounts && counted !== 0)
    throw bad(`${counted} counts, want ${expectedCounts}`);
  if (HEADER_BYTES + 4 * counted + textBytes !== bytes.byteLength) {
    throw bad(
      `${bytes.byteLength} bytes do not hold ${counted} counts and ${textBytes} bytes of text`,
    );
  }
  if (finish >= FINISH.length) throw bad(`finish ${finish} is unknown`);
  const counts = new Uint32Array(counted);
  for (let i = 0; i < counted; i++) counts[i] = view.getUint32(HEADER_BYTES + 4 * i, true);
  const text = decoder.decode(bytes.subarray(HEADER_BYTES + 4 * counted));
  return { token, finish: FINISH[finish], position, text, counts };
}

/** @param {string} message */
function bad(message) {
  return new SpikeError('engine_crashed', `token record: ${message}`);
}
