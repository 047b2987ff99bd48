// Brings a model into the engine: manifest first, then its shards, a few ahead of the engine, each
// checked before use.

import { fetchManifest } from '../delivery/manifest.js';
import { release } from '../delivery/release-buffer.js';
import { fetchShard } from '../delivery/shard.js';
import { ShardCache } from '../delivery/shard-cache.js';
import { SpikeError } from '../shared/errors.js';
import { ownName } from '../shared/own-model.js';

/** @import { ErrorCode } from '../shared/errors.js' */
/** @import { ModelInfo, Progress } from '../shared/protocol.js' */
/** @import { WasmEngine } from './wasm-engine.js' */

// Shards go to the engine in order and are dropped then, so this bounds the page's own memory to
// three of them.
const IN_FLIGHT = 3;
const PROGRESS_MS = 80;
/** A shard that is not there by then keeps a reader waiting. */
const LATE_MS = 250;
// The page takes a worker that says nothing for a minute for dead.
const SIGN_OF_LIFE_MS = 5000;

/**
 * @typedef {object} Arrived what the engine has of a model
 * @property {ModelInfo} model
 * @property {Uint8Array<ArrayBuffer>} file the manifest
 * @property {number} shards so many, from the first on
 */
/**
 * @callback Told
 * @param {WasmEngine} engine
 * @param {Arrived} arrived always the same object
 * @returns {void}
 */

/**
 * Loads a model. The manifest comes while the engine is still being started.
 * @param {WasmEngine | Promise<WasmEngine>} starting
 * @param {string} url the manifest's address; shards are beside it
 * @param {(progress: Progress) => void} onprogress
 * @param {(code: ErrorCode, message: string) => void} notice
 * @param {object} [how]
 * @param {AbortSignal} [how.signal] ends loading with `aborted`, once what has come whole is kept
 * @param {boolean} [how.useCache] false: nothing is kept, and nothing read that was
 * @param {Arrived | null} [how.from] what an earlier call brought: goes on from there
 * @param {Told} [how.onshard] called after each shard
 * @param {Told} [how.onlate] called where the next shard is not there soon: not while all of them
 *   come from this browser, or over a fast network
 * @returns {Promise<ModelInfo>}
 */
export async function loadModel(starting, url, onprogress, notice, how = {}) {
  const { signal } = how;
  // What is in this browser alone can come from nowhere else.
  const useCache = (how.useCache ?? true) || ownName(url) !== null;
  const meter = new Meter(onprogress);
  const cache = new ShardCache({ off: !useCache });
  try {
    const arrived = how.from ?? await openModel(starting, url, cache, meter, signal);
    const { model, file } = arrived;
    const engine = await starting;
    const { shards } = model;
    meter.start(model.bytes, shards.slice(0, arrived.shards));
    const hashes = shards.map(({ sha256 }) => sha256);
    cache.expect(url, hashes);
    cache.reserve(shards);
    let told = !useCache;
    await loadShards(engine, arrived, url, cache, meter, how, () => {
      if (told) return;
      told = true;
      notice(
        'quota_exceeded',
        'the browser does not keep the model: it will be downloaded again next time',
      );
    });
    await cache.replace(url, hashes, file);
    meter.phase('prepare');
    return model;
  } finally {
    cache.release();
    meter.end();
  }
}

/**
 * @param {WasmEngine | Promise<WasmEngine>} starting
 * @param {string} url
 * @param {ShardCache} cache
 * @param {Meter} meter
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<Arrived>}
 */
async function openModel(starting, url, cache, meter, signal) {
  meter.phase('engine');
  const manifest = fetchManifest(url, cache, { onwaiting: meter.waiting, signal });
  // Where the engine does not start nobody waits for this any more.
  manifest.catch(() => {});
  const engine = await Promise.race([starting, abortOf(signal)]);
  meter.phase('manifest');
  const file = await manifest;
  return { model: engine.open(file), file, shards: 0 };
}

/**
 * @param {WasmEngine} engine
 * @param {Arrived} arrived
 * @param {string} url of the manifest
 * @param {ShardCache} cache
 * @param {Meter} meter
 * @param {{signal?: AbortSignal, onshard?: Told, onlate?: Told}} how
 * @param {() => void} onunkept the browser has not kept one
 */
