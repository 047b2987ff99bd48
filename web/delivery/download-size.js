// How much there is to download, asked before anything large is fetched.

import { EXCHANGE_BYTES } from '../shared/contract.js';
import { fetchBytes } from './fetch.js';
import { ShardCache } from './shard-cache.js';

/**
 * Reads the sizes in a manifest. Go checks the manifest when the model is loaded; here only a
 * figure is wanted, so anything odd gives null.
 * @param {string} url
 * @returns {Promise<{name: string, bytes: number, cached: number} | null>} cached: bytes already in
 *   this browser
 */
export async function downloadSize(url) {
  try {
    const manifest = JSON.parse(
      new TextDecoder().decode(
        await fetchBytes(url, { limit: EXCHANGE_BYTES, revalidate: true }),
      ),
    );
    /** @type {{bytes: number, sha256: string}[]} */
    const shards = manifest.shards;
    const kept = await new ShardCache().kept(shards.map(({ sha256 }) => sha256));
    const sum = (/** @type {{bytes: number}[]} */ some) =>
      some.reduce((bytes, shard) => bytes + shard.bytes, 0);
    const bytes = sum(shards);
    return bytes > 0
      ? {
          name: String(manifest.name),
          bytes,
          cached: sum(shards.filter(({ sha256 }) => kept.has(sha256))),
        }
      : null;
  } catch {
    return null;
  }
}
