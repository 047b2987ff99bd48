import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatActivity, visibleText } from '../../../heatmap/figures.js';
import { MEASURES, activity, layerCount, placeOf, totals } from '../../../heatmap/measures.js';
import { Summary } from '../../../heatmap/summary.js';
import { figuresOf } from '../../../heatmap/tip.js';
import { Usual } from '../../../heatmap/usual.js';

/** @import { Spikes } from '../../../shared/spikes.js' */

/** @type {Spikes} */
const spikes = {
  layers: 2,
  position: 0,
  populations: [
    { name: 'a', neurons: 100, fan_out: 2 },
    { name: 'b', neurons: 300, fan_out: 10 },
  ],
  active: [100, 200, 50, 0],
  strong: [10, 60, 0, 300],
  spikes: [150, 250, 60, 0],
  executed: [1, 2, 3, 4],
  levels: [0, 0, 0, 0],
  look_back: { spikes: 0, operations: 0, dense: 0 },
  cache: {
    populations: [{ name: 'keys', neurons: 10, fan_out: 3 },
      { name: 'values', neurons: 10, fan_out: 3 }],
    active: [10, 8, 6, 4],
    strong: [1, 0, 0, 5],
    spikes: [30, 20, 10, 0],
  },
};

// Layer 0 is as usual, layer 1 has fired half as much in a and nothing in b.
const token = { spikes, usual: { spikes: [150, 250, 40, 0], cache: { spikes: [20, 20, 20, 5] } } };
const uncached = { ...token, spikes: { ...spikes, cache: null } };

test('activity is a count per neuron, of one population or weighted over all', () => {
  assert.equal(activity(token, 0, 'a', 'strong'), 0.1);
  assert.equal(activity(token, 0, 'b', 'strong'), 0.2);
  assert.equal(activity(token, 0, 'all', 'strong'), 70 / 400);
  assert.equal(activity(token, 0, 'unheard of', 'strong'), 70 / 400);
  assert.equal(activity(token, 1, 'b', 'strong'), 1);
  assert.equal(activity(token, 0, 'all', 'spikes'), 1);
  assert.equal(activity(token, 1, 'all', 'active'), 50 / 400);
  assert.deepEqual(
    layerCount(spikes.populations, spikes.executed, 1, -1), { count: 7, neurons: 400 });
});

test('synaptic operations are per synapse: spikes times those that they reach', () => {
  assert.deepEqual(layerCount(spikes.populations, spikes.spikes, 0, -1, true),
    { count: 2 * 150 + 10 * 250, neurons: 2 * 100 + 10 * 300 });
  assert.equal(activity(token, 0, 'all', 'operations'), 2800 / 3200);
  assert.equal(activity(token, 0, 'a', 'operations'), 1.5);
});

test('keys and values are counted apart', () => {
  assert.equal(activity(token, 0, 'keys', 'spikes'), 3);
  assert.equal(activity(token, 1, 'values', 'active'), 0.4);
  assert.equal(activity(token, 1, 'values', 'strong'), 0.5);
  assert.equal(activity(token, 0, 'keys', 'unusual'), 0.5);
  assert.equal(activity(token, 1, 'values', 'unusual'), -1);
  assert.ok(Number.isNaN(activity(uncached, 0, 'keys', 'spikes')), 'float keys have no spikes');
  assert.equal(placeOf(uncached.spikes, 'values'), null);
  assert.equal(formatActivity(NaN, 'spikes'), 'not counted');
  const unknown = { ...token, usual: { spikes: token.usual.spikes } };
  assert.ok(Number.isNaN(activity(unknown, 0, 'keys', 'unusual')), 'nobody said what is usual');
});

test('totals', () => {
  assert.deepEqual(totals(spikes), {
    spikes: 460,
    operations: 2 * 210 + 10 * 250,
    executed: 2 * 4 + 10 * 6,
    dense: 2 * (200 + 3000),
    silent: 1 - 350 / 800,
  });
});

test('a legend runs from 0 to its limit at equal distances', () => {
  for (const { ticks, limit } of Object.values(MEASURES)) {
    assert.equal(ticks[0], 0);
    assert.equal(ticks.at(-1), limit);
    ticks.forEach((tick, i) => assert.ok(Math.abs(tick - limit * i / (ticks.length - 1)) < 1e-9));
  }
});

