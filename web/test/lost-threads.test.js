// A thread that the browser ends says nothing. Whatever the engine does then, the page hears of it
// at once; and threads that only stand still are waited for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TINY, browser, inPage, site } from './harness.mjs';
import { ISOLATED } from './server.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { Engine } from '../api/engine.js' */

/**
 * Code for the end of crew.js that ends one of the threads.
 * @param {string} call in which it does
 * @param {number} shares that come before in the call; 0 ends it before the call, -1 behind it
 */
const ending = (call, shares) => `
  const workers = [];
  globalThis.Worker = class extends Worker {
    constructor(...given) { super(...given); workers.push(this); }
  };
  let now = '', shared = 0;
  const end = () => { workers.pop()?.terminate(); now = 'over'; };
  const { call, meet } = Crew.prototype;
  Crew.prototype.call = function (...given) {
    if (now !== 'over') [now, shared] = [given[0], 0];
    if (now === '${call}' && ${shares} === 0) end();
    if (now === '${call}' && ${shares} === -1) setTimeout(end);
    call.apply(this, given);
  };
  Crew.prototype.meet = function (...given) {
    const meeting = meet.apply(this, given), { share } = meeting;
    meeting.share = (...parts) => {
      if (now === '${call}' && ++shared === ${shares}) end();
      return share(...parts);
    };
    return meeting;
  };`;

/**
 * Loads the tiny model, asks for its figures, waits a little, and asks it.
 * @param {Page} page
 * @param {number} threads
 * @returns {Promise<{error: string, ms: number}>} what came of it, and how long its step took
 */
const ask = (page, threads) => page.evaluate(async ({ model, threads }) => {
  const module = '/engine.js';
  const { createEngine } = await import(module);
  let began = 0;
  try {
    began = performance.now();
    const engine = /** @type {Engine} */ (
      await createEngine({ model, threads, context: 256, kernel: 'lookup' }));
    await engine.stats();
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    began = performance.now();
    await engine.chat.completions.create({
      messages: [{ role: 'user', content: 'What is a neuron?' }], max_tokens: 8 });
    return { error: 'none', ms: 0 };
  } catch (error) {
    const { code } = /** @type {import('../shared/errors.js').SpikeError} */ (error);
    return { error: code, ms: performance.now() - began };
  }
}, { model: TINY, threads });

for (const [when, threads, call, shares] of /** @type {[string, number, string, number][]} */ ([
  ['before a shard is loaded', 2, 'load', 0],
  ['when the model is prepared', 2, 'finish', 1],
  ['within the prompt', 2, 'prefill', 3],
  ['before a token', 3, 'step', 0],
  ['within a token', 2, 'step', 5],
  ['while nothing is asked', 2, 'stats', -1],
])) {
  test(`one of ${threads} threads vanishes ${when}`, () => inPage(async (page) => {
    site.fault = ({ path, body }) => (path === '/worker/crew.js'
      ? { body: Buffer.from(body + ending(call, shares)) } : null);
    const { error, ms } = await ask(page, threads);
    assert.equal(error, 'engine_crashed');
    assert.ok(ms < 10_000, `${ms} ms`);
  }, { url: ISOLATED }));
}

test('threads of a machine that slept longer than they wait go on', () =>
  inPage(async (page) => {
    // So all of them are 0.6 s.
    site.fault = ({ path, body }) => (path === '/worker/meeting.js'
      ? { body: Buffer.from(body.toString().replace(/WAIT_MS = \w+/, 'WAIT_MS = 10')) } : null);
    await page.evaluate(async ({ model }) => {
      const module = '/engine.js';
      const { createEngine } = await import(module);
      const engine = /** @type {Engine} */ (
        await createEngine({ model, threads: 3, context: 256, kernel: 'lookup' }));
      const state = { answers: 0, error: '' };
      Object.assign(window, { state });
      (async () => {
        for (let seed = 1; ; seed++) {
          await engine.chat.completions.create({
            messages: [{ role: 'user', content: `${seed}` }], max_tokens: 8, seed, temperature: 1,
          });
          state.answers++;
        }
      })().catch(({ code }) => { state.error = code; });
    }, { model: TINY });
    /** @typedef {{state: {answers: number, error: string}}} Stated */
    const look = () => page.evaluate(() => {
      const { answers, error } = /** @type {Stated} */ (/** @type {unknown} */ (window)).state;
      return { answers, error };
    });
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    const signal = (/** @type {NodeJS.Signals} */ name) => {
      for (const { id } of renderers) process.kill(id, name);
    };
    for (let stops = 0; ; stops++) {
      const { answers } = await look();
      await page.waitForFunction((least) => {
        const { answers, error } = /** @type {Stated} */ (/** @type {unknown} */ (window)).state;
        return error || answers > least;
      }, answers + 1);
      assert.equal((await look()).error, '');
      if (stops === 3) break;
      signal('SIGSTOP');
      await new Promise((resolve) => { setTimeout(resolve, 800); });
      signal('SIGCONT');
    }
  }, { url: ISOLATED }));
