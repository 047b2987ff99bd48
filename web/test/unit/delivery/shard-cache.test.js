import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { ShardCache } from '../../../delivery/shard-cache.js';

const bytes = new Uint8Array([1, 2, 3]).buffer;

/** @param {object | undefined} caches */
const browserHas = (caches) =>
  Object.defineProperty(globalThis, 'caches', { value: caches, configurable: true });

afterEach(() => { Reflect.deleteProperty(globalThis, 'caches'); });

/** A storage in memory; put fails from the given call on. @param {number} [room] */
function storage(room = Infinity) {
  const kept = new Map();
  let puts = 0;
  const cache = {
    match: async (/** @type {string} */ key) => kept.get(key)?.clone(),
    put: async (/** @type {string} */ key, /** @type {Response} */ response) => {
      puts++;
      if (kept.size >= room) throw new DOMException('full', 'QuotaExceededError');
      kept.set(key, response);
    },
    delete: async (/** @type {string} */ key) => kept.delete(key),
    keys: async () => [...kept.keys()].map((key) => ({ url: `http://localhost${key}` })),
  };
  return { open: async () => cache, puts: () => puts };
}

test('what was put is there', async () => {
  browserHas(storage());
  const cache = new ShardCache();
  assert.equal(await cache.get('aa'), null);
  assert.equal(await cache.put('aa', bytes), true);
  assert.deepEqual(await cache.get('aa'), bytes);
  assert.deepEqual(await cache.kept(['aa', 'bb']), new Set(['aa']));
  await cache.delete('aa');
  assert.equal(await cache.get('aa'), null);
});

test('shards that a manifest had before are removed, unless another one has them', async () => {
  browserHas(storage());
  const cache = new ShardCache();
  for (const hash of ['aa', 'bb', 'cc', 'dd']) await cache.put(hash, bytes);
  await cache.replace('http://x/m/manifest.json', ['aa', 'bb']);
  await cache.replace('http://x/n/manifest.json', ['bb', 'dd']);
  assert.deepEqual(await cache.kept(['aa', 'bb', 'cc', 'dd']), new Set(['aa', 'bb', 'cc', 'dd']));
  await cache.replace('http://x/m/manifest.json', ['cc']);
  assert.deepEqual(await cache.kept(['aa', 'bb', 'cc', 'dd']), new Set(['bb', 'cc', 'dd']));
  await cache.replace('http://x/n/manifest.json', ['dd']);
  assert.deepEqual(await new ShardCache().kept(['aa', 'bb', 'cc', 'dd']), new Set(['cc', 'dd']));
});

test('a full storage is asked once and then left alone', async () => {
  const full = storage(1);
  browserHas(full);
  const cache = new ShardCache();
  assert.equal(await cache.put('aa', bytes), true);
  assert.equal(await cache.put('bb', bytes), false);
  assert.equal(await cache.put('cc', bytes), false);
  assert.equal(full.puts(), 2);
  assert.deepEqual(await cache.get('aa'), bytes, 'what is kept can still be read');
});

for (const [name, caches] of /** @type {const} */ ([
  ['no storage', undefined],
  [
    'a storage that is refused',
    {
      open: async () => {
        throw new DOMException('private', 'SecurityError');
      },
    },
  ],
  [
    'a storage that breaks',
    {
      open: async () =>
        new Proxy(
          {},
          {
            get: (_, key) =>
              key === 'then'
                ? undefined
                : async () => {
                    throw new Error('disk');
                  },
          },
        ),
    },
  ],
])) {
  test(`${name} is an empty cache`, async () => {
    browserHas(caches);
    const cache = new ShardCache();
    assert.equal(await cache.put('aa', bytes), false);
    assert.equal(await cache.get('aa'), null);
    assert.deepEqual(await cache.kept(['aa']), new Set());
    await cache.delete('aa');
    await cache.replace('http://x/manifest.json', ['aa']);
  });
}
