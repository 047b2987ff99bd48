import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpikeError } from '../../../shared/errors.js';
import { checkEngineOptions, checkRequest, toAnswerRequest } from '../../../api/request.js';

/** @import { CodingFields } from '../../../api/types.js' */

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
    messages: [{ role: 'system', content: '' }, ...messages, { role: 'assistant', content: 'Hi' }],
    model: 'm',
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 1,
    temperature: 2,
    top_p: 1,
    seed: Number.MAX_SAFE_INTEGER,
    stop: ['a', 'b'],
    signal,
    steps: 0,
    cache_steps: 0,
    top_k: 0,
    min_p: 1,
    repetition_penalty: 1,
    chat_template_kwargs: { enable_thinking: false },
    spike: { date: '2028-02-29' },
  };
  const checked = checkRequest(request, {}, 'm');
  assert.equal(checked.signal, signal);
  assert.deepEqual(toAnswerRequest(checked.request, { preset: 'fewest', cache_steps: 2 }), {
    messages: request.messages,
    max_tokens: 1,
    temperature: 2,
    top_p: 1,
    seed: Number.MAX_SAFE_INTEGER,
    stop: ['a', 'b'],
    steps: 0,
    cache_steps: 0,
    top_k: 0,
    min_p: 1,
    repetition_penalty: 1,
    thinking: false,
    date: '2028-02-29',
  });
});

test('what OpenAI’s clients send unasked changes nothing', () => {
  const neutral = {
    n: 1, frequency_penalty: 0, presence_penalty: 0, logprobs: false, tools: [],
    response_format: { type: 'text' }, user: 'somebody',
  };
  const { request } = checkRequest({ messages, ...neutral }, {}, 'm');
  assert.deepEqual(toAnswerRequest(request, {}), { messages });
  for (const more of [{}, { max_tokens: 3 }]) {
    const { request: limited } =
      checkRequest({ messages, max_completion_tokens: 3, ...more }, {}, 'm');
    assert.deepEqual(toAnswerRequest(limited, {}), { messages, max_tokens: 3 });
  }
});

test('logprobs are asked for with a number of alternatives', () => {
  for (const [fields, sent] of /** @type {[object, object][]} */ ([
    [{ logprobs: true }, { top_logprobs: 0 }],
    [{ logprobs: true, top_logprobs: null }, { top_logprobs: 0 }],
    [{ logprobs: true, top_logprobs: 20 }, { top_logprobs: 20 }],
    [{ logprobs: null, top_logprobs: null }, {}],
  ])) {
    const { request } = checkRequest({ messages, ...fields }, {}, 'm');
    assert.deepEqual(toAnswerRequest(request, {}), { messages, ...sent });
  }
});

test('content may come in parts of text, and system is also called developer', () => {
  const text = (/** @type {string} */ words) => ({ type: 'text', text: words });
  const { request } = checkRequest({
    messages: [
      { role: 'developer', content: 'Be brief' },
      { role: 'user', content: [text('One '), text(''), text('two')] },
      { role: 'assistant', content: [] },
      { role: 'user', content: [text('x')] },
    ],
  }, {}, 'm');
  assert.deepEqual(toAnswerRequest(request, {}).messages, [
    { role: 'system', content: 'Be brief' },
    { role: 'user', content: 'One two' },
    { role: 'assistant', content: '' },
    { role: 'user', content: 'x' },
  ]);
  for (const [content, message] of /** @type {[unknown, RegExp][]} */ ([
    [[{ type: 'image_url', image_url: {} }], /^messages\[0\]\.content\[0\]\.type must be one/],
    [[{ ...text(''), x: 1 }], /^unknown field messages\[0\]\.content\[0\]\.x$/],
    [[{ type: 'audio', text: '' }], /^messages\[0\]\.content\[0\]\.type must be one of text$/],
    [[{ type: 'text' }], /^messages\[0\]\.content\[0\]\.text is missing$/],
    [['x'], /^messages\[0\]\.content\[0\] must be an object$/],
    [{}, /^messages\[0\]\.content must be a string, or a list of at most 4096 parts of text$/],
    [Array(4097).fill(text('')), /^messages\[0\]\.content must be a string, or a list/],
    [[text('x'.repeat((4 << 20) + 1))], /^messages hold 4194305 characters/],
  ])) refuses(() => checkRequest({ messages: [{ role: 'user', content }] }, {}, 'm'), message);
});

