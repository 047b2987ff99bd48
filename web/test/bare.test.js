// A server that sends files and nothing else: no policy, no headers of ours. Redirects to another
// host are refused before they are followed, which the other host's own record shows; and the page
// works from any folder.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { DIST, TINY, inPage } from './harness.mjs';
import { load, loaded, stream } from './in-page.mjs';
import { BLANK, serve } from './server.mjs';

/** @import { Bench } from './in-page.mjs' */
/** @import { Site } from './server.mjs' */

/** @type {Site} */
let bare;
/** @type {Site} the other host: it has every file, and lets everybody read */
let elsewhere;
/** @type {Site} the site in a folder of another */
let below;
/** @type {string} */
let folder;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-'));
  fs.mkdirSync(path.join(folder, 'some/where'), { recursive: true });
  fs.symlinkSync(DIST, path.join(folder, 'some/where/chat'));
  [bare, elsewhere, below] = await Promise.all([
    serve(DIST, ''),
    serve(DIST, ''),
    serve(folder, ''),
  ]);
});

after(async () => {
  await Promise.all([bare, elsewhere, below].map((one) => one?.close()));
  fs.rmSync(folder, { recursive: true });
});

const QUESTION = {
  messages: [{ role: /** @type {const} */ ('user'), content: 'Hello' }],
  max_tokens: 3,
};
// Chromium itself writes what failed to the console.
const NETWORK = /Failed to load|Failed to fetch|violates the following|ERR_|worker/i;
const STATUSES = [301, 302, 303, 307, 308];

/**
 * Redirects what ends so, and sees to it that nobody follows.
 * @param {string} end
 * @param {number} status
 * @param {string} host
 * @param {boolean} [fetches] whether what fetch asks for is redirected as well
 */
function redirect(end, status, host, fetches = true) {
  bare.fault = ({ path: name, dest }) => {
    const location = `${host}${name}?moved`;
    const concerns = name.endsWith(end) && (fetches || dest !== 'empty');
    return concerns ? { status, body: Buffer.alloc(0), location } : null;
  };
}

for (const end of ['manifest.json', '.bin', '.wasm']) {
  test(`a redirect of ${end} is refused before it is followed`, () => inPage(async (page) => {
    for (const status of STATUSES) {
      for (const host of [elsewhere.url, bare.url]) {
        redirect(end, status, host);
        const before = bare.served.length;
        const result = await load(page, { model: TINY });
        assert.ok('error' in result, `${status}: it loaded`);
        const { code, message, retryable, url } = result.error;
        assert.equal(code, 'http_status');
        assert.equal(message, 'the server redirects it, and redirects are not followed');
        assert.equal(retryable, false);
        assert.ok(url?.startsWith(bare.url) && url.endsWith(end), url);
        const asked = bare.served.slice(before).filter((name) => name.endsWith(end));
        assert.equal(asked.length, 1, `${status}: it was tried again`);
      }
    }
    assert.deepEqual(elsewhere.served, []);
    bare.fault = null;
    await loaded(page, { model: TINY });
    assert.ok((await stream(page, QUESTION)).usage);
  }, { at: bare, recorded: elsewhere, url: BLANK, errors: NETWORK }));
}

