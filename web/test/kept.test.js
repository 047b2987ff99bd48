// What the browser keeps: its HTTP cache no error for longer than it lasts, whatever the server
// says, and no shard that the Cache API has; the Cache API no shard that no model has.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { DIST, TINY, inPage, site, withEngine } from './harness.mjs';
import { load, loaded } from './in-page.mjs';

/** @import { Page } from 'playwright-core' */

const FOREVER = 'public, max-age=31536000, immutable';
// Chromium itself writes failed requests to the console.
const NETWORK = /Failed to load resource|^the engine ended/;

/** @param {string} end of a path @returns {import('./server.mjs').Fault} */
const goneForever = (end) => ({ path: name }) =>
  name.endsWith(end) ? { status: 404, cache: FOREVER } : null;

/**
 * @param {Page} page
 * @param {string} path
 * @returns {Promise<boolean>} whether the browser's HTTP cache has it
 */
const isCached = (page, path) => page.evaluate(async (url) => {
  const how = /** @type {const} */ ({ cache: 'only-if-cached', mode: 'same-origin' });
  return fetch(url, how).then(({ ok }) => ok, () => false);
}, path);

const start = (/** @type {Page} */ page) =>
  page.getByRole('button', { name: /^Download/ }).click();

/** @type {Record<string, (page: Page) => Promise<void>>} */
const WAYS = {
  'Try again': (page) => page.getByRole('button', { name: 'Try again' }).click(),
  'a reload': async (page) => {
    await page.reload();
    await start(page);
  },
};

for (const file of ['.bin', '.wasm']) {
  for (const [name, again] of Object.entries(WAYS)) {
    test(`a 404 of ${file} that is immutable: ${name} helps`, () => inPage(async (page) => {
      site.fault = goneForever(file);
      await page.goto(`${site.url}/?model=tiny`);
      await start(page);
      await page.locator('.loader.failed').waitFor();
      assert.match(await page.locator('.loader-detail').textContent() ?? '', /status 404/);
      site.fault = null;
      await again(page);
      await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    }, { url: '/blank.html', errors: NETWORK }));
  }
}

for (const file of ['/wasm_exec.js', '/worker/load-model.js']) {
  test(`a 404 of ${file}, which the browser's module loader asks for: Try again helps`, () =>
    inPage(async (page) => {
      site.fault = ({ path }) => (path === file ? { status: 404 } : null);
      await page.goto(`${site.url}/?model=tiny`);
      await start(page);
      await page.locator('.loader.failed').waitFor();
      assert.match(
        await page.locator('.loader-detail').textContent() ?? '', /the worker did not start/);
      site.fault = null;
      await WAYS['Try again'](page);
      await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    }, { url: '/blank.html', errors: NETWORK }));
}

test('a shard is on the disk once', () => withEngine(async (page) => {
  const mark = site.served.length;
  site.fault = ({ path }) => (path.endsWith('.bin') ? { cache: FOREVER } : null);
  await loaded(page, { model: TINY });
  const shards = site.served.slice(mark).filter((path) => path.endsWith('.bin'));
  assert.equal(shards.length, 1);
  assert.equal(await isCached(page, shards[0]), false, 'the HTTP cache has it as well');
}, { errors: NETWORK }));

test('without the Cache API the HTTP cache keeps the shards', () => withEngine(async (page) => {
  const mark = site.served.length;
  site.fault = ({ path, body }) => {
    if (path.endsWith('.bin')) return { cache: FOREVER };
    const without = 'Object.defineProperty(globalThis, "caches", { value: undefined });\n';
    const worker = path.endsWith('/worker/worker.js');
    return worker ? { body: Buffer.concat([Buffer.from(without), body]) } : null;
  };
  await loaded(page, { model: TINY });
  const [shard] = site.served.slice(mark).filter((path) => path.endsWith('.bin'));
  assert.equal(await isCached(page, shard), true);
}, { errors: NETWORK }));

test('what a load has kept that never ended goes when another version comes', () =>
  withEngine(async (page) => {
    const manifest = '/models/over/manifest.json';
    const folder = path.join(DIST, 'models/tiny');
    const tiny = JSON.parse(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
    const good = fs.readFileSync(path.join(folder, tiny.shards[0].file));
    /** Puts a version of the model at the address. @param {Buffer} body its only shard */
    const put = (body) => {
      const sha256 = crypto.createHash('sha256').update(body).digest('hex');
      const shard = { ...tiny.shards[0], sha256, file: `${sha256}.bin` };
      site.added.set(manifest, Buffer.from(JSON.stringify({ ...tiny, shards: [shard] })));
      site.added.set(`/models/over/${sha256}.bin`, body);
      return sha256;
    };
    const kept = () => page.evaluate(async () => {
      const keys = await (await caches.open('spikechat-shards-v1')).keys();
      const names = keys.map(({ url }) => new URL(url).pathname.split('/'));
      return names.flatMap(([, kind, name]) => (kind === 'spikechat-shard' ? [name] : []));
    });
    // Its hash is right, so it is kept; the engine does not take it.
    const bad = Buffer.from(good);
    bad.fill(0xff, 0, 32);
    const first = put(bad);
    assert.ok('error' in await load(page, { model: manifest }));
    assert.deepEqual(await kept(), [first]);
    const second = put(good);
    await loaded(page, { model: manifest });
    assert.deepEqual(await kept(), [second]);
  }));
