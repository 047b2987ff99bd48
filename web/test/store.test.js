// Weights on one disk, for all tabs: what two of them load at once comes once, what was verified
// when a load ended is there for the next one, and a load ends at once when it is to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TINY, inPage, noWorkers, site, withEngine } from './harness.mjs';
import { load, loaded, refusal } from './in-page.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeError } from '../shared/errors.js' */

const NETWORK = /Failed to load resource|^the engine ended/;
const shard = (/** @type {string} */ path) => path.endsWith('.bin');
const QUESTION = {
  messages: [{ role: /** @type {const} */ ('user'), content: 'Hello' }],
  max_tokens: 1000,
};

/** @param {Page} page @param {number} tabs @returns {Promise<Page[]>} as many of one browser */
async function tabsOf(page, tabs) {
  const all = [page];
  while (all.length < tabs) {
    const other = await page.context().newPage();
    await other.goto(page.url());
    all.push(other);
  }
  return all;
}

test('four tabs at once download each shard once', () => withEngine(async (page) => {
  const tabs = await tabsOf(page, 4);
  const mark = site.served.length;
  const all = await Promise.all(tabs.map((tab) => loaded(tab, { model: TINY })));
  assert.equal(site.served.slice(mark).filter(shard).length, 1);
  for (const { notices } of all) assert.deepEqual(notices, []);
}));

test('a tab that is closed while others wait for its shard: another brings it', () =>
  withEngine(async (page) => {
    const [first, second] = await tabsOf(page, 2);
    // The first try is cut, and the next one waits for half a second.
    let tries = 0;
    site.fault = ({ path, body }) =>
      (shard(path) && tries++ === 0 ? { cut: body.length >> 1 } : null);
    load(first, { model: TINY }).catch(() => {});
    while (tries === 0) await new Promise((resolve) => { setTimeout(resolve, 10); });
    const other = loaded(second, { model: TINY });
    await new Promise((resolve) => { setTimeout(resolve, 150); });
    await first.close();
    assert.deepEqual((await other).notices, []);
    assert.equal(tries, 2);
  }, { errors: NETWORK }));

/** When a load is cancelled: at the first progress of a phase, or a moment after. */
const MOMENTS = /** @type {const} */ ([
  ['engine', 0], ['engine', 20], ['manifest', 0], ['shards', 0], ['shards', 5], ['prepare', 0],
  ['ready', 0],
]);

test('loading ends within 100 ms whatever it is doing, and the next one succeeds', (t) =>
  withEngine(async (page) => {
    for (const [phase, after] of MOMENTS) {
      await page.evaluate(() => caches.delete('spikechat-shards-v1'));
      const { code, ms } = await page.evaluate(async ({ model, phase: at, after: wait }) => {
        const module = '/engine.js';
        /** @type {typeof import('../api/engine.js')} */
        const { createEngine } = await import(module);
        const abort = new AbortController();
        let cancelled = 0;
        const cancel = () => {
          cancelled ||= performance.now();
          abort.abort();
        };
        try {
          await createEngine({
            model, signal: abort.signal,
            onprogress: (progress) => {
              if (progress.phase !== at) return;
              if (wait === 0) cancel();
              else setTimeout(cancel, wait);
            },
          });
          return { code: null, ms: 0 };
        } catch (error) {
          const ended = performance.now() - cancelled;
          return { code: /** @type {SpikeError} */ (error).code, ms: ended };
        }
      }, { model: TINY, phase, after });
      t.diagnostic(`${phase} + ${after} ms: ${ms.toFixed(1)} ms`);
      assert.equal(code, 'aborted', `${phase} + ${after} ms`);
      assert.ok(ms < 100, `${phase} + ${after} ms: it took ${ms} ms`);
      await noWorkers(page);
    }
    await loaded(page, { model: TINY });
  }));

test('a shard that is being written when loading is cancelled is kept', () =>
  withEngine(async (page) => {
    // A disk that takes a while for it.
    site.fault = ({ path, body }) => {
      const slow = 'const { put } = Cache.prototype;'
        + 'Cache.prototype.put = async function (at, of) {'
        + 'const bytes = await of.arrayBuffer();'
        + 'if (at.includes("shard/")) {'
        + 'new BroadcastChannel("test").postMessage("writing");'
        + 'await new Promise((end) => setTimeout(end, 300)); }'
        + 'return put.call(this, at, new Response(bytes)); };\n';
      return path.endsWith('/worker/worker.js')
        ? { body: Buffer.concat([Buffer.from(slow), body]) } : null;
    };
    const mark = site.served.length;
    const code = await page.evaluate(async (model) => {
      const module = '/engine.js';
      /** @type {typeof import('../api/engine.js')} */
      const { createEngine } = await import(module);
      const abort = new AbortController();
      new BroadcastChannel('test').onmessage = () => abort.abort();
      return createEngine({ model, signal: abort.signal })
        .then(() => null, ({ code: why }) => why);
    }, TINY);
    assert.equal(code, 'aborted');
    await noWorkers(page);
    await loaded(page, { model: TINY });
    assert.equal(site.served.slice(mark).filter(shard).length, 1, 'it was fetched again');
  }));

