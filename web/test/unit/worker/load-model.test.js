import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, mock, test } from 'node:test';
import { loadModel } from '../../../worker/load-model.js';

/** @import { ModelInfo } from '../../../shared/protocol.js' */
/** @import { WasmEngine } from '../../../worker/wasm-engine.js' */

const MANIFEST = 'http://x/m/manifest.json';
const shards = [1, 2].map((byte) => {
  const bytes = new Uint8Array([byte]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { file: `${sha256}.bin`, bytes: 1, sha256, body: bytes };
});

afterEach(() => {
  mock.restoreAll();
  Reflect.deleteProperty(globalThis, 'caches');
});

/**
 * An engine that takes anything, a server of the shards, and a store.
 * @param {boolean} broken the store's keys cannot be read
 */
function surroundings(broken = false) {
  /** @type {string[]} what happened to the store, in order */
  const log = [];
  const kept = new Map();
  const cache = {
    /** @param {string} key */
    match: async (key) => {
      log.push(`get ${key}`);
      return kept.get(key)?.clone();
    },
    /** @param {string} key @param {Response} response */
    put: async (key, response) => {
      log.push(`put ${key}`);
      kept.set(key, response);
    },
    delete: async (/** @type {string} */ key) => kept.delete(key),
    keys: async () => {
      // Longer than all of the reading takes.
      await new Promise((resolve) => setTimeout(resolve, 20));
      log.push('keys');
      if (broken) throw new Error('disk');
      return [...kept.keys()].map((key) => ({ url: `http://x${key}` }));
    },
  };
  Object.defineProperty(globalThis, 'caches', {
    value: { open: async () => cache }, configurable: true,
  });
  mock.method(globalThis, 'fetch', async (/** @type {string} */ url) => {
    const shard = shards.find(({ file }) => url.endsWith(file));
    log.push(`fetch ${url}`);
    return new Response(shard ? shard.body.slice() : '{}');
  });
  /** @type {number[]} */
  const loaded = [];
  const engine = /** @type {WasmEngine} */ (/** @type {unknown} */ ({
    threads: 1,
    find: () => null,
    open: () => /** @type {Partial<ModelInfo>} */ ({ bytes: 2, shards }),
    load: (/** @type {number} */ index) => loaded.push(index),
  }));
  /** @type {string[]} */
  const notices = [];
  /** @param {Parameters<typeof loadModel>[4]} [how] */
  const load = (how) => loadModel(engine, MANIFEST, () => {}, (code) => notices.push(code), how);
  return { log, loaded, notices, load };
}

const isShard = (/** @type {string} */ line) => /^put .*spikechat-shard/.test(line);
const isList = (/** @type {string} */ line) => /^put .*spikechat-manifest/.test(line);

test('shards are fetched while the store says what it has; none is put before', async () => {
  const { log, loaded, notices, load } = surroundings();
  await load();
  assert.deepEqual(loaded, [0, 1]);
  assert.deepEqual(notices, []);
  const keys = log.indexOf('keys');
  for (const { file, sha256 } of shards) {
    assert.ok(log.indexOf(`get /spikechat-shard/${sha256}`) < keys, log.join('\n'));
    assert.ok(log.indexOf(`fetch http://x/m/${file}`) < keys, log.join('\n'));
  }
  assert.ok(keys < log.findIndex(isList), log.join('\n'));
  assert.ok(log.findIndex(isList) < log.findIndex(isShard), log.join('\n'));
  assert.equal(log.filter(isShard).length, 2);

  log.length = loaded.length = 0;
  await load();
  assert.deepEqual(loaded, [0, 1]);
  assert.deepEqual(log.filter((line) => /^(put|fetch)/.test(line)), [`fetch ${MANIFEST}`]);
});

test('a store that cannot say what it has keeps shards all the same', async () => {
  const { log, loaded, notices, load } = surroundings(true);
  await load();
  assert.deepEqual(loaded, [0, 1]);
  assert.deepEqual(notices, []);
  assert.equal(log.filter(isShard).length, 2);
});

test('a shard that is not there soon is told of, and one that is there is not', async () => {
  const { loaded, load } = surroundings();
  const bring = globalThis.fetch;
  let held = 400;
  mock.method(globalThis, 'fetch', async (/** @type {string} */ url) => {
    if (url.endsWith(shards[1].file)) await new Promise((resolve) => setTimeout(resolve, held));
    return bring(url);
  });
  /** @type {number[]} */
  const late = [];
  const onlate = (/** @type {unknown} */ _, /** @type {{shards: number}} */ now) => {
    late.push(now.shards);
  };
  await load({ useCache: false, onlate });
  assert.deepEqual([late, loaded], [[1], [0, 1]]);
  held = 0;
  late.length = loaded.length = 0;
  await load({ useCache: false, onlate });
  assert.deepEqual([late, loaded], [[], [0, 1]]);
});

test('a load goes on where an earlier one ended', async () => {
  const { log, loaded, load } = surroundings();
  /** @type {import('../../../worker/load-model.js').Arrived | null} */
  let from = null;
  const bring = globalThis.fetch;
  let broken = true;
  mock.method(globalThis, 'fetch', async (/** @type {string} */ url) =>
    (broken && url.endsWith(shards[1].file) ? new Response('', { status: 404 }) : bring(url)));
  const onshard = (/** @type {unknown} */ _, /** @type {typeof from} */ now) => { from = now; };
  await assert.rejects(load({ useCache: false, onshard }), { code: 'http_status' });
  assert.deepEqual(loaded, [0]);
  broken = false;
  log.length = 0;
  await load({ useCache: false, onshard, from });
  assert.deepEqual(loaded, [0, 1]);
  const fetched = log.filter((line) => /^fetch/.test(line));
  assert.deepEqual(fetched, [`fetch http://x/m/${shards[1].file}`]);
});