test('the signal of the second argument counts first', () => {
  const [first, second] = [new AbortController().signal, new AbortController().signal];
  assert.equal(checkRequest({ messages, signal: first }, { signal: second }, 'm').signal, second);
});

test('undefined is as good as left out', () => {
  const { request } = checkRequest({ messages, temperature: undefined }, {}, 'm');
  assert.equal(toAnswerRequest(request, { steps: 2 }).steps, 2);
  refuses(() => checkRequest({ messages: undefined }, {}, 'm'), /^messages is missing$/);
});

test('null is as good as left out, and does not reach the engine', () => {
  const nothing = Object.fromEntries(
    [
      'model',
      'stream',
      'stream_options',
      'max_tokens',
      'temperature',
      'top_p',
      'seed',
      'stop',
      'signal',
      'preset',
      'steps',
      'cache_steps',
      'top_k',
      'min_p',
      'repetition_penalty',
      'chat_template_kwargs',
      'spike',
    ].map((name) => [name, null]),
  );
  const { request, signal } = checkRequest({ messages, ...nothing }, { signal: null }, 'm');
  assert.equal(signal, undefined);
  assert.deepEqual(toAnswerRequest(request, { steps: 2 }), { messages, steps: 2 });
  assert.deepEqual(
    toAnswerRequest(request, {}),
    { messages },
    'what nobody says is left to the engine',
  );
  checkRequest({ messages, stream: true, stream_options: { include_usage: null } }, {}, 'm');
  assert.deepEqual(
    {
      ...checkEngineOptions({
        model: null,
        preset: null,
        steps: null,
        cache_steps: undefined,
        signal: null,
      }),
    },
    {},
  );
  refuses(() => checkRequest({ messages: null }, {}, 'm'), /^messages is missing$/);
  refuses(
    () => checkRequest({ messages: [{ role: 'user', content: null }] }, {}, 'm'),
    /^messages\[0\]\.content is missing$/,
  );
  refuses(() => checkRequest({ messages, x: null }, {}, 'm'), /^unknown field x$/);
});

