// After the first visit the page works without network, in one version at a time.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { drawTheSame, launchProfile } from './browser.mjs';
import { DIST, TINY, browser, until } from './harness.mjs';
import { serveHost } from './host.mjs';
import { serve } from './server.mjs';
import { tinyGguf } from './tiny-gguf.mjs';

/** @import { BrowserContext, Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */
/** @import { Fault, Site } from './server.mjs' */

const AT = '/some/place/';
// A server that is away is no mistake of the page's.
const ASIDE = /net::ERR|Failed to load resource|Failed to fetch/;

/**
 * The site below a folder of its server, as many are deployed.
 * @param {(site: Site, context: BrowserContext) => Promise<void>} body
 */
async function deployed(body) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-root-'));
  fs.mkdirSync(path.join(root, 'some'));
  fs.symlinkSync(DIST, path.join(root, AT.slice(0, -1)));
  const site = await serve(root);
  const context = await browser.newContext();
  await drawTheSame(context);
  /** @type {string[]} */
  const errors = [];
  context.on('weberror', (error) => errors.push(error.error().message));
  context.on('console', (message) => {
    if (message.type() === 'error' && !ASIDE.test(message.text())) errors.push(message.text());
  });
  try {
    await body(site, context);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
    await site.close();
    fs.rmSync(root, { recursive: true, force: true });
  }
}

/**
 * @param {Site} site
 * @param {BrowserContext} context
 * @param {string} [at]
 * @returns {Promise<Page>} with the model
 */
async function visited(site, context, at = AT) {
  const page = await context.newPage();
  await page.goto(`${site.url}${at}?model=tiny`);
  await page.locator('.loader .primary').click();
  await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  return page;
}

const answer = (/** @type {Page} */ page) => page.locator('spike-chat').evaluate(
  (chat) => /** @type {SpikeChat} */ (chat).send('Hello').then(({ content }) => content));

/** In a page: whether it is of the version that was deployed last. */
const isNew = () => 'version' in globalThis;

/**
 * What the server has from now on: the same with one line more in a file.
 * @param {Site} site
 * @param {string} line
 * @param {string} [name] of the file
 */
function deploy(site, line, name = 'page.js') {
  const file = Buffer.concat([fs.readFileSync(path.join(DIST, name)), Buffer.from(line)]);
  const hash = crypto.createHash('sha256').update(file).digest('base64');
  const before = fs.readFileSync(path.join(DIST, 'sw.js'), 'utf8');
  const [start, rest] = before.split(`"./${name}":"`);
  const worker = `${start}"./${name}":"${hash}${rest.slice(rest.indexOf('"'))}`;
  assert.notEqual(worker, before);
  site.added.set(`${AT}${name}`, file);
  site.added.set(`${AT}sw.js`, Buffer.from(worker));
}

test('without its server the page opens, loads its model and answers', () =>
  deployed(async (site, context) => {
    const first = await visited(site, context);
    const said = await answer(first);
    await first.close();
    await site.close();
    const page = await context.newPage();
    await page.goto(`${site.url}${AT}?model=tiny`);
    assert.equal(await page.evaluate(() => crossOriginIsolated), true, 'the headers are kept');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    assert.equal(typeof await answer(page), 'string');
    assert.ok(said.length > 0);
    // Parts that come later are there as well, and so is another language.
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.locator('#language').selectOption('de');
    await page.getByRole('button', { name: 'Einstellungen' }).waitFor();
  }));

test('the engine is kept with gzip, and comes as it was', () =>
  deployed(async (site, context) => {
    const page = await visited(site, context);
    await page.waitForFunction(() => navigator.serviceWorker.controller);
    await site.close();
    const { name, kept, header, type, headers, came } = await page.evaluate(async () => {
      const store = (await caches.keys()).find((key) => /^spikechat-precache/.test(key)) ?? '';
      const cache = await caches.open(store);
      const request = (await cache.keys()).find(({ url }) => /[.]wasm/.test(url));
      if (!request) throw new Error('no module is kept');
      const address = new URL(request.url);
      address.search = '';
      const kept = new Uint8Array(await (await cache.match(request))?.arrayBuffer() ?? []);
      const response = await fetch(address);
      const hash = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
      return {
        name: address.pathname.slice(address.pathname.lastIndexOf('/') + 1),
        kept: kept.length, header: [...kept.subarray(0, 2)], came: [...new Uint8Array(hash)],
        type: response.headers.get('content-type'), headers: [...response.headers.keys()],
      };
    });
    const module = fs.readFileSync(path.join(DIST, name));
    assert.ok(kept < module.length * 0.35, `${kept} of ${module.length} bytes`);
    assert.deepEqual(header, [0x1f, 0x8b]);
    assert.deepEqual(came, [...crypto.createHash('sha256').update(module).digest()]);
    assert.equal(type, 'application/wasm');
    assert.ok(headers.every((header) => !header.startsWith('spikechat')), headers.join());
  }));

