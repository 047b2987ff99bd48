// Several threads compute one answer: the same as one thread does, whatever is asked, and an engine
// that loses a thread says so and goes on with fewer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DIST, TINY, inPage, site } from './harness.mjs';
import { BLANK, ISOLATED } from './server.mjs';
import { tinyInShards } from './tiny-in-shards.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { Engine } from '../api/engine.js' */
/** @import { Progress } from '../shared/protocol.js' */
/** @import { SpikeChat } from '../chat/element.js' */

const FOLLOWER = '/worker/follower.js';

/**
 * What an engine of so many threads answers and shows. Several multiply prompts where that is
 * faster; one looks up.
 * @param {Page} page
 * @param {number} threads
 */
const askAll = (page, threads) => page.evaluate(async ({ model, threads }) => {
  const module = '/engine.js';
  const { createEngine } = await import(module);
  const engine = /** @type {Engine} */ (
    await createEngine({ model, threads, context: 256, kernel: threads > 1 ? 'auto' : 'lookup' }));
  const messages = [{ role: /** @type {const} */ ('user'), content: 'What is a neuron?' }];
  const more = [...messages, { role: /** @type {const} */ ('assistant'), content: 'A cell.' },
    { role: /** @type {const} */ ('user'), content: 'Tell me more of it, please.' }];
  const { create } = engine.chat.completions;
  const told = [];
  for (const request of [
    { messages, temperature: 0, seed: 1 },
    { messages: more, temperature: 0.8, seed: 3, logprobs: true, top_logprobs: 2 },
    { messages, steps: /** @type {const} */ (1), cache_steps: /** @type {const} */ (2), seed: 5 },
    { messages, steps: /** @type {const} */ (0), seed: 6 },
    { messages, seed: 7, spike: { aside: true } },
    { messages, seed: 8, spike: { lesions: { silenced: [
      { layer: 1, part: /** @type {const} */ ('attention') }] } } },
  ]) {
    const { choices, spike, usage } = await create({ ...request, max_tokens: 10 });
    told.push({ choices, spike, usage });
  }
  const place = { layer: 2, population: /** @type {const} */ ('down') };
  told.push(await engine.inspect({ kind: 'population', ...place, position: 3 }));
  told.push(await engine.inspect({ kind: 'history', ...place, neuron: 5 }));
  told.push(await engine.inspect({ kind: 'alternatives', position: 4, top: 3 }));
  const { threads: run, threads_why: why } = engine.info;
  const { heap_system_bytes: bytes } =
    /** @type {{heap_system_bytes: number}} */ (await engine.stats());
  await engine.unload();
  return { told: JSON.stringify(told), run, why, bytes };
}, { model: TINY, threads });

test('two to four threads answer and show what one does', () => inPage(async (page) => {
  const one = await askAll(page, 1);
  assert.deepEqual([one.run, one.why], [1, 'asked for']);
  for (const threads of [2, 3, 4]) {
    const { told, run, bytes } = await askAll(page, threads);
    assert.equal(run, threads);
    assert.ok(told === one.told, `${threads} threads`);
    // Figures are of all of them, and Go itself takes some megabytes in each.
    assert.ok(bytes > one.bytes * (1 + threads) / 2, `${bytes} bytes, ${one.bytes} of one`);
  }
}, { url: ISOLATED }));

test('threads bring shards of the store in turn, and what is broken there comes anew', () =>
  inPage(async (page, { requests }) => {
    const { manifest, files } = tinyInShards(DIST);
    for (const [name, body] of files) site.added.set(name, body);
    const shards = [...files.keys()].filter((name) => name.endsWith('.bin'));
    const asked = () => requests.filter((url) => shards.some((name) => url.endsWith(name))).length;
    const load = (/** @type {number} */ threads) => page.evaluate(async ({ model, threads }) => {
      const module = '/engine.js';
      const { createEngine } = await import(module);
      let cached = 0, loaded = 0;
      const engine = /** @type {Engine} */ (await createEngine({
        model, threads, onprogress: (/** @type {Progress} */ now) => {
          if (now.phase === 'prepare') ({ cached, loaded } = now);
        } }));
      const { choices } = await engine.chat.completions.create({
        messages: [{ role: 'user', content: 'Hello' }], max_tokens: 12, temperature: 0,
        logprobs: true, top_logprobs: 3 });
      const { threads: run } = engine.info;
      await engine.unload();
      return { run, cached, loaded, said: JSON.stringify(choices) };
    }, { model: manifest, threads });
    const first = await load(3);
    assert.equal(asked(), shards.length);
    assert.equal(first.cached, 0);
    for (const threads of [1, 3]) {
      const { run, said, cached, loaded } = await load(threads);
      assert.equal(run, threads);
      assert.ok(said === first.said, `${threads} threads`);
      assert.deepEqual([cached, loaded], [first.loaded, first.loaded]);
    }
    assert.equal(asked(), shards.length);
    // One that another thread brings, and one that the first one does.
    await page.evaluate(async (names) => {
      for (const cacheName of await caches.keys()) {
        const cache = await caches.open(cacheName);
        for (const request of await cache.keys()) {
          if (!names.some((name) => request.url.endsWith(name.slice(-68, -4)))) continue;
          const bytes = new Uint8Array(await (await cache.match(request))?.arrayBuffer() ?? []);
          bytes[bytes.length >> 1] ^= 1;
          await cache.put(request, new Response(bytes));
        }
      }
    }, [shards[1], shards[2]]);
    const mended = await load(2);
    assert.ok(mended.said === first.said);
    assert.equal(asked(), shards.length + 2);
    await load(2);
    assert.equal(asked(), shards.length + 2);
  }, { url: ISOLATED }));

