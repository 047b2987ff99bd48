// Brings a model into the engine: manifest first, then its shards, a few ahead of the engine, each
// checked before use.

import { fetchBytes } from '../delivery/fetch.js';
import { release } from '../delivery/release-buffer.js';
import { fetchShard } from '../delivery/shard.js';
import { ShardCache } from '../delivery/shard-cache.js';
import { EXCHANGE_BYTES } from '../shared/contract.js';

/** @import { ErrorCode } from '../shared/errors.js' */
/** @import { ModelInfo, Progress } from '../shared/protocol.js' */
/** @import { WasmEngine } from './wasm-engine.js' */

// Shards go to the engine in order and are dropped then, so this bounds the page's own memory to
// three of them.
const IN_FLIGHT = 3;
const PROGRESS_MS = 80;

/**
 * Loads a model. The manifest comes while the engine is still being started.
 * @param {WasmEngine | Promise<WasmEngine>} starting
 * @param {string} url the manifest's address; shards are beside it
 * @param {(progress: Progress) => void} onprogress
 * @param {(code: ErrorCode, message: string) => void} notice
 * @returns {Promise<ModelInfo>}
 */
export async function loadModel(starting, url, onprogress, notice) {
  const meter = new Meter(onprogress);
  meter.phase('engine');
  const manifest = fetchBytes(url, {
    limit: EXCHANGE_BYTES,
    revalidate: true,
    onwaiting: meter.waiting,
  });
  // Where the engine does not start nobody waits for this any more.
  manifest.catch(() => {});
  const engine = await starting;
  meter.phase('manifest');
  const model = engine.open(await manifest);
  meter.start(model.bytes);

  const cache = new ShardCache();
  const { shards } = model;
  const hashes = shards.map(({ sha256 }) => sha256);
  cache.expect(url, hashes);
  /** @type {ReturnType<typeof fetchShard>[]} the next shards, in order */
  const ahead = [];
  let told = false;
  for (let index = 0, asked = 0; index < shards.length; index++) {
    for (; asked < shards.length && ahead.length < IN_FLIGHT; asked++) {
      const index = asked;
      const shard = fetchShard(shards[index], url, cache, {
        onbytes: (bytes, kept) => meter.add(index, bytes, kept),
        onwaiting: meter.waiting,
      });
      // Where an earlier shard fails nobody waits for this one any more.
      shard.catch(() => {});
      ahead.push(shard);
    }
    const { bytes, kept, verified } = await /** @type {typeof ahead[0]} */ (ahead.shift());
    engine.load(index, bytes, verified);
    release(bytes);
    if (!kept && !told) {
      told = true;
      notice(
        'quota_exceeded',
        'the browser does not keep the model: it will be downloaded again next time',
      );
    }
  }
  await cache.replace(url, hashes);
  meter.phase('prepare');
  return model;
}

/** Adds up the bytes of all shards and reports them, not more often than a reader can see. */
class Meter {
  /** @type {Progress} */
  #now = { phase: 'engine', loaded: 0, total: 0, cached: 0, waiting: false };
  #report;
  #reported = 0;
  /** @type {Map<number, number>} bytes by shard */
  #bytes = new Map();

  /** @param {(progress: Progress) => void} report */
  constructor(report) {
    this.#report = report;
  }

  /** @param {Progress['phase']} phase */
  phase(phase) {
    this.#now.phase = phase;
    this.#send();
  }

  /** @param {number} total */
  start(total) {
    this.#now.total = total;
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
