import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { afterEach, mock, test } from 'node:test';
import { UsualLevels } from '../../../chat/usual-levels.js';

const TINY = new URL('../../../../models/tiny/', import.meta.url);
const TEXT = fs.readFileSync(new URL('activity.json', TINY), 'utf8');
const FILE = JSON.parse(TEXT);
const NAMES = ['qkv', 'attn_out', 'gate_up', 'down'];
const MANIFEST_BYTES = fs.readFileSync(new URL('manifest.json', TINY));
/** What the engine says of the tiny model. */
const MODEL = {
  sha256: createHash('sha256').update(MANIFEST_BYTES).digest('hex'),
  layers: 3,
  populations: [96, 96, 96, 160].map((neurons, i) => ({ name: NAMES[i], neurons, fan_out: 1 })),
  presets: /** @type {('best' | 'balanced' | 'fewest')[]} */ (['best', 'balanced', 'fewest']),
};
const MANIFEST = 'http://x/models/tiny/manifest.json';

afterEach(() => mock.restoreAll());

/** A server that answers with a text; gives what was asked for. @param {() => Response} answer */
function serve(answer) {
  /** @type {string[]} */
  const asked = [];
  mock.method(globalThis, 'fetch', async (/** @type {string} */ url) => {
    asked.push(url);
    return answer();
  });
  return asked;
}

test('the levels of the tiny model are the means of its file', async () => {
  const asked = serve(() => new Response(TEXT));
  const usual = new UsualLevels();
  for (const coded of FILE.codings) {
    const { preset, steps, inputs, cache } = coded;
    const levels = await usual.of(MODEL, MANIFEST, preset ? { preset } : { steps });
    const means = (/** @type {number[]} */ counts) => counts.map((count) => count / FILE.tokens);
    assert.deepEqual(levels, { spikes: means(inputs), cache: { spikes: means(cache) } });
  }
  assert.equal(await usual.of(MODEL, MANIFEST, { steps: 0 }), null);
  assert.deepEqual(asked, ['http://x/models/tiny/activity.json'], 'fetched once');
});

test('another model has a file of its own', async () => {
  const asked = serve(() => new Response(TEXT));
  const usual = new UsualLevels();
  await usual.of(MODEL, MANIFEST, { preset: 'best' });
  const other = { ...MODEL, sha256: '0'.repeat(64) };
  assert.equal(await usual.of(other, 'http://x/o/manifest.json?v=2', { preset: 'best' }), null);
  assert.deepEqual(asked, ['http://x/models/tiny/activity.json', 'http://x/o/activity.json']);
});

for (const [what, model, manifest] of /** @type {const} */ ([
  ['a model without a ranking', { ...MODEL, presets: MODEL.presets.slice(0, 1) }, MANIFEST],
  ['a manifest that is named by its hash', MODEL, `http://x/api/m/${MODEL.sha256}.json`],
  ['an address that is none', MODEL, 'http://'],
])) {
  test(`nothing is asked for beside ${what}`, async () => {
    const asked = serve(() => new Response(TEXT));
    assert.equal(await new UsualLevels().of(model, manifest, { preset: 'best' }), null);
    assert.deepEqual(asked, []);
  });
}

/** The file with a change. @param {(file: any) => unknown} change */
function changed(change) {
  const file = structuredClone(FILE);
  change(file);
  return new Response(JSON.stringify(file));
}

/** @type {Record<string, () => Response>} */
const BROKEN = {
  'is not there': () => new Response('', { status: 404 }),
  'is a page': () => new Response('<p>', { headers: { 'Content-Type': 'text/html' } }),
  'is empty': () => new Response(''),
  'is cut short': () => new Response(TEXT.slice(0, -3)),
  'is null': () => new Response('null'),
  'is a list': () => new Response('[]'),
  'is no UTF-8': () => new Response(new Uint8Array([0x7b, 0xff, 0x7d])),
  'is of another model': () => changed((file) => { file.manifest_sha256 = '0'.repeat(64); }),
  'is of another format': () => changed((file) => { file.format = 'spikechat-planes'; }),
  'is of a later version': () => changed((file) => { file.version = 2; }),
  'has another number of layers': () => changed((file) => { file.layers = 4; }),
  'has no tokens': () => changed((file) => { file.tokens = 0; }),
  'has too many tokens': () => changed((file) => { file.tokens = 2 ** 20 + 1; }),
  'has half a token': () => changed((file) => { file.tokens = 512.5; }),
  'has no codings': () => changed((file) => { delete file.codings; }),
  'has too many codings': () => changed((file) => {
    file.codings = Array.from({ length: 17 }, () => file.codings[0]);
  }),
  'has an empty coding': () => changed((file) => { file.codings[0] = null; }),
  'has a count too few': () => changed((file) => { file.codings[6].inputs.pop(); }),
  'has a count too much': () => changed((file) => { file.codings[6].cache.push(1); }),
  'has a text for a count': () => changed((file) => { file.codings[6].inputs[0] = '1'; }),
  'has a count below zero': () => changed((file) => { file.codings[6].inputs[0] = -1; }),
  'has half a spike': () => changed((file) => { file.codings[6].cache[5] = 0.5; }),
  'has more spikes than neurons can fire': () => changed((file) => {
    file.codings[6].inputs[3] = 512 * 160 * 16 + 1;
  }),
};

for (const [what, answer] of Object.entries(BROKEN)) {
  test(`a file that ${what} is as good as none`, async () => {
    serve(answer);
    assert.equal(await new UsualLevels().of(MODEL, MANIFEST, { preset: 'best' }), null);
  });
}

test('a file that is too long is not read', async () => {
  // Each try of the download is another second.
  mock.timers.enable({ apis: ['setTimeout'] });
  const asked = serve(() => new Response(`${TEXT}${' '.repeat(1 << 20)}`));
  const levels = new UsualLevels().of(MODEL, MANIFEST, { preset: 'best' });
  while (asked.length < 5) {
    await new Promise((resolve) => { setImmediate(resolve); });
    mock.timers.tick(10_000);
  }
  assert.equal(await levels, null);
});