test('a page that is not isolated has one thread', () => inPage(async (page, { requests }) => {
  const { run, why } = await askAll(page, 4);
  assert.equal(run, 1);
  assert.match(why, /not isolated/);
  assert.ok(!requests.some((url) => url.endsWith(FOLLOWER)));
}, { url: BLANK }));

test('where a thread does not start there is one, with the reason', () => inPage(async (page) => {
  site.fault = ({ path }) => (path === FOLLOWER ? { status: 404 } : null);
  try {
    const { run, why, told } = await askAll(page, 2);
    assert.equal(run, 1);
    assert.match(why, /thread/);
    assert.ok(told === (await askAll(page, 1)).told);
  } finally {
    site.fault = null;
  }
}, { url: ISOLATED, errors: /./ }));

test('an engine that loses a thread says so, and starts again with one fewer', () =>
  inPage(async (page) => {
    site.fault = ({ path, body }) => (path === FOLLOWER ? { body: Buffer.from(`${body}
      const whole = self.onmessage;
      let steps = 0;
      self.onmessage = (event) => {
        const { data } = event;
        if (data.name === 'step' && ++steps === 3) whole({ data: { ...data, name: 'gone' } });
        else whole(event);
      };`) } : null);
    try {
      const threads = () => page.evaluate(() =>
        /** @type {SpikeChat} */ (document.querySelector('spike-chat')).engine?.info.threads);
      await page.evaluate((model) => {
        const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
        chat.setAttribute('model', model);
        chat.setAttribute('threads', '3');
        chat.setAttribute('max-tokens', '8');
        chat.setAttribute('load', 'eager');
      }, TINY);
      const status = page.getByRole('status');
      await status.filter({ hasText: 'Ready' }).waitFor();
      assert.equal(await threads(), 3);
      await page.getByRole('textbox', { name: 'Your message' }).fill('Hello');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'engine_crashed' }).waitFor();
      site.fault = null;
      await page.getByRole('button', { name: 'Start the engine again' }).click();
      await status.filter({ hasText: /^Done/ }).waitFor();
      assert.equal(await threads(), 2);
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByText('Details', { exact: true }).first().click();
      await page.getByText('Threads: 2 (fewer, because the engine stopped with more).').waitFor();
      // Whoever wants another number gets it.
      await page.getByLabel('Threads').selectOption('4');
      await page.getByText('Threads: 4 (as chosen).').waitFor();
      assert.equal(await threads(), 4);
    } finally {
      site.fault = null;
    }
  }));

test('a page whose engine loses a thread while loading loads it with one', () =>
  inPage(async (page) => {
    site.fault = ({ path, body }) => (path === FOLLOWER ? { body: Buffer.from(`${body}
      const whole = self.onmessage;
      self.onmessage = (event) => whole(event.data.name === 'load' ?
        { data: { ...event.data, name: 'gone' } } : event);`) } : null);
    await page.evaluate((model) => {
      const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
      chat.setAttribute('model', model);
      chat.setAttribute('threads', '3');
      chat.setAttribute('load', 'eager');
    }, TINY);
    const status = page.getByRole('status');
    await status.filter({ hasText: 'The engine stopped' }).waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await status.filter({ hasText: 'Ready' }).waitFor();
    assert.equal(await page.evaluate(() =>
      /** @type {SpikeChat} */ (document.querySelector('spike-chat')).engine?.info.threads), 1);
  }));

for (const [url, text] of [
  ['/', 'Threads: 2 (as chosen).'],
  [BLANK, 'Threads: 1 (this page is not isolated, so that threads cannot share memory).'],
]) {
  test(`the attribute threads counts, and the settings tell: ${text}`, () =>
    inPage(async (page) => {
      await page.evaluate(async (model) => {
        const module = '/spike-chat.js';
        await import(module);
        document.body.innerHTML =
          `<spike-chat load="eager" model="${model}" threads="2"></spike-chat>`;
      }, TINY);
      await page.getByRole('status').filter({ hasText: 'Ready' }).waitFor();
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByText('Details', { exact: true }).first().click();
      assert.equal(await page.getByLabel('Threads').inputValue(), '2');
      await page.getByText(text).waitFor();
      // Taken back: as if it had never been there.
      await page.locator('spike-chat').evaluate((chat) => chat.removeAttribute('threads'));
      await page.getByText('Threads: 1 (as usual).').waitFor();
      assert.equal(await page.getByLabel('Threads').inputValue(), 'auto');
    }, { url }));
}