test('what is not known or not right is refused by name', () => {
  for (const [field, message] of /** @type {[object, RegExp][]} */ ([
    [{ logit_bias: {} }, /^unknown field logit_bias$/],
    [{ top_logprobs: 0 }, /^top_logprobs is for logprobs: true$/],
    [{ logprobs: false, top_logprobs: 5 }, /^top_logprobs is for logprobs: true$/],
    [{ logprobs: true, top_logprobs: 21 }, /^top_logprobs must be a whole number from 0 to 20$/],
    [{ logprobs: true, top_logprobs: -1 }, /^top_logprobs must be a whole number from 0 to 20$/],
    [{ logprobs: true, top_logprobs: 1.5 }, /^top_logprobs must be a whole number/],
    [{ logprobs: true, top_logprobs: true }, /^top_logprobs must be a whole number/],
    [{ logprobs: 5 }, /^logprobs must be a boolean$/],
    [{ n: 2 }, /^n must be 1: the engine has nothing else$/],
    [{ frequency_penalty: 0.1 }, /^frequency_penalty must be 0: /],
    [{ presence_penalty: -1 }, /^presence_penalty must be 0: /],
    [{ tools: [{}] }, /^tools must be an empty list: the engine has none$/],
    [{ tools: {} }, /^tools must be an empty list/],
    [{ response_format: { type: 'json_object' } }, /^response_format\.type must be one of text$/],
    [{ response_format: {} }, /^response_format\.type is missing$/],
    [{ user: 1 }, /^user must be a string$/],
    [{ max_completion_tokens: 0 }, /^max_completion_tokens /],
    [{ max_tokens: 1, max_completion_tokens: 2 }, /^max_tokens and max_completion_tokens differ$/],
    [{ toString: 1 }, /^unknown field toString$/],
    [{ JSON: undefined }, /^unknown field JSON$/],
    [{ messages: [] }, /^messages /],
    [{ messages: 'x' }, /^messages /],
    [{ messages: [{ role: 'tool', content: '' }] }, /^messages\[0\]\.role /],
    [{ messages: [{ role: 'user' }] }, /^messages\[0\]\.content is missing$/],
    [
      { messages: [...messages, { role: 'user', content: [{ type: 'text' }] }] },
      /^messages\[1\]\.content\[0\]\.text is missing$/,
    ],
    [
      { messages: [{ role: 'user', content: '', name: 'x' }] },
      /^unknown field messages\[0\]\.name$/,
    ],
    [{ model: 'other' }, /^model must be m/],
    [{ stream: 1 }, /^stream /],
    [{ stream_options: {} }, /^stream_options is for stream: true$/],
    [{ stream: true, stream_options: { x: 1 } }, /^unknown field stream_options\.x$/],
    [{ max_tokens: 0 }, /^max_tokens /],
    [{ max_tokens: 1.5 }, /^max_tokens /],
    [{ temperature: NaN }, /^temperature /],
    [{ temperature: 2.1 }, /^temperature /],
    [{ temperature: '1' }, /^temperature /],
    [{ top_p: 0 }, /^top_p /],
    [{ min_p: -0.1 }, /^min_p /],
    [{ top_k: -1 }, /^top_k /],
    [{ repetition_penalty: 0.9 }, /^repetition_penalty must be a number from 1 to 10$/],
    [{ seed: -1 }, /^seed /],
    [{ seed: 2 ** 53 }, /^seed /],
    [{ stop: '' }, /^stop /],
    [{ stop: Array(17).fill('x') }, /^stop /],
    [{ stop: ['x'.repeat(257)] }, /^stop /],
    [{ steps: 3 }, /^steps must be one of 0, 1, 2, 4$/],
    [{ steps: '4' }, /^steps /],
    [{ cache_steps: 3 }, /^cache_steps must be one of 0, 1, 2, 4$/],
    [{ cache_steps: true }, /^cache_steps /],
    [{ cache_steps: {} }, /^cache_steps\.high is missing$/],
    [{ cache_steps: [4] }, /^cache_steps must be an object$/],
    [{ cache_steps: { high: 4, low: 2, share: null } }, /^cache_steps\.share is missing$/],
    [
      { cache_steps: { high: 4, low: 2, share: 1.1 } },
      /^cache_steps\.share must be a number from 0 to 1$/,
    ],
    [{ cache_steps: { high: 4, low: 0, share: 1 } }, /^cache_steps\.low must be one of 1, 2, 4$/],
    [
      { cache_steps: { high: 1, low: 2, share: 1 } },
      /^cache_steps\.low must not be above cache_steps\.high$/,
    ],
    [{ cache_steps: { high: 4, low: 2, share: 1, seed: 1 } }, /^unknown field cache_steps\.seed$/],
    [{ preset: 'Best' }, /^preset must be one of best, balanced, fewest$/],
    [{ preset: '' }, /^preset /],
    [{ preset: 4 }, /^preset /],
    [{ preset: 'uniform' }, /^preset /],
    [{ preset: ['best'] }, /^preset /],
    [{ preset: 'best', steps: 4 }, /^preset and steps exclude each other$/],
    [{ preset: 'fewest', steps: 0 }, /^preset and steps exclude each other$/],
    [{ cacheSteps: 4 }, /^unknown field cacheSteps$/],
    [
      { chat_template_kwargs: { thinking: true } },
      /^unknown field chat_template_kwargs\.thinking$/,
    ],
    [
      { chat_template_kwargs: { enable_thinking: 'no' } },
      /^chat_template_kwargs\.enable_thinking must be a boolean$/,
    ],
    ...['', 'today', '2026-02-29', '2026-1-1', '2026-11-30T00:00', '0999-01-01', 20261130].map(
      (date) => [{ spike: { date } }, /^spike\.date must be /]),
    [{ signal: {} }, /^signal /],
  ]))
    refuses(() => checkRequest({ messages, ...field }, {}, 'm'), message);
  for (const request of [null, undefined, 1, 'x', [messages]])
    refuses(() => checkRequest(request, {}, 'm'), /must be an object/);
  refuses(
    () => checkRequest({ messages }, { timeout: 1 }, 'm'),
    /^unknown field options\.timeout$/,
  );
});

