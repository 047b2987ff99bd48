// Go's exports as methods. Everything longer than a number passes through one exchange buffer in
// wasm memory; views of that memory are made anew after every call, because a call may grow it.

import { SpikeError, fromRecord } from '../shared/errors.js';
import { EXCHANGE_BYTES } from '../shared/contract.js';
import { UnpackedShards, taken } from './unpacked.js';

/** @import { ErrorCode } from '../shared/errors.js' */
/** @import { HistoryBatch, Inspected, Inspection } from '../shared/inspection.js' */
/** @import { AnswerRequest, KernelInfo, ModelInfo, Precision } from '../shared/protocol.js' */

/**
 * What the wasm module exports (wasm/engine.go). Calls that return a code give 0, or -1 with a JSON
 * error as result.
 * @typedef {object} Exports
 * @property {(n: number) => number} buffer
 * @property {(n: number) => number} open
 * @property {(i: number, n: number, how: number) => number} load
 * @property {(n: number) => number} unpack
 * @property {() => number} can_begin
 * @property {(n: number) => number} finish
 * @property {(n: number) => number} begin
 * @property {(layers: number) => number} prefill
 * @property {() => number} step
 * @property {() => number} end
 * @property {() => number} hash
 * @property {() => number} stats
 * @property {(n: number) => number} inspect
 * @property {(rank: number, size: number) => number} join
 * @property {() => number} share_bytes
 * @property {() => number} result_ptr
 * @property {() => number} result_len
 * @property {WebAssembly.Memory} [mem] Go's name for the memory
 * @property {WebAssembly.Memory} [memory]
 */

/**
 * @typedef {(
 *   'open' | 'load' | 'finish' | 'begin' | 'prefill' | 'step' | 'end' | 'hash' | 'stats' |
 *   'inspect' | 'join' | 'can_begin' | 'unpack'
 * )} Call
 */

/** @typedef {{bytes: number, sha256: string}} Shard of a manifest */
/**
 * Where the first thread meets the others: meeting.js.
 * @typedef {{
 *   readonly broken: boolean,
 *   share(address: number, from: number, to: number, total: number): number,
 * }} Meeting
 */
/**
 * The further threads of an engine: crew.js.
 * @typedef {{
 *   readonly size: number,
 *   call(name: Call, args: number[], bytes: Uint8Array | null): void,
 *   meet(bytes: number, memory: () => ArrayBuffer): Meeting,
 *   find(index: number, shard: Shard): Promise<Uint8Array<SharedArrayBuffer> | null> | null,
 * }} Crew
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @param {unknown} value */
const toJSON = (value) => encoder.encode(JSON.stringify(value));

/** How a shard is handed over (wasm/engine.go). */
const VERIFIED = 1, UNPACKED = 2;

/** Calls that every thread makes. The others ask for what the first one knows. */
const REPEATED = new Set(
  ['open', 'load', 'finish', 'begin', 'prefill', 'step', 'end', 'inspect', 'stats']);

/** The engine inside one wasm instance, or several. Every method throws SpikeError. */
export class WasmEngine {
  #exports;
  #crew;
  /** @type {UnpackedShards | null} */
  #unpacked = null;
  /** @type {Meeting | null} */
  #meeting = null;
  /** What was written for the next call. @type {Uint8Array | null} */
  #written = null;
  #memory;
  /**
   * @type {SpikeError | null} set once, when Go has ended or trapped: no call can work after that
   */
  #crash = null;

  /**
   * @param {Exports} exports
   * @param {Crew | null} [crew] the further threads
   */
  constructor(exports, crew = null) {
    this.#exports = exports;
    this.#crew = crew;
    const memory = exports.mem ?? exports.memory;
    if (!memory) throw new SpikeError('engine_crashed', 'the wasm module exports no memory');
    this.#memory = memory;
    if (crew) this.#call('join', 0, crew.size);
  }

