import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeToken } from '../../../worker/token-record.js';

/**
 * A record as Go writes it, inside a larger buffer at an odd place: views of wasm memory are seldom
 * aligned.
 * @param {number[]} words
 * @param {number[]} counts
 * @param {string | Uint8Array} text
 */
function record(words, counts, text) {
  const tail = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const bytes = new Uint8Array(3 + 4 * (words.length + counts.length) + tail.length + 5);
  const view = new DataView(bytes.buffer, 3);
  [...words, ...counts].forEach((word, i) => view.setUint32(4 * i, word, true));
  bytes.set(tail, 3 + 4 * (words.length + counts.length));
  return bytes.subarray(3, bytes.length - 5);
}

test('a record is read, and its counts outlive the buffer', () => {
  const bytes = record([7, 2, 41, 5, 3], [1, 2 ** 32 - 1, 3], ' né!');
  const token = decodeToken(bytes, 3);
  bytes.fill(0);
  assert.deepEqual(token, {
    token: 7,
    finish: 'length',
    position: 41,
    text: ' né!',
    counts: new Uint32Array([1, 2 ** 32 - 1, 3]),
  });
});

test('finish', () => {
  assert.equal(decodeToken(record([1, 0, 0, 0, 0], [], ''), 5).finish, null);
  assert.equal(decodeToken(record([1, 1, 0, 0, 0], [], ''), 5).finish, 'stop');
});

test('sizes that do not add up are refused', () => {
  for (const bytes of [
    new Uint8Array(0), new Uint8Array(19),
    record([1, 0, 0, 0, 4], [1, 2, 3, 4], ''), // four counts, not five
    record([1, 0, 0, 9, 5], [1, 2, 3, 4, 5], 'short'),
    record([1, 0, 0, 2, 5], [1, 2, 3, 4, 5], 'long'),
    record([1, 0, 0, 2 ** 32 - 1, 5], [1, 2, 3, 4, 5], ''),
    record([1, 3, 0, 0, 5], [1, 2, 3, 4, 5], ''),
  ]) assert.throws(() => decodeToken(bytes, 5), { code: 'engine_crashed' });
  assert.throws(
    () => decodeToken(record([1, 0, 0, 1, 0], [], new Uint8Array([0xff])), 5),
    TypeError,
  );
});

test('a text keeps a leading U+FEFF', () => {
  assert.equal(decodeToken(record([1, 0, 0, 4, 0], [], '\ufeffx'), 5).text, '\ufeffx');
});