test('nothing is kept where that is asked for', () => withEngine(async (page) => {
  const mark = site.served.length;
  for (let i = 0; i < 2; i++) {
    const { notices } = await loaded(page, { model: TINY, useCache: false });
    assert.deepEqual(notices, []);
  }
  assert.equal(site.served.slice(mark).filter(shard).length, 2);
  assert.deepEqual(await page.evaluate(() => caches.keys()), []);
}));

test('a full disk is found before anything is written', () => withEngine(async (page) => {
  site.fault = ({ path, body }) => (path.endsWith('/worker/worker.js')
    ? { body: Buffer.concat([
      Buffer.from('StorageManager.prototype.estimate = async () => ({ quota: 9, usage: 8 });\n'),
      body]) }
    : null);
  const { notices } = await loaded(page, { model: TINY });
  assert.deepEqual(notices.map(({ code }) => code), ['quota_exceeded']);
  const kept = await page.evaluate(async () => {
    const keys = await (await caches.open('spikechat-shards-v1')).keys();
    return keys.filter(({ url }) => url.includes('/spikechat-shard/')).length;
  });
  assert.equal(kept, 0);
}));

test('without network a model that was loaded whole is found and loaded', () =>
  withEngine(async (page) => {
    await loaded(page, { model: TINY });
    site.fault = ({ path }) => (path.includes('/models/') ? { status: 503 } : null);
    await loaded(page, { model: TINY });
    // A server that says that there is none any more is believed.
    site.fault = ({ path }) => (path.includes('/models/') ? { status: 404 } : null);
    const gone = await load(page, { model: TINY });
    assert.equal('error' in gone && gone.error.code, 'http_status');
  }, { errors: NETWORK }));

test('a worker that the browser ends is told at once, while it loads and while it answers', (t) =>
  withEngine(async (page) => {
    const kill = () => page.workers()[0].evaluate(() => close());
    site.fault = ({ path }) => (shard(path) ? { status: 503 } : null);
    const loading = load(page, { model: TINY });
    await page.waitForResponse((response) => response.status() === 503);
    let began = performance.now();
    await kill();
    const ended = await loading;
    t.diagnostic(`loading: ${(performance.now() - began).toFixed()} ms`);
    assert.equal('error' in ended && ended.error.code, 'engine_crashed');
    site.fault = null;
    await loaded(page, { model: TINY });
    const pending = refusal(page, QUESTION);
    began = performance.now();
    await kill();
    // The short answer may have been done before the worker died; the next question then meets it.
    const error = await pending ?? await refusal(page, QUESTION);
    t.diagnostic(`answering: ${(performance.now() - began).toFixed()} ms`);
    assert.equal(error?.code, 'engine_crashed');
    assert.ok(performance.now() - began < 3000);
  }, { errors: NETWORK }));

test('an engine program can ask for what is kept, and remove it', () => withEngine(async (page) => {
  const ask = () => page.evaluate(async (model) => {
    const module = '/engine.js';
    /** @type {typeof import('../engine.js')} */
    const { hasModelInCache } = await import(module);
    return hasModelInCache(model);
  }, TINY);
  assert.equal(await ask(), false);
  await loaded(page, { model: TINY });
  assert.equal(await ask(), true);
  await page.evaluate(async (model) => {
    const module = '/engine.js';
    /** @type {typeof import('../engine.js')} */
    const { deleteModelInCache } = await import(module);
    await deleteModelInCache(model);
  }, TINY);
  assert.equal(await ask(), false);
  assert.equal(await inStore(page), 0);
}));

/** @param {Page} page @returns {Promise<number>} entries of the store */
const inStore = (page) => page.evaluate(async () =>
  (await (await caches.open('spikechat-shards-v1')).keys()).length);

/** How often the page has asked to keep its storage. */
const PERSISTS = `globalThis.persists = 0;
  StorageManager.prototype.persist = async () => { persists++; return true; };`;
const persists = (/** @type {Page} */ page) => page.evaluate('persists');