  /** What the engine has for memory now: a call may put another in its place. */
  get memory() {
    return this.#memory.buffer;
  }

  /**
   * What Go shares with the other threads: see meeting.js.
   * @param {number} address
   * @param {number} from
   * @param {number} to
   * @param {number} total
   */
  share(address, from, to, total) {
    return this.#meeting?.share(address, from, to, total) ?? 1;
  }

  /**
   * Marks the engine as gone.
   * @param {string} message
   * @param {{code?: ErrorCode, cause?: unknown}} [more]
   */
  crashed(message, { code = 'engine_crashed', cause } = {}) {
    this.#crash ??= new SpikeError(code, message, { retryable: true, cause });
    return this.#crash;
  }

  /** @param {Uint8Array} manifest its own bytes @returns {ModelInfo} */
  open(manifest) {
    this.#call('open', this.#write(manifest));
    const model = this.#json();
    if (this.#crew) {
      this.#meeting =
        this.#crew.meet(this.#exports.share_bytes(), () => this.memory);
    }
    return model;
  }

  /**
   * Hands over the next shard, in the manifest's order.
   * @param {number} index
   * @param {Uint8Array} bytes
   * @param {boolean} verified its sha256 has been checked here, so Go need not
   */
  load(index, bytes, verified) {
    if (this.#crew && verified) {
      // Once for all of them.
      this.#unpacked ??= new UnpackedShards(this.#crew.size);
      this.loadUnpacked(index, this.#unpacked.share(this.unpack(bytes)));
      return;
    }
    const n = this.#write(bytes);
    this.#call('load', index, n, verified ? VERIFIED : 0);
  }

  /**
   * Hands over what unpack has made of the next shard.
   * @param {number} index
   * @param {Uint8Array<SharedArrayBuffer>} bytes nobody reads them any more when all have loaded it
   */
  loadUnpacked(index, bytes) {
    const n = this.#write(bytes);
    this.#call('load', index, n, UNPACKED);
    taken(bytes);
  }

  /**
   * What loads faster than a shard, in every thread.
   * @param {Uint8Array} bytes of a shard whose sha256 has been checked
   * @returns {Uint8Array} a view, valid until the next call
   */
  unpack(bytes) {
    const ptr = this.#room(bytes);
    new Uint8Array(this.#memory.buffer, ptr, bytes.length).set(bytes);
    this.#call('unpack', bytes.length);
    return this.#result();
  }

  /**
   * Has another thread bring a shard from this browser and unpack it, while this one loads those
   * before it.
   * @param {number} index
   * @param {Shard} shard
   * @returns {Promise<Uint8Array<SharedArrayBuffer> | null> | null} null: it is not kept, or it is
   *   this thread's turn to bring one
   */
  find(index, shard) {
    return this.#crew?.find(index, shard) ?? null;
  }

  /** Threads that load shards. */
  get threads() {
    return this.#crew?.size ?? 1;
  }

  /** @returns {Precision} of the model that answers */
  get precision() {
    this.#call('stats');
    return this.#json().precision;
  }

  /** @returns {boolean} whether a chat can begin with what is loaded */
  canBegin() {
    return this.#call('can_begin') === 1;
  }

  /**
   * Makes the model ready: after the last shard, or early and then again.
   * @param {{kernel: string, context: number, early?: boolean}} options
   * @returns {KernelInfo}
   */
  finish(options) {
    this.#call('finish', this.#write(toJSON(options)));
    return this.#json();
  }

  /**
   * @param {AnswerRequest} request
   * @returns {{prompt_tokens: number, cached_tokens: number, precision: Precision}}
   */
  begin(request) {
    const bytes = toJSON(request);
    // Text of this length has more tokens than any context holds: that says more than an exchange
    // buffer that is full.
    if (bytes.length > EXCHANGE_BYTES)
      throw new SpikeError(
        'context_full',
        `the messages take ${bytes.length} bytes, at most ${EXCHANGE_BYTES}`,
      );
    this.#call('begin', this.#write(bytes));
    return this.#json();
  }

  /**
   * Works on one batch of the prompt.
   * @param {number} [layers] at most so many of those that it has not been through; 0: all
   * @returns {number} tokens still to do: those of a batch are until it has been through all layers
   */
  prefill(layers = 0) {
    return this.#call('prefill', layers);
  }

  /** Samples one token. @returns {Uint8Array} its record: a view, valid until the next call */
  step() {
    this.#call('step');
    return this.#result();
  }

  /** Ends the answer early. */
  end() {
    this.#call('end');
  }

  /**
   * The hash over all logits of an answer that began with `hash: true`: equal in every build.
   * @returns {string}
   */
  hash() {
    this.#call('hash');
    return this.#json().hash;
  }

  /**
   * Reads tokens of the conversation again: one, or a batch of a history from a position on.
   * @param {Inspection & {position: number}} query
   * @returns {Inspected | HistoryBatch}
   */
  inspect(query) {
    this.#call('inspect', this.#write(toJSON(query)));
    return this.#json();
  }

  /**
   * Reads the token before a position again.
   * @param {Extract<Inspection, {kind: 'alternatives'}>} query
   * @returns {Uint8Array} logprobs of one token, as a record has them: a view, valid until the next
   *   call
   */
  alternatives(query) {
    this.#call('inspect', this.#write(toJSON(query)));
    return this.#result();
  }

  /**
   * Makes a call of the first thread's again, for what it does.
   * @param {Call} name
   * @param {number[]} args
   * @param {Uint8Array | null} bytes what is written for it
   */
  repeat(name, args, bytes) {
    if (bytes) this.#write(bytes);
    this.#call(name, ...args);
  }

  /** @returns {Record<string, unknown>} */
  stats() {
    this.#call('stats');
    return this.#json();
  }

  /**
   * @param {Call} name
   * @param {...number} args
   * @returns {number} what the export returned, 0 or more
   */
  #call(name, ...args) {
    if (this.#crew && REPEATED.has(name)) this.#crew.call(name, args, this.#written);
    this.#written = null;
    const value = this.#guarded(() =>
      /** @type {(...args: number[]) => number} */ (this.#exports[name])(...args),
    );
    if (value >= 0) return value;
    const error = fromRecord(this.#json());
    // The other threads may have come further in this call than this one: they no longer agree.
    if (this.#meeting && (this.#meeting.broken || error.code === 'engine_crashed'))
      throw this.crashed(error.message, { cause: error });
    throw error;
  }

  /** @template T @param {() => T} work @returns {T} */
  #guarded(work) {
    if (this.#crash) throw this.#crash;
    let value;
    try {
      value = work();
    } catch (error) {
      throw this.crashed(`the engine stopped: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
    // Go may have ended inside the call without a trap: then what came back means nothing.
    if (this.#crash) throw this.#crash;
    return value;
  }

  /** @param {Uint8Array} bytes @returns {number} their length */
  #write(bytes) {
    const ptr = this.#room(bytes);
    new Uint8Array(this.#memory.buffer, ptr, bytes.length).set(bytes);
    if (this.#crew) this.#written = bytes;
    return bytes.length;
  }

  /** @param {Uint8Array} bytes @returns {number} where they may be written */
  #room(bytes) {
    // An empty buffer would have no address.
    const ptr = this.#guarded(() => this.#exports.buffer(Math.max(1, bytes.length))) >>> 0;
    if (ptr === 0)
      throw new SpikeError('out_of_memory', `no room for ${bytes.length} bytes in the engine`);
    return ptr;
  }

  #result() {
    return this.#guarded(() => new Uint8Array(
      this.#memory.buffer, this.#exports.result_ptr() >>> 0, this.#exports.result_len()));
  }

  #json() {
    const text = decoder.decode(this.#result());
    return this.#guarded(() => JSON.parse(text));
  }
}
