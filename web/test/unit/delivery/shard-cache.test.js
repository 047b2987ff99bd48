import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { ShardCache } from '../../../delivery/shard-cache.js';
import { browserHasLocks } from './locks.mjs';

const bytes = new Uint8Array([1, 2, 3]).buffer;

/** @param {object | undefined} caches */
const browserHas = (caches) =>
  Object.defineProperty(globalThis, 'caches', { value: caches, configurable: true });

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'caches');
  Reflect.deleteProperty(globalThis, 'navigator');
});

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
    await cache.expect('http://x/manifest.json', ['aa']);
    await cache.replace('http://x/manifest.json', ['aa']);
  });
}

/** Puts shards, and gives what of them and which lists are there. */
async function started() {
  const store = storage();
  browserHas(store);
  const cache = new ShardCache();
  const all = ['aa', 'bb', 'cc', 'dd'];
  for (const hash of all) await cache.put(hash, bytes);
  const raw = await store.open();
  return {
    cache,
    raw,
    shards: async () => [...(await cache.kept(all))],
    lists: async () =>
      (await raw.keys())
        .map(({ url }) => decodeURIComponent(new URL(url).pathname))
        .filter((path) => path.startsWith('/spikechat-manifest/'))
        .map((path) => path.slice('/spikechat-manifest/'.length)),
  };
}

test('what a stopped load has put is removed when the model is another one', async () => {
  const { cache, shards, lists } = await started();
  // Stopped after one shard; then a new version comes whole.
  await cache.expect('http://x/m.json?v=1', ['aa', 'bb', 'cc', 'dd']);
  assert.deepEqual(await shards(), ['aa', 'bb', 'cc', 'dd']);
  await cache.expect('http://x/m.json?v=2', ['dd']);
  assert.deepEqual(await shards(), ['aa', 'bb', 'cc', 'dd'], 'the old one may be asked for again');
  await cache.replace('http://x/m.json?v=2', ['dd']);
  assert.deepEqual(await shards(), ['dd']);
  assert.deepEqual(await lists(), ['http://x/m.json']);
});

test('shards that are on no list are removed, unless a list cannot be read', async () => {
  const { cache, raw, shards } = await started();
  await raw.put('/spikechat-manifest/http%3A%2F%2Fx%2Fn.json', new Response('{'));
  await cache.expect('http://x/m.json', ['aa']);
  assert.deepEqual(await shards(), ['aa', 'bb', 'cc', 'dd']);
  await cache.replace('http://x/n.json', ['bb']);
  await cache.expect('http://x/m.json', ['aa', 'ee']);
  assert.deepEqual(await shards(), ['aa', 'bb']);
  assert.deepEqual(await (await raw.match('/spikechat-manifest/http%3A%2F%2Fx%2Fm.json')).json(),
    ['aa', 'ee']);
});

