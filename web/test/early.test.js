// A chat that begins before the model has all come: what it says then, that what comes later is
// taken in between two tokens, and that all is as after a full load once it has come.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DIST, TINY, inPage, site, withEngine } from './harness.mjs';
import { loaded } from './in-page.mjs';
import { ISOLATED } from './server.mjs';
import { ALL, FEW, MORE, tinyInShards } from './tiny-in-shards.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */
/** @import { Engine } from '../api/engine.js' */
/** @import { SpikeError } from '../shared/errors.js' */
/** @import { Precision } from '../shared/protocol.js' */

const { manifest: MODEL, late: LATE, files } = tinyInShards(DIST);
const QUESTION = {
  messages: [{ role: /** @type {const} */ ('user'), content: 'What is a neuron?' }],
  max_tokens: 12,
};
// Chromium itself writes failed requests to the console, and the model has no usual levels.
const NETWORK = { errors: /Failed to load resource/ };

/**
 * What the tests keep on the page's window.
 * @typedef {object} Bench
 * @property {Engine} engine
 * @property {Precision[]} heard
 * @property {string[]} phases
 */

function gate() {
  let open = () => {};
  /** @type {Promise<void>} */
  const promise = new Promise((resolve) => { open = resolve; });
  return { promise, open };
}

/** Serves the model, and holds its last shards back until they are let go. */
function holdLate() {
  for (const [name, body] of files) site.added.set(name, body);
  /** @type {Map<string, () => void>} */
  const release = new Map();
  const gates = new Map(LATE.map((name) => {
    const { promise, open } = gate();
    release.set(name, open);
    return [name, promise];
  }));
  site.fault = ({ path }) => (gates.has(path) ? { until: gates.get(path) } : null);
  return /** @param {number} [i] of the late shards, all where it is left out */ (i) => {
    for (const name of i === undefined ? LATE : [LATE[i]]) release.get(name)?.();
  };
}

/** @param {Page} page @param {object} [options] */
const begin = (page, options = {}) => page.evaluate(async (given) => {
  const module = '/engine.js';
  /** @type {typeof import('../api/engine.js')} */
  const { createEngine } = await import(module);
  /** @type {Precision[]} */
  const heard = [];
  /** @type {string[]} */
  const phases = [];
  const engine = await createEngine({
    early: true, kernel: 'lookup', context: 256, ...given,
    onprecision: (now) => heard.push(now),
    onprogress: ({ phase }) => phases.push(phase),
  });
  Object.assign(window, { engine, heard, phases });
  return engine.info.precision;
}, { model: MODEL, ...options });

/** A whole answer. @param {Page} page @param {object} [more] */
const ask = (page, more = {}) => page.evaluate(async (request) => {
  const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
  const { choices, spike, usage } = await engine.chat.completions.create(request);
  return { text: choices[0].message.content, spike, usage };
}, { ...QUESTION, ...more });

/** @param {Page} page */
const complete = (page) => page.evaluate(async () => {
  const { engine, heard, phases } = /** @type {Bench} */ (/** @type {unknown} */ (window));
  try {
    await engine.complete();
  } catch (error) {
    const { code, url, retryable } = /** @type {SpikeError} */ (error);
    return { error: { code, url, retryable } };
  }
  return { precision: engine.info.precision, heard, last: phases.at(-1) };
});

/** What a full load says. @param {Page} page @param {object} options */
async function fullAnswer(page, options) {
  await loaded(page, { model: TINY, kernel: 'lookup', context: 256, ...options });
  const answer = await ask(page, { seed: 1 });
  await page.evaluate(() => /** @type {Bench} */ (/** @type {unknown} */ (window)).engine.unload());
  return answer;
}

