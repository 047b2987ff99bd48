// One shard's bytes, from this browser or from the network, its SHA-256 checked before anyone uses
// them.

import { SpikeError } from '../shared/errors.js';
import { ownName } from '../shared/own-model.js';
import { fetchBytes } from './fetch.js';
import { findShard, hashable, matches } from './kept-shard.js';
import { inTurn } from './turns.js';

/** @import { ShardCache } from './shard-cache.js' */

/**
 * Brings a shard.
 * @param {{file: string, bytes: number, sha256: string}} shard of a manifest that Go has opened: it
 *   refuses sizes beyond its limit
 * @param {string} base the manifest's address
 * @param {ShardCache} cache
 * @param {object} told
 * @param {(bytes: number, kept: boolean) => void} told.onbytes bytes of this shard so far; kept: by
 *   this browser
 * @param {(waiting: boolean) => void} told.onwaiting the network is away, or back
 * @param {AbortSignal} [told.signal] ends the download with `aborted`. What has come whole by then
 *   is kept all the same
 * @returns {Promise<{bytes: Uint8Array<ArrayBuffer>, kept: boolean, verified: boolean}>} kept: this
 *   browser has it for the next time; verified: its hash was compared, else Go does it
 * @throws {SpikeError} the last try's error
 */
export async function fetchShard(shard, base, cache, { onbytes, onwaiting, signal }) {
  const url = new URL(shard.file, base).href;
  const verified = hashable();
  const { sha256 } = shard;
  const find = async () => {
    const bytes = await findShard(shard, cache);
    if (!bytes) return null;
    onbytes(bytes.length, true);
    return { bytes, kept: true, verified };
  };
  const found = await find();
  if (found) return found;
  if (ownName(base))
    throw new SpikeError('shard_corrupt', 'this browser has lost a part of the model');
  const keeps = await cache.keeps();
  const download = async (/** @type {(bytes: number) => void} */ tell) => {
    const bytes = await fetchBytes(url, {
      limit: shard.bytes,
      exact: shard.bytes,
      keeps: keeps || cache.off,
      onbytes: (n) => {
        tell(n);
        onbytes(n, false);
      },
      onwaiting,
      signal,
      check: async (got) => {
        if (!(await matches(got, sha256)))
          throw new SpikeError('shard_corrupt', 'the sha256 differs', { retryable: true, url });
      },
    });
    return { bytes, kept: await cache.put(sha256, bytes.buffer), verified };
  };
  // Tabs that keep nothing have nothing to give each other.
  if (!keeps) return download(() => {});
  return inTurn(
    sha256,
    { onbytes: (n) => { if (n <= shard.bytes) onbytes(n, false); }, signal },
    async (tell) => await find() ?? await download(tell),
  );
}
