import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { downloadSize } from '../../../delivery/download-size.js';

afterEach(() => mock.restoreAll());

/** @param {unknown} name of a model of 5 bytes */
function sizeOf(name) {
  const shards = [{ bytes: 2, sha256: 'aa' }, { bytes: 3, sha256: 'bb' }];
  mock.method(globalThis, 'fetch', async () => new Response(JSON.stringify({ name, shards })));
  return downloadSize('http://x/manifest.json');
}

for (const name of ['smollm2-135m-instruct', 'Modèle 模型 نموذج 🙂', 'x'.repeat(128)]) {
  test(`the offer shows ${name.slice(0, 30)}`, async () => {
    assert.deepEqual(await sizeOf(name), { name, bytes: 5, cached: 0 });
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
])) {
  test(`a name ${what} is not shown before the engine has refused it`, async () => {
    assert.equal(await sizeOf(name), null);
  });
}