async function loadShards(engine, arrived, url, cache, meter, how, onunkept) {
  const { signal, onshard, onlate } = how;
  const { shards } = arrived.model;
  const bring = async (/** @type {number} */ index) => {
    const unpacked = cache.off ? null : await engine.find(index, shards[index]);
    if (unpacked) {
      meter.add(index, shards[index].bytes, true);
      return { unpacked, kept: true };
    }
    return fetchShard(shards[index], url, cache, {
      onbytes: (bytes, kept) => meter.add(index, bytes, kept),
      onwaiting: meter.waiting,
      signal,
    });
  };
  /** @type {ReturnType<typeof bring>[]} the next shards, in order */
  const ahead = [];
  // Each thread has one under way beside those.
  const inFlight = IN_FLIGHT + engine.threads - 1;
  try {
    for (let asked = arrived.shards; arrived.shards < shards.length;) {
      for (; asked < shards.length && ahead.length < inFlight; asked++) {
        const shard = bring(asked);
        // Where an earlier shard fails nobody waits for this one any more.
        shard.catch(() => {});
        ahead.push(shard);
      }
      const next = /** @type {typeof ahead[0]} */ (ahead.shift());
      if (onlate && await isLate(next)) onlate(engine, arrived);
      const came = await next;
      if (signal?.aborted) throw stopped();
      if ('unpacked' in came) {
        engine.loadUnpacked(arrived.shards, came.unpacked);
      } else {
        engine.load(arrived.shards, came.bytes, came.verified);
        release(came.bytes);
      }
      arrived.shards++;
      if (!came.kept) onunkept();
      onshard?.(engine, arrived);
    }
  } catch (error) {
    // What has come whole is being kept.
    if (signal?.aborted) await Promise.allSettled(ahead);
    throw error;
  }
}

/** @param {Promise<unknown>} coming */
async function isLate(coming) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(resolve, LATE_MS, true); });
  const result = await Promise.race([coming.then(() => false, () => false), late]);
  clearTimeout(timer);
  return result;
}

const stopped = () => new SpikeError('aborted', 'loading was cancelled', { retryable: true });

/** @param {AbortSignal} [signal] @returns {Promise<never>} rejected when it fires */
const abortOf = (signal) => new Promise((_, reject) => {
  if (signal?.aborted) reject(stopped());
  signal?.addEventListener('abort', () => reject(stopped()), { once: true });
});

/** Adds up the bytes of all shards and reports them, not more often than a reader can see. */
class Meter {
  /** @type {Progress} */
  #now = { phase: 'engine', loaded: 0, total: 0, cached: 0, waiting: false };
  #report;
  #reported = 0;
  /** @type {Map<number, number>} bytes by shard */
  #bytes = new Map();

  #life;

  /** @param {(progress: Progress) => void} report */
  constructor(report) {
    this.#report = report;
    this.#life = setInterval(() => this.#send(), SIGN_OF_LIFE_MS);
  }

  /** Nothing more is reported. */
  end() {
    clearInterval(this.#life);
  }

  /** @param {Progress['phase']} phase */
  phase(phase) {
    this.#now.phase = phase;
    this.#send();
  }

  /**
   * @param {number} total
   * @param {{bytes: number}[]} before shards that came with an earlier load
   */
  start(total, before) {
    this.#now.total = total;
    for (const [shard, { bytes }] of before.entries()) {
      this.#bytes.set(shard, bytes);
      this.#now.loaded += bytes;
    }
    this.phase('shards');
  }

  /**
   * @param {number} shard
   * @param {number} bytes of this shard so far
   * @param {boolean} cached
   */
  add(shard, bytes, cached) {
    this.#now.loaded += bytes - (this.#bytes.get(shard) ?? 0);
    this.#bytes.set(shard, bytes);
    if (cached) this.#now.cached += bytes;
    if (performance.now() - this.#reported >= PROGRESS_MS) this.#send();
  }

  waiting = (/** @type {boolean} */ waiting) => {
    this.#now.waiting = waiting;
    this.#send();
  };

  #send() {
    this.#reported = performance.now();
    this.#report({ ...this.#now });
  }
}
