import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toChunk, toCompletion, toUsage, toUsageChunk } from '../../../api/completion.js';

const common = { id: 'chatcmpl-1', created: 5, model: 'm' };

test('a chunk has the shape of OpenAI’s', () => {
  assert.deepEqual(toChunk(common, { role: 'assistant', content: 'x' }, null, null, false), {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 5,
    model: 'm',
    choices: [{
      index: 0,
      delta: { role: 'assistant', content: 'x' },
      logprobs: null,
      finish_reason: null,
    }],
    spike: null,
  });
  const logprobs = [{ token: 'x', logprob: -1, bytes: [120], top_logprobs: [] }];
  assert.deepEqual(toChunk(common, { content: 'x' }, null, null, false, logprobs).choices, [
    {
      index: 0,
      delta: { content: 'x' },
      logprobs: { content: logprobs, refusal: null },
      finish_reason: null,
    },
  ]);
  assert.equal(toChunk(common, {}, 'abort', null, true).usage, null);
  assert.deepEqual(toUsageChunk(common, toUsage(3, 2, 4), { seed: 9 }), {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 5,
    model: 'm',
    choices: [],
    spike: { seed: 9 },
    usage: {
      prompt_tokens: 3,
      completion_tokens: 4,
      total_tokens: 7,
      prompt_tokens_details: { cached_tokens: 2 },
    },
  });
});

test('a completion has the shape of OpenAI’s', () => {
  const usage = toUsage(1, 0, 1);
  const spike = { seed: 9, tokens: [] };
  const { object, choices, ...rest } = toCompletion(common, 'x', 'stop', usage, spike);
  assert.equal(object, 'chat.completion');
  assert.deepEqual(choices, [
    {
      index: 0,
      message: { role: 'assistant', content: 'x', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ]);
  assert.equal(rest.usage.total_tokens, 2);
  assert.deepEqual(rest.spike, spike);
});
