// Shards kept in this browser by their hash. The Cache API was chosen by measurement (Chromium, 56
// shards of 1.6 MB, four at a time, hash included: 0.34 to 0.39 s; OPFS files 0.37 s; OPFS sync
// handles are quicker to read but lock other tabs out) and because a put lands whole or not at all.
// Nothing read here is trusted: the caller checks the hash again. Every method works, as an empty
// store, where the browser offers no storage.

const NAME = 'spikechat-shards-v1';

/** @param {string} sha256 */
const key = (sha256) => `/spikechat-shard/${sha256}`;

// Beside the shards, for each manifest a JSON list of the hashes it had when it was last loaded
// whole.
const LISTS = '/spikechat-manifest/';

/** Shards by hash. */
export class ShardCache {
  /** @type {Promise<Cache | null>} */
  #cache;
  #full = false;

  constructor() {
    // Absent outside secure contexts; refused in some private windows.
    this.#cache =
      typeof caches === 'undefined' ? Promise.resolve(null) : caches.open(NAME).catch(() => null);
  }

  /**
   * @param {string} sha256
   * @returns {Promise<ArrayBuffer | null>} null when it is not kept, or cannot be read
   */
  async get(sha256) {
    try {
      const found = await (await this.#cache)?.match(key(sha256));
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
    const cache = await this.#cache;
    if (!cache || this.#full) return false;
    try {
      await cache.put(
        key(sha256),
        new Response(bytes, { headers: { 'content-type': 'application/octet-stream' } }),
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
      await (await this.#cache)?.delete(key(sha256));
    } catch {
      // A shard that cannot be removed is refused by its hash at the next read.
    }
  }

  /**
   * Says which shards a manifest has now. Those that it had before and that no other manifest has
   * are removed: a model that is replaced would stay for ever otherwise.
   * @param {string} manifest its address
   * @param {readonly string[]} hashes
   */
  async replace(manifest, hashes) {
    try {
      const cache = await this.#cache;
      if (!cache) return;
      const own = LISTS + encodeURIComponent(manifest);
      /** @type {(list: string) => Promise<string[]>} */
      const read = async (list) => (await cache.match(list))?.json() ?? [];
      const former = await read(own);
      if (former.join() === hashes.join()) return;
      const others = (await cache.keys())
        .map(({ url }) => new URL(url).pathname)
        .filter((path) => path.startsWith(LISTS) && path !== own);
      const needed = new Set([...hashes, ...(await Promise.all(others.map(read))).flat()]);
      for (const hash of former) if (!needed.has(hash)) await cache.delete(key(hash));
      // Last, so that a list that could not be worked through is met again at the next load.
      await cache.put(own, Response.json(hashes));
    } catch {
      // What stays too long only costs room.
    }
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