test('a request\'s coding takes the place of the engine\'s', () => {
  /** @param {object} fields @param {CodingFields} [coding] */
  const coded = (fields, coding = {}) => {
    const { messages: _, ...rest } = toAnswerRequest(
      checkRequest({ messages, ...fields }, {}, 'm').request,
      coding,
    );
    return rest;
  };
  for (const [fields, coding, expected] of /** @type {[object, CodingFields, object][]} */ ([
    [{}, {}, {}],
    [{}, { preset: 'fewest' }, { preset: 'fewest' }],
    [{}, { steps: 2, cache_steps: 4 }, { steps: 2, cache_steps: 4 }],
    [{ preset: 'best' }, { preset: 'fewest' }, { preset: 'best' }],
    [{ preset: 'best' }, { steps: 2 }, { preset: 'best' }],
    [{ steps: 0 }, { preset: 'fewest' }, { steps: 0 }],
    [{ preset: null, steps: 1 }, { preset: 'fewest' }, { steps: 1 }],
    [{ preset: null }, { preset: 'fewest' }, { preset: 'fewest' }],
    [{ cache_steps: 0 }, { steps: 4, cache_steps: 2 }, { steps: 4, cache_steps: 0 }],
    [{ preset: 'balanced' }, { steps: 4, cache_steps: 2 }, { preset: 'balanced', cache_steps: 2 }],
    [{ preset: 'balanced', cache_steps: 1 }, {}, { preset: 'balanced', cache_steps: 1 }],
    [
      { cache_steps: { high: 4, low: 2, share: 0.5 } },
      { cache_steps: 1 },
      { cache_steps: 4, cache_low: 2, cache_share: 0.5 },
    ],
    [
      { steps: 2 },
      { cache_steps: { high: 2, low: 2, share: 0 } },
      { steps: 2, cache_steps: 2, cache_low: 2, cache_share: 0 },
    ],
    [{ cache_steps: 2 }, { cache_steps: { high: 4, low: 2, share: 0.5 } }, { cache_steps: 2 }],
    [
      { cache_steps: null },
      { cache_steps: { high: 4, low: 1, share: 1 } },
      { cache_steps: 4, cache_low: 1, cache_share: 1 },
    ],
  ]))
    assert.deepEqual(coded(fields, coding), expected, JSON.stringify([fields, coding]));
});

test('cache_steps are those that were checked, whatever becomes of the caller\'s object', () => {
  const mine = { high: /** @type {const} */ (4), low: /** @type {1 | 2 | 4} */ (2), share: 0.5 };
  const coding = checkEngineOptions({ cache_steps: mine });
  const { request } = checkRequest({ messages, cache_steps: mine }, {}, 'm');
  Object.assign(mine, { low: 3, share: 'all' });
  const expected = { messages, cache_steps: 4, cache_low: 2, cache_share: 0.5 };
  assert.deepEqual(toAnswerRequest(request, {}), expected);
  assert.deepEqual(toAnswerRequest(checkRequest({ messages }, {}, 'm').request, coding), expected);
});

test('options of the engine', () => {
  const options = {
    model: new URL('http://x/manifest.json'),
    steps: 2,
    kernel: 'popcount',
    build: 'plain',
    context: 512,
    cache_steps: 4,
  };
  assert.deepEqual({ ...checkEngineOptions(options) }, { ...options, model: options.model.href });
  assert.deepEqual({ ...checkEngineOptions({ preset: 'balanced' }) }, { preset: 'balanced' });
  for (const [option, message] of /** @type {[object, RegExp][]} */ ([
    [{ steps: 3 }, /^steps /],
    [{ cache_steps: 3 }, /^cache_steps must be one of 0, 1, 2, 4$/],
    [{ preset: 'x' }, /^preset must be one of best, balanced, fewest$/],
    [{ preset: 'best', steps: 4 }, /^preset and steps exclude each other$/],
    [{ workers: 2 }, /^unknown field workers$/],
    [{ threads: 0 }, /^threads /],
    [{ threads: 9 }, /^threads /],
    [{ threads: 'two' }, /^threads /],
    [{ kernel: 'gpu' }, /^kernel must be one of auto, lookup, popcount, dot$/],
    [{ build: 'x' }, /^build /],
    [{ model: 1 }, /^model /],
    [{ model: 'http://[' }, /^model is not an address$/],
    [{ context: 0 }, /^context /],
    [{ onprogress: 1 }, /^onprogress /],
  ]))
    refuses(() => checkEngineOptions(option), message);
});

