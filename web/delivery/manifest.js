// A model's manifest: from its server, and where that cannot be reached, as it was when the model
// was last loaded whole from there.

import { EXCHANGE_BYTES } from '../shared/contract.js';
import { SpikeError } from '../shared/errors.js';
import { ownName } from '../shared/own-model.js';
import { fetchBytes } from './fetch.js';

/** @import { FetchOptions } from './fetch.js' */
/** @import { ShardCache } from './shard-cache.js' */

/**
 * Says of which model it is that nothing is there.
 * @param {string} url
 * @param {SpikeError} error
 */
function noModel(url, { code, message, retryable, status, cause }) {
  const name = /([^/]+)\/manifest\.json$/.exec(new URL(url).pathname)?.[1];
  const which = name ? `no model "${name}"` : 'no model';
  return new SpikeError(code, `${which} (${message}) at ${url}`, { retryable, url, status, cause });
}

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
  const own = ownName(url);
  if (own) {
    if (kept) return new Uint8Array(kept);
    const message = `this browser has no model "own:${own}" of a file`;
    throw new SpikeError('http_status', message, { url, status: 404 });
  }
  try {
    return await fetchBytes(
      url, { limit: EXCHANGE_BYTES, revalidate: true, hurry: kept !== null, ...told });
  } catch (error) {
    const known = /** @type {SpikeError} */ (error);
    const { code, status = 0 } = known;
    const gone = GONE.includes(status);
    if (kept && !gone && !told.signal?.aborted && code !== 'blocked_by_policy')
      return new Uint8Array(kept);
    throw gone || code === 'wrong_content_type' ? noModel(url, known) : error;
  }
}
