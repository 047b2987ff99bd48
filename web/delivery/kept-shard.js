// One shard's bytes from this browser, its SHA-256 checked before anyone uses them.

/** @import { ShardCache } from './shard-cache.js' */

/**
 * @param {{bytes: number, sha256: string}} shard
 * @param {ShardCache} cache what is broken there is removed
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null where it is not kept
 */
export async function findShard({ bytes: length, sha256 }, cache) {
  const stored = await cache.get(sha256);
  if (!stored) return null;
  const bytes = new Uint8Array(stored);
  if (bytes.length === length && await matches(bytes, sha256)) return bytes;
  await cache.delete(sha256);
  return null;
}

/** crypto.subtle is missing in a page that is not a secure context. */
export const hashable = () => typeof crypto.subtle === 'object';

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} sha256
 */
export async function matches(bytes, sha256) {
  if (!hashable()) return true;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return sha256 === Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
