// Shards kept in this browser by their hash. The Cache API was chosen by measurement (Chromium, 56
// shards of 1.6 MB, four at a time, hash included: 0.34 to 0.39 s; OPFS files 0.37 s; OPFS sync
// handles are quicker to read but lock other tabs out) and because a put lands whole or not at all.
// Nothing read here is trusted: the caller checks the hash again. Every method works, as an empty
// store, where the browser offers no storage.

import { alone, claim, claimed } from './locks.js';
import { hasRoom } from './room.js';
import {
  MAX_QUERIES, SHARDS, contents, hashesOf, identityOf, listPath, manifestPath, removeBeside,
  removeList, same, withoutQuery,
} from './shard-lists.js';

/** @import { List } from './shard-lists.js' */

/** What everything is kept in. */
export const CACHE = 'spikechat-shards-v1';

// One tab at a time reads and writes the lists.
const LOCK = 'spikechat-lists';

/** @returns {Promise<Cache | null>} null where nothing can be kept */
export async function open() {
  try {
    // Absent outside secure contexts; refused in some private windows, and in a sandbox already
    // when it is named.
    return typeof caches === 'undefined' ? null : await caches.open(CACHE);
  } catch {
    return null;
  }
}

/** Shards by hash. */
export class ShardCache {
  /** @type {Promise<Cache | null>} */
  #cache;
  #full = false;
  /** Resolved when the lists say what is going to be put. */
  #expected = Promise.resolve();
  /**
   * What this load may remove: what was on the model's list when it began, or it has put there.
   * @type {Set<string> | null} null: all
   */
  #own = null;
  /** What other loads wanted then. @type {Set<string>} */
  #others = new Set();
  #unclaim = () => {};

  /** @param {{off?: boolean}} [how] off: nothing is kept, and nothing read */
  constructor({ off = false } = {}) {
    this.#cache = off ? Promise.resolve(null) : open();
    /** @readonly */
    this.off = off;
  }

  /** @returns {Promise<boolean>} whether put may be expected to keep a shard */
  async keeps() {
    return await this.#cache !== null && !this.#full;
  }

  /**
   * @param {string} sha256
   * @returns {Promise<ArrayBuffer | null>} null when it is not kept, or cannot be read
   */
  get(sha256) {
    return this.#read(SHARDS + sha256);
  }

  /**
   * @param {string} manifest its address
   * @returns {Promise<ArrayBuffer | null>} the manifest of the model when it was last loaded whole
   */
  async manifest(manifest) {
    return this.#read(manifestPath(identityOf(manifest)));
  }

  /** @param {string} path */
  async #read(path) {
    try {
      const found = await (await this.#cache)?.match(path);
      return found ? await found.arrayBuffer() : null;
    } catch {
      return null;
    }
  }

