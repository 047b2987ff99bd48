import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, mock, test } from 'node:test';
import { downloadSize } from '../../../delivery/download-size.js';

afterEach(() => mock.restoreAll());

const SHARDS = [{ bytes: 2, sha256: 'aa' }, { bytes: 3, sha256: 'bb' }];

/** @param {unknown} name @param {unknown} shards */
const manifestOf = (name, shards) => JSON.stringify({ name, shards });

/** @param {unknown} name of a model of 5 bytes @param {unknown} [shards] */
function sizeOf(name, shards = SHARDS) {
  mock.method(globalThis, 'fetch', async () => new Response(manifestOf(name, shards)));
  return downloadSize('http://x/manifest.json');
}

for (const name of [
  'smollm2-135m-instruct', 'Modèle 模型 نموذج 🙂', '❤\ufe0f', '1', 'x'.repeat(128),
]) {
  test(`the offer shows ${name.slice(0, 30)}`, async () => {
    const { sha256, ...size } = await sizeOf(name) ?? {};
    assert.deepEqual(size, { name, bytes: 5, cached: 0 });
    assert.equal(sha256, createHash('sha256').update(manifestOf(name, SHARDS)).digest('hex'));
  });
}

for (const [what, name] of /** @type {const} */ ([
  ['of 129 bytes', 'x'.repeat(129)],
  ['of 129 bytes in 43 characters', '模'.repeat(43)],
  ['of millions of characters', 'x'.repeat(3_900_000)],
  ['that is empty', ''],
  ['that is a number', 1],
  ['that is missing', undefined],
  ['with an escape', 'a\u001b[2J'],
  ['with a line break', 'a\nb'],
  ['with a C1 control', 'a\u009b2J'],
  ['with a line separator', 'a\u2028b'],
  ['that turns the text around', 'a\u202eb'],
  ['with an isolate', 'a\u2066b'],
  ['with a mark of direction', 'a\u200fb'],
  ['with an Arabic mark', 'a\u061cb'],
  ['that is half a character', 'a\ud800'],
  ['of spaces alone', '  \u3000'],
  ['of marks alone', '\u0301\u0302'],
  ['of points alone', '...'],
  ['of blank braille', '\u2800'],
  ['of a variation selector alone', '\ufe0f'],
  ...[
    0xad, 0x34f, 0x115f, 0x1160, 0x17b4, 0x180b, 0x200b, 0x2060, 0x206f, 0x3164, 0xfeff, 0xffa0,
    0xfff0, 0x1d173, 0xe0001, 0xe0041, 0xe007f, 0xe0100, 0xe0fff,
  ].map((code) => [`with U+${code.toString(16)}`, `a${String.fromCodePoint(code)}`]),
])) {
  test(`a name ${what} is not shown before the engine has refused it`, async () => {
    assert.equal(await sizeOf(name), null);
  });
}

for (const [what, shards] of /** @type {[string, any][]} */ ([
  ['no list', { length: 1, 0: SHARDS[0] }],
  ['an empty list', []],
  ['a text', 'aa'],
  ...['3', [3], null, 1.5, 0, -1, true, 2 ** 53, {}, 'Infinity'].map((bytes) => [
    `a size of ${JSON.stringify(bytes)}`, [SHARDS[0], { bytes, sha256: 'bb' }]]),
  ['a hash that is a number', [{ bytes: 2, sha256: 1 }]],
  ['a shard that is null', [null]],
  ['more bytes than can be counted', Array(3).fill({ bytes: Number.MAX_SAFE_INTEGER, sha256: '' })],
])) {
  test(`there is no figure where shards are ${what}`, async () => {
    assert.equal(await sizeOf('m', shards), null);
  });
}

test('there is no figure where a size is infinite', async () => {
  const text = '{"name":"m","shards":[{"bytes":1e999,"sha256":"aa"}]}';
  mock.method(globalThis, 'fetch', async () => new Response(text));
  assert.equal(await downloadSize('http://x/manifest.json'), null);
});
