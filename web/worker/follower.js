// A further thread of an engine (crew.js): repeats the calls of the first one.

import { Meeting, breakTeam } from './meeting.js';
import { startGo } from './start-engine.js';

// @ts-expect-error: make copies it into dist/ alone
import '../wasm_exec.js';

/** @import { Exports } from './wasm-engine.js' */
/**
 * @typedef {{type: 'start', module: WebAssembly.Module, rank: number, size: number}
 *   | {type: 'meet', shared: SharedArrayBuffer}
 *   | {type: 'call', name: string, args: number[], bytes: Uint8Array | null}} ToFollower
 * @typedef {{type: 'started'} | {type: 'crashed', message: string}} FromFollower
 */

const scope = /** @type {{
 *   postMessage(message: FromFollower): void,
 *   onmessage: ((event: MessageEvent<ToFollower>) => void) | null,
 * }} */ (/** @type {unknown} */ (self));

const decoder = new TextDecoder();

/** @type {Exports} */
let exports;
/** @type {WebAssembly.Memory} */
let memory;
let size = 1;
/** @type {SharedArrayBuffer | null} */
let shared = null;
/** @type {Meeting | null} */
let meeting = null;
let gone = false;

scope.onmessage = ({ data }) => {
  if (data.type === 'start') {
    begin(data).catch(crashed);
    return;
  }
  try {
    if (data.type === 'meet') {
      shared = data.shared;
      meeting = new Meeting(shared, size, () => memory.buffer);
      if (gone) breakTeam(shared);
    } else {
      repeat(data);
    }
  } catch (error) {
    crashed(error);
  }
};

/** @param {Extract<ToFollower, {type: 'start'}>} given */
async function begin({ module, rank, size: members }) {
  size = members;
  exports = await startGo(module, (...args) => meeting?.share(...args) ?? 1, crashed);
  memory = /** @type {WebAssembly.Memory} */ (exports.mem ?? exports.memory);
  exports.join(rank, size);
  scope.postMessage({ type: 'started' });
}

/**
 * Calls that are refused here are refused in the first thread too, which tells of it. A crash may
 * be this thread's alone.
 * @param {Extract<ToFollower, {type: 'call'}>} call
 */
function repeat({ name, args, bytes }) {
  if (gone) return;
  if (bytes) {
    const address = exports.buffer(Math.max(1, bytes.length)) >>> 0;
    if (address === 0) throw new Error(`no room for ${bytes.length} bytes`);
    new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
  }
  const value = /** @type {Record<string, (...args: number[]) => number>} */ (
    /** @type {unknown} */ (exports))[name](...args);
  if (value >= 0) return;
  const { code, message } = JSON.parse(decoder.decode(
    new Uint8Array(memory.buffer, exports.result_ptr() >>> 0, exports.result_len())));
  if (code === 'engine_crashed') throw new Error(message);
}

/** @param {unknown} error */
function crashed(error) {
  gone = true;
  if (shared) breakTeam(shared);
  scope.postMessage({ type: 'crashed', message: String(error) });
}
