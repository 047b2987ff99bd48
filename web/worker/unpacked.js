// Shards that one thread of an engine has unpacked for all, in memory that they share. It is used
// again once every thread has loaded what is there.

// A number before the shard says how many threads have yet to load it; words, so that browsers copy
// what follows in words as well.
const HEAD_BYTES = 64;

/** The memory that one thread shares its shards through. */
export class UnpackedShards {
  #threads;
  /** @type {SharedArrayBuffer[]} */
  #all = [];

  /** @param {number} threads that load each of them */
  constructor(threads) {
    this.#threads = threads;
  }

  /**
   * @param {Uint8Array} shard copied
   * @returns {Uint8Array<SharedArrayBuffer>}
   */
  share(shard) {
    const size = HEAD_BYTES + shard.length;
    let at = this.#all.findIndex((one) => unread(one) === 0);
    if (at < 0) at = this.#all.length;
    // Larger than needed by some, so that few have to be taken anew.
    if ((this.#all[at]?.byteLength ?? 0) < size)
      this.#all[at] = new SharedArrayBuffer(size + (size >> 3));
    const memory = this.#all[at];
    Atomics.store(new Int32Array(memory, 0, 1), 0, this.#threads);
    const shared = new Uint8Array(memory, HEAD_BYTES, shard.length);
    shared.set(shard);
    return shared;
  }
}

/** @param {SharedArrayBuffer} memory */
const unread = (memory) => Atomics.load(new Int32Array(memory, 0, 1), 0);

/**
 * Says that a thread has loaded a shard.
 * @param {Uint8Array<SharedArrayBuffer>} shard
 */
export function taken({ buffer }) {
  Atomics.sub(new Int32Array(buffer, 0, 1), 0, 1);
}
