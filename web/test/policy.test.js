// Pages whose policies are not ours: the engine works under them, or says which directive the
// page's owner must change.

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { DIST, TINY, inPage, site, withEngine } from './harness.mjs';
import { load, loaded, stream } from './in-page.mjs';
import { BLANK, serve } from './server.mjs';

/** @import { Site } from './server.mjs' */

// What README asks for.
const ASKED = {
  'default-src': '\'none\'',
  'script-src': '\'self\' \'wasm-unsafe-eval\'',
  'worker-src': '\'self\'',
  'connect-src': '\'self\'',
  'style-src': '\'self\'',
  'img-src': 'data:', // the icon of the blank page
};

/** @param {Record<string, string>} changes @returns {string} */
const policyWith = (changes) =>
  Object.entries({ ...ASKED, ...changes }).map((one) => one.join(' ')).join('; ');

/** @type {Site[]} */
const sites = [];
after(() => Promise.all(sites.map((one) => one.close())));

/** @param {string} policy */
async function siteWith(policy) {
  const one = await serve(DIST, policy);
  sites.push(one);
  return one;
}

const QUESTION = {
  messages: [{ role: /** @type {const} */ ('user'), content: 'Hello' }],
  max_tokens: 3,
};

for (const [name, changes] of /** @type {[string, Record<string, string>][]} */ ([
  ['the policy that README asks for', {}],
  ['Trusted Types', { 'require-trusted-types-for': '\'script\'' }],
  [
    'Trusted Types, our policy alone allowed',
    { 'require-trusted-types-for': '\'script\'', 'trusted-types': 'spikechat' },
  ],
])) {
  test(`engine and element work under ${name}`, async () => {
    const at = await siteWith(policyWith(changes));
    await inPage(async (page) => {
      await loaded(page, { model: TINY });
      await loaded(page, { model: TINY });
      assert.ok((await stream(page, QUESTION)).usage);
      await page.evaluate(async (model) => {
        const module = '/spike-chat.js';
        await import(module);
        const chat = document.createElement('spike-chat');
        chat.setAttribute('model', model);
        chat.setAttribute('load', 'eager');
        document.body.append(chat);
      }, TINY);
      await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
      await page.getByRole('textbox', { name: 'Your message' }).fill('Hello');
      await page.keyboard.press('Enter');
      await page.locator('.message.model .text span').first().waitFor();
    }, { at, url: BLANK });
  });
}

// Chromium itself writes what it refuses to the console.
const REFUSED = /policy|violates|refuse|sandbox|blocked|Failed to/i;

for (const [name, changes, words, within] of
  /** @type {[string, Record<string, string>, RegExp, number][]} */ ([
    [
      'worker-src', { 'worker-src': '\'none\'' },
      /^the content security policy that the page is .*: its worker-src must allow 'self'$/,
      5000,
    ],
    [
      'wasm-unsafe-eval', { 'script-src': '\'self\'' },
      /worker\.js is sent with .* WebAssembly: its script-src must have 'wasm-unsafe-eval'$/,
      5000,
    ],
    [
      'connect-src', { 'connect-src': '\'none\'' },
      /worker\/worker\.js is sent with refuses it: its connect-src must allow 'self'$/,
      5000,
    ],
    [
      'trusted-types',
      { 'require-trusted-types-for': '\'script\'', 'trusted-types': '\'none\'' },
      /^Trusted Types are required: the trusted-types directive must allow spikechat$/,
      5000,
    ],
  ])) {
  test(`what ${name} refuses is told by its directive, at once`, async () => {
    const at = await siteWith(policyWith(changes));
    await inPage(async (page) => {
      const began = Date.now();
      const result = await load(page, { model: TINY });
      assert.ok('error' in result);
      const { code, message, retryable } = result.error;
      assert.equal(code, 'blocked_by_policy', message);
      assert.match(message, words);
      assert.equal(retryable, false);
      assert.ok(Date.now() - began < within, 'it was tried again and again');
      await page.evaluate(async (model) => {
        const module = '/spike-chat.js';
        await import(module);
        const chat = document.createElement('spike-chat');
        chat.setAttribute('model', model);
        chat.setAttribute('load', 'eager');
        document.body.append(chat);
      }, TINY);
      const card = page.locator('.loader.failed');
      await card.filter({ hasText: 'A policy of this page is against the engine' }).waitFor();
      await card.filter({ hasText: /blocked_by_policy: .*must (allow|have)/ }).waitFor();
    }, { at, url: BLANK, errors: REFUSED });
  });
}

