import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WasmEngine } from '../../../worker/wasm-engine.js';

/** @import { Exports } from '../../../worker/wasm-engine.js' */

const BUFFER = 64;
const RESULT = 1024;

/**
 * Exports over real wasm memory, without Go.
 * @param {Partial<Exports>} overrides
 */
function fake(overrides) {
  const mem = new WebAssembly.Memory({ initial: 1 });
  let length = 0;
  const answer = (/** @type {unknown} */ value) => {
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    new Uint8Array(mem.buffer).set(bytes, RESULT);
    length = bytes.length;
  };
  const none = () => 0;
  /** @type {Exports} */
  const exports = {
    mem,
    buffer: () => BUFFER,
    open: none,
    load: none,
    unpack: none,
    finish: none,
    begin: none,
    prefill: none,
    step: none,
    end: none,
    hash: none,
    stats: none,
    inspect: none,
    join: none,
    share_bytes: none,
    can_begin: none,
    result_ptr: () => RESULT,
    result_len: () => length,
    ...overrides,
  };
  const read = (/** @type {number} */ n) =>
    new TextDecoder().decode(new Uint8Array(mem.buffer, BUFFER, n));
  return { exports, mem, answer, read };
}

test('arguments go through the exchange buffer and results come back', () => {
  let seen = '';
  const go = fake({
    begin: (n) => {
      seen = go.read(n);
      go.answer({ prompt_tokens: 3, cached_tokens: 1 });
      return 0;
    },
  });
  const request = { messages: [{ role: /** @type {const} */ ('user'), content: 'é\u0000😀' }] };
  assert.deepEqual(new WasmEngine(go.exports).begin(request), {
    prompt_tokens: 3,
    cached_tokens: 1,
  });
  assert.deepEqual(JSON.parse(seen), request);
});

test('a call may grow the memory', () => {
  const go = fake({ stats: () => { go.mem.grow(1); go.answer({ ok: true }); return 0; } });
  assert.deepEqual(new WasmEngine(go.exports).stats(), { ok: true });
});

test('a crash in one of several threads ends the engine, another error does not', () => {
  let code = 'context_full';
  const go = fake({
    open: () => { go.answer({}); return 0; },
    step: () => {
      go.answer({ code, message: 'no', retryable: false });
      return -1;
    },
  });
  const crew = {
    size: 2, call() {}, find: () => null, meet: () => ({ broken: false, share: () => 0 }) };
  const engine = new WasmEngine(go.exports, crew);
  engine.open(new Uint8Array(1));
  assert.throws(() => engine.step(), { code: 'context_full' });
  assert.doesNotThrow(() => engine.end());
  code = 'engine_crashed';
  assert.throws(() => engine.step(), { code: 'engine_crashed' });
  assert.throws(() => engine.end(), { code: 'engine_crashed' });
});

test('an error of Go keeps its code', () => {
  const go = fake({
    step: () => {
      go.answer({ code: 'context_full', message: 'no room', retryable: false });
      return -1;
    },
  });
  assert.throws(() => new WasmEngine(go.exports).step(), {
    code: 'context_full',
    message: 'no room',
  });
});

test('no buffer is out_of_memory', () => {
  assert.throws(
    () => new WasmEngine(fake({ buffer: () => 0 }).exports).load(0, new Uint8Array(9), true),
    { code: 'out_of_memory' },
  );
});

test('a request that the exchange buffer cannot take is a full context', () => {
  const content = 'x'.repeat(4 << 20);
  const go = fake({ buffer: () => 0 });
  assert.throws(() => new WasmEngine(go.exports).begin({ messages: [{ role: 'user', content }] }), {
    code: 'context_full',
    message: /4194304/,
  });
});

test('a trap ends the engine for good', () => {
  const boundary = new WasmEngine(
    fake({
      step: () => {
        throw new WebAssembly.RuntimeError('unreachable');
      },
    }).exports,
  );
  assert.throws(() => boundary.step(), { code: 'engine_crashed', message: /unreachable/ });
  assert.throws(() => boundary.stats(), { code: 'engine_crashed', message: /unreachable/ });
});

test('Go ending inside a call, without a trap, is seen before its result is used', () => {
  /** @type {WasmEngine} */
  const boundary = new WasmEngine(
    fake({
      end: () => {
        boundary.crashed('ended');
        return 0;
      },
    }).exports,
  );
  assert.throws(() => boundary.end(), { code: 'engine_crashed', message: 'ended' });
});
