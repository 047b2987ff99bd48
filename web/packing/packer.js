// The packer inside its wasm instance (tools/pack/wasm): its calls as methods.

import { SpikeError, fromRecord } from '../shared/errors.js';
import { compile, startGo } from '../worker/start-engine.js';

// Written out, because bundlers look for such expressions.
const MODULE = new URL('./packer.wasm', import.meta.url);

/**
 * What the module exports (tools/pack/wasm/main_js.go). Calls that return a code give 0, or -1 with
 * a JSON error as result.
 * @typedef {object} Exports
 * @property {(n: number) => number} buffer
 * @property {(n: number) => number} open
 * @property {(n: number) => number} rank_open
 * @property {(n: number) => number} rank_load
 * @property {() => number} rank
 * @property {() => number} next
 * @property {() => number} result_ptr
 * @property {() => number} result_len
 * @property {() => number} data_ptr
 * @property {() => number} data_len
 * @property {WebAssembly.Memory} mem
 */

/**
 * What packing, or ranking, has come to (tools/pack/wasm/events.go).
 * @typedef {object} PackerEvent
 * @property {'name' | 'read' | 'source' | 'tensor' | 'note' | 'shard' | 'ranked' | 'done'} kind
 * @property {string} text
 * @property {number} done
 * @property {number} total
 */

const NOTHING = new Uint8Array();
const NO_ENGINES = { render: () => -1, rendered_len: () => 0, rendered: () => 0 };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @throws {SpikeError} where a module of it does not come, for which the browser has no code */
const templates = () => import('./templates.js').catch((cause) => {
  throw new SpikeError(
    'offline', 'what reads chat templates did not come', { retryable: true, cause });
});

/** One packer. Every method throws SpikeError. */
export class Packer {
  #exports;
  /** Go has ended. @type {SpikeError | null} */
  crash = null;

  /** @param {Exports} exports */
  constructor(exports) {
    this.#exports = exports;
  }

  /**
   * Fetches and starts one.
   * @param {((offset: number, bytes: number) => Uint8Array<ArrayBuffer>) | null} read a slice of
   *   the files, one behind the other; null where there is none, and no template to be read
   * @param {(on: boolean) => void} [onrender] as templateEngines has it
   * @returns {Promise<Packer>}
   * @throws {SpikeError}
   */
  static async start(read, onrender = () => {}) {
    const module = await compile(MODULE.href, () => {});
    // Who only ranks has no use for them.
    const engines = read
      ? await (await templates()).templateEngines(() => exports.mem.buffer, onrender)
      : NO_ENGINES;
    /** @type {Packer | null} */
    let packer = null;
    /** @type {Exports} */
    const exports = await startGo(module, {
      ...engines,
      read: (address, offset, n) => {
        try {
          new Uint8Array(exports.mem.buffer, address, n).set(read?.(offset, n) ?? NOTHING);
          return 0;
        } catch {
          return -1; // Go says what that means
        }
      },
    }, (crash) => { if (packer) packer.crash ??= crash; });
    packer = new Packer(exports);
    return packer;
  }

  /** Begins to pack a file, or the parts of one. @param {readonly File[]} files */
  open(files) {
    const asked = { files: files.map(({ name, size }) => ({ name, bytes: size })) };
    this.#call(() => this.#exports.open(this.#write(encoder.encode(JSON.stringify(asked)))));
  }

  /** Begins to read a packed model. @param {Uint8Array} manifest */
  openPacked(manifest) {
    this.#call(() => this.#exports.rank_open(this.#write(manifest)));
  }

  /** Reads the next shard of it. @param {Uint8Array} shard */
  load(shard) {
    this.#call(() => this.#exports.rank_load(this.#write(shard)));
  }

  /** Begins to rank what has been read. */
  rank() {
    this.#call(() => this.#exports.rank());
  }

  /** Goes on to the next event. @returns {PackerEvent} */
  next() {
    this.#call(() => this.#exports.next());
    const { result_ptr, result_len } = this.#exports;
    return JSON.parse(decoder.decode(this.#view(result_ptr(), result_len())));
  }

  /** A copy of the bytes beside the event. @returns {Uint8Array<ArrayBuffer>} */
  get data() {
    const { data_ptr, data_len } = this.#exports;
    return this.#view(data_ptr(), data_len()).slice();
  }

  /** @param {number} at @param {number} n */
  #view(at, n) {
    return new Uint8Array(this.#exports.mem.buffer, at >>> 0, n);
  }

  /** @param {Uint8Array} bytes @returns {number} how many */
  #write(bytes) {
    const at = this.#exports.buffer(bytes.length);
    if (at === 0) throw new SpikeError('bad_request', 'too much for one call');
    this.#view(at, bytes.length).set(bytes);
    return bytes.length;
  }

  /** @param {() => number} call */
  #call(call) {
    let code;
    try {
      code = call();
    } catch (cause) {
      throw this.crash ?? new SpikeError(
        cause instanceof RangeError ? 'out_of_memory' : 'engine_crashed',
        'the packer ended by itself', { cause });
    }
    if (this.crash) throw this.crash;
    if (code === 0) return;
    const { result_ptr, result_len } = this.#exports;
    throw fromRecord(JSON.parse(decoder.decode(this.#view(result_ptr(), result_len()))));
  }
}