test('who deletes the model keeps nothing of it', () => deployed(async (site, context) => {
  const page = await visited(site, context);
  const kept = () => page.evaluate(async () => {
    const all = await Promise.all((await caches.keys()).map(async (name) =>
      (await (await caches.open(name)).keys()).map(({ url }) => url)));
    return all.flat().filter((url) => /models[/]tiny|[.]bin|spikechat-shard/.test(url));
  });
  await until(page, async () => (await caches.match(
    new URL('models/tiny/activity.json', location.href))) !== undefined);
  assert.ok((await kept()).length > 1);
  await page.evaluate(async () => {
    const module = './engine.js';
    const { deleteModelInCache } = await import(new URL(module, location.href).href);
    await deleteModelInCache(new URL('models/tiny/manifest.json', location.href));
  });
  assert.deepEqual(await kept(), []);
}));

test('the first tab has what comes later from the version that it began with', () =>
  deployed(async (site, context) => {
    const page = await visited(site, context);
    await page.waitForFunction(() => navigator.serviceWorker.controller);
    await site.close();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.locator('#language').selectOption('de');
    await page.getByRole('button', { name: 'Einstellungen' }).waitFor();
  }));

// The page around and embed.js are the other site's, to keep as it keeps its own.
test('frames in another site work without their server as well', async () => {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-profile-'));
  const site = await serve(DIST);
  const host = await serveHost(() => ({
    html: `<!doctype html><title>Host</title><link rel="icon" href="data:,">
      <script type="module" src="${site.url}/embed.js"></script>
      <spike-chat model="${TINY}" max-tokens="4" temperature="0"></spike-chat>`,
  }));
  const context = await launchProfile(profile, { profile: { cookie_controls_mode: 1 } });
  try {
    const page = await context.newPage();
    await page.goto(host.url);
    const inside = page.locator('spike-chat').frameLocator('iframe');
    const start = async () => {
      await inside.locator('.loader .primary').click();
      await inside.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
      return answer(page);
    };
    const said = await start();
    await page.frames().find((frame) => frame.url().endsWith('/embed/'))
      ?.evaluate(() => navigator.serviceWorker.ready);
    site.fault = ({ path: name }) => (name === '/embed.js' ? null : { cut: 0 });
    site.served.length = 0;
    await page.reload();
    assert.equal(await start(), said);
    assert.ok(site.served.length > 0, 'nothing was tried');
  } finally {
    await context.close();
    await Promise.all([site.close(), host.close()]);
    fs.rmSync(profile, { recursive: true, force: true });
  }
});

test('a new version is offered, and comes when no other tab has the old one', () =>
  deployed(async (site, context) => {
    const first = await visited(site, context);
    const second = await context.newPage();
    const engines = () => site.served.filter((name) => name.endsWith('.wasm')).length;
    const before = engines();
    deploy(site, '\nglobalThis.version = 2;\n');
    await second.goto(`${site.url}${AT}?model=tiny`);
    const offered = second.locator('.new-version');
    await offered.waitFor();
    assert.equal(await second.evaluate('globalThis.version'), undefined, 'it is the old one');
    await offered.getByRole('button', { name: 'Load it' }).click();
    await second.getByText('Close the other tabs').waitFor();
    await first.close();
    await second.locator('.loader .primary').click();
    await second.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    const said = await answer(second);
    await offered.getByRole('button', { name: 'Load it' }).click();
    await second.waitForFunction(isNew);
    // The chat goes on.
    await second.waitForFunction((content) => /** @type {SpikeChat | null} */ (
      document.querySelector('spike-chat'))?.messages?.[1]?.content === content, said);
    const kept = await second.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => /^spikechat-precache/.test(name));
      const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return lists.flat().map(({ url }) => new URL(url).pathname);
    });
    assert.equal(kept.filter((name) => name.endsWith('/page.js')).length, 1, 'the old one is left');
    assert.equal(kept.filter((name) => name.endsWith('.wasm')).length, 1);
    // Of the new version only what is new was downloaded.
    assert.equal(engines(), before);
  }));

