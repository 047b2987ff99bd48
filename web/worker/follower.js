// A further thread of an engine (crew.js): repeats the calls of the first one.

import { findShard } from '../delivery/kept-shard.js';
import { hold } from '../delivery/locks.js';
import { release } from '../delivery/release-buffer.js';
import { ShardCache } from '../delivery/shard-cache.js';
import { SpikeError } from '../shared/errors.js';
import { Meeting, breakTeam } from './meeting.js';
import { startGo } from './start-engine.js';
import { UnpackedShards, taken } from './unpacked.js';
import { WasmEngine } from './wasm-engine.js';

// @ts-expect-error: make copies it into dist/ alone
import '../wasm_exec.js';

/** @import { Call, Shard } from './wasm-engine.js' */
/**
 * @typedef {{type: 'start', module: WebAssembly.Module, rank: number, size: number,
 *     lock: string}
 *   | {type: 'meet', shared: SharedArrayBuffer}
 *   | {type: 'find', index: number, shard: Shard}
 *   | {type: 'call', name: Call, args: number[], bytes: Uint8Array | null}} ToFollower
 * @typedef {{type: 'started'} | {type: 'crashed', message: string}
 *   | {type: 'found', index: number, unpacked: Uint8Array<SharedArrayBuffer> | null}} FromFollower
 */

const scope = /** @type {{
 *   postMessage(message: FromFollower): void,
 *   onmessage: ((event: MessageEvent<ToFollower>) => void) | null,
 *   onmessageerror: ((event: MessageEvent) => void) | null,
 *   onerror: ((message: string | Event) => void) | null,
 *   onunhandledrejection: ((event: PromiseRejectionEvent) => void) | null,
 * }} */ (/** @type {unknown} */ (self));

/** @type {WasmEngine} */
let engine;
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
  if (data.type === 'find') {
    find(data).catch(crashed);
    return;
  }
  try {
    if (data.type === 'meet') {
      shared = data.shared;
      meeting = new Meeting(shared, size, () => engine.memory);
      if (gone) breakTeam(shared);
    } else {
      repeat(data);
    }
  } catch (error) {
    crashed(error);
  }
};

// Outside of any call.
scope.onerror = (message) => crashed(message);
scope.onunhandledrejection = ({ reason }) => crashed(reason);
scope.onmessageerror = () => crashed('a message could not be read');

/** @param {Extract<ToFollower, {type: 'start'}>} given */
async function begin({ module, rank, size: members, lock }) {
  size = members;
  // Where there are no locks the others wait in vain for a thread that has gone, until they have
  // waited long enough (meeting.js).
  await hold(lock);
  const exports = await startGo(module, {
    share: (address, from, to, total) => meeting?.share(address, from, to, total) ?? 1,
  }, crashed);
  engine = new WasmEngine(exports);
  engine.repeat('join', [rank, size], null);
  scope.postMessage({ type: 'started' });
}

/**
 * Calls that are refused here are refused in the first thread too, which tells of it. A crash may
 * be this thread's alone.
 * @param {Extract<ToFollower, {type: 'call'}>} call
 */
function repeat({ name, args, bytes }) {
  if (gone) return;
  const shared = bytes?.buffer instanceof SharedArrayBuffer;
  try {
    engine.repeat(name, args, bytes);
  } catch (error) {
    const refused = error instanceof SpikeError
      && error.code !== 'engine_crashed' && error.code !== 'out_of_memory';
    if (!refused) throw error;
  }
  if (bytes && shared) taken(/** @type {Uint8Array<SharedArrayBuffer>} */ (bytes));
  // A copy of its own.
  else if (bytes) release(/** @type {Uint8Array<ArrayBuffer>} */ (bytes));
}

/** @type {ShardCache | undefined} */
let cache;
/** @type {UnpackedShards | undefined} */
let unpacked;

/** @param {Extract<ToFollower, {type: 'find'}>} message */
async function find({ index, shard }) {
  cache ??= new ShardCache();
  unpacked ??= new UnpackedShards(size);
  const bytes = await findShard(shard, cache);
  if (gone) return;
  const found = bytes && unpacked.share(engine.unpack(bytes));
  if (bytes) release(bytes);
  scope.postMessage({ type: 'found', index, unpacked: found });
}

/** @param {unknown} error */
function crashed(error) {
  gone = true;
  if (shared) breakTeam(shared);
  scope.postMessage({ type: 'crashed', message: String(error) });
}
