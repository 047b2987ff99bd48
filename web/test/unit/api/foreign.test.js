// Objects of callers that answer otherwise the second time, throw, or are not what they look like:
// each is refused as bad_request or read once, and the engine answers the next question.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import vm from 'node:vm';
import { DEFAULT_MODEL, createEngine } from '../../../api/engine.js';
import { checkEngineOptions, checkRequest, toAnswerRequest } from '../../../api/request.js';
import { SpikeError } from '../../../shared/errors.js';

/** @import { AskMessage, LoadMessage } from '../../../shared/protocol.js' */

const population = () => ({ name: 'qkv', neurons: 1, fan_out: 1 });
const MODEL = {
  name: 'm', license: '', layers: 1, heads: 1, hidden: 1, vocab: 1, context: 8,
  presets: ['best'], chat: { system: true, dates: false }, shards: [],
  bytes: 1, sha256: '00', populations: [population()], cache: [],
};
const KERNEL = { kernel: 'lookup', prompt_kernel: 'lookup', why: '', context: 8, simd: false,
  threads: 1, threads_why: '', precision: { planes: 8, of: 8 } };

/** A worker that copies what it is sent, as a real one does, and answers with one token. */
class OneTokenWorker {
  /** @type {(LoadMessage | AskMessage)[]} */
  static sent = [];
  /** @type {((event: {data: unknown}) => void) | null} */
  onmessage = null;

  /** @param {any} message */
  postMessage(message) {
    const copy = structuredClone(message);
    OneTokenWorker.sent.push(copy);
    const { type, id } = copy;
    const counts = new Uint32Array(8);
    /** @type {object[]} */
    const answers = type === 'load'
      ? [{ type: 'ready', model: structuredClone(MODEL), kernel: KERNEL, build: 'plain' }]
      : [
        { type: 'begun', id, prompt_tokens: 1, cached_tokens: 0, precision: { planes: 8, of: 8 } },
        { type: 'token', id, token: 1, text: 'x', position: 1, counts },
        { type: 'done', id, reason: 'stop', completion_tokens: 1, prefill_ms: 0, decode_ms: 0 },
      ];
    for (const data of answers) queueMicrotask(() => this.onmessage?.({ data }));
  }

  terminate() {}
}

const before = Object.getOwnPropertyDescriptors(globalThis);
Object.assign(globalThis, { Worker: OneTokenWorker, document: { baseURI: 'http://localhost/' } });
beforeEach(() => { OneTokenWorker.sent = []; });
after(() => {
  for (const name of /** @type {const} */ (['Worker', 'document'])) {
    Reflect.deleteProperty(globalThis, name);
    if (before[name]) Object.defineProperty(globalThis, name, before[name]);
  }
});

const QUESTION = { messages: [{ role: /** @type {const} */ ('user'), content: 'x' }] };

/** @param {any} engine */
async function answers(engine) {
  const { choices, spike } = await engine.chat.completions.create(QUESTION);
  assert.equal(choices[0].message.content, 'x');
  assert.equal(spike.tokens.length, 1);
  assert.deepEqual(spike.tokens[0].populations, MODEL.populations);
}

/** @param {unknown} error */
const isBadRequest = (error) => {
  assert.ok(error instanceof SpikeError);
  assert.equal(error.code, 'bad_request', error.message);
  return true;
};

/**
 * An object that counts how often each of its properties is read, through all levels.
 * @param {any} value
 * @param {Map<string, number>} reads
 * @param {string} [name]
 * @returns {any}
 */
function counted(value, reads, name = '') {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const at = `${name}.${String(key)}`;
      reads.set(at, (reads.get(at) ?? 0) + 1);
      return counted(Reflect.get(target, key), reads, at);
    },
  });
}