test('what an object inherits, or hides from enumeration, is not there', () => {
  refuses(
    () => checkRequest(Object.create({ messages: [() => {}] }), {}, 'm'),
    /^messages is missing$/,
  );
  refuses(
    () => checkRequest(Object.defineProperty({}, 'messages', { value: [() => {}] }), {}, 'm'),
    /^messages is missing$/,
  );
  refuses(
    () =>
      checkRequest(
        { messages: [Object.assign(Object.create({ content: () => {} }), { role: 'user' })] },
        {},
        'm',
      ),
    /^messages\[0\]\.content is missing$/,
  );
  refuses(
    () => checkRequest({ messages: [, ...messages] }, {}, 'm'),
    /^messages\[0\] must be an object$/,
  );
  assert.equal(checkRequest({ messages }, Object.create({ signal: 1 }), 'm').signal, undefined);
});

test('a top_p that float32 rounds to 0, which means off, is refused', () => {
  for (const top_p of [1e-50, 2 ** -150, Number.MIN_VALUE])
    refuses(
      () => checkRequest({ messages, top_p }, {}, 'm'),
      /^top_p must be a number above 0 to 1$/,
    );
  checkRequest(
    { messages, top_p: 2 ** -149, temperature: 1e-50, min_p: 1e-50, repetition_penalty: 1 + 1e-12 },
    {},
    'm',
  );
});

test('messages together are bounded', () => {
  const half = { role: 'user', content: 'é'.repeat(2 << 20) };
  checkRequest({ messages: [half, half] }, {}, 'm');
  refuses(
    () => checkRequest({ messages: [half, half, { role: 'user', content: 'x' }] }, {}, 'm'),
    /^messages hold 4194305 characters, at most 4194304: /,
  );
});

test('the length of a list is read as a number, once', () => {
  let conversions = 0;
  const length = { valueOf: () => { conversions++; return 1; } };
  const list = new Proxy(messages, { get: (_, key) => (key === 'length' ? length : messages[0]) });
  refuses(() => checkRequest({ messages: list }, {}, 'm'), /^messages must be a list of 1 to/);
  refuses(() => checkRequest({ messages, stop: list }, {}, 'm'), /^stop must be a string/);
  assert.equal(conversions, 0);
});

test('what a message holds of a stranger is short, and seen as what it is', () => {
  const messageOf = (/** @type {object} */ request) => {
    try {
      checkRequest(request, {}, 'm');
      return '';
    } catch (error) {
      return /** @type {SpikeError} */ (error).message;
    }
  };
  const long = messageOf({ ['x'.repeat(1e6)]: 1 });
  assert.ok(long.startsWith('unknown field xxx') && long.endsWith('x…'), long.slice(0, 50));
  assert.ok(long.length < 200);
  assert.equal(
    messageOf({ 'a\u001b[2J\u202eb\u200b\u3164\n\u{e0041}\ud800': 1 }),
    'unknown field a\\u{1b}[2J\\u{202e}b\\u{200b}\\u{3164}\\u{a}\\u{e0041}\\u{d800}');
  assert.equal(messageOf({ 'größe 模型 🙂': 1 }), 'unknown field größe 模型 🙂');
  const thrown = messageOf({ get messages() { throw new Error(`\u202e${'y'.repeat(1e6)}`); } });
  assert.ok(thrown.startsWith('messages cannot be read: \\u{202e}yyy'), thrown.slice(0, 50));
  assert.ok(thrown.length < 200);
});
