import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, keyOf, nameOf } from '../../../compare/code.js';
import { EXPERIMENTS } from '../../../compare/experiments.js';
import { limitOf, planDamage, planPresets, planSteps, timeOf } from '../../../compare/plan.js';
import { Tally } from '../../../compare/tally.js';
import { checkRequest } from '../../../api/request.js';
import { toSpikes } from '../../../shared/spikes.js';
import { words } from '../../../words/words.js';

/** @import { AnswerSettings, Run } from '../../../record/types.js' */

/** @type {AnswerSettings} */
const settings = { preset: 'balanced', temperature: 0.2, top_p: 0.9, seed: 7, system: 'Be brief' };
/** @type {Run} */
const run = {
  model: { name: 'm', sha256: '' }, settings, first_turn: 0, tokens: 100, context: 200, spikes: 1,
  first_token_ms: 500, ms: 10_400,
};
const messages = [{ role: /** @type {const} */ ('user'), content: 'Why `x`?' }];

test('answers differ in what is compared alone', () => {
  const common = { temperature: 0.2, top_p: 0.9, seed: 7, system: 'Be brief', max_tokens: 200 };
  const aside = { aside: true };
  assert.deepEqual(planSteps(settings, 200).map((plan) => plan.settings), [4, 2, 1].map((steps) => (
    { steps, ...common, spike: aside })));
  assert.deepEqual(
    planPresets(settings, 200, ['best', 'fewest']).map((plan) => plan.settings),
    ['best', 'fewest'].map((preset) => ({ preset, ...common, spike: aside })));
  const lesions = { dropped_planes: 1 };
  assert.deepEqual(planDamage(settings, 200, lesions).map((plan) => plan.settings), [
    { preset: 'balanced', ...common, spike: aside },
    { preset: 'balanced', ...common, spike: { aside: true, lesions } },
  ]);
  const { preset: _, ...uniform } = settings;
  const [healthy] = planDamage({ ...uniform, steps: 2 }, 9, lesions);
  assert.deepEqual([healthy.settings.steps, 'preset' in healthy.settings], [2, false]);
});

test('no answer is cut before the one in the chat was, and none goes on for ever', () => {
  assert.equal(limitOf({ ...settings, max_tokens: 12 }, run), 12);
  assert.equal(limitOf(settings, run), 200);
  assert.equal(limitOf(settings, { ...run, tokens: 3 }), 64);
  assert.ok(limitOf(settings, null) > 0);
});

test('what an answer takes is told from one that was given', () => {
  // 100 ms a token; of the prompt of 100 tokens, part of which had been read, 60 ms each.
  assert.equal(timeOf(run), 6000 + 9900);
  assert.equal(timeOf({ ...run, context: undefined }), 10_400);
  assert.equal(timeOf({ ...run, tokens: 1 }), null);
  assert.equal(timeOf({ ...run, ms: 0, first_token_ms: 0 }), null);
});

test('the code asks for the same, without what the page needs for itself', () => {
  const [, damaged] = planDamage(settings, 20, { thresholds: [{ factor: 8 }] });
  const source = codeOf(messages, damaged.settings);
  const request = JSON.parse(/create\((\{[^]*\})\);/.exec(source)?.[1] ?? '');
  assert.deepEqual(request, {
    messages, preset: 'balanced', temperature: 0.2, top_p: 0.9, seed: 7, max_tokens: 20,
    spike: { lesions: { thresholds: [{ factor: 8 }] } },
  });
  checkRequest(request, {}, 'm');
  const [healthy] = planDamage(settings, 20, {});
  assert.ok(!codeOf(messages, healthy.settings).includes('spike:'));
});

test('the experiments are requests that the engine takes, each with a sentence', () => {
  for (const [name, lesions] of Object.entries(EXPERIMENTS)) {
    checkRequest({ messages, spike: { lesions } }, {}, 'm');
    const { title, measured } =
      words.lesions.experiments[/** @type {keyof typeof EXPERIMENTS} */ (name)];
    assert.ok(title && /^Measured: .*\d/.test(measured), name);
  }
});

test('what is silent has a name, and is the same whatever order it is written in', () => {
  assert.equal(nameOf({ layer: 3 }), 'layer 3');
  assert.equal(nameOf({ part: 'attention' }), 'all layers: Attention');
  assert.equal(nameOf({ layer: 0, population: 'down' }), 'layer 0: Feed-forward hidden');
  assert.equal(nameOf({ layer: 1, head: 0 }), 'layer 1: head 0');
  assert.equal(keyOf({ layer: 1, head: 0 }), keyOf({ head: 0, layer: 1 }));
  assert.notEqual(keyOf({ layer: 1, head: 0 }), keyOf({ layer: 1 }));
});

test('figures are means over the tokens that were counted', () => {
  const model = {
    layers: 1, populations: [{ name: 'qkv', neurons: 4, fan_out: 10 }], cache: [],
  };
  const tally = new Tally();
  const times = { tokens: 3, first_token_ms: 100, ms: 300 };
  assert.deepEqual(tally.figures({ tokens: 0, first_token_ms: 0, ms: 0 }),
    { spikes: null, operations: null, rate: null });
  for (const spikes of [3, 6]) tally.add(toSpikes(new Uint32Array([1, 0, spikes, 0, 0, 9, 9, 9]),
    model, 0));
  tally.add(null);
  assert.deepEqual(tally.figures(times), { spikes: 4.5, operations: 45, rate: 10 });
});