test('every property is read once', () => {
  const request = {
    messages: [{ role: 'user', content: 'x' }, { role: 'assistant', content: 'y' }], stream: true,
    stream_options: { include_usage: true }, stop: ['a', 'b'], temperature: 1, top_p: 0.5,
    cache_steps: { high: 4, low: 2, share: 0.5 },
  };
  /** @type {Map<string, number>} */
  const reads = new Map();
  const { request: checked } = checkRequest(counted(request, reads), counted({}, reads), 'm');
  const { messages, stream: _, stream_options: __, cache_steps: ___, ...rest } = request;
  assert.deepEqual(
    toAnswerRequest(checked, {}),
    { ...rest, messages, cache_steps: 4, cache_low: 2, cache_share: 0.5 });
  const own = [...reads].filter(([at]) => !/\.(length|constructor|toJSON|Symbol\(.*\))$/.test(at));
  assert.ok(own.length >= 17, `${own.length} reads were counted`);
  assert.deepEqual(own.filter(([, times]) => times !== 1), []);
  reads.clear();
  checkEngineOptions(counted({ steps: 2, model: 'm.json', context: 8 }, reads));
  assert.deepEqual([...reads], [['.steps', 1], ['.model', 1], ['.context', 1]]);
});

/** @param {string} trap @returns {any} an object that throws where it is looked into */
const throwing = (trap) => new Proxy({}, { [trap]() { throw new TypeError('not for you'); } });
/** @returns {any} */
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
};
/** @param {number[]} values of the conversions to a number; the last again and again */
const turning = (...values) => ({ valueOf: () => values.length > 1 ? values.shift() : values[0] });
/** @param {unknown} value @param {unknown} then @returns {any} a getter that changes its mind */
const changing = (value, then, reads = 1) => ({
  role: 'user',
  get content() { return reads-- > 0 ? value : then; },
});

/** @type {[string, any, any?][]} a request, and the second argument */
const REQUESTS = [
  ['a getter that throws', { get messages() { throw new Error('mine'); } }],
  ['one that throws nothing', { get messages() { throw undefined; } }],
  ['one that throws what cannot be read', { get messages() { throw throwing('get'); } }],
  ['one that throws an error of ours', { get messages() { throw new SpikeError('busy', ''); } }],
  ['keys that throw', throwing('ownKeys')],
  ['descriptors that throw', new Proxy(QUESTION, { getOwnPropertyDescriptor() { throw 1; } })],
  ['values that throw', new Proxy(QUESTION, { get() { throw new Error('mine'); } })],
  ['a revoked proxy', revoked()],
  ['a revoked list', { messages: revoked() }],
  ['a revoked message', { messages: [revoked()] }],
  ['a list without an end', { messages: new Proxy([], { get: () => Infinity }) }],
  ['a list that is longer than it says', { messages: new Proxy([1, 2], { get: () => 1 }) }],
  ['a list whose length is an object', { messages: new Proxy([], { get: () => turning(1, 1e9) }) }],
  ['a length that is half a message', { messages: new Proxy([], { get: () => 1.5 }) }],
  ['stop strings that throw', { ...QUESTION, stop: new Proxy([], { get() { throw 1; } }) }],
  ['an object that is named after a symbol', { ...QUESTION, temperature: Symbol('1') }],
  ['a number that is an object', { ...QUESTION, temperature: { valueOf: () => 1 } }],
  ['a text that is an object', { messages: [{ role: 'user', content: new String('x') }] }],
  ['a signal that only looks like one', QUESTION, { signal: Object.create(AbortSignal.prototype) }],
  ['a signal that throws', QUESTION, { signal: throwing('getPrototypeOf') }],
  ['options that throw', QUESTION, throwing('ownKeys')],
];

for (const [name, request, options] of REQUESTS) {
  test(`${name} is a bad request, and the engine goes on`, async () => {
    const engine = await createEngine();
    for (let i = 0; i < 2; i++) {
      await assert.rejects(engine.chat.completions.create(request, options), isBadRequest);
    }
    assert.equal(OneTokenWorker.sent.length, 1, 'something was sent to the worker');
    await answers(engine);
  });
}

test('a getter that changes its mind is asked once', async () => {
  const engine = await createEngine();
  for (const then of [() => {}, 1n, Symbol('x'), undefined]) {
    const request = { messages: [changing('x', then)] };
    const { choices } = await engine.chat.completions.create(request);
    assert.equal(choices[0].finish_reason, 'stop');
  }
  await answers(engine);
});

