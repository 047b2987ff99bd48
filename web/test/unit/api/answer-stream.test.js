import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerStream } from '../../../api/answer-stream.js';
import { SpikeError } from '../../../shared/errors.js';

/** @import { EngineInfo } from '../../../api/types.js' */
/** @import { DoneMessage, TokenMessage } from '../../../shared/protocol.js' */

/** @type {EngineInfo} */
const info = {
  name: 'm',
  license: '',
  layers: 1,
  heads: 1,
  hidden: 1,
  vocab: 1,
  context: 1,
  populations: [{ name: 'a', neurons: 1, fan_out: 1 }], cache: [],
  presets: ['best'], chat: { system: true, dates: false },
  bytes: 1, sha256: '00',
  kernel: 'lookup',
  prompt_kernel: 'lookup', why: '',
  simd: false,
  build: 'plain', threads: 1, threads_why: '', precision: { planes: 8, of: 8 },
};
const none = () => {};
const HOW = { signal: undefined, includeUsage: false, seed: 6 };
const open = () => new AnswerStream(info, HOW, none, none);

/**
 * @param {string} text
 * @param {number[]} counts
 * @returns {TokenMessage}
 */
const token = (text, counts = [1, 0, 2, 3, 4, 5, 6, 7]) => ({
  type: 'token',
  id: 1,
  token: 5,
  text,
  position: 9,
  counts: new Uint32Array(counts),
});

/** @type {DoneMessage} */
const done = {
  type: 'done',
  id: 1,
  reason: 'stop',
  completion_tokens: 2,
  prefill_ms: 0,
  decode_ms: 0,
};

test('several calls of next may wait at once; each has its chunk, in their order', async () => {
  const answer = open();
  const calls = [answer.next(), answer.next(), answer.next(), answer.next()];
  answer.push(token('a'));
  await calls[0];
  answer.push(token('b'));
  answer.end(done);
  const [first, second, third, last] = await Promise.all(calls);
  assert.deepEqual([first, second].map(({ value }) => value?.choices[0].delta.content), ['a', 'b']);
  assert.equal(third.value?.choices[0].finish_reason, 'stop');
  assert.deepEqual(third.value?.spike, { seed: 6 });
  assert.equal(last.done, true);
});

test('logprobs come with their chunks, and all together with a whole answer', async () => {
  const one = (/** @type {string} */ text) => (
    { token: text, logprob: -1, bytes: [...new TextEncoder().encode(text)], top_logprobs: [] });
  const fill = (/** @type {AnswerStream} */ answer) => {
    answer.push({ ...token(''), logprobs: [] });
    answer.push({ ...token('ab'), logprobs: [one('a'), one('b')] });
    answer.push({ ...token('c'), logprobs: [one('c')] });
    answer.end(done);
  };
  const asked = () => new AnswerStream(info, { ...HOW, logprobs: true }, none, none);
  const streamed = asked();
  fill(streamed);
  const told = [];
  for await (const { choices: [choice] } of streamed) told.push(choice.logprobs);
  assert.deepEqual(told, [
    { content: [], refusal: null },
    { content: [one('a'), one('b')], refusal: null },
    { content: [one('c')], refusal: null },
    null, // beside the finish_reason
  ]);
  const whole = asked();
  const completion = whole.completion();
  fill(whole);
  assert.deepEqual((await completion).choices[0].logprobs, {
    content: [one('a'), one('b'), one('c')], refusal: null,
  });
});

test('an answer that was stopped says so, even where the worker was done before', async () => {
  const abort = new AbortController();
  const answer = new AnswerStream(info, { ...HOW, signal: abort.signal }, none, none);
  answer.push(token('a'));
  abort.abort();
  answer.push(token('b'));
  answer.end(done);
  const { choices } = await answer.completion();
  assert.deepEqual([choices[0].message.content, choices[0].finish_reason], ['a', 'abort']);
});

test('an error wakes all who wait; the first of them has it', async () => {
  const answer = open();
  answer.begun.catch(none);
  const calls = [answer.next(), answer.next()];
  answer.fail(new SpikeError('timeout', 'silence'));
  const [first, second] = await Promise.allSettled(calls);
  assert.equal(first.status === 'rejected' && first.reason.code, 'timeout');
  assert.equal(second.status === 'fulfilled' && second.value.done, true);
});

test('a token without counts gives text and no spikes', async () => {
  const answer = open();
  const whole = answer.completion();
  answer.push(token('a', []));
  answer.push(token('b'));
  answer.end(done);
  const { choices, spike } = await whole;
  assert.equal(choices[0].message.content, 'ab');
  assert.equal(spike.tokens.length, 1);
  assert.equal(spike.seed, 6);
});
