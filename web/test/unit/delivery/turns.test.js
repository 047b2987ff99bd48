import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { inTurn } from '../../../delivery/turns.js';
import { browserHasLocks } from './locks.mjs';

afterEach(() => {
  mock.timers.reset();
  Reflect.deleteProperty(globalThis, 'navigator');
});

/** Lets all go on that can. */
const settle = async () => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => { setImmediate(resolve); });
};

/** Work that ends when the test says so. */
class Task {
  begun = 0;
  end = (/** @type {string} */ _) => {};
  tell = (/** @type {number} */ _) => {};

  work = (/** @type {(bytes: number) => void} */ tell) => {
    this.begun++;
    this.tell = tell;
    return /** @type {Promise<string>} */ (new Promise((resolve) => { this.end = resolve; }));
  };
}

test('one after the other; who waits hears how far the first is', async () => {
  browserHasLocks();
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const [first, second] = [new Task(), new Task()];
  /** @type {number[]} */
  const heard = [];
  const a = inTurn('aa', { onbytes: () => assert.fail() }, first.work);
  const b = inTurn('aa', { onbytes: (n) => heard.push(n) }, second.work);
  await settle();
  assert.deepEqual([first.begun, second.begun], [1, 0]);
  first.tell(7);
  // For longer than a silence may last.
  for (let s = 0; s < 60; s++) {
    mock.timers.tick(1000);
    await settle();
  }
  assert.deepEqual([second.begun, new Set(heard)], [0, new Set([7])]);
  first.end('first');
  await settle();
  assert.equal(second.begun, 1);
  second.end('second');
  assert.deepEqual(await Promise.all([a, b]), ['first', 'second']);
});

test('other shards do not wait', async () => {
  browserHasLocks();
  const [first, second] = [new Task(), new Task()];
  const onbytes = () => {};
  const all = [inTurn('aa', { onbytes }, first.work), inTurn('bb', { onbytes }, second.work)];
  await settle();
  assert.deepEqual([first.begun, second.begun], [1, 1]);
  first.end('');
  second.end('');
  await Promise.all(all);
});

test('a tab that has fallen silent keeps nobody waiting', async () => {
  const locks = browserHasLocks();
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  // As a page that its system has stopped: it holds the lock, and says nothing.
  locks.request('spikechat-shard/aa', {}, () => new Promise(() => {}));
  const task = new Task();
  const done = inTurn('aa', { onbytes: () => {} }, task.work);
  await settle();
  mock.timers.tick(14_000);
  await settle();
  assert.equal(task.begun, 0);
  mock.timers.tick(2000);
  await settle();
  assert.equal(task.begun, 1);
  task.end('went on');
  assert.equal(await done, 'went on');
});

test('waiting can be ended', async () => {
  const locks = browserHasLocks();
  locks.request('spikechat-shard/aa', {}, () => new Promise(() => {}));
  const abort = new AbortController();
  const done = inTurn('aa', { onbytes: () => {}, signal: abort.signal }, async () => 'work');
  await settle();
  abort.abort();
  await assert.rejects(done, { name: 'AbortError' });
});

for (const [name, navigator] of /** @type {const} */ ([
  ['no locks', {}],
  ['locks that are refused', {
    locks: { request: async () => { throw new DOMException('no', 'SecurityError'); } },
  }],
])) {
  test(`with ${name} work is done, and its errors pass`, async () => {
    Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
    assert.equal(await inTurn('aa', { onbytes: () => {} }, async () => 'done'), 'done');
    let times = 0;
    const failing = inTurn('aa', { onbytes: () => {} }, async () => {
      times++;
      throw new Error('broken');
    });
    await assert.rejects(failing, { message: 'broken' });
    assert.equal(times, 1);
  });
}