test('engine options that throw are a bad request, and no worker is started', async () => {
  for (const options of [
    throwing('ownKeys'), revoked(), { get model() { throw new Error('mine'); } },
    { model: throwing('getPrototypeOf') }, { model: Object.create(URL.prototype) },
    { signal: Object.create(AbortSignal.prototype) }, { signal: throwing('get') },
  ]) await assert.rejects(createEngine(options), isBadRequest);
  assert.deepEqual(OneTokenWorker.sent, []);
});

/** @param {Record<string, unknown>} fields @param {() => Promise<void>} body */
async function polluted(fields, body) {
  Object.assign(Object.prototype, fields);
  try {
    await body();
  } finally {
    for (const name of Object.keys(fields)) Reflect.deleteProperty(Object.prototype, name);
  }
}

test('what is on Object.prototype is no option and no field', async () => {
  let events = 0;
  const fields = {
    model: 'http://elsewhere/manifest.json', kernel: 'dot', build: 'plain', context: 7,
    preset: 'fewest', steps: 1, cache_steps: 2, onprogress: () => { events++; }, signal: 1,
    temperature: 2, top_p: 0.1, seed: 9, stop: 'x', max_tokens: 1, top_k: 1, stream: true,
    whole: true, above: true, include_usage: true, stream_options: {}, url: 'x', retryable: true,
  };
  await polluted(fields, async () => {
    const engine = await createEngine({});
    await engine.chat.completions.create(QUESTION);
    await assert.rejects(engine.chat.completions.create(/** @type {any} */ ({})), (error) => {
      assert.ok(error instanceof SpikeError);
      return error.retryable === false && error.url === undefined && error.code === 'bad_request';
    });
  });
  const [load, ask] = OneTokenWorker.sent;
  assert.deepEqual(
    load, { type: 'load', model: DEFAULT_MODEL, build: 'auto', kernel: 'auto', context: 2048,
      threads: 'auto', useCache: true, early: false });
  assert.ok(ask.type === 'ask');
  const { seed, ...question } = ask.request;
  assert.deepEqual(question, QUESTION);
  assert.ok(seed !== undefined && seed !== 9, 'the seed is drawn');
  assert.equal(events, 0);
});

test('a signal counts by what it is, not by what was put on it', async () => {
  const engine = await createEngine();
  for (const name of ['addEventListener', 'removeEventListener', 'aborted']) {
    const { signal } = new AbortController();
    Object.defineProperty(signal, name, { get() { throw new Error('mine'); } });
    for (let i = 0; i < 2; i++) {
      const { choices } = await engine.chat.completions.create(QUESTION, { signal });
      assert.equal(choices[0].finish_reason, 'stop', name);
    }
    assert.equal((await createEngine({ signal })).info.name, 'm');
  }
  const fired = AbortSignal.abort();
  Object.defineProperty(fired, 'aborted', { value: false });
  const aborted = { code: 'aborted' };
  await assert.rejects(engine.chat.completions.create(QUESTION, { signal: fired }), aborted);
  await answers(engine);
});

test('objects of another realm are as good as our own', async () => {
  const engine = await createEngine();
  const request = vm.runInNewContext(
    '({ messages: [{ role: "user", content: "x" }], stop: ["a"], cache_steps: 2 })');
  const { choices } = /** @type {any} */ (
    await engine.chat.completions.create(request, vm.runInNewContext('({})')));
  assert.equal(choices[0].message.content, 'x');
  const ask = OneTokenWorker.sent[1];
  assert.ok(ask.type === 'ask');
  const { seed, ...question } = ask.request;
  assert.deepEqual(question, { ...QUESTION, stop: ['a'], cache_steps: 2 });
  assert.equal(typeof seed, 'number');
  await assert.rejects(
    engine.chat.completions.create(vm.runInNewContext('[1]')), isBadRequest);
});

test('what the engine tells of itself cannot be used to break it', async () => {
  const engine = await createEngine();
  for (const change of /** @type {((engine: any) => void)[]} */ ([
    ({ info }) => { info.populations.length = 0; },
    ({ info }) => { info.populations[0].neurons = 1e9; },
    ({ info }) => { info.presets.push('x'); },
    (all) => { all.info = { name: 'other', layers: 1e9, populations: [] }; },
  ])) {
    try {
      change(engine);
    } catch (error) {
      assert.ok(error instanceof TypeError);
    }
    await answers(engine);
  }
});
