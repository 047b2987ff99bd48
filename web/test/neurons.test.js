// Lesions, and what neurons did, through the engine in a browser: one page for all of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TINY, withEngine } from './harness.mjs';
import { loaded, refusal, stream } from './in-page.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeError } from '../shared/errors.js' */
/** @import { Bench } from './in-page.mjs' */

const QUESTION = {
  messages: [{ role: /** @type {const} */ ('user'), content: 'Grüße 🙂' }],
  steps: /** @type {const} */ (2), max_tokens: 6,
};

/**
 * @param {Page} page
 * @param {unknown} query
 * @returns {Promise<any>} what was seen, or an error's code and message
 */
const inspect = (page, query) => page.evaluate(async (given) => {
  const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
  try {
    return await engine.inspect(/** @type {any} */ (given));
  } catch (error) {
    const { code, message, retryable } = /** @type {SpikeError} */ (error);
    return { code, message, retryable };
  }
}, query);

/** @param {number} k @returns {number} ones in |k| */
const ones = (k) => Math.abs(k).toString(2).replaceAll('0', '').length;
const sum = (/** @type {number[]} */ list) => list.reduce((a, b) => a + b, 0);

test('neurons show the spikes that were counted, and the next answer does not change', () =>
  withEngine(async (page) => {
    const { info } = await loaded(page, { model: TINY });
    const first = await stream(page, QUESTION);
    const last = first.spikes.at(-1);
    assert.ok(last);
    // What was read at a position predicted the token behind it.
    const position = last.position - 1;
    for (let layer = 0; layer < info.layers; layer++) {
      for (const [p, { name: population, neurons }] of info.populations.entries()) {
        const all = await inspect(page, { kind: 'population', layer, population, position });
        const entry = layer * info.populations.length + p;
        assert.equal(sum(all.spikes.flat().map(ones)), last.spikes[entry]);
        assert.equal(sum(all.histogram), neurons);
        assert.equal(neurons - all.histogram[-all.lowest], last.active[entry]);
        const neuron = neurons - 1;
        const one = await inspect(page, { kind: 'neuron', layer, population, neuron, position });
        assert.equal(sum(one.fired), one.code);
        assert.equal(sum(one.spikes), one.code - one.rest);
        assert.equal(one.code, all.codes[neuron]);
        assert.equal(one.threshold, all.thresholds.at(-1));
        assert.deepEqual(
          one.potentials.slice(1),
          one.fired.map((/** @type {number} */ s, /** @type {number} */ i) =>
            one.potentials[i] - s),
        );
        assert.deepEqual(one.token, all.token);
      }
    }

    // Keys and values by layer are those that looking back counts as one.
    for (const { cache, look_back: back } of first.spikes) {
      assert.deepEqual(cache?.populations, info.cache);
      for (const kind of /** @type {const} */ (['active', 'strong', 'spikes']))
        assert.equal(cache?.[kind].length, 2 * info.layers);
      assert.equal(sum(cache?.spikes ?? []), back.spikes);
    }
    const { spikes: [unkept] } = await stream(page, { ...QUESTION, cache_steps: 0, max_tokens: 1 });
    assert.equal(unkept.cache, null, 'float keys and values have no spikes');
    assert.equal((await stream(page, QUESTION)).text, first.text);

    const history = await inspect(
      page, { kind: 'history', layer: 2, population: 'down', neuron: 7 });
    assert.equal(history.tokens.length, last.position);
    const text = history.tokens.map((/** @type {{text: string}} */ token) => token.text).join('');
    assert.match(text, /Grüße 🙂/);
    const at = 20;
    const one = await inspect(
      page, { kind: 'neuron', layer: 2, population: 'down', neuron: 7, position: at });
    assert.deepEqual(
      [history.codes[at], history.rest[at], history.thresholds[at], history.activations[at]],
      [one.code, one.rest, one.threshold, one.activation],
    );

    const place = { layer: 0, population: 'qkv' };
    for (const [query, message] of /** @type {[object, RegExp][]} */ ([
      [{ kind: 'population', ...place, position: last.position }, /position \d+/],
      [{ kind: 'population', ...place, layer: 3, position: 0 }, /layer 3/],
      [{ kind: 'history', ...place, neuron: 96 }, /neuron 96, want 0 to 95/],
      [{ kind: 'brain' }, /kind must be one of/],
    ])) {
      const refused = await inspect(page, query);
      assert.equal(refused.code, 'bad_request');
      assert.match(refused.message, message);
    }

    // Alternatives are those that the answer would have told at once.
    const told = await page.evaluate(async (given) => {
      const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
      const answer = await engine.chat.completions.create(
        { ...given, stream: /** @type {const} */ (false), logprobs: true, top_logprobs: 3 });
      const first = answer.usage.prompt_tokens;
      const { content = [] } = answer.choices[0].logprobs ?? {};
      const seen = [];
      for (let i = content.length - 1; i >= 0; i--) {
        seen.unshift(await engine.inspect({ kind: 'alternatives', position: first + i, top: 3 }));
      }
      return { content, seen, first };
    }, QUESTION);
    assert.equal(told.content.length, QUESTION.max_tokens);
    assert.deepEqual(
      told.seen, told.content.map((one, i) => ({ position: told.first + i, ...one })));
    for (const position of [0, last.position + 2]) {
      const refused = await inspect(page, { kind: 'alternatives', position });
      assert.deepEqual([refused.code, refused.retryable], ['bad_request', false]);
    }

    const again = await stream(page, QUESTION);
    assert.deepEqual([again.text, again.spikes], [first.text, first.spikes]);

    // Lesions: they hurt, are refused where they make no sense, and leave nothing behind.
    for (const [lesions, silent] of /** @type {[any, (entry: number) => boolean][]} */ ([
      [{ thresholds: [{ factor: 128 }] }, () => true],
      [{ silenced: [{ layer: 1 }] }, (i) => Math.floor(i / 4) === 1],
      [{ silenced: [{ part: 'feed_forward' }] }, (i) => i % 4 > 1],
      [{ silenced: [{ layer: 0, head: 2 }] }, () => false],
      [{ dropped_planes: 3 }, () => false],
    ])) {
      const hurt = await stream(page, { ...QUESTION, spike: { lesions } });
      assert.equal(hurt.usage?.prompt_tokens_details.cached_tokens, 0);
      for (const { spikes } of hurt.spikes) {
        spikes.forEach((n, i) => assert.ok(!silent(i) || n === 0, `${n} spikes at ${i}`));
      }
      assert.notDeepEqual(hurt.spikes, first.spikes);
      assert.deepEqual((await stream(page, QUESTION)).spikes, first.spikes);
    }
    for (const [lesions, message] of /** @type {[any, RegExp][]} */ ([
      [{ silenced: [{ layer: 3 }] }, /layer 3, want 0 to 2/],
      [{ silenced: [{ layer: 0, head: 3 }] }, /head 3, want 0 to 2/],
      [{ dropped_planes: 4 }, /4 planes dropped, want 0 to 3/],
      [{ thresholds: [{ factor: 0 }] }, /factor must be a number from 1/],
    ])) {
      const refused = await refusal(page, { ...QUESTION, spike: { lesions } });
      assert.equal(refused?.code, 'bad_request');
      assert.match(refused?.message ?? '', message);
    }

    // Only one thing at a time, and a stop is seen between two batches.
    const long = { ...QUESTION, messages: [{ role: 'user', content: 'word '.repeat(150) }] };
    const seen = await page.evaluate(async (given) => {
      const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
      const code = (/** @type {Promise<unknown>} */ call) =>
        call.then(() => 'none', (/** @type {SpikeError} */ error) => error.code);
      await engine.chat.completions.create(/** @type {any} */ (given));
      const ask = /** @type {const} */ (
        { kind: 'history', layer: 2, population: 'qkv', neuron: 0 });
      const abort = new AbortController();
      /** @type {number[]} */
      const progress = [];
      const stopped = code(engine.inspect(ask, {
        signal: abort.signal,
        onprogress: (read, total) => {
          progress.push(read, total);
          abort.abort();
        },
      }));
      const meanwhile = await code(engine.chat.completions.create(/** @type {any} */ (given)));
      const twice = await code(engine.inspect(ask));
      const end = await stopped;
      const whole = (await engine.inspect(ask)).tokens.length;
      const answer = await engine.chat.completions.create(
        /** @type {any} */ ({ ...given, stream: true }));
      const busy = await code(engine.inspect(ask));
      for await (const _ of /** @type {any} */ (answer));
      return { meanwhile, twice, end, progress, whole, busy, late: await code(
        engine.inspect(ask, { signal: abort.signal })) };
    }, long);
    const { progress, whole, ...codes } = seen;
    assert.deepEqual(
      codes,
      { meanwhile: 'busy', twice: 'busy', end: 'aborted', busy: 'busy', late: 'aborted' });
    assert.equal(progress[1], whole);
    assert.equal(progress[0], 16);
    assert.ok(Number(progress.at(-2)) < whole, `read ${progress} of ${whole}`);
  }));
