// The further threads of an engine: workers of this worker, each with an engine of its own, which
// repeat every call and hold their part of the model.

import { SpikeError } from '../shared/errors.js';
import { Meeting, breakTeam, sharedMemory } from './meeting.js';

/** @import { FromFollower, ToFollower } from './follower.js' */
/** @import { Call, Shard } from './wasm-engine.js' */

/** Written out, because bundlers look for such expressions. */
const start = () => new Worker(
  new URL('./follower.js', import.meta.url), { type: 'module', name: 'spikechat-thread' });
const START_MS = 20_000;

/** Threads beside the first one. */
export class Crew {
  #workers;
  /** @type {SharedArrayBuffer | null} */
  #shared = null;
  /**
   * Shards that are being brought.
   * @type {Map<number, (shard: Uint8Array<SharedArrayBuffer> | null) => void>}
   */
  #finding = new Map();
  #gone = false;

  /**
   * @param {Worker[]} workers which have started
   * @param {readonly string[]} locks that they hold as long as they live. The first thread hears
   *   nothing while it waits for them, so somebody else has to know
   */
  constructor(workers, locks) {
    this.#workers = workers;
    this.locks = locks;
    for (const worker of workers) {
      worker.onmessage = ({ data }) => this.#heard(data);
      worker.onerror = worker.onmessageerror = () => this.#end();
    }
  }

  /** Threads with the first one. */
  get size() {
    return this.#workers.length + 1;
  }

  /**
   * Starts threads and waits until their engines run.
   * @param {WebAssembly.Module} module
   * @param {number} size threads with the first one
   * @returns {Promise<Crew>}
   * @throws {SpikeError} where one does not start; then none is left
   */
  static async start(module, size) {
    /** @type {Worker[]} */
    const workers = [];
    try {
      for (let rank = 1; rank < size; rank++) workers.push(start());
      const locks = workers.map(() => `spikechat-thread-${crypto.randomUUID()}`);
      await Promise.all(workers.map((worker, i) =>
        started(worker, { module, rank: i + 1, size, lock: locks[i] })));
      return new Crew(workers, locks);
    } catch (cause) {
      for (const worker of workers) worker.terminate();
      if (cause instanceof SpikeError) throw cause;
      throw new SpikeError('engine_crashed', `a thread did not start: ${cause}`, { cause });
    }
  }

  /**
   * Gives the threads memory to share through buffers of such a size.
   * @param {number} bytes
   * @param {() => ArrayBuffer} memory of the first thread's engine
   * @returns {Meeting} the first thread's side
   */
  meet(bytes, memory) {
    this.#shared = sharedMemory(bytes);
    this.#post({ type: 'meet', shared: this.#shared });
    return new Meeting(this.#shared, this.size, memory);
  }

  /**
   * Has all threads make a call.
   * @param {Call} name
   * @param {number[]} args
   * @param {Uint8Array | null} bytes what is written for it
   */
  call(name, args, bytes) {
    // The message copies them.
    const copied = /** @type {Uint8Array<ArrayBuffer> | null} */ (bytes);
    this.#post({ type: 'call', name, args, bytes: copied });
  }

  /**
   * Has a thread bring a shard from this browser and unpack it. They take turns, and the first
   * thread has its turn too.
   * @param {number} index
   * @param {Shard} shard
   * @returns {Promise<Uint8Array<SharedArrayBuffer> | null> | null} null where it is not kept, or
   *   it is the first thread's turn
   */
  find(index, { bytes, sha256 }) {
    const rank = index % this.size;
    if (rank === 0 || this.#gone) return null;
    this.#workers[rank - 1].postMessage(
      /** @type {ToFollower} */ ({ type: 'find', index, shard: { bytes, sha256 } }));
    return new Promise((resolve) => { this.#finding.set(index, resolve); });
  }

  /** @param {ToFollower} message */
  #post(message) {
    for (const worker of this.#workers) worker.postMessage(message);
  }

  /** @param {FromFollower} message */
  #heard(message) {
    if (message.type === 'crashed') this.#end();
    if (message.type !== 'found') return;
    this.#finding.get(message.index)?.(message.unpacked);
    this.#finding.delete(message.index);
  }

  #end() {
    this.#gone = true;
    if (this.#shared) breakTeam(this.#shared);
    for (const found of this.#finding.values()) found(null);
    this.#finding.clear();
  }
}

/**
 * @param {Worker} worker
 * @param {{module: WebAssembly.Module, rank: number, size: number, lock: string}} given
 * @returns {Promise<void>}
 */
function started(worker, given) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new SpikeError('engine_crashed', 'a thread did not start in time')), START_MS);
    worker.onmessage = (/** @type {MessageEvent<FromFollower>} */ { data }) => {
      clearTimeout(late);
      if (data.type === 'started') resolve();
      if (data.type === 'crashed')
        reject(new SpikeError('engine_crashed', `a thread did not start: ${data.message}`));
    };
    worker.onerror = (event) => {
      clearTimeout(late);
      event.preventDefault();
      reject(new SpikeError('blocked_by_policy', 'a thread\'s worker was refused'));
    };
    worker.postMessage(/** @type {ToFollower} */ ({ type: 'start', ...given }));
  });
}
