import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, besides } from '../../faults/report.mjs';

/** @param {string} row @param {number} tried @param {number} figure */
const part = (row, tried, figure) => ({
  browser: 'Chromium', row, tried, passed: tried - 1, failures: [`one of ${tried}`], figure,
  seconds: tried, date: '2026-11-30', processor: 'Intel',
});

test('parts of a row add up, the worst of their figures or the mean of all tries beside', () => {
  const killed = 'the worker killed while it answers';
  const both = add(part(killed, 10, 2000), part(killed, 30, 1500));
  assert.deepEqual([both.tried, both.passed, both.seconds], [40, 38, 40]);
  assert.deepEqual(both.failures, ['one of 10', 'one of 30']);
  assert.equal(besides(both), 'the slowest next load, with an answer, took 2.0 s');
  const left = 'the page left while the model comes';
  assert.equal(besides(add(part(left, 10, 4), part(left, 30, 2))),
    '2.5 % more bytes than one load has');
  assert.equal(add(undefined, both), both);
});

test('a row without a figure says none', () => {
  assert.equal(besides(part('one flipped bit', 10, 0)), '');
});
