import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsOf, toSpikes } from '../../../shared/spikes.js';

const model = {
  layers: 2,
  populations: [
    { name: 'a', neurons: 64, fan_out: 3 },
    { name: 'b', neurons: 32, fan_out: 5 },
  ],
  cache: [
    { name: 'keys', neurons: 8, fan_out: 3 },
    { name: 'values', neurons: 8, fan_out: 3 },
  ],
};

test('counts are sorted by kind, layer by layer and population by population', () => {
  // Entry e (layer e >> 1, population e & 1) holds 10 e + kind.
  const counts = Uint32Array.from([
    ...Array.from({ length: 20 }, (_, i) => 10 * Math.floor(i / 5) + (i % 5)),
    // Keys and values of each layer: entry e holds 100 (e + 1) + kind.
    ...Array.from({ length: 12 }, (_, i) => 100 * (Math.floor(i / 3) + 1) + (i % 3)),
    20000, 21000, 22000,
  ]);
  assert.equal(countsOf(model), counts.length);
  const spikes = toSpikes(counts, model, 9);
  assert.deepEqual(spikes, {
    populations: model.populations,
    layers: 2,
    position: 9,
    active: [0, 10, 20, 30],
    strong: [1, 11, 21, 31],
    spikes: [2, 12, 22, 32],
    executed: [3, 13, 23, 33],
    levels: [4, 14, 24, 34],
    look_back: { spikes: 20000, operations: 21000, dense: 22000 },
    cache: {
      populations: model.cache,
      active: [100, 200, 300, 400],
      strong: [101, 201, 301, 401],
      spikes: [102, 202, 302, 402],
    },
  });
  assert.deepEqual(JSON.parse(JSON.stringify(spikes)), spikes, 'it crosses as JSON');
  assert.equal(toSpikes(new Uint32Array(0), model, 9), null);
  const float = toSpikes(counts.fill(0, 20), model, 9);
  assert.equal(float?.cache, null, 'keys and values that stay float');
  assert.deepEqual(float?.active, spikes?.active);
});
