import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Calls } from '../../../embed/calls.js';
import { SpikeError } from '../../../shared/errors.js';

/** @import { Method } from '../../../embed/calls.js' */

/** @param {string} name @param {unknown[]} [values] */
const call = (id = 1, name = 'x', values = [], aborted = false) => ({
  type: /** @type {const} */ ('call'), id, path: name.split('.'), values, aborted,
});

/** @param {Record<string, Method>} methods */
function setUp(methods) {
  /** @type {any[]} */
  const posted = [];
  return { posted, calls: new Calls((path) => methods[path], (message) => posted.push(message)) };
}

test('a value comes back, and so does an error', async () => {
  const { posted, calls } = setUp({
    'a.b': { call: (x, y) => x + y },
    ours: { call: () => { throw new SpikeError('busy', 'later', { retryable: true }); } },
    theirs: { call: () => { throw new TypeError('odd'); } },
  });
  await calls.call(call(1, 'a.b', [1, 2]));
  await calls.call(call(2, 'ours'));
  await calls.call(call(3, 'theirs'));
  await calls.call(call(4, 'nothing'));
  assert.deepEqual(posted, [
    { type: 'end', id: 1, value: 3 },
    { type: 'end', id: 2, error: { code: 'busy', message: 'later', retryable: true } },
    { type: 'end', id: 3, error: { code: 'bad_request', message: 'odd', retryable: false } },
    {
      type: 'end', id: 4,
      error: { code: 'bad_request', message: 'there is no method nothing', retryable: false },
    },
  ]);
});

test('a signal is put where the method takes it, and fires', async () => {
  /** @type {AbortSignal[]} */
  const signals = [];
  const { calls } = setUp({
    x: { call: (_, { signal, ...rest }) => { signals.push(signal); return rest; }, options: 1 },
    wait: {
      call: (/** @type {{signal: AbortSignal}} */ { signal }) => new Promise((resolve) => {
        signals.push(signal);
        signal.addEventListener('abort', resolve);
      }),
      options: 0,
    },
  });
  await calls.call(call(1, 'x', ['a', { b: 1 }], true));
  assert.equal(signals[0].aborted, true);
  const waiting = calls.call(call(2, 'wait'));
  calls.stop(3);
  assert.equal(signals[1].aborted, false);
  calls.stop(2);
  await waiting;
  calls.stop(2);
});

test('a stream is read step by step, and left', async () => {
  let left = 0;
  const { posted, calls } = setUp({
    stream: {
      async* call() {
        try {
          yield 'a';
          yield 'b';
          throw new SpikeError('timeout', 'late');
        } finally {
          left++;
        }
      },
    },
  });
  await calls.call(call(1, 'stream'));
  await calls.call(call(2, 'next', [1]));
  await calls.call(call(3, 'next', [1]));
  await calls.call(call(4, 'next', [1]));
  await calls.call(call(5, 'next', [1]));
  await calls.call(call(6, 'stream'));
  await calls.call(call(7, 'next', [6]));
  await calls.call(call(8, 'return', [6]));
  await calls.call(call(9, 'next', [6]));
  await calls.call(call(10, 'next', ['x']));
  assert.deepEqual(posted, [
    { type: 'stream', id: 1 },
    { type: 'end', id: 2, value: { done: false, value: 'a' } },
    { type: 'end', id: 3, value: { done: false, value: 'b' } },
    { type: 'end', id: 4, error: { code: 'timeout', message: 'late', retryable: false } },
    { type: 'end', id: 5, value: { done: true, value: undefined } },
    { type: 'stream', id: 6 },
    { type: 'end', id: 7, value: { done: false, value: 'a' } },
    { type: 'end', id: 8, value: { done: true, value: undefined } },
    { type: 'end', id: 9, value: { done: true, value: undefined } },
    { type: 'end', id: 10, value: { done: true, value: undefined } },
  ]);
  assert.equal(left, 2);
});
