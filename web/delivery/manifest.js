// A model's manifest: from its server, and where that cannot be reached, as it was when the model
// was last loaded whole from there.

import { EXCHANGE_BYTES } from '../shared/contract.js';
import { SpikeError } from '../shared/errors.js';
import { ownName } from '../shared/own-model.js';
import { fetchBytes } from './fetch.js';

/** @import { FetchOptions } from './fetch.js' */
/** @import { ShardCache } from './shard-cache.js' */

/** A server that says so has no such model any more. */
const GONE = [404, 410];

/**
 * @param {string} url
 * @param {ShardCache} cache
 * @param {Pick<FetchOptions, 'onwaiting' | 'signal'>} [told]
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {SpikeError}
 */
export async function fetchManifest(url, cache, told = {}) {
  const kept = await cache.manifest(url);
  if (ownName(url)) {
    if (kept) return new Uint8Array(kept);
    throw new SpikeError('http_status', 'this browser has no such model', { url, status: 404 });
  }
  try {
    return await fetchBytes(
      url, { limit: EXCHANGE_BYTES, revalidate: true, hurry: kept !== null, ...told });
  } catch (error) {
    const { code, status = 0 } = /** @type {SpikeError} */ (error);
    if (!kept || GONE.includes(status) || told.signal?.aborted || code === 'blocked_by_policy')
      throw error;
    return new Uint8Array(kept);
  }
}
