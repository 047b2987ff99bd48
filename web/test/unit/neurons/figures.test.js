import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chancesOf, countsOf, isAsCounted, reasonOf, seenIn, strongest, trimmed,
} from '../../../neurons/figures.js';
import { SpikeError } from '../../../shared/errors.js';

// Two groups of two neurons, rest levels 10 and 3, T = 2. k is 0, 20, -3, 1.
const all = {
  token: { position: 4, token: 7, text: ' the' },
  group_size: 2, thresholds: [0.5, 0.25], rest: [10, 3], steps: [2, 2], codes: [10, 30, 0, 4],
  spikes: [[0, 15, -3, 1], [0, 5, 0, 0]],
  lowest: -4, histogram: [0, 1, 0, 0, 1, 1, 0],
};

test('counts of a population are those of a token', () => {
  assert.deepEqual(countsOf(all), { neurons: 4, active: 3, spikes: 9, levels: 24, busiest: 1 });
  const counted = /** @type {any} */ ({
    populations: [{ name: 'qkv' }, { name: 'down' }],
    active: [0, 0, 0, 3], spikes: [0, 0, 0, 9], levels: [0, 0, 0, 24],
  });
  assert.ok(isAsCounted(all, counted, 1, 'down'));
  assert.ok(!isAsCounted(all, counted, 0, 'down'));
  for (const kind of ['active', 'spikes', 'levels'])
    assert.ok(!isAsCounted(all, { ...counted, [kind]: [0, 0, 0, 8] }, 1, 'down'), kind);
  assert.deepEqual(seenIn(all, 3), { code: 4, rest: 3, threshold: 0.25 });
});

test('the strongest tokens: by code from rest, then by value, and words alone', () => {
  const history = {
    tokens: [], activations: [], steps: [],
    codes: [9, 5, 8, 8, 1, 30], rest: [4, 5, 3, 3, 2, 0], thresholds: [1, 1, 1, 2, 1, 1],
  };
  const words = (/** @type {number} */ at) => at !== 5;
  assert.deepEqual(strongest(history, words, 3),
    [{ at: 3, code: 5 }, { at: 0, code: 5 }, { at: 2, code: 5 }]);
  assert.deepEqual(strongest(history, () => true, 1), [{ at: 5, code: 30 }]);
  assert.deepEqual(strongest({ ...history, codes: [0, 0, 0, 0, 0, 0] }, words, 3), []);
});

test('chances sum to 1 with the rest, and the chosen one is always there', () => {
  const one = (/** @type {string} */ token, /** @type {number} */ chance) =>
    ({ token, bytes: [...token].map((c) => c.charCodeAt(0)), logprob: Math.log(chance) });
  const top = [one('a', 0.5), one('b', 0.25)];
  const found = chancesOf({ position: 1, ...one('b', 0.25), top_logprobs: top });
  assert.deepEqual(found.chances.map(({ chosen }) => chosen), [false, true]);
  assert.ok(Math.abs(found.rest - 0.25) < 1e-12);
  const rare = chancesOf({ position: 1, ...one('c', 0.125), top_logprobs: top });
  assert.deepEqual(rare.chances.map(({ token, chosen }) => `${token} ${chosen}`),
    ['a false', 'b false', 'c true']);
  // A token that is spelled like a mark is not the mark.
  const mark = { token: 'a', bytes: null, logprob: -3 };
  const marked = chancesOf({ position: 1, ...mark, top_logprobs: top });
  assert.deepEqual(marked.chances.map(({ chosen }) => chosen), [false, false, true]);
});

test('a histogram is cut to what is there, with rest in it', () => {
  assert.deepEqual(trimmed(all), { first: -3, counts: [1, 0, 0, 1, 1] });
  assert.deepEqual(trimmed({ lowest: -2, histogram: [0, 0, 0, 0, 3] }),
    { first: 0, counts: [0, 0, 3] });
});

test('errors are told apart', () => {
  for (const [code, reason] of /** @type {const} */ ([
    ['bad_request', 'gone'], ['busy', 'busy'], ['aborted', 'stopped'], ['engine_crashed', 'dead'],
    ['offline', 'failed'],
  ])) assert.equal(reasonOf(new SpikeError(code, 'x')).reason, reason);
  assert.deepEqual(reasonOf(new Error('y')), { reason: 'failed', detail: 'y' });
});
