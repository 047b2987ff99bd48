// How much there is to download, asked before anything large is fetched.

import { isName } from '../shared/name.js';
import { fetchManifest } from './manifest.js';
import { ShardCache } from './shard-cache.js';

/** @typedef {{bytes: number, sha256: string}} Size of a shard */

/**
 * @param {unknown} list
 * @returns {Size[]}
 * @throws {TypeError} where it is no list of sizes
 */
function sizesOf(list) {
  if (!Array.isArray(list)) throw new TypeError('no list');
  return list.map(({ bytes, sha256 }) => {
    if (!(Number.isSafeInteger(bytes) && bytes > 0) || typeof sha256 !== 'string')
      throw new TypeError('no size of a shard');
    return { bytes, sha256 };
  });
}

/** @param {Size[]} shards */
const sum = (shards) => shards.reduce((bytes, shard) => bytes + shard.bytes, 0);

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string | null>} their SHA-256; null outside a secure context
 */
async function hashOf(bytes) {
  if (!globalThis.crypto?.subtle) return null;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Reads the sizes in a manifest. Go checks the manifest when the model is loaded; here only a
 * figure is wanted, so anything odd gives null.
 * @param {string} url
 * @returns {Promise<{name: string, bytes: number, cached: number, sha256: string | null} | null>}
 *   cached: bytes already in this browser; sha256: of the manifest, in hexadecimal, null where the
 *   browser cannot say it
 */
export async function downloadSize(url) {
  try {
    const cache = new ShardCache();
    const read = await fetchManifest(url, cache);
    const manifest = JSON.parse(new TextDecoder().decode(read));
    const shards = sizesOf(manifest.shards);
    const bytes = sum(shards);
    const kept = await cache.kept(shards.map(({ sha256 }) => sha256));
    return bytes > 0 && Number.isSafeInteger(bytes) && isName(manifest.name)
      ? {
          name: manifest.name,
          bytes,
          cached: sum(shards.filter(({ sha256 }) => kept.has(sha256))),
          sha256: await hashOf(read),
        }
      : null;
  } catch {
    return null;
  }
}