  /**
   * Keeps a shard whose hash has been checked.
   * @param {string} sha256
   * @param {ArrayBuffer} bytes
   * @returns {Promise<boolean>} whether it was kept; after the first refusal nothing more is tried
   */
  async put(sha256, bytes) {
    await this.#expected;
    const cache = await this.#cache;
    if (!cache || this.#full) return false;
    try {
      await cache.put(
        SHARDS + sha256,
        new Response(bytes, { headers: {
          'content-type': 'application/octet-stream',
          'content-length': String(bytes.byteLength),
        } }),
      );
      return true;
    } catch {
      // Quota, or a disk error: either way the answer can be given from memory.
      this.#full = true;
      return false;
    }
  }

  /** @param {string} sha256 */
  async delete(sha256) {
    try {
      await (await this.#cache)?.delete(SHARDS + sha256);
    } catch {
      // A shard that cannot be removed is refused by its hash at the next read.
    }
  }

  /**
   * Says which shards a manifest is going to have, before the first of them is put: loading may be
   * stopped, and what was put would be on no list. Shards that are on none are removed, unless
   * another load wants them. What is put or replaced from now on waits for it, what is read does
   * not.
   * @param {string} manifest its address
   * @param {readonly string[]} hashes
   * @returns {Promise<void>} never rejected
   */
  expect(manifest, hashes) {
    return this.#expected = this.#withLists((cache) => this.#expect(cache, manifest, hashes));
  }

  /**
   * Where there is no room for the shards that are missing nothing is put. What is put from now on
   * waits for it.
   * @param {readonly {sha256: string, bytes: number}[]} shards
   * @returns {Promise<void>} never rejected
   */
  reserve(shards) {
    return this.#expected = this.#expected.then(() => this.#reserve(shards));
  }

  /** @param {readonly {sha256: string, bytes: number}[]} shards */
  async #reserve(shards) {
    if (await this.#cache === null) return;
    const kept = await this.kept(shards.map(({ sha256 }) => sha256));
    const missing = shards.filter(({ sha256 }) => !kept.has(sha256));
    const bytes = missing.reduce((sum, shard) => sum + shard.bytes, 0);
    if (bytes > 0 && !await hasRoom(bytes)) this.#full = true;
  }

  /** @param {(cache: Cache) => Promise<void>} work with the lists: only costs room if it fails */
  async #withLists(work) {
    try {
      const cache = await this.#cache;
      if (cache) await alone(LOCK, () => work(cache));
    } catch {
      // What stays too long only costs room.
    }
  }

  /** @param {Cache} cache @param {string} manifest @param {readonly string[]} hashes */
  async #expect(cache, manifest, hashes) {
    this.#others = await claimed();
    this.#unclaim();
    this.#unclaim = await claim(hashes);
    const { paths, lists } = await contents(cache);
    const model = identityOf(manifest);
    const own = listPath(model);
    const before = lists.find(({ path }) => path === own)?.hashes ?? [];
    const wanted = this.#own = new Set([...before, ...hashes]);
    if (wanted.size > before.length) await cache.put(own, Response.json([...wanted]));
    // A list that cannot be read may be of any of them.
    if (lists.some(({ path, hashes: listed }) => listed === null && path !== own)) return;
    const needed = hashesOf(lists, [...wanted, ...this.#others]);
    const orphans = paths
      .filter((path) => path.startsWith(SHARDS))
      .filter((path) => !needed.has(path.slice(SHARDS.length)));
    await Promise.allSettled(orphans.map((path) => cache.delete(path)));
  }

  /**
   * Says which shards a manifest has now. Those that it had before and that neither another
   * manifest nor another load has are removed: a model that is replaced would stay for ever
   * otherwise.
   * @param {string} manifest its address
   * @param {readonly string[]} hashes
   * @param {Uint8Array<ArrayBuffer>} [file] the manifest itself, which is kept
   */
  async replace(manifest, hashes, file) {
    await this.#expected;
    await this.#withLists((cache) => this.#replace(cache, manifest, hashes, file));
    this.release();
  }

  /**
   * @param {Cache} cache
   * @param {string} manifest
   * @param {readonly string[]} hashes
   * @param {Uint8Array<ArrayBuffer>} [file]
   */
  async #replace(cache, manifest, hashes, file) {
    const { lists } = await contents(cache);
    const model = identityOf(manifest);
    const own = listPath(model);
    if (file) await this.#keepManifest(cache, model, file);
    // Oldest first, as keys are.
    const beside = lists.filter((list) => list.model !== null && list.model !== model
      && withoutQuery(list.model) === withoutQuery(model));
    const old = new Set(beside.slice(0, -(MAX_QUERIES - 1)));
    // A list of nothing that can be loaded would keep its shards for ever.
    const isFormer = (/** @type {typeof lists[0]} */ list) =>
      list.model === model || list.model === null || old.has(list);
    const former = lists.filter(isFormer);
    if (former.length === 1 && former[0].path === own && same(former[0].hashes, hashes)) return;
    const needed = hashesOf(lists.filter((list) => !isFormer(list)), hashes);
    const using = new Set([...this.#others, ...await claimed()]);
    // Another version of the model that is being loaded, or was since this load began.
    const isOthers = (/** @type {string} */ hash, /** @type {List} */ { path }) =>
      using.has(hash) || (path === own && this.#own !== null && !this.#own.has(hash));
    const unneeded = former.flatMap((list) => (list.hashes ?? [])
      .filter((hash) => !needed.has(hash))
      .map((hash) => ({ hash, stays: isOthers(hash, list) })));
    const gone = unneeded.filter(({ stays }) => !stays).map(({ hash }) => hash);
    const tried = await Promise.allSettled(gone.map((hash) => cache.delete(SHARDS + hash)));
    // What cannot be removed keeps nothing else from it, and is tried again at the next load.
    const left = gone.filter((_, i) => tried[i].status === 'rejected');
    const others = unneeded.filter(({ stays }) => stays).map(({ hash }) => hash);
    await cache.put(own, Response.json([...new Set([...hashes, ...others, ...left])]));
    // Last: until the new list is there, the old ones say what there is to remove.
    for (const { path, model: its } of former) {
      if (path !== own) await removeList(cache, path, its === model ? null : its);
    }
  }

  /**
   * @param {Cache} cache
   * @param {string} model
   * @param {Uint8Array<ArrayBuffer>} file
   */
  async #keepManifest(cache, model, file) {
    try {
      const path = manifestPath(model);
      const kept = await (await cache.match(path))?.text();
      if (kept !== new TextDecoder().decode(file)) await cache.put(path, new Response(file));
    } catch {
      // Without it the model cannot be found offline; all else works.
    }
  }

  /**
   * @param {string} manifest its address
   * @returns {Promise<number>} bytes of the shards that are kept for it, of any version
   */
  async bytes(manifest) {
    let sum = 0;
    await this.#withLists(async (cache) => {
      const { lists } = await contents(cache);
      const model = identityOf(manifest);
      const own = hashesOf(lists.filter((list) => list.model === model), []);
      const found = await Promise.all([...own].map((hash) => cache.match(SHARDS + hash)));
      for (const shard of found) {
        // Those of earlier versions of this page do not say it.
        const length = shard?.headers.get('content-length') ?? (await shard?.blob())?.size;
        sum += Number(length ?? 0);
      }
    });
    return sum;
  }

  /**
   * Removes a model: its lists, its manifest, what is kept beside it, and the shards that no other
   * model has. What is being written while loading ends is waited for; another tab that loads the
   * model goes on.
   * @param {string} manifest its address
   * @returns {Promise<void>} never rejected
   */
  async remove(manifest) {
    await this.#withLists(async (cache) => {
      const { lists } = await contents(cache);
      const model = identityOf(manifest);
      const own = lists.filter((list) => list.model === model);
      const hashes = hashesOf(own, []);
      await unclaimed(hashes);
      const needed = hashesOf(lists.filter((list) => !own.includes(list)), []);
      const gone = [...hashes].filter((hash) => !needed.has(hash));
      await Promise.all(gone.map((hash) => cache.delete(SHARDS + hash)));
      for (const { path } of own) await removeList(cache, path, model);
    });
    await removeBeside(manifest);
  }

  /** This load wants nothing any more: other tabs may remove what it had claimed. */
  release() {
    this.#unclaim();
  }

  /**
   * Which of these shards are kept, without reading them.
   * @param {readonly string[]} hashes
   * @returns {Promise<Set<string>>}
   */
  async kept(hashes) {
    try {
      const keys = (await (await this.#cache)?.keys()) ?? [];
      const have = new Set(keys.map(({ url }) => url.slice(url.lastIndexOf('/') + 1)));
      return new Set(hashes.filter((hash) => have.has(hash)));
    } catch {
      return new Set();
    }
  }
}

// Longer than a shard that has been verified takes to be written.
const ENDING_MS = 1000;

/** Waits a moment for loads that are ending. @param {ReadonlySet<string>} hashes */
async function unclaimed(hashes) {
  const end = performance.now() + ENDING_MS;
  while ([...await claimed()].some((hash) => hashes.has(hash)) && performance.now() < end)
    await new Promise((resolve) => { setTimeout(resolve, 50); });
}
