// Delivery that goes wrong: cut, damaged, missing, replaced; a cache that lies; a worker that dies.
// Each ends in an answer or in a typed error, and no broken byte is used.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TINY, site, withEngine } from './harness.mjs';
import { load, loaded, refusal, stream } from './in-page.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeError } from '../shared/errors.js' */

const QUESTION = {
  messages: [{ role: /** @type {const} */ ('user'), content: 'Hello' }],
  max_tokens: 4,
};
// Chromium itself writes failed requests to the console.
const NETWORK = { errors: /Failed to load resource/ };
const shard = (/** @type {string} */ path) => path.endsWith('.bin');

/**
 * @param {Page} page
 * @param {string} code
 */
async function failsWith(page, code) {
  const result = await load(page, { model: TINY });
  assert.ok('error' in result, 'it loaded');
  assert.equal(result.error.code, code);
  return result.error;
}

/** @param {Buffer} body */
function flipped(body) {
  const copy = Buffer.from(body);
  copy[copy.length >> 1] ^= 1;
  return copy;
}

test('a shard cut short, a broken connection and a server error are tried again', () =>
  withEngine(async (page) => {
    let cuts = 0;
    /** @type {Map<string, number>} */
    const tries = new Map();
    site.fault = ({ path, body }) => {
      if (!shard(path)) return null;
      const seen = (tries.get(path) ?? 0) + 1;
      tries.set(path, seen);
      if (seen > 3) return null;
      cuts++;
      return [{ body: body.subarray(0, -1) }, { cut: body.length >> 1 }, { status: 503 }][seen - 1];
    };
    await loaded(page, { model: TINY });
    assert.equal(cuts, 3 * tries.size);
    assert.ok((await stream(page, QUESTION)).usage);
  }, NETWORK));

test('a flipped bit is never used', () => withEngine(async (page) => {
  site.fault = ({ path, body }) => (shard(path) ? { body: flipped(body) } : null);
  const error = await failsWith(page, 'shard_corrupt');
  assert.match(error.url ?? '', /\.bin$/);
}, NETWORK));

test('a web page instead of a shard, of the manifest, of the engine', () =>
  withEngine(async (page) => {
    const html = { type: 'text/html', body: Buffer.from('<!doctype html><title>Home</title>') };
    for (const kind of ['.bin', 'manifest.json', '.wasm']) {
      site.fault = ({ path }) => (path.endsWith(kind) ? html : null);
      const error = await failsWith(page, 'wrong_content_type');
      assert.ok(error.url?.endsWith(kind), `${kind}: ${error.url}`);
    }
  }, NETWORK));

test('a missing file is named', () => withEngine(async (page) => {
  site.fault = ({ path }) => (shard(path) ? { status: 404 } : null);
  const { url, retryable } = await failsWith(page, 'http_status');
  assert.match(url ?? '', /\.bin$/);
  assert.equal(retryable, false);
}, NETWORK));

test('a connection that breaks while the engine is downloaded is no fault of the browser', () =>
  withEngine(async (page) => {
    for (const type of ['application/wasm', 'application/octet-stream']) {
      site.fault = ({ path, body }) =>
        path.endsWith('.wasm') ? { type, cut: body.length >> 1 } : null;
      const { url, retryable } = await failsWith(page, 'offline');
      assert.match(url ?? '', /\.wasm$/);
      assert.equal(retryable, true);
    }
  }, NETWORK));

test('a damaged engine is not started', () => withEngine(async (page) => {
  site.fault = ({ path }) =>
    path.endsWith('.wasm') ? { body: Buffer.from('no wasm at all') } : null;
  await failsWith(page, 'unsupported_browser');
}, NETWORK));

test('shards of a model that was replaced are removed', () => withEngine(async (page) => {
  await loaded(page, { model: TINY });
  const kept = await page.evaluate(async (manifest) => {
    const cache = await caches.open((await caches.keys())[0]);
    const list = `/spikechat-manifest/${encodeURIComponent(new URL(manifest, location.href).href)}`;
    const hashes = await (await cache.match(list))?.json();
    // As if the manifest had had one shard more when it was loaded.
    await cache.put(list, Response.json([...hashes, 'former']));
    await cache.put('/spikechat-shard/former', new Response('x'));
    return hashes.length;
  }, TINY);
  const { info } = await loaded(page, { model: TINY });
  assert.ok(info.bytes > 0 && kept > 0);
  const left = await page.evaluate(async () => {
    const cache = await caches.open((await caches.keys())[0]);
    return (await cache.keys())
      .map(({ url }) => new URL(url).pathname)
      .filter((path) => path.startsWith('/spikechat-shard/'));
  });
  assert.equal(left.length, kept);
  assert.ok(!left.includes('/spikechat-shard/former'));
}));

test('a manifest that is none', () => withEngine(async (page) => {
  for (const body of ['', '{}', '[]', 'null', '{"shards":[{"bytes":1e15}]}']) {
    site.fault = ({ path }) =>
      path.endsWith('manifest.json') ? { body: Buffer.from(body) } : null;
    await failsWith(page, 'manifest_invalid');
  }
}, NETWORK));

test('the second visit downloads nothing; a damaged copy is found and healed', () =>
  withEngine(async (page) => {
    const shards = () => site.served.filter(shard).length;
    const before = shards();
    await loaded(page, { model: TINY });
    const first = shards() - before;
    assert.ok(first > 0);
    const again = await loaded(page, { model: TINY });
    assert.equal(shards() - before, first, 'a shard was fetched again');
    assert.equal(again.progress.at(-2)?.cached, again.info.bytes);

    const damaged = await page.evaluate(async () => {
      const cache = await caches.open((await caches.keys())[0]);
      const key = (await cache.keys()).filter(({ url }) => url.includes('/spikechat-shard/'))[0];
      const bytes = new Uint8Array(
        (await (await cache.match(key))?.arrayBuffer()) ?? new ArrayBuffer(0),
      );
      bytes[bytes.length >> 1] ^= 1;
      await cache.put(key, new Response(bytes));
      return bytes.length;
    });
    assert.ok(damaged > 0);
    await loaded(page, { model: TINY });
    assert.equal(shards() - before, first + 1, 'only the damaged shard is fetched');
    await loaded(page, { model: TINY });
    assert.equal(shards() - before, first + 1, 'it is healed');
  }));

test('loading can be cancelled', () => withEngine(async (page) => {
  const code = await page.evaluate(async (model) => {
    const module = '/engine.js';
    /** @type {typeof import('../api/engine.js')} */
    const { createEngine } = await import(module);
    const abort = new AbortController();
    try {
      await createEngine({ model, signal: abort.signal, onprogress: () => abort.abort() });
      return null;
    } catch (error) {
      return /** @type {SpikeError} */ (error).code;
    }
  }, TINY);
  assert.equal(code, 'aborted');
  await loaded(page, { model: TINY });
  assert.ok((await stream(page, QUESTION)).usage);
}));

test('a worker that dies gives a typed error to all who wait', () => withEngine(async (page) => {
  await loaded(page, { model: TINY });
  const pending = refusal(page, { ...QUESTION, max_tokens: 1000 });
  await page.workers()[0].evaluate(() => {
    setTimeout(() => {
      throw new Error('out of the blue');
    });
  });
  const error = await pending;
  // The short answer may have been done before the worker died; the next question then meets it.
  assert.equal((error ?? await refusal(page, QUESTION))?.code, 'engine_crashed');
}, { errors: /out of the blue/ }));
