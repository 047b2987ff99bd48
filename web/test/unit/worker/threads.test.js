import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_THREADS } from '../../../shared/contract.js';
import { autoThreads, chooseThreads } from '../../../worker/threads.js';

const FREE = { isolated: true, shares: true, cores: 4 };

test('auto is one thread, whatever there is', () => {
  for (let cores = 1; cores <= 64; cores++) {
    assert.equal(autoThreads(cores), 1);
    for (const isolated of [true, false])
      assert.deepEqual(chooseThreads('auto', { ...FREE, isolated, cores }),
        { threads: 1, threads_why: 'the usual one' });
  }
});

test('a page that is not isolated has one, whatever was asked for', () => {
  const place = { ...FREE, isolated: false };
  assert.match(chooseThreads(4, place).threads_why, /not isolated/);
  assert.deepEqual(chooseThreads(1, place), { threads: 1, threads_why: 'asked for' });
  for (let wanted = 1; wanted <= MAX_THREADS; wanted++)
    assert.equal(chooseThreads(wanted, place).threads, 1);
});

test('so has a browser that shares no memory', () => {
  const { threads, threads_why: why } = chooseThreads(4, { ...FREE, shares: false });
  assert.equal(threads, 1);
  assert.match(why, /no SharedArrayBuffer/);
});

test('a number is taken as it is', () => {
  for (const wanted of [1, 2, 8])
    assert.deepEqual(chooseThreads(wanted, FREE), { threads: wanted, threads_why: 'asked for' });
});
