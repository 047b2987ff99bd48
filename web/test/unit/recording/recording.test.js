// Recordings: what reads is what was written, whatever is wrong with a file is found, and what
// another answer differs in is said.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkOf, countsIn, readRecording } from '../../../recording/read.js';
import { reproduce } from '../../../recording/reproduce.js';
import { SpikeError } from '../../../shared/errors.js';
import { encodeRecording, letters } from '../../recording-file.mjs';

/** @import { Engine } from '../../../api/engine.js' */
/** @import { Spikes } from '../../../shared/spikes.js' */

const TEXT = fs.readFileSync(
  path.join(import.meta.dirname, '../../../recording/recording.json'), 'utf8');
const file = () => JSON.parse(TEXT);

/** A small answer, with all kinds of counts. */
const POPULATIONS = [
  { name: 'qkv', neurons: 6, fan_out: 3 }, { name: 'down', neurons: 2, fan_out: 1 },
];
/** @param {number} position @returns {Spikes} */
const spikesAt = (position) => ({
  populations: POPULATIONS, layers: 2, position,
  active: [1, 2, 3, 0], strong: [0, 1, 0, 0], spikes: [position, 2, 96, 0],
  executed: [7, 8, 9, 0], levels: [3, 4, 50, 0],
  look_back: { spikes: 5, operations: 6, dense: 7 },
  cache: {
    populations: ['keys', 'values'].map((name) => ({ name, neurons: 4, fan_out: 2 })),
    active: [1, 2, 3, 4], strong: [0, 0, 1, 0], spikes: [1, 5, 9, 4],
  },
});
const ANSWER = ['Hi', ' there', ''].map((text, t) => ({ text, spikes: spikesAt(4 + t) }));
/** @type {import('../../../recording/read.js').Recording} */
const RECORDING = {
  model: { name: 'small', sha256: 'a'.repeat(64) },
  question: 'Hello?',
  settings: { preset: 'best', temperature: 0.2, top_p: 0.9, seed: 1, max_tokens: 8 },
  machine: 'a machine',
  tokens: ANSWER.map(({ text, spikes }, t) =>
    ({ text, ms: 10 * t, check: checkOf(countsIn(spikes)), spikes })),
};

test('the recording of the page is small, and says the same when it is written again', () => {
  const recording = readRecording(file());
  assert.equal(encodeRecording(recording), TEXT);
  assert.match(recording.model.sha256, /^[0-9a-f]{64}$/);
  assert.ok(TEXT.length < 8000, `${TEXT.length} bytes`);
});

test('what was written is read', () => {
  const read = readRecording(JSON.parse(encodeRecording(RECORDING)));
  assert.deepEqual(
    read.tokens.map(({ text, ms, check, spikes: { spikes, position } }) =>
      ({ text, ms, check, spikes, position })),
    RECORDING.tokens.map(({ text, ms, check, spikes: { spikes, position } }) =>
      ({ text, ms, check, spikes, position })),
  );
  assert.deepEqual({ ...read.settings }, RECORDING.settings);
});

/** @type {Record<string, [(file: any) => unknown, RegExp]>} */
const BAD = {
  'no object': [() => [], /must be an object/],
  'nothing': [() => null, /must be an object/],
  'another format': [(f) => ({ ...f, format: 'x' }), /format must be one of/],
  'a later version': [(f) => ({ ...f, version: 2 }), /version must be one of 1/],
  'a field more': [(f) => ({ ...f, more: 1 }), /unknown field more/],
  'a field less': [({ ms: _, ...f }) => f, /ms is missing/],
  'a hash that is none': [(f) => ({ ...f, model: { ...f.model, sha256: 7 } }), /model.sha256 must/],
  'no layers': [(f) => ({ ...f, layers: 0 }), /layers must be a whole number/],
  'many layers': [(f) => ({ ...f, layers: 1025 }), /layers must be a whole number/],
  'half a neuron': [
    (f) => ({ ...f, populations: [{ ...f.populations[0], neurons: 0.5 }] }),
    /populations\[0\].neurons/,
  ],
  'a long question': [(f) => ({ ...f, question: 'x'.repeat(401) }), /question must be text of at/],
  'another preset': [
    (f) => ({ ...f, settings: { ...f.settings, preset: 'worst' } }), /settings.preset/],
  'a negative time': [(f) => ({ ...f, ms: f.ms.map(() => -1) }), /ms\[0\] must/],
  'a time too few': [(f) => ({ ...f, ms: f.ms.slice(1) }), /as long as each other/],
  'a check too many': [(f) => ({ ...f, checks: [...f.checks, 1] }), /as long as each other/],
  'no tokens': [(f) => ({ ...f, tokens: [] }), /tokens must be a list of 1 to 200/],
  'a token that is none': [(f) => ({ ...f, tokens: f.tokens.map(() => null) }), /tokens\[0\] must/],
  'many counts': [
    (f) => ({
      ...f, layers: 1024, tokens: Array(200).fill('a'), ms: Array(200).fill(1),
      checks: Array(200).fill(1),
    }),
    /counts, at most/,
  ],
  'spikes cut': [(f) => ({ ...f, spikes: f.spikes.slice(0, -1) }), /spikes has \d+ numbers, want/],
  'a number without an end': [(f) => ({ ...f, spikes: `${f.spikes}~` }), /numbers, want/],
  'a space': [(f) => ({ ...f, spikes: ` ${f.spikes}` }), /letter 0 is of no number/],
  'a letter of another script': [(f) => ({ ...f, spikes: `${f.spikes}é` }), /is of no number/],
  'a number without bounds': [
    (f) => ({ ...f, spikes: '~'.repeat(2000) + f.spikes }), /is of no number/],
  'more spikes than neurons can fire': [
    (f) => ({ ...f, spikes: letters(1 << 20) + f.spikes.replace(/^[e-~]*[^e-~]/, '') }),
    /spikes must be a whole number from 0 to/,
  ],
};