test('the summary names the busiest and the quietest layer', () => {
  const summary = new Summary();
  assert.equal(summary.line([], 'all', 'strong'), 'No tokens yet.');
  const one = '1 token, 2 layers. On average layer 1 is busiest: 75.0% of neurons fire more than '
    + 'one step can carry; layer 0 is quietest: 17.5%.';
  assert.equal(summary.line([token], 'all', 'strong'), one);
  assert.equal(summary.line([token], 'all', 'strong'), one, 'nothing is added twice');
  assert.equal(
    summary.line([token, { ...token, spikes: { ...spikes, strong: [400, 0, 0, 0] } }], 'all',
      'strong'),
    '2 tokens, 2 layers. On average layer 0 is busiest: 58.8% of neurons fire more than one step '
      + 'can carry; layer 1 is quietest: 37.5%.');
  summary.forget();
  assert.equal(summary.line([token, token], 'all', 'strong', 1), null, 'there are more');
  assert.match(summary.line([token, token], 'all', 'strong', 1) ?? '', /busiest: 75.0%/);
  assert.equal(
    summary.line([token], 'all', 'unusual'),
    '1 token, 2 layers. On average layer 1 is busiest: +50.0% against the layer’s usual spikes; '
      + 'layer 0 is quietest: 0.0%.');
  assert.equal(summary.line([uncached], 'keys', 'spikes'),
    '1 token, 2 layers. binary spikes per neuron: not counted.');
});

test('what is unusual is against the layer’s own usual spikes', () => {
  assert.equal(activity(token, 0, 'all', 'unusual'), 0);
  assert.equal(activity(token, 1, 'a', 'unusual'), 0.5);
  assert.equal(activity(token, 1, 'b', 'unusual'), 0, 'none, and none usual');
  const first = { ...spikes, spikes: [150, 250, 60, 3] };
  assert.equal(activity({ ...token, spikes: first }, 1, 'b', 'unusual'), 1, 'the first spike');
  assert.equal(
    activity({ ...token, spikes: { ...spikes, spikes: [75, 0, 0, 0] } }, 0, 'a', 'unusual'),
    -0.5,
  );
});

test('figures have their sign, and none of zero', () => {
  assert.equal(formatActivity(1.234, 'spikes'), '1.23');
  assert.equal(formatActivity(-0.123, 'unusual'), '−12.3%');
  assert.equal(formatActivity(0.123, 'unusual'), '+12.3%');
  assert.equal(formatActivity(-0.0001, 'unusual'), '0.0%');
  assert.equal(formatActivity(0.0001, 'unusual'), '0.0%');
  assert.deepEqual([' word ', '  ', '\n', '\n ', ''].map(visibleText),
    ['word', '␣␣', '\\n', '\\n␣', '(no text)']);
});

test('a cell has all figures of its population', () => {
  assert.deepEqual(figuresOf(token, 0, 'b').slice(1), [
    ['Binary spikes per neuron', '0.83'], ['Neurons away from rest', '66.7%'],
    ['Synaptic operations', '0.83'], ['Neurons beyond one step', '20.0%'],
    ['Spikes', '250'], ['Usual spikes', '250'], ['Additions', '2.5K'], ['Neurons', '300'],
  ]);
  assert.deepEqual(figuresOf(uncached, 0, 'keys').map(([, figure]) => figure),
    Array(5).fill('not counted'));
});

test('what is usual is learned from the tokens before', () => {
  const usual = new Usual();
  const at = (/** @type {number} */ n) =>
    usual.learn({ ...spikes, spikes: [n, 2 * n], cache: null }).spikes;
  assert.deepEqual(at(10), [10, 20], 'the first token is nothing unusual');
  assert.deepEqual(at(30), [10, 20]);
  assert.deepEqual(at(50), [20, 40], 'the mean of both');
  for (let i = 0; i < 400; i++) at(100);
  const [settled] = at(100);
  assert.ok(Math.abs(settled - 100) < 0.01, `another setting is usual after a time: ${settled}`);
  usual.forget();
  assert.deepEqual(at(7), [7, 14]);
  assert.equal(usual.learn({ ...spikes, cache: null }).cache, null);
  assert.deepEqual(usual.learn(spikes).cache, { spikes: [30, 20, 10, 0] });
});
