import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toChunk, toCompletion, toSpikes, toUsage, toUsageChunk } from '../../completion.js';

const head = { id: 'chatcmpl-1', created: 5, model: 'm' };
const model = { layers: 2, populations: [{ name: 'a', neurons: 64, fan_out: 3 }, { name: 'b', neurons: 32, fan_out: 5 }] };

test('counts are sorted by kind, layer by layer and population by population', () => {
  // Entry e (layer e >> 1, population e & 1) holds 10 e + kind.
  const counts = Uint32Array.from({ length: 23 }, (_, i) => (i < 20 ? 10 * Math.floor(i / 5) + (i % 5) : 1000 * i));
  const spikes = toSpikes(counts, model, 9);
  assert.deepEqual(spikes, {
    populations: model.populations, layers: 2, position: 9,
    active: new Uint32Array([0, 10, 20, 30]), strong: new Uint32Array([1, 11, 21, 31]), spikes: new Uint32Array([2, 12, 22, 32]),
    executed: new Uint32Array([3, 13, 23, 33]), levels: new Uint32Array([4, 14, 24, 34]),
    look_back: { spikes: 20000, operations: 21000, dense: 22000 },
  });
  assert.equal(toSpikes(new Uint32Array(0), model, 9), null);
});

test('a chunk has the shape of OpenAI’s', () => {
  assert.deepEqual(toChunk(head, { role: 'assistant', content: 'x' }, null, null, false), {
    id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 5, model: 'm',
    choices: [{ index: 0, delta: { role: 'assistant', content: 'x' }, finish_reason: null }], spike: null,
  });
  assert.equal(toChunk(head, {}, 'abort', null, true).usage, null);
  assert.deepEqual(toUsageChunk(head, toUsage(3, 2, 4)), {
    id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 5, model: 'm', choices: [], spike: null,
    usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, prompt_tokens_details: { cached_tokens: 2 } },
  });
});

test('a completion has the shape of OpenAI’s', () => {
  const { object, choices, usage } = toCompletion(head, 'x', 'stop', toUsage(1, 0, 1), []);
  assert.equal(object, 'chat.completion');
  assert.deepEqual(choices, [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }]);
  assert.equal(usage.total_tokens, 2);
});