for (const [name, options, url] of /** @type {const} */ ([
  ['alone', {}, undefined], ['with two threads', { threads: 2 }, ISOLATED],
])) {
  test(`a chat begins early ${name}, and the whole model answers as after a full load`, () =>
    withEngine(async (page) => {
      const full = await fullAnswer(page, options);
      const release = holdLate();
      assert.deepEqual(await begin(page, options), FEW);
      const early = await ask(page);
      assert.deepEqual(early.spike.precision, FEW);
      assert.notDeepEqual(early.spike.tokens, full.spike.tokens);
      // One that is to come again waits, and others do not wait for it.
      const seeded = page.evaluate(async (request) => {
        const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
        const { spike, usage, choices } = await engine.chat.completions.create(request);
        return { spike, usage, text: choices[0].message.content };
      }, { ...QUESTION, seed: 1 });
      const begun = await page.evaluate(async (request) => {
        const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
        let precision;
        for await (const { spike } of await engine.chat.completions.create(
          { ...request, max_tokens: 200, stream: true })) {
          if (spike && !spike.spikes) precision = spike.precision;
        }
        return precision;
      }, QUESTION);
      assert.deepEqual(begun, FEW);
      release(0);
      await page.waitForFunction(() => /** @type {any} */ (window).heard.length === 1);
      const [next, now] = await page.evaluate(async (request) => {
        const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
        const { usage, spike } = await engine.chat.completions.create(request);
        return [usage.prompt_tokens_details.cached_tokens, spike.precision];
      }, QUESTION);
      assert.deepEqual([next, now], [0, MORE]);
      release();
      const done = await complete(page);
      assert.deepEqual(done.precision, ALL);
      assert.deepEqual(done.heard?.at(0), MORE);
      assert.deepEqual(done.heard?.at(-1), ALL);
      assert.equal(done.last, 'ready');
      const { spike, text, usage } = await seeded;
      assert.deepEqual({ spike, text }, { spike: full.spike, text: full.text });
      assert.equal(usage.prompt_tokens_details.cached_tokens, 0);
      assert.deepEqual(await ask(page, { seed: 1 }), {
        ...full, usage: { ...full.usage, prompt_tokens_details: {
          cached_tokens: full.usage.prompt_tokens - 1,
        } },
      });
    }, url ? { url } : {}));
}

test('planes come while an answer is given', () => withEngine(async (page) => {
  const full = await fullAnswer(page, {});
  const release = holdLate();
  await begin(page);
  const answer = page.evaluate(async (request) => {
    const { engine, heard } = /** @type {Bench} */ (/** @type {unknown} */ (window));
    const seen = new Set();
    let precision;
    // As long as it takes: a small model says much in the time of three shards.
    for (let tokens = 0; seen.size < 2 && tokens < 20_000;) {
      for await (const { spike } of await engine.chat.completions.create(
        { ...request, max_tokens: 200, temperature: 1, stream: true })) {
        tokens++;
        seen.add(heard.length);
        if (spike && !spike.spikes) precision = spike.precision;
      }
    }
    return { seen: [...seen], precision };
  }, QUESTION);
  await page.waitForTimeout(100);
  release();
  const { seen, precision } = await answer;
  assert.ok(seen.length > 1, `planes came at ${seen}`);
  assert.ok(precision && precision.planes < 8, 'an answer under way tells what it began with');
  assert.deepEqual((await complete(page)).precision, ALL);
  const { spike, text } = await ask(page, { seed: 1 });
  assert.deepEqual({ spike, text }, { spike: full.spike, text: full.text });
}));

test('a fault in late shards is told; the chat goes on, and the rest is fetched again', () =>
  withEngine(async (page) => {
    const full = await fullAnswer(page, {});
    for (const [name, body] of files) site.added.set(name, body);
    const { promise, open } = gate();
    let broken = true;
    site.fault = ({ path }) => {
      if (path === LATE[0]) return { until: promise };
      return path === LATE[1] && broken ? { status: 404 } : null;
    };
    assert.deepEqual(await begin(page), FEW);
    open();
    const failed = await complete(page);
    assert.equal(failed.error?.code, 'http_status');
    assert.ok(failed.error?.url?.endsWith(LATE[1]), failed.error?.url);
    const early = await ask(page);
    assert.deepEqual(early.spike.precision, MORE);
    // A seeded call asks for the rest as well, and is told why it cannot be given.
    const refused = await page.evaluate(async (request) => {
      const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
      return engine.chat.completions.create(request).then(() => null, ({ code }) => code);
    }, { ...QUESTION, seed: 1 });
    assert.equal(refused, 'http_status');
    assert.ok((await ask(page)).text.length > 0);
    broken = false;
    const before = site.served.length;
    assert.deepEqual((await complete(page)).precision, ALL);
    const fetched = site.served.slice(before).filter((path) => path.endsWith('.bin'));
    assert.ok(!fetched.includes(LATE[0]), `${fetched}`);
    const { spike, text } = await ask(page, { seed: 1 });
    assert.deepEqual({ spike, text }, { spike: full.spike, text: full.text });
  }, NETWORK));

test('an engine that is unloaded early tells those who wait', () => withEngine(async (page) => {
  holdLate();
  await begin(page);
  const codes = await page.evaluate(async (request) => {
    const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
    const abort = new AbortController();
    const code = (/** @type {Promise<unknown>} */ waits) =>
      waits.then(() => null, (error) => error.code);
    const stopped = code(engine.chat.completions.create(request, { signal: abort.signal }));
    abort.abort();
    const first = await stopped;
    const all = [engine.complete(), engine.chat.completions.create(request),
      engine.chat.completions.create({ ...request, spike: { aside: true } })].map(code);
    await engine.unload();
    return [first, ...await Promise.all(all), await code(engine.complete())];
  }, { ...QUESTION, seed: 1 });
  assert.deepEqual(codes, Array(5).fill('aborted'));
}));

