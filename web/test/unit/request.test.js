import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpikeError } from '../../errors.js';
import { checkEngineOptions, checkRequest, toAnswerRequest } from '../../request.js';

const messages = [{ role: 'user', content: 'Hello' }];

/**
 * @param {() => unknown} call
 * @param {RegExp} message
 */
const refuses = (call, message) => assert.throws(call, (error) => {
  assert.ok(error instanceof SpikeError);
  assert.equal(error.code, 'bad_request');
  assert.match(error.message, message);
  return true;
});

test('every documented field is accepted', () => {
  const { signal } = new AbortController();
  const request = {
    messages: [{ role: 'system', content: '' }, ...messages, { role: 'assistant', content: 'Hi' }], model: 'm', stream: true,
    stream_options: { include_usage: true }, max_tokens: 1, temperature: 2, top_p: 1, seed: Number.MAX_SAFE_INTEGER,
    stop: ['a', 'b'], signal, steps: 0, top_k: 0, min_p: 1, repetition_penalty: 1,
  };
  const checked = checkRequest(request, {}, 'm');
  assert.equal(checked.signal, signal);
  assert.deepEqual(toAnswerRequest(checked.request, 4), {
    messages: request.messages, max_tokens: 1, temperature: 2, top_p: 1, seed: Number.MAX_SAFE_INTEGER,
    stop: ['a', 'b'], steps: 0, top_k: 0, min_p: 1, repetition_penalty: 1,
  });
});

test('the signal of the second argument counts first', () => {
  const [first, second] = [new AbortController().signal, new AbortController().signal];
  assert.equal(checkRequest({ messages, signal: first }, { signal: second }, 'm').signal, second);
});

test('undefined is as good as left out', () => {
  const { request } = checkRequest({ messages, temperature: undefined }, {}, 'm');
  assert.equal(toAnswerRequest(request, 2).steps, 2);
  refuses(() => checkRequest({ messages: undefined }, {}, 'm'), /^messages is missing$/);
});

test('null is as good as left out, and does not reach the engine', () => {
  const nothing = Object.fromEntries(['model', 'stream', 'stream_options', 'max_tokens', 'temperature', 'top_p', 'seed', 'stop', 'signal',
    'steps', 'top_k', 'min_p', 'repetition_penalty'].map((name) => [name, null]));
  const { request, signal } = checkRequest({ messages, ...nothing }, { signal: null }, 'm');
  assert.equal(signal, undefined);
  assert.deepEqual(toAnswerRequest(request, 2), { messages, steps: 2 });
  checkRequest({ messages, stream: true, stream_options: { include_usage: null } }, {}, 'm');
  assert.deepEqual(checkEngineOptions({ model: null, steps: null, signal: null }), {});
  refuses(() => checkRequest({ messages: null }, {}, 'm'), /^messages is missing$/);
  refuses(() => checkRequest({ messages: [{ role: 'user', content: null }] }, {}, 'm'), /^messages\[0\]\.content is missing$/);
  refuses(() => checkRequest({ messages, n: null }, {}, 'm'), /^unknown field n$/);
});

test('what is not known or not right is refused by name', () => {
  for (const [field, message] of /** @type {[object, RegExp][]} */ ([
    [{ frequency_penalty: 0 }, /^unknown field frequency_penalty$/],
    [{ toString: 1 }, /^unknown field toString$/],
    [{ JSON: undefined }, /^unknown field JSON$/],
    [{ messages: [] }, /^messages /], [{ messages: 'x' }, /^messages /],
    [{ messages: [{ role: 'tool', content: '' }] }, /^messages\[0\]\.role /],
    [{ messages: [{ role: 'user' }] }, /^messages\[0\]\.content is missing$/],
    [{ messages: [...messages, { role: 'user', content: [{ type: 'text' }] }] }, /^messages\[1\]\.content /],
    [{ messages: [{ role: 'user', content: '', name: 'x' }] }, /^unknown field messages\[0\]\.name$/],
    [{ model: 'other' }, /^model must be m/],
    [{ stream: 1 }, /^stream /], [{ stream_options: {} }, /^stream_options is for stream: true$/],
    [{ stream: true, stream_options: { x: 1 } }, /^unknown field stream_options\.x$/],
    [{ max_tokens: 0 }, /^max_tokens /], [{ max_tokens: 1.5 }, /^max_tokens /],
    [{ temperature: NaN }, /^temperature /], [{ temperature: 2.1 }, /^temperature /], [{ temperature: '1' }, /^temperature /],
    [{ top_p: 0 }, /^top_p /], [{ min_p: -0.1 }, /^min_p /], [{ top_k: -1 }, /^top_k /],
    [{ repetition_penalty: 0.9 }, /^repetition_penalty must be a number from 1 to 10$/], [{ seed: -1 }, /^seed /], [{ seed: 2 ** 53 }, /^seed /],
    [{ stop: '' }, /^stop /], [{ stop: Array(17).fill('x') }, /^stop /], [{ stop: ['x'.repeat(257)] }, /^stop /],
    [{ steps: 3 }, /^steps must be one of 0, 1, 2, 4$/], [{ signal: {} }, /^signal /],
  ])) refuses(() => checkRequest({ messages, ...field }, {}, 'm'), message);
  for (const request of [null, undefined, 1, 'x', [messages]]) refuses(() => checkRequest(request, {}, 'm'), /must be an object/);
  refuses(() => checkRequest({ messages }, { timeout: 1 }, 'm'), /^unknown field options\.timeout$/);
});

test('options of the engine', () => {
  const options = { model: new URL('http://x/manifest.json'), steps: 2, kernel: 'popcount', build: 'plain', context: 512 };
  assert.deepEqual(checkEngineOptions(options), options);
  for (const [option, message] of /** @type {[object, RegExp][]} */ ([
    [{ threads: 2 }, /^unknown field threads$/], [{ kernel: 'gpu' }, /^kernel must be one of auto, lookup, popcount, dot$/],
    [{ build: 'x' }, /^build /], [{ model: 1 }, /^model /], [{ model: 'http://[' }, /^model is not an address$/], [{ context: 0 }, /^context /], [{ onprogress: 1 }, /^onprogress /],
  ])) refuses(() => checkEngineOptions(option), message);
});
