import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseThreads } from '../../../worker/threads.js';

test('auto is one thread', () => {
  for (const isolated of [true, false])
    assert.deepEqual(
      chooseThreads('auto', isolated), { threads: 1, threads_why: 'the usual one' });
});

test('a page that is not isolated has one, whatever was asked for', () => {
  assert.match(chooseThreads(4, false).threads_why, /not isolated/);
  for (const wanted of [1, 2, 8]) assert.equal(chooseThreads(wanted, false).threads, 1);
});

test('a number is taken as it is', () => {
  for (const wanted of [1, 2, 8])
    assert.deepEqual(chooseThreads(wanted, true), { threads: wanted, threads_why: 'asked for' });
});
