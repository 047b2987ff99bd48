import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figure, percent, spelled, tokenLabel } from '../../../neurons/labels.js';
import { setLocale } from '../../../shared/format.js';
import '../../../words/en-looking.js';

test('a token is written on one line, and nothing of it is unseen', () => {
  for (const [text, shown] of [
    [' the', 'the'], ['  ', '␣␣'], ['\n\n', '⏎⏎'], [' a\n', 'a⏎'], ['\t', '⇥'], ['\f', 'U+000C'],
    ['a\u202eb', 'aU+202Eb'], ['🙂', '🙂'], ['\u2028', 'U+2028'],
  ]) assert.equal(spelled(text), shown);
  assert.equal(tokenLabel(' the'), '“\u2068the\u2069”');
  assert.equal(tokenLabel(''), 'a token without text');
  assert.equal(tokenLabel('<|im_end|>'), 'the end of a message');
});

test('figures', () => {
  assert.deepEqual([1, 0.257, 0.0044, 1e-9, 0].map(percent),
    ['100.0%', '25.7%', '0.44%', '< 0.01%', '0.00%']);
  setLocale('de');
  assert.equal(percent(0.257), '25,7\u00a0%');
  setLocale('en');
  assert.deepEqual([-0.123456, 12, 1234567].map(figure), ['−0.1235', '12', '1235000']);
});