test('in a frame that is sandboxed without allow-same-origin the sandbox is named', async () => {
  const at = await siteWith('');
  await inPage(async (page) => {
    const added = page.waitForEvent('framenavigated');
    await page.evaluate((src) => {
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', 'allow-scripts');
      frame.src = src;
      document.body.append(frame);
    }, BLANK);
    const frame = await added;
    const seen = await frame.evaluate(async (model) => {
      const [engine, chat] = ['/engine.js', '/spike-chat.js'];
      /** @type {typeof import('../engine.js')} */
      const { createEngine } = await import(engine);
      await import(chat);
      const element = document.createElement('spike-chat');
      element.setAttribute('load', 'eager');
      element.setAttribute('model', model);
      document.body.append(element);
      const error = await createEngine({ model: new URL(model, location.href) })
        .catch((/** @type {unknown} */ refusal) => refusal);
      const { code, message } = /** @type {{code: string, message: string}} */ (error);
      return { code, message };
    }, TINY);
    assert.deepEqual(seen, {
      code: 'blocked_by_policy',
      message: 'a sandbox keeps the engine from its worker: it must have allow-same-origin',
    });
    await frame.locator('.loader.failed').filter({ hasText: 'allow-same-origin' }).waitFor();
  }, { at, url: BLANK, errors: REFUSED });
});

test('the engine of another origin says that its files must come from the page\'s', async () => {
  const [at, other] = [await siteWith(''), await siteWith('')];
  await inPage(async (page) => {
    const error = await page.evaluate(async (module) => {
      /** @type {typeof import('../engine.js')} */
      const { createEngine } = await import(module);
      return createEngine().catch(({ code, message }) => ({ code, message }));
    }, `${other.url}/engine.js`);
    assert.deepEqual(error, {
      code: 'blocked_by_policy',
      message: `workers come from the page's own origin alone: put the files of ${other.url} there`,
    });
  }, { at, recorded: other, url: BLANK, errors: REFUSED });
});

test('where the modules do not come, the page has words for it', async () => {
  const words = /SpikeChat has not started yet.*a wrong type.*Opened as a file it cannot start/s;
  for (const [missing, what] of /** @type {const} */ ([
    ['/page.js', { status: 404 }],
    ['/chat/transcript.js', { status: 404 }],
    ['/shared/dom.js', { type: 'text/plain' }],
  ])) {
    await inPage(async (page) => {
      site.fault = ({ path: name }) => (name === missing ? what : null);
      await page.reload();
      await page.waitForTimeout(1500);
      assert.match(await page.locator('body').innerText(), words);
      assert.ok(await page.getByText('SpikeChat has not started').isVisible());
    }, { url: '/', errors: /404|MIME|Failed to load/ });
  }
  await inPage(async (page) => {
    await page.goto(pathToFileURL(path.join(DIST, 'index.html')).href);
    await page.waitForTimeout(1500);
    assert.match(await page.locator('body').innerText(), words);
  }, { url: BLANK, errors: /file:|CORS|Failed to load/, local: true });
  await inPage(async (page) => {
    await page.getByRole('button', { name: /^Download/ }).waitFor();
    assert.equal(await page.getByText('SpikeChat has not started').count(), 0);
  });
});

test('createEngine works in a module worker, with a URL and a signal', () =>
  withEngine(async (page) => {
    site.added.set('/host-worker.js', Buffer.from(`
      import { createEngine } from '/engine.js';
      onmessage = async ({ data }) => {
        const { signal } = new AbortController();
        const engine = await createEngine({ model: new URL(data, location.href), signal });
        const { object, choices, spike } = await engine.chat.completions.create({
          messages: [{ role: 'user', content: 'Hello' }], max_tokens: 3,
        });
        postMessage({ object, reason: choices[0].finish_reason, tokens: spike.tokens.length });
      };`));
    const answer = await page.evaluate(async (model) => {
      const worker = new Worker('/host-worker.js', { type: 'module' });
      worker.postMessage(model);
      return new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      });
    }, TINY);
    assert.deepEqual(answer, { object: 'chat.completion', reason: 'length', tokens: 3 });
  }));

test('signals of a frame are taken, in either argument and after the frame has gone', () =>
  withEngine(async (page) => {
    const codes = await page.evaluate(async (model) => {
      const module = '/engine.js';
      /** @type {typeof import('../engine.js')} */
      const { createEngine } = await import(module);
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const other = /** @type {any} */ (frame.contentWindow);
      const refused = async (/** @type {any} */ options) =>
        createEngine(options).then(() => 'it loaded', ({ code }) => code);
      const found = [await refused({ signal: other.AbortSignal.abort() })];
      const abort = new other.AbortController();
      const loading = refused({ model, signal: abort.signal });
      abort.abort();
      found.push(await loading);
      const late = other.AbortSignal.abort();
      frame.remove();
      found.push(await refused({ signal: late }));
      return found;
    }, TINY);
    assert.deepEqual(codes, ['aborted', 'aborted', 'aborted']);
  }));
