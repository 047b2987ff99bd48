// The list of models that the build writes: folders from anywhere, and what of them is listed.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TINY = fs.readFileSync(path.join(ROOT, 'models/tiny/manifest.json'), 'utf8');

/**
 * The list of these folders, each with the manifest given, and what is said about them.
 * @param {Record<string, string | Buffer>} folders
 */
function listed(folders) {
  const dist = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-list-'));
  try {
    for (const [name, manifest] of Object.entries(folders)) {
      fs.mkdirSync(path.join(dist, 'models', name), { recursive: true });
      fs.writeFileSync(path.join(dist, 'models', name, 'manifest.json'), manifest);
    }
    const { status, stdout, stderr } = spawnSync(process.execPath,
      [path.join(ROOT, 'tools/setup/models-json.mjs'), dist], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.equal(stdout, '');
    const text = fs.readFileSync(path.join(dist, 'models.json'), 'utf8');
    return { text, models: JSON.parse(text).models, said: stderr };
  } finally {
    fs.rmSync(dist, { recursive: true });
  }
}

/** The tiny model's manifest with other fields. @param {Record<string, unknown>} fields */
const changed = (fields) => JSON.stringify({ ...JSON.parse(TINY), ...fields });

/** @param {unknown} bytes */
const shard = (bytes) => changed({ shards: [{ bytes }, { bytes: 1 }] });

test('a sound model is listed', () => {
  const { models, said } = listed({
    tiny: TINY,
    'My_2.model-v': changed({ license: 'é'.repeat(64), shards: [{ bytes: 2 }, { bytes: 3 }] }),
    none: changed({ license: undefined }),
    '.pack-1': TINY,
  });
  assert.equal(said, '');
  assert.deepEqual(models.map(
    (/** @type {Record<string, unknown>} */ { name, license, bytes }) => [name, license, bytes]),
  [['My_2.model-v', 'é'.repeat(64), 5], ['none', '', models[1].bytes],
    ['tiny', 'cc0-1.0', models[1].bytes]]);
  assert.deepEqual(models[2], {
    name: 'tiny',
    bytes: JSON.parse(TINY).shards[0].bytes,
    license: 'cc0-1.0',
    manifest: 'models/tiny/manifest.json',
    sha256: createHash('sha256').update(TINY).digest('hex'),
  });
});

const unsound = {
  'a long licence': changed({ license: 'x'.repeat(900_000) }),
  'a licence of 129 bytes': changed({ license: `x${'é'.repeat(64)}` }),
  'escapes in the licence': changed({ license: 'a\x1b[2Jb' }),
  'control characters of Latin 1': changed({ license: 'a\x9bb' }),
  'a licence that turns the text around': changed({ license: 'a\u202eb' }),
  'half a character': changed({ license: 'a\ud800b' }),
  'two lines': changed({ license: 'a\nb' }),
  'a licence that is no text': changed({ license: ['mit'] }),
  'no licence but null': changed({ license: null }),
  'a name with marks': changed({ name: 'a\u2066b' }),
  'no name': changed({ name: '' }),
  'bytes as text': shard('09e99'),
  'bytes past all bounds': shard(1e300),
  'bytes of a fraction': shard(1.5),
  'bytes below 0': shard(-1),
  'no bytes': shard(0),
  'a shard too long': shard(2 ** 21 + 1),
  'a shard that is none': changed({ shards: [null] }),
  'shards that are no list': changed({ shards: { bytes: 1 } }),
  'too many shards': changed({ shards: Array(4097).fill({ bytes: 1 }) }),
  'another format': changed({ format: 'gguf' }),
  'another version': changed({ version: 99 }),
  'no object': 'null',
  'no JSON': '<!doctype html>\x1b[2J',
  'no UTF-8': Buffer.from(TINY.replace('cc0-1.0', 'cc0\xff'), 'latin1'),
  'a long manifest': TINY + ' '.repeat(4 << 20),
};

for (const [what, manifest] of Object.entries(unsound)) {
  test(`left out with one sentence: ${what}`, () => {
    const { models, said } = listed({ a: manifest, tiny: TINY });
    assert.deepEqual(models.map((/** @type {{name: string}} */ { name }) => name), ['tiny']);
    assert.match(said, /^models-json\.mjs: models\/"a" is left out: [ -~]{10,120}\n$/);
  });
}

test('names that the page does not open are left out, and shown without their marks', () => {
  const names = ['a b', 'é', 'a\x1b[2J', 'a\nb', '<b>', '\u202ea', 'x'.repeat(129), '?', '"'];
  const { models, said } = listed(Object.fromEntries(names.map((name) => [name, TINY])));
  assert.deepEqual(models, []);
  const lines = said.split('\n');
  assert.equal(lines.length, names.length + 1);
  for (const line of lines.slice(0, -1)) assert.match(line, /^models-json\.mjs: [ -~]+$/);
});

test('the list is no longer than the server reads', () => {
  const license = '"'.repeat(128);
  const { text, models, said } = listed(Object.fromEntries(Array.from({ length: 2000 },
    (_, i) => [`m${i}`.padEnd(128, 'x'), changed({ license })])));
  assert.ok(text.length <= 1 << 20 && text.length > (1 << 20) - 8000, String(text.length));
  assert.equal(said.split('\n').length - 1, 2000 - models.length);
});