test('who keeps the model is asked, it is kept for good, and deleted with one press', () =>
  inPage(async (page) => {
    await page.addInitScript(PERSISTS);
    await page.goto(`${site.url}/?model=tiny`);
    const start = page.getByRole('button', { name: /^Download/ });
    const remove = page.getByRole('button', { name: /^Delete the model \([\d.]+ MB\)$/ });
    await start.waitFor();
    assert.equal(await remove.count(), 0);
    await start.click();
    await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    assert.equal(await persists(page), 1);
    await page.getByRole('button', { name: 'Settings' }).click();
    await remove.click();
    await page.getByRole('status').filter({ hasText: 'The model is deleted' }).waitFor();
    assert.equal(await inStore(page), 0);
    assert.equal(await remove.count(), 0);
    // It answers from memory still.
    const said = await page.locator('spike-chat').evaluate((chat) => (
      /** @type {import('../chat/element.js').SpikeChat} */ (chat)).send('Hello'));
    assert.equal(said.role, 'assistant');

    // Next time it is downloaded, and not kept where the reader does not want that.
    await page.reload();
    await page.getByLabel('Keep it in this browser').uncheck();
    await start.click();
    await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    assert.equal(await persists(page), 0);
    assert.equal(await inStore(page), 0);
    assert.equal(await page.locator('.notice').count(), 0);
  }, { url: '/blank.html' }));

test('an error does not say that what came is kept where the reader did not want it', () =>
  inPage(async (page) => {
    await page.goto(`${site.url}/?model=tiny`);
    site.fault = ({ path }) => (path.endsWith('.bin') ? { status: 404 } : null);
    await page.getByLabel('Keep it in this browser').uncheck();
    await page.getByRole('button', { name: /^Download/ }).click();
    await page.getByText(/^Try again in a while\. \(http_status: /).waitFor();
    assert.equal(await page.getByText('is kept').count(), 0);
  }, { url: '/blank.html', errors: NETWORK }));

test('who cancels keeps what has come, or deletes it', () => inPage(async (page) => {
  await page.goto(`${site.url}/?model=smollm2-135m-instruct`);
  const { shards } = await page.evaluate(async () =>
    (await fetch('models/smollm2-135m-instruct/manifest.json')).json());
  // The third shard does not come.
  site.fault = ({ path }) => (path.endsWith(shards[2].file) ? { status: 503 } : null);
  const mark = site.served.length;
  await page.getByRole('button', { name: /^Download/ }).click();
  const asked = (/** @type {number} */ i) =>
    site.served.slice(mark).filter((path) => path.endsWith(shards[i].file)).length;
  while (asked(3) === 0) await new Promise((resolve) => { setTimeout(resolve, 20); });
  await new Promise((resolve) => { setTimeout(resolve, 300); });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('What was downloaded is kept.').waitFor();
  const remove = page.getByRole('button', { name: /^Delete the model/ });
  await remove.waitFor();
  await noWorkers(page);
  assert.ok(await inStore(page) > 3, 'a list and three shards');
  await remove.click();
  await page.getByRole('status').filter({ hasText: 'The model is deleted' }).waitFor();
  assert.equal(await inStore(page), 0);
  assert.deepEqual([0, 1, 3].map(asked), [1, 1, 1]);
}, { url: '/blank.html', errors: NETWORK }));

test('an engine that dies while it answers goes on with the answer when it is started again', () =>
  inPage(async (page) => {
    await page.goto(`${site.url}/?model=smollm2-135m-instruct`);
    const chat = page.locator('spike-chat');
    await chat.evaluate((element) => {
      element.setAttribute('max-tokens', '24');
      element.setAttribute('temperature', '1');
    });
    await page.getByRole('button', { name: /^Download/ }).click();
    await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    // As a browser ends one that takes too much.
    await chat.evaluate((element) => {
      let tokens = 0;
      element.addEventListener('token', () => {
        if (++tokens === 8) new BroadcastChannel('test').postMessage('end');
      });
    });
    await page.workers()[0].evaluate(() => {
      new BroadcastChannel('test').onmessage = () => close();
    });
    await page.getByRole('textbox').first().fill('What is the sea?');
    await page.keyboard.press('Enter');
    const again = page.getByRole('button', { name: 'Start the engine again' });
    await again.waitFor();
    const before = await page.locator('.message.model').last().textContent() ?? '';
    await again.click();
    await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
    const { said, same } = await chat.evaluate(async (element) => {
      const { engine, record } =
        /** @type {import('../chat/element.js').SpikeChat} */ (element);
      const { question, answer } = /** @type {any} */ (record).turns[0];
      const { system: _, ...settings } = answer.run.settings;
      const messages = [{ role: /** @type {const} */ ('user'), content: question }];
      const whole = /** @type {any} */ (
        await engine?.chat.completions.create({ messages, ...settings }));
      return { said: answer.text, same: whole.choices[0].message.content };
    });
    assert.equal(said, same, 'it is another answer than one that was not cut');
    assert.ok(before.length > 10);
    assert.equal(await page.locator('.message.model').count(), 1);
  }, { url: '/blank.html', errors: NETWORK }));