test('what packs files is kept from the first one on, and by a new version as well', () =>
  deployed(async (site, context) => {
    const page = await context.newPage();
    const gguf = tinyGguf();
    /** @param {string} name */
    const open = async (name) => {
      await page.locator('input[accept=".gguf"]').setInputFiles(
        { name: `${name}.gguf`, mimeType: '', buffer: gguf });
      await page.waitForURL((url) => url.searchParams.get('model') === `own:${name}`);
      await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    };
    /** @param {string} end of packer.js, of which there is to be one */
    const packerKept = (end) => until(page, async (last) => {
      const name = (await caches.keys()).find((key) => key.startsWith('spikechat-packer-'));
      const cache = await caches.open(name ?? '');
      const kept = await cache.keys();
      const of = (/** @type {string} */ file) => kept.filter(({ url }) => url.includes(file));
      const script = await (await cache.match(of('/packing/packer.js')[0] ?? ''))?.text();
      return of('/packing/packer.js').length === 1 && script?.endsWith(last)
        && of('/packing/packer.wasm').length === 1
        && of('/vendor/minijinja_js_bg.wasm').length === 1;
    }, end);
    await page.goto(`${site.url}${AT}`);
    await page.locator('.loader .primary').waitFor();
    await open('first');
    await packerKept('');
    deploy(site, '\n// 2\n', 'packing/packer.js');
    await page.reload();
    await page.locator('.new-version').getByRole('button', { name: 'Load it' }).click();
    await packerKept('\n// 2\n');
    await page.reload();
    await site.close();
    await page.reload();
    await page.locator('.loader .primary').waitFor();
    await open('second');
  }));

test('files of a deployment that is under way are not kept', () =>
  deployed(async (site, context) => {
    // page.js is of the new version already, and sw.js not yet.
    const page = Buffer.concat([fs.readFileSync(path.join(DIST, 'page.js')), Buffer.from('\n')]);
    site.added.set(`${AT}page.js`, page);
    const first = await context.newPage();
    await first.goto(`${site.url}${AT}?model=tiny`);
    await first.locator('.loader .primary').click();
    await first.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    const state = await first.evaluate(() => new Promise((resolve) => {
      navigator.serviceWorker.getRegistration().then((registration) => {
        const { installing } = registration ?? {};
        if (!installing) resolve('redundant');
        installing?.addEventListener('statechange', () => resolve(installing.state));
      });
    }));
    assert.equal(state, 'redundant');
  }));

/** What a server says of sw.js, by test. @type {Record<string, ReturnType<Fault>>} */
const GONE = {
  'a site that has no such worker any more gets its address back': { status: 404 },
  'a site that has moved gets its address back':
    { status: 301, location: 'http://127.0.0.1:9/' },
};
for (const [name, fault] of Object.entries(GONE)) {
  test(name, () =>
    deployed(async (site, context) => {
      const first = await visited(site, context);
      site.fault = ({ path: file }) => (file === `${AT}sw.js` ? fault : null);
      await first.reload();
      await until(first, async () => !await navigator.serviceWorker.getRegistration());
      deploy(site, '\nglobalThis.version = 2;\n');
      await first.close();
      const page = await context.newPage();
      await page.goto(`${site.url}${AT}?model=tiny`);
      await page.waitForFunction(isNew);
    }));
}

test('a deployment without a worker leaves that of the folder around alone', async () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-root-'));
  for (const name of fs.readdirSync(DIST))
    fs.symlinkSync(path.join(DIST, name), path.join(root, name));
  fs.symlinkSync(DIST, path.join(root, 'inner'));
  const site = await serve(root);
  site.fault = ({ path: name }) => (name === '/inner/sw.js' ? { status: 404 } : null);
  const context = await browser.newContext();
  await drawTheSame(context);
  try {
    const page = await visited(site, context, '/');
    await page.goto(`${site.url}/inner/?model=tiny`);
    assert.ok(await page.evaluate(() => navigator.serviceWorker.controller));
    await page.locator('.loader .primary').click();
    await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    assert.equal(await page.evaluate(
      async () => (await navigator.serviceWorker.getRegistration())?.scope), `${site.url}/`);
  } finally {
    await context.close();
    await site.close();
    fs.rmSync(root, { recursive: true, force: true });
  }
});
