// Threads that share: workers of Node over one memory, each with a buffer in place of an engine.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { Meeting, breakTeam, sharedMemory } from '../../../worker/meeting.js';

const BYTES = 4096;
const MEETING = new URL('../../../worker/meeting.js', import.meta.url).href;

/**
 * A thread that shares random parts so many times and compares all that it is given.
 * @typedef {{shared: SharedArrayBuffer, rank: number, size: number, rounds: number,
 *   leaves?: number, wait?: number}} Given
 */
const MEMBER = `
  import { parentPort, workerData } from 'node:worker_threads';
  import { Meeting } from '${MEETING}';
  const { shared, rank, size, rounds, leaves = Infinity, wait } = workerData;
  const buffer = new ArrayBuffer(8 + ${BYTES}), bytes = new Uint8Array(buffer, 8);
  const meeting = new Meeting(shared, size, () => buffer, wait);
  let wrong = 0, result = 0, done = 0;
  for (let round = 0; round < rounds && result === 0; round++) {
    if (round === leaves) break;
    const total = (round * 37) % (${BYTES} + 1);
    const cut = (r) => Math.floor(total * r / size);
    for (let i = cut(rank); i < cut(rank + 1); i++) bytes[i] = i * 7 + round;
    if (rank === round % size) for (let spin = 0; spin < 20_000; spin++);
    result = meeting.share(8, cut(rank), cut(rank + 1), total);
    if (result !== 0) break;
    for (let i = 0; i < total; i++) if (bytes[i] !== (i * 7 + round & 255)) wrong++;
    done++;
  }
  parentPort.postMessage({ wrong, result, done, broken: meeting.broken });
`;

/** @param {Given} given @returns {Promise<{wrong: number, result: number, done: number}>} */
function member(given) {
  const worker = new Worker(
    new URL(`data:text/javascript,${encodeURIComponent(MEMBER)}`), { workerData: given });
  return new Promise((resolve, reject) => {
    worker.on('message', resolve);
    worker.on('error', reject);
  });
}

for (const size of [1, 2, 3, 4]) {
  test(`${size} threads get what all published`, async () => {
    const shared = sharedMemory(BYTES), rounds = 500;
    const ends = await Promise.all(Array.from({ length: size },
      (_, rank) => member({ shared, rank, size, rounds })));
    for (const end of ends)
      assert.deepEqual(end, { wrong: 0, result: 0, done: rounds, broken: false });
  });
}

test('who waits for a thread that never comes is told in time', async () => {
  const shared = sharedMemory(BYTES);
  const given = { shared, size: 2, rounds: 10, wait: 3 };
  const [stays, goes] = await Promise.all(
    [member({ ...given, rank: 0 }), member({ ...given, rank: 1, leaves: 3 })]);
  assert.deepEqual([stays.result, stays.done, goes.done], [1, 3, 3]);
});

test('a team that is broken wakes who waits, and lets nobody in again', async () => {
  const shared = sharedMemory(BYTES);
  const waits = member({ shared, rank: 0, size: 2, rounds: 1 });
  setTimeout(() => breakTeam(shared), 300);
  assert.equal((await waits).result, 1);
  const late = new Meeting(shared, 2, () => new ArrayBuffer(BYTES));
  assert.equal(late.share(0, 0, 4, 4), 1);
});

test('a team that breaks as a thread is about to wait does not leave it waiting', (t) => {
  const shared = sharedMemory(BYTES);
  const { wait } = Atomics;
  /** @type {string[]} */
  const woken = [];
  t.mock.method(Atomics, 'wait', (/** @type {Parameters<typeof wait>} */ ...args) => {
    breakTeam(shared);
    woken.push(wait(...args));
    return woken[0];
  });
  const waits = new Meeting(shared, 2, () => new ArrayBuffer(BYTES), 200);
  assert.equal(waits.share(0, 0, 4, 4), 1);
  assert.deepEqual(woken, ['not-equal']);
});

test('a wait that takes as long as a machine sleeps does not break a team', (t) => {
  const shared = sharedMemory(BYTES);
  const control = new Int32Array(shared);
  let waits = 0, longest = 0;
  t.mock.method(Atomics, 'wait', (/** @type {Parameters<typeof Atomics.wait>} */ ...[,,, ms]) => {
    longest = Math.max(longest, ms ?? Infinity);
    // The other thread goes on after a while, too.
    if (++waits === 5) Atomics.add(control, 0, 1);
    return 'timed-out';
  });
  const early = new Meeting(shared, 2, () => new ArrayBuffer(BYTES));
  assert.equal(early.share(0, 0, 4, 4), 0);
  assert.deepEqual([waits, early.broken], [5, false]);
  // Short, so that a thread that is frozen is stopped before it has counted many.
  assert.ok(longest <= 1000, `${longest} ms`);
});

test('arrivals may run over', () => {
  const shared = sharedMemory(BYTES);
  new Int32Array(shared)[0] = 2 ** 31 - 3;
  const alone = new Meeting(shared, 1, () => new ArrayBuffer(BYTES));
  // Rounds begin at 0, so the first arrivals are far beyond what is waited for.
  for (let i = 0; i < 8; i++) assert.equal(alone.share(0, 0, 4, 4), 0);
});