test('reading does not wait for the lists; what is put and replaced does', async () => {
  const { cache, raw } = await started();
  /** @type {string[]} */
  const done = [];
  const { keys, put } = raw;
  raw.put = async (key, response) => {
    done.push(key);
    return put(key, response);
  };
  /** @type {() => void} */
  let release = () => {};
  raw.keys = async () => {
    await new Promise((resolve) => { release = () => resolve(null); });
    return keys();
  };
  const expected = cache.expect('http://x/m.json', ['aa', 'ee']);
  assert.deepEqual(await cache.get('aa'), bytes);
  const written = Promise.all([
    cache.put('ee', bytes),
    cache.replace('http://x/m.json', ['ee']),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(done, []);
  raw.keys = keys;
  release();
  await Promise.all([expected, written]);
  const list = '/spikechat-manifest/http%3A%2F%2Fx%2Fm.json';
  assert.deepEqual(done, [list, '/spikechat-shard/ee', list]);
  assert.deepEqual(await cache.get('aa'), null, 'what the model has no more is removed at the end');
});

test('lists that cannot be read keep no shard from being put', async () => {
  const { cache, raw } = await started();
  const { keys } = raw;
  raw.keys = async () => { throw new Error('disk'); };
  cache.expect('http://x/m.json', ['ee']);
  assert.equal(await cache.put('ee', bytes), true);
  raw.keys = keys;
  assert.deepEqual(await cache.get('ee'), bytes);
});

test('one model has one list, whatever its version and fragment', async () => {
  const { cache, shards, lists } = await started();
  for (let v = 0; v < 12; v++) await cache.replace(`http://x/m.json?v=${v}#${v}`, ['aa', 'bb']);
  assert.deepEqual(await lists(), ['http://x/m.json']);
  await cache.replace('http://x/m.json?v&v=13', ['bb', 'cc']);
  assert.deepEqual(await shards(), ['bb', 'cc', 'dd']);
  await cache.replace('http://x/other.json', ['dd']);
  await cache.replace('http://y/m.json', ['dd']);
  assert.deepEqual((await lists()).length, 3);
});

test('lists that were written with a version become one', async () => {
  const { cache, raw, shards, lists } = await started();
  for (const [list, hashes] of /** @type {const} */ ([
    ['http://x/m.json?v=1', ['aa']],
    ['http://x/m.json?v=2', ['bb']],
    ['http://x/n.json?v=1', ['cc']],
  ])) {
    const name = `/spikechat-manifest/${encodeURIComponent(list)}`;
    await raw.put(name, Response.json(hashes));
  }
  await cache.replace('http://x/m.json?v=3', ['dd']);
  assert.deepEqual((await lists()).sort(), ['http://x/m.json', 'http://x/n.json?v=1']);
  assert.deepEqual(await shards(), ['cc', 'dd']);
});

test('one model has one list, however its address is spelled', async () => {
  const { cache, shards, lists } = await started();
  for (const path of [
    '~a-b_c.d/m.json?q=e', '%7ea-b%5fc.%64/m%2Ejson?q=%65', '%7Ea%2db_c.d/m.json?q=e&v=1',
  ])
    await cache.replace(`http://x/${path}`, ['aa', 'bb']);
  assert.deepEqual(await lists(), ['http://x/~a-b_c.d/m.json?q=e']);
  await cache.replace('http://x/%7Ea-b_c.d/m.json?q=e', ['bb']);
  assert.deepEqual(await shards(), ['bb', 'cc', 'dd']);
});

test('what only looks like the same address is another model', async () => {
  const { cache, shards, lists } = await started();
  const paths = ['a/b', 'a//b', 'a%2Fb', 'a%252Fb', 'A/b', 'a%3Fb', 'a%23b'];
  for (const path of paths) await cache.replace(`http://x/${path}`, ['aa']);
  await cache.replace('http://x/a%2fb', ['aa']);
  assert.equal((await lists()).length, paths.length);
  await cache.replace('http://x/a/b', ['bb']);
  assert.deepEqual(await shards(), ['aa', 'bb', 'cc', 'dd']);
});

test('models that a query tells apart keep their shards', async () => {
  const { cache, shards, lists } = await started();
  for (let i = 0; i < 2; i++) {
    await cache.replace(`http://x/get?model=a&v=${i}`, ['aa', 'bb']);
    await cache.replace(`http://x/get?v=${i}&model=b`, ['cc', 'dd']);
    assert.deepEqual(await shards(), ['aa', 'bb', 'cc', 'dd']);
  }
  assert.deepEqual((await lists()).sort(), ['http://x/get?model=a', 'http://x/get?model=b']);
});

test('a query that is new at each load leaves few lists', async () => {
  const { cache, shards, lists } = await started();
  await cache.replace('http://x/n.json', ['bb']);
  await cache.replace('http://x/m.json?t=x', ['aa', 'bb']);
  for (let t = 0; t < 20; t++) await cache.replace(`http://x/m.json?t=${t}`, ['cc']);
  assert.equal((await lists()).length, 1 + 8);
  assert.deepEqual(await shards(), ['bb', 'cc', 'dd']);
});

for (const name of ['stray', '', 'stray?x=1', 'mailto%3Ax', '%E0%A4%A', 'http%3A%2F%2F']) {
  test(`a list of no address, ${name || 'without a name'}, keeps no shards`, async () => {
    const { cache, raw, shards, lists } = await started();
    await raw.put(`/spikechat-manifest/${name}`, Response.json(['aa', 'bb']));
    // Also where the model's own list is as it was.
    for (let i = 0; i < 2; i++) await cache.replace('http://x/m.json', ['bb']);
    assert.deepEqual(await shards(), ['bb', 'cc', 'dd']);
    assert.deepEqual(await lists(), ['http://x/m.json']);
  });
}

for (const broken of ['', '{', 'null', '5', '{"length":1}', '[1]', '"aa"']) {
  test(`the list ${broken || 'without anything'} is replaced, and sweeping goes on`, async () => {
    const { cache, raw, shards } = await started();
    const at = (/** @type {string} */ url) => `/spikechat-manifest/${encodeURIComponent(url)}`;
    await raw.put(at('http://x/m.json'), new Response(broken));
    await cache.replace('http://x/m.json', ['aa']);
    assert.deepEqual(await (await raw.match(at('http://x/m.json'))).json(), ['aa']);
    // Another model's broken list, and one of no model at all, do not keep this one from sweeping.
    await raw.put(at('http://x/n.json'), new Response(broken));
    await raw.put('/spikechat-manifest/%E0%A4%A', new Response('[]'));
    await cache.replace('http://x/m.json', ['bb']);
    assert.deepEqual(await shards(), ['bb', 'cc', 'dd']);
  });
}

test('a shard that cannot be removed does not keep others from it', async () => {
  const { cache, raw, shards } = await started();
  await cache.replace('http://x/m.json', ['aa', 'bb']);
  const remove = raw.delete;
  raw.delete = async (key) => {
    if (key.endsWith('/aa')) throw new Error('disk');
    return remove(key);
  };
  await cache.replace('http://x/m.json', ['cc']);
  assert.deepEqual(await shards(), ['aa', 'cc', 'dd']);
  raw.delete = remove;
  await cache.replace('http://x/m.json', ['cc']);
  assert.deepEqual(await shards(), ['cc', 'dd']);
});

test('whether shards are kept is known beforehand', async () => {
  assert.equal(await new ShardCache().keeps(), false);
  browserHas(storage(1));
  const cache = new ShardCache();
  assert.equal(await cache.keeps(), true);
  await cache.put('aa', bytes);
  await cache.put('bb', bytes);
  assert.equal(await cache.keeps(), false, 'it is full');
});

/** Another tab's view of the same store. */
const otherTab = () => new ShardCache();

for (const [name, order] of /** @type {const} */ ([
  ['the older first', [0, 1]],
  ['the newer first', [1, 0]],
])) {
  test(`two tabs with two versions of a model: ${name}, neither sweeps the other`, async () => {
    browserHasLocks();
    const { cache, raw, shards } = await started();
    for (const hash of ['aa', 'bb', 'cc', 'dd']) await raw.delete(`/spikechat-shard/${hash}`);
    const tabs = [cache, otherTab()];
    const versions = [['aa', 'bb'], ['bb', 'cc']];
    for (const i of [0, 1]) await tabs[i].expect(`http://x/m.json?v=${i}`, versions[i]);
    for (const i of order) {
      for (const hash of versions[i]) await tabs[i].put(hash, bytes);
      await tabs[i].replace(`http://x/m.json?v=${i}`, versions[i]);
    }
    assert.deepEqual(new Set(await shards()), new Set(['aa', 'bb', 'cc']));
    // Whoever loads next alone removes what it has no more.
    const next = otherTab();
    await next.expect('http://x/m.json', versions[1]);
    await next.replace('http://x/m.json', versions[1]);
    assert.deepEqual(new Set(await shards()), new Set(['bb', 'cc']));
  });
}

test('a version that came whole meanwhile is not swept by an older one', async () => {
  browserHasLocks();
  const { cache, raw, shards } = await started();
  for (const hash of ['bb', 'cc', 'dd']) await raw.delete(`/spikechat-shard/${hash}`);
  await cache.expect('http://x/m.json', ['aa']);
  const newer = otherTab();
  await newer.expect('http://x/m.json', ['bb']);
  await newer.put('bb', bytes);
  await newer.replace('http://x/m.json', ['bb']);
  await cache.put('aa', bytes);
  await cache.replace('http://x/m.json', ['aa']);
  assert.deepEqual(await shards(), ['aa', 'bb']);
});

test('what a tab wanted that has gone is swept', async () => {
  browserHasLocks();
  const { cache, raw, shards } = await started();
  for (const hash of ['bb', 'cc', 'dd']) await raw.delete(`/spikechat-shard/${hash}`);
  await cache.expect('http://x/m.json', ['aa']);
  cache.release(); // as the browser does for a tab that is closed
  const newer = otherTab();
  await newer.expect('http://x/m.json', ['bb']);
  await newer.put('bb', bytes);
  await newer.replace('http://x/m.json', ['bb']);
  assert.deepEqual(await shards(), ['bb']);
});

test('two tabs write the lists one after the other', async () => {
  browserHasLocks();
  const { raw, lists } = await started();
  const { keys } = raw;
  let inside = 0;
  let most = 0;
  raw.keys = async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside--;
    return keys();
  };
  await Promise.all(['a', 'b', 'c'].map((name) =>
    otherTab().expect(`http://x/${name}.json`, [name])));
  raw.keys = keys;
  assert.equal(most, 1);
  assert.equal((await lists()).length, 3);
});

test('room is asked for first: without it nothing is written', async () => {
  for (const [quota, kept] of /** @type {const} */ ([[100, false], [110, true]])) {
    Object.defineProperty(globalThis, 'navigator', {
      value: { storage: { estimate: async () => ({ quota, usage: 90 }) } }, configurable: true,
    });
    const store = storage();
    browserHas(store);
    const cache = new ShardCache();
    await cache.put('aa', bytes);
    cache.expect('http://x/m.json', ['aa', 'bb', 'cc']);
    // What is there already needs no room.
    cache.reserve(['aa', 'bb', 'cc'].map((sha256) => ({ sha256, bytes: 10 })));
    assert.equal(await cache.put('bb', bytes), kept);
    assert.equal(await cache.keeps(), kept);
    assert.deepEqual(await cache.get('aa'), bytes);
  }
});

test('a model is removed, but not what another one has', async () => {
  const { cache, shards, lists } = await started();
  const file = new Uint8Array([123, 125]);
  await cache.replace('http://x/m.json', ['aa', 'bb'], file);
  await cache.replace('http://x/n.json', ['bb', 'cc', 'dd'], file);
  assert.deepEqual(new Uint8Array(await cache.manifest('http://x/m.json') ?? []), file);
  await cache.remove('http://x/m.json?v=2');
  assert.deepEqual(await shards(), ['bb', 'cc', 'dd']);
  assert.deepEqual(await lists(), ['http://x/n.json']);
  assert.equal(await cache.manifest('http://x/m.json'), null);
  assert.notEqual(await cache.manifest('http://x/n.json'), null);
});

test('a cache that is off keeps nothing and has nothing', async () => {
  browserHas(storage());
  await new ShardCache().put('aa', bytes);
  const off = new ShardCache({ off: true });
  assert.equal(await off.get('aa'), null);
  assert.equal(await off.put('bb', bytes), false);
  assert.equal(await off.keeps(), false);
});
