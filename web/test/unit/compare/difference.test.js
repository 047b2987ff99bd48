import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstDifference } from '../../../compare/difference.js';

/** @param {string[]} pieces */
const whole = (...pieces) => ({ pieces, over: true });
/** @param {string[]} pieces */
const coming = (...pieces) => ({ pieces, over: false });

test('the first token that differs, whichever answer is asked about', () => {
  /** @type {[ReturnType<typeof whole>, ReturnType<typeof whole>, number | null][]} */
  const cases = [
    [whole('A', ' b', ' c'), whole('A', ' b', ' c'), null],
    [whole('A', ' b', ' c'), whole('A', ' x', ' c'), 1],
    [whole('A'), whole('B'), 0],
    [whole(), whole(), null],
    // The same text cut otherwise is other tokens.
    [whole('ab'), whole('a', 'b'), 0],
    // A character of several tokens shows in the last of them.
    [whole('', '', 'é'), whole('', '', 'è'), 2],
  ];
  for (const [one, other, at] of cases) {
    assert.equal(firstDifference(one, other), at);
    assert.equal(firstDifference(other, one), at);
  }
});

test('an end is a difference, and what still comes or was stopped is none', () => {
  assert.equal(firstDifference(whole('A'), whole('A', ' b')), 1);
  assert.equal(firstDifference(whole('A', ' b'), whole('A')), 1);
  assert.equal(firstDifference(coming('A'), whole('A', ' b')), null);
  assert.equal(firstDifference(coming(), coming('A')), null);
  assert.equal(firstDifference(coming('A', ' b'), whole('A')), 1);
  assert.equal(firstDifference(coming('A', ' x'), coming('A', ' b')), 1);
});