test('an engine that was not asked to begin early does not', () => withEngine(async (page) => {
  const release = holdLate();
  setTimeout(release, 600);
  assert.deepEqual(await begin(page, { early: false }), ALL);
  assert.equal((await ask(page)).spike.precision, undefined);
}));

/**
 * Begins to load the model in the page.
 * @param {Page} page
 * @param {Record<string, string>} [more] attributes
 */
async function start(page, more = {}) {
  await page.evaluate((all) => {
    const chat = document.querySelector('spike-chat');
    for (const [name, value] of Object.entries(all)) chat?.setAttribute(name, value);
  }, { model: MODEL, 'max-tokens': '12', ...more });
  await page.getByRole('button', { name: /^(Download .* MB and start|Start)$/ }).click();
  await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
}

/** @param {Page} page @param {string} text */
async function type(page, text) {
  await page.getByRole('textbox', { name: 'Your message' }).fill(text);
  await page.keyboard.press('Enter');
}

/** @param {Page} page @param {number} count of messages */
const answered = (page, count) => page.waitForFunction((wanted) => {
  const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
  return chat.messages.length === wanted && !chat.shadowRoot?.querySelector('.send.stop');
}, count);

/** What the answers were given with. @param {Page} page */
const precisions = (page) => page.evaluate(() =>
  /** @type {SpikeChat} */ (document.querySelector('spike-chat')).record.turns
    .map(({ answer }) => answer?.run?.precision ?? null));

const MARK = /· before all of the model had come: 4 of 8 bit planes and 272 of 325 tokens ·/;
const SPEAKING =
  /^Speaking already, a little less exactly: 4 of 8 bit planes and 272 of 325 tokens$/;

test('the page shows with what it speaks, and marks what was said', () => inPage(async (page) => {
  const release = holdLate();
  await start(page);
  const card = page.locator('spike-chat .loader-title').filter({ hasText: SPEAKING });
  await card.waitFor();
  assert.equal(await page.getByRole('button', { name: 'Cancel' }).count(), 0);
  await type(page, 'What is a neuron?');
  await answered(page, 2);
  await page.getByText(MARK).waitFor();
  assert.deepEqual(await precisions(page), [FEW]);
  release();
  // What it says changes with each part that comes.
  await page.locator('spike-chat .loader').waitFor({ state: 'hidden' });
  await type(page, 'And a spike?');
  await answered(page, 4);
  assert.deepEqual(await precisions(page), [FEW, null]);
  assert.equal(await page.getByText(MARK).count(), 1);
  // It would not come again so.
  const code = await page.evaluate(async () => {
    const [link, chat] = ['/record/link.js', document.querySelector('spike-chat')];
    const { linkedChatOf } = await import(link);
    const { record } = /** @type {SpikeChat} */ (chat);
    /** @type {SpikeChat} */ (chat).restore(record);
    try {
      return linkedChatOf(record);
    } catch (error) {
      return /** @type {SpikeError} */ (error).message;
    }
  });
  assert.match(code, /before all of the model had come/);
  await page.getByText(MARK).waitFor();
}, { url: '/?model=tiny', ...NETWORK }));

test('a page whose late shards do not come goes on, and fetches them when it is told to', () =>
  inPage(async (page) => {
    for (const [name, body] of files) site.added.set(name, body);
    const { promise, open } = gate();
    let broken = true;
    site.fault = ({ path }) => {
      if (path === LATE[0]) return { until: promise };
      return path === LATE[1] && broken ? { status: 404 } : null;
    };
    await start(page);
    open();
    const again = page.getByRole('button', { name: 'Try again' });
    await again.waitFor();
    await page.locator('spike-chat .loader-title')
      .filter({ hasText: /^Speaking already, .*: 4 of 8 bit planes · / }).waitFor();
    await type(page, 'What is a neuron?');
    await answered(page, 2);
    assert.deepEqual(await precisions(page), [MORE]);
    broken = false;
    await again.click();
    await again.waitFor({ state: 'hidden' });
    await page.locator('spike-chat .loader').waitFor({ state: 'hidden' });
    await type(page, 'And a spike?');
    await answered(page, 4);
    assert.deepEqual((await precisions(page)).at(-1), null);
  }, { url: '/?model=tiny', ...NETWORK }));

test('a question with a seed waits for all of the model', () => inPage(async (page) => {
  const release = holdLate();
  await start(page, { seed: '7' });
  await type(page, 'What is a neuron?');
  await page.getByText('Will be answered when the model is ready.').waitFor();
  await page.waitForTimeout(300);
  assert.deepEqual(await precisions(page), [null]);
  release();
  await answered(page, 2);
  assert.deepEqual(await precisions(page), [null]);
}, { url: '/?model=tiny', ...NETWORK }));
