// The built site on Cloudflare's runtime, beside the native server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from '../../web/test/browser.mjs';
import { ask, cases, filler, tryCase } from './calls.mjs';
import { chats } from './chats.mjs';
import { objects, startCloudflare, startNative } from './servers.mjs';

/** @import { Browser } from 'playwright-core' */
/** @import { Server } from './servers.mjs' */

/** @type {{native: Server, cloudflare: Server}} */
let servers;
/** @type {Browser} */
let browser;

before(async () => {
  const native = await startNative();
  try {
    servers = { native, cloudflare: await startCloudflare() };
  } catch (error) {
    await native.close();
    throw error;
  }
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await Promise.all(Object.values(servers ?? {}).map((server) => server.close()));
});

test(`the ${cases.length} calls are answered alike`, async (t) => {
  const { native, cloudflare } = servers;
  const fill = { native: await filler(native.url), cloudflare: await filler(cloudflare.url) };
  for (const one of cases) {
    await t.test(one.name, async () => {
      const theirs = await tryCase(cloudflare.url, fill.cloudflare, one);
      assert.deepEqual(theirs, await tryCase(native.url, fill.native, one));
    });
  }
});

/** What an asset server says of its own, or says in another way. */
const OWN = ['date', 'connection', 'keep-alive', 'transfer-encoding', 'cf-cache-status', 'etag',
  'last-modified', 'accept-ranges', 'content-length', 'vary', 'content-encoding', 'allow'];

/** @param {import('node:http').IncomingHttpHeaders} headers */
const common = (headers) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.includes(name)).sort());

test('pages and files have the same headers', async () => {
  const shard = objects().get('bin')?.name;
  for (const path of ['/', '/page.js', '/page.css', '/spikechat.wasm', '/spikechat-simd.wasm',
    '/worker/worker.js', '/embed.js', '/embed/', '/embed/hello.js', '/api/engine.js',
    '/models.json', '/models/tiny/manifest.json', '/models/tiny/activity.json',
    '/.well-known/security.txt', `/models/tiny/${shard}`]) {
    const [native, cloudflare] = await Promise.all(
      Object.values(servers).map(({ url }) => ask(url, { path })),
    );
    assert.equal(native.status, 200, path);
    assert.equal(cloudflare.status, 200, path);
    assert.ok(cloudflare.body.equals(native.body), path);
    assert.deepEqual(common(cloudflare.headers), common(native.headers), path);
    assert.match(String(cloudflare.headers['content-security-policy']), /^default-src 'none'/);
  }
});

test('what is missing is missing, and nothing of a refusal is kept', async () => {
  for (const [method, path, status] of /** @type {[string, string, number][]} */ ([
    ['GET', '/missing', 404],
    ['GET', '/missing.bin', 404],
    ['GET', `/models/tiny/${'0'.repeat(64)}.bin`, 404],
    ['GET', '/models/none/manifest.json', 404],
    ['GET', '/_headers', 404],
    ['GET', '/api/x', 404],
    ['GET', '/api/models/x', 404],
    ['HEAD', '/missing.js', 404],
    ['POST', '/page.js', 405],
    ['DELETE', '/models/tiny/manifest.json', 405],
  ])) {
    for (const [name, { url }] of Object.entries(servers)) {
      const { headers, ...got } = await ask(url, { method, path });
      const where = `${method} ${path}, ${name}`;
      assert.equal(got.status, status, where);
      assert.equal(headers['cache-control'], 'no-cache', where);
      assert.equal(headers['x-content-type-options'], 'nosniff', where);
    }
  }
});

/** @type {Record<string, string>} */
const MODELS = {
  'a model of the site': '/models/tiny/manifest.json',
  'a model from the store': `/api/m/${objects().get('json')?.name}`,
};

for (const [name, model] of Object.entries(MODELS)) {
  for (const server of /** @type {const} */ (['cloudflare', 'native'])) {
    test(`${name} answers, ${server}`, () => chats(browser, servers[server].url, model));
  }
}
