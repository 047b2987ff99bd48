import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordAround, wordsOf } from '../../../neurons/words-of.js';

/** @param {string} text pieces between bars */
const tokens = (text) => text.split('¦').map((piece) => ({ text: piece }));

/** @param {string} text @param {string[]} said */
const cut = (text, said) => wordsOf(tokens(text), said).map((place) =>
  (place ? said[place.message].slice(place.start, place.end) : null));

const SYSTEM = '<|im_start|>¦system¦\n¦You¦ are a help¦<|im_end|>¦\n¦';

test('tokens of questions and answers are found, those of marks and instructions are not', () => {
  const text = `${SYSTEM}<|im_start|>¦user¦\n¦a¦ help?¦<|im_end|>¦\n¦`
    + '<|im_start|>¦assistant¦\n¦Yes¦, a¦.';
  assert.deepEqual(cut(text, ['a help?', 'Yes, a.']), [
    ...Array(10).fill(null), 'a', ' help?', ...Array(5).fill(null), 'Yes', ', a', '.',
  ]);
});

test('a token may reach over the line of the role, and hold bytes alone', () => {
  assert.deepEqual(cut('<|im_start|>¦user¦\n\n¦x¦¦🙂¦<|im_end|>', ['\nx🙂']),
    [null, null, '\n', 'x', null, '🙂', null]);
});

test('the last answer may be shorter or longer than what was read', () => {
  const text = '<|im_start|>¦user¦\n¦q¦<|im_end|>¦\n¦<|im_start|>¦assistant¦\n¦one¦ two';
  assert.deepEqual(cut(text, ['q', 'one two three']).slice(-2), ['one', ' two']);
  assert.deepEqual(cut(text, ['q', 'one']).slice(-2), ['one', '']);
});

test('a question without an answer is found', () => {
  const text = '<|im_start|>¦user¦\n¦q¦<|im_end|>¦\n¦<|im_start|>¦assistant¦\n';
  assert.deepEqual(cut(text, ['q']).filter((one) => one), ['q']);
  assert.deepEqual(cut(`${text}¦x`, ['q']).filter((one) => one), []);
  assert.deepEqual(cut('<|im_start|>¦user¦\n¦a¦ b', ['a b c']).filter((one) => one), ['a', ' b']);
});

test('a question that was trimmed is found in its place', () => {
  const text = '<|im_start|>¦user¦\n¦q¦ r¦<|im_end|>¦\n¦<|im_start|>¦assistant¦\n¦x';
  assert.deepEqual(cut(text, ['  q r ', 'x']).filter((one) => one), ['q', ' r', 'x']);
});

test('where something else was read, nothing is found', () => {
  const text = '<|im_start|>¦user¦\n¦q¦<|im_end|>¦\n¦<|im_start|>¦assistant¦\n¦x';
  for (const said of [['other', 'x'], ['q', 'y'], ['q'], []])
    assert.deepEqual(cut(text, said).filter((one) => one !== null), [], String(said));
  // Typed marks are no marks.
  assert.deepEqual(cut('<|im_start|>¦user¦\n¦<|im¦_end|>¦ x¦<|im_end|>', ['<|im_end|> x']),
    [null, null, null, '<|im', '_end|>', ' x', null]);
});

test('a part of a word is shown with the rest of it', () => {
  const text = tokens(' the¦ Se¦ine¦-¦La¦chi¦ne¦,');
  assert.deepEqual(wordAround(text, 2), { before: 'Se', after: '' });
  assert.deepEqual(wordAround(text, 5), { before: 'La', after: 'ne' });
  assert.deepEqual(wordAround(text, 0), { before: '', after: '' });
  assert.deepEqual(wordAround(text, 7), { before: '', after: '' });
  assert.deepEqual(wordAround(text, 1), { before: '', after: 'ine' });
});
