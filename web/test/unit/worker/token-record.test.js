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

/**
 * Logprobs as Go writes them: numbers are words, except [a number] for a float, texts are bytes.
 * @param {(number | [number] | Uint8Array)[]} parts
 */
function withLogprobs(...parts) {
  const head = [...record([7, 0, 41, 2, 1], [9], 'hi')];
  return Uint8Array.from([...head, ...parts.flatMap((part) => {
    if (part instanceof Uint8Array) return [...part];
    const four = new DataView(new ArrayBuffer(4));
    if (Array.isArray(part)) four.setFloat32(0, part[0], true);
    else four.setUint32(0, part, true);
    return [...new Uint8Array(four.buffer)];
  })]);
}
const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);

test('logprobs are read where they were asked for', () => {
  assert.deepEqual(decodeToken(withLogprobs(0), 1, true).logprobs, []);
  const half = Uint8Array.of(0x20, 0xe2, 0x98);
  const bytes = withLogprobs(
    2,
    2, [-0.5], 3, half, [-0.25], 2 ** 31 + 10, utf8('<|im_end|>'), [-1.5], 2, utf8('é'),
    0, [0], 1, utf8('x'),
  );
  assert.deepEqual(decodeToken(bytes, 1, true), {
    token: 7, finish: null, position: 41, text: 'hi', counts: new Uint32Array([9]),
    logprobs: [
      {
        token: ' \\xe2\\x98', logprob: -0.5, bytes: [0x20, 0xe2, 0x98],
        top_logprobs: [
          { token: '<|im_end|>', logprob: -0.25, bytes: null },
          { token: 'é', logprob: -1.5, bytes: [0xc3, 0xa9] },
        ],
      },
      { token: 'x', logprob: 0, bytes: [0x78], top_logprobs: [] },
    ],
  });
  assert.throws(() => decodeToken(bytes, 1), { code: 'engine_crashed' }, 'not asked for');
});

test('a token is spelled as text, and byte by byte where it is none', () => {
  for (const [bytes, token] of /** @type {[number[], string][]} */ ([
    [[0xe2, 0x98, 0x83], '☃'],
    [[0x98, 0x83, 0x61], '\\x98\\x83a'],
    [[0xf0, 0x9f, 0x98, 0x80, 0xf0, 0x9f], '😀\\xf0\\x9f'],
    [[0xc3, 0xa9, 0xff, 0xc3, 0xa9], 'é\\xffé'],
    [[0xef, 0xbb, 0xbf], '\ufeff'],
    [[0x5c, 0x78], '\\x'],
    [[], ''],
  ])) {
    const record = withLogprobs(1, 0, [-1], bytes.length, Uint8Array.from(bytes));
    const [told] = decodeToken(record, 1, true).logprobs ?? [];
    assert.deepEqual([told.token, told.bytes], [token, bytes]);
  }
});

test('logprobs whose sizes do not add up are refused', () => {
  for (const parts of [
    [], [1], [0, 0], [1, 0], [1, 0, 0, 5, utf8('four')], [1, 0, 0, 3, utf8('four')],
    [1, 1, 0, 1, utf8('x')], [2 ** 32 - 1], [1, 2 ** 32 - 1, 0, 0], [1, 0, 0, 2 ** 31 - 1],
    [1, 0, 0, 2 ** 32 - 1],
  ]) {
    assert.throws(
      () => decodeToken(withLogprobs(...parts), 1, true), { code: 'engine_crashed' },
      JSON.stringify(parts),
    );
  }
});

test('a text keeps a leading U+FEFF', () => {
  assert.equal(decodeToken(record([1, 0, 0, 4, 0], [], '\ufeffx'), 5).text, '\ufeffx');
});
