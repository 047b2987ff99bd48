// How much there is to download, asked before anything large is fetched.

import { EXCHANGE_BYTES } from '../shared/contract.js';
import { fetchBytes } from './fetch.js';
import { ShardCache } from './shard-cache.js';

/** Bytes of the longest name of a model (core/planes, MaxNameBytes). */
const MAX_NAME_BYTES = 128;

/** What a name is not made of: control characters, line breaks, marks that turn text around. */
const NOT_PLAIN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u;

/**
 * Whether the engine would take it as a model's name (core/planes, IsLine). It is shown before the
 * engine has seen it.
 * @param {unknown} name
 * @returns {name is string}
 */
const isName = (name) => typeof name === 'string' && name !== '' && !NOT_PLAIN.test(name)
  && new TextEncoder().encode(name).length <= MAX_NAME_BYTES;

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
    return bytes > 0 && isName(manifest.name)
      ? {
          name: manifest.name,
          bytes,
          cached: sum(shards.filter(({ sha256 }) => kept.has(sha256))),
        }
      : null;
  } catch {
    return null;
  }
}
