import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Usual } from '../../../heatmap/usual.js';
import {
  MEASURES,
  activity,
  formatActivity,
  layerCount,
  summarize,
  totals,
} from '../../../heatmap/measures.js';

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
};

// Layer 0 is as usual, layer 1 has fired half as much in a and nothing in b.
const token = { spikes, usual: [150, 250, 40, 0] };

test('activity is a count per neuron, of one population or weighted over all', () => {
  assert.equal(activity(token, 0, 0, 'strong'), 0.1);
  assert.equal(activity(token, 0, 1, 'strong'), 0.2);
  assert.equal(activity(token, 0, -1, 'strong'), 70 / 400);
  assert.equal(activity(token, 1, 1, 'strong'), 1);
  assert.equal(activity(token, 0, -1, 'spikes'), 1);
  assert.equal(activity(token, 1, -1, 'active'), 50 / 400);
  assert.deepEqual(layerCount(spikes, spikes.executed, 1, -1), { count: 7, neurons: 400 });
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
  assert.equal(summarize([], -1, 'strong'), 'No tokens yet.');
  assert.equal(
    summarize([token], -1, 'strong'),
    '1 token, 2 layers. On average layer 1 is busiest: 75.0 % of neurons fire more than one step ' +
      'can carry; layer 0 is quietest: 17.5 %.',
  );
  assert.equal(formatActivity(1.234, 'spikes'), '1.23');
  assert.equal(
    summarize([token], -1, 'unusual'),
    '1 token, 2 layers. On average layer 1 is busiest: +50.0 % against the layer’s usual spikes; ' +
      'layer 0 is quietest: 0.0 %.',
  );
});

test('what is unusual is against the layer’s own usual spikes', () => {
  assert.equal(activity(token, 0, -1, 'unusual'), 0);
  assert.equal(activity(token, 1, 0, 'unusual'), 0.5);
  assert.equal(activity(token, 1, 1, 'unusual'), 0, 'none, and none usual');
  const first = { ...spikes, spikes: [150, 250, 60, 3] };
  assert.equal(activity({ ...token, spikes: first }, 1, 1, 'unusual'), 1, 'the first spike');
  assert.equal(
    activity({ ...token, spikes: { ...spikes, spikes: [75, 0, 0, 0] } }, 0, 0, 'unusual'),
    -0.5,
  );
  assert.equal(formatActivity(-0.123, 'unusual'), '−12.3 %');
  assert.equal(formatActivity(0.123, 'unusual'), '+12.3 %');
});

test('what is usual is learned from the tokens before', () => {
  const usual = new Usual();
  const at = (/** @type {number} */ n) => usual.learn({ ...spikes, spikes: [n, 2 * n] });
  assert.deepEqual(at(10), [10, 20], 'the first token is nothing unusual');
  assert.deepEqual(at(30), [10, 20]);
  assert.deepEqual(at(50), [20, 40], 'the mean of both');
  for (let i = 0; i < 400; i++) at(100);
  const [settled] = at(100);
  assert.ok(Math.abs(settled - 100) < 0.01, `another setting is usual after a time: ${settled}`);
  usual.forget();
  assert.deepEqual(at(7), [7, 14]);
});