test('the offer of a model asks nobody else either, and says what is wrong', () =>
  inPage(
    async (page) => {
      redirect('manifest.json', 302, elsewhere.url);
      await page.goto(`${bare.url}/?model=tiny`);
      await page.getByRole('button', { name: 'Download and start' }).click();
      await page.locator('.loader.failed').waitFor();
      assert.match(
        (await page.locator('.loader-detail').textContent()) ?? '',
        /\(http_status: the server redirects it, and redirects are not followed at manifest/,
      );
      assert.deepEqual(elsewhere.served, []);
    },
    { at: bare, recorded: elsewhere, url: BLANK, errors: NETWORK },
  ));

test('nothing that runs is asked for twice', () => inPage(async (page) => {
  const before = bare.served.length;
  await loaded(page, { model: TINY });
  const asked = bare.served.slice(before).filter((name) => /\.(js|wasm)$/.test(name));
  assert.ok(asked.includes('/wasm_exec.js') && asked.includes('/worker/worker.js'));
  // The worker has its own copies of the few modules that the page has too.
  const once = asked.filter((name) => /^\/(worker|wasm_exec|spikechat)/.test(name));
  assert.deepEqual(once, [...new Set(once)]);
}, { at: bare, recorded: elsewhere, url: BLANK }));

const OF_WORKER = ['/worker/worker.js', '/worker/load-model.js', '/wasm_exec.js'];
const OWN = [...OF_WORKER, '/chat/element.js', '/chat/theme.css'];
for (const end of OWN) {
  test(`a redirect of the page's own ${end} is refused by the browser`, () =>
    inPage(
      async (page, seen) => {
        // As a script alone: to have fetched it before says nothing.
        redirect(end, 302, elsewhere.url, false);
        await page.goto(`${bare.url}/?model=tiny`);
        if (OF_WORKER.includes(end)) {
          // Refused because the worker would not be of the page's own host.
          await page.getByRole('button', { name: /^Download/ }).click();
          await page.locator('.loader.failed').waitFor();
        } else {
          // Refused by the policy in the page itself.
          for (const began = Date.now(); !seen.errors.some((error) => /policy/i.test(error));) {
            assert.ok(Date.now() - began < 10_000, 'the browser refuses nothing');
            await page.waitForTimeout(20);
          }
        }
        assert.ok(bare.served.includes(end));
        assert.deepEqual(elsewhere.served, []);
      },
      { at: bare, recorded: elsewhere, url: BLANK, errors: NETWORK },
    ));
}

test('the page works from a folder of a bare server', () => inPage(async (page, seen) => {
  await page.getByRole('button', { name: /^Download .* MB and start$/ }).click();
  await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
  await page.locator('spike-chat').evaluate((chat) => chat.setAttribute('max-tokens', '3'));
  await page.getByRole('textbox', { name: 'Your message' }).fill('Hello');
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
  const home = `${below.url}/some/where/chat/`;
  assert.deepEqual(
    seen.requests.filter((url) => !url.startsWith(home) && !url.startsWith('data:')),
    [],
  );
}, { at: below, url: '/some/where/chat/index.html?model=tiny' }));

test('objects of a frame are as good as the page\'s own', () => inPage(async (page) => {
  await loaded(page, { model: TINY });
  const reasons = await page.evaluate(async () => {
    const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const other = /** @type {any} */ (frame.contentWindow);
    const request = other.JSON.parse(
      '{"messages":[{"role":"user","content":"Hello"}],"max_tokens":50}',
    );
    /** @type {any} */
    const plain = await engine.chat.completions.create(request);

    const module = '/engine.js';
    /** @type {typeof import('../engine.js')} */
    const { createEngine } = await import(module);
    const model = new other.URL('/models/tiny/manifest.json', location.href);
    const abort = new other.AbortController();
    const second = await createEngine({ model, signal: abort.signal });
    abort.abort();
    /** @type {any} */
    const refused = await second.chat.completions.create(request, { signal: abort.signal })
      .catch((/** @type {unknown} */ error) => error);
    // A signal outlives its frame.
    const later = new other.AbortController();
    const chunks = await second.chat.completions.create(
      { ...request, stream: true }, { signal: later.signal });
    frame.remove();
    later.abort();
    let last = null;
    for await (const { choices } of chunks) last = choices[0].finish_reason;
    await second.unload();
    return [plain.choices[0].finish_reason, refused.code, last];
  });
  assert.ok(reasons[0] === 'length' || reasons[0] === 'stop', reasons[0]);
  assert.equal(reasons[1], 'aborted');
  assert.ok(reasons[2] === 'abort' || reasons[2] === 'length' || reasons[2] === 'stop', reasons[2]);
}, { at: bare, url: BLANK }));