for (const [name, [damage, message]] of Object.entries(BAD)) {
  test(`a bad recording: ${name}`, () => {
    assert.throws(() => readRecording(damage(file())), (error) => {
      assert.ok(error instanceof SpikeError);
      assert.equal(error.code, 'bad_request');
      assert.match(error.message, message);
      return true;
    });
  });
}

test('a damaged file is refused, or all in it has its bounds', () => {
  // A fixed sequence, so that what fails once fails again.
  let state = 1;
  const random = (/** @type {number} */ n) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
  let read = 0;
  for (let round = 0; round < 1500; round++) {
    const damaged = [...TEXT];
    for (let i = 0; i <= random(3); i++)
      damaged.splice(random(damaged.length), random(2), String.fromCharCode(random(128)));
    let value;
    try {
      value = JSON.parse(damaged.join(''));
    } catch {
      continue;
    }
    try {
      const { tokens, question } = readRecording(value);
      read++;
      assert.equal(typeof question, 'string');
      for (const { spikes: { spikes, populations, layers } } of tokens) {
        assert.equal(spikes.length, layers * populations.length);
        for (const [i, n] of spikes.entries()) {
          const { neurons } = populations[i % populations.length];
          assert.ok(Number.isInteger(n) && n >= 0 && n <= 16 * neurons);
        }
      }
    } catch (error) {
      assert.ok(error instanceof SpikeError, String(error));
    }
  }
  assert.ok(read > 50, `${read} damaged files were read`);
});

/**
 * An engine that gives an answer.
 * @param {{text: string, spikes: Spikes}[]} answer
 * @param {'stop' | 'abort'} [finish]
 */
const engineOf = (answer, finish = 'stop') => /** @type {Pick<Engine, 'chat'>} */ (
  /** @type {unknown} */ ({
    chat: { completions: { create: async () => (async function* chunks() {
      for (const { text, spikes } of answer)
        yield { choices: [{ delta: { content: text }, finish_reason: null }], spike: spikes };
      yield { choices: [{ delta: {}, finish_reason: finish }], spike: { seed: 1 } };
    })() } },
  }));
const { signal } = new AbortController();
const TEXTS = { was: ' there', is: ' there' };

/** @type {Record<string, [Pick<Engine, 'chat'>, unknown]>} */
const VERDICTS = {
  'the same': [engineOf(ANSWER), { tokens: 3, counts: 3 * 35 }],
  'stopped': [engineOf(ANSWER.slice(0, 1), 'abort'), null],
  'other words': [
    engineOf([ANSWER[0], { ...ANSWER[1], text: ' you' }, ANSWER[2]]),
    { tokens: 1, counts: 35, difference: { token: 1, was: ' there', is: ' you' } },
  ],
  'ended sooner': [
    engineOf(ANSWER.slice(0, 2)),
    { tokens: 2, counts: 70, difference: { token: 2, was: '', is: null } },
  ],
  'ended later': [
    engineOf([...ANSWER, { text: '!', spikes: spikesAt(7) }]),
    { tokens: 3, counts: 105, difference: { token: 3, was: null, is: '!' } },
  ],
  'a spike more': [
    engineOf([ANSWER[0], { ...ANSWER[1], spikes: { ...spikesAt(5), spikes: [5, 2, 96, 1] } }]),
    {
      tokens: 1, counts: 35, difference: {
        token: 1, ...TEXTS, place: { layer: 1, population: 'down', was: 0, is: 1 },
      },
    },
  ],
  'another count': [
    engineOf([ANSWER[0], { ...ANSWER[1], spikes: { ...spikesAt(5), levels: [3, 4, 50, 1] } }]),
    { tokens: 1, counts: 35, difference: { token: 1, ...TEXTS } },
  ],
  'another spike of a key': [
    engineOf([ANSWER[0], {
      ...ANSWER[1],
      spikes: {
        ...spikesAt(5),
        cache: { ...spikesAt(5).cache, populations: [], active: [1, 2, 3, 4],
          strong: [0, 0, 1, 0], spikes: [2, 5, 9, 4] },
      },
    }]),
    { tokens: 1, counts: 35, difference: { token: 1, ...TEXTS } },
  ],
  'another count of looking back': [
    engineOf([ANSWER[0], {
      ...ANSWER[1], spikes: { ...spikesAt(5), look_back: { spikes: 5, operations: 6, dense: 8 } },
    }]),
    { tokens: 1, counts: 35, difference: { token: 1, ...TEXTS } },
  ],
};

for (const [name, [engine, verdict]] of Object.entries(VERDICTS)) {
  test(`compared: ${name}`, async () => {
    const recording = readRecording(JSON.parse(encodeRecording(RECORDING)));
    assert.deepEqual(await reproduce(engine, recording, signal), verdict);
  });
}
