// What the browser keeps of a model, for those who use the engine without our page.

import { ShardCache } from '../delivery/shard-cache.js';
import { anAddress } from './address.js';
import { DEFAULT_MODEL } from './own-files.js';

/**
 * Whether a model can be loaded without network. Nothing is fetched for it.
 * @param {string | URL} [model] address of its manifest
 * @returns {Promise<boolean>}
 * @throws {import('../shared/errors.js').SpikeError} bad_request where it is no address
 */
export async function hasModelInCache(model = DEFAULT_MODEL) {
  const cache = new ShardCache();
  const manifest = await cache.manifest(anAddress(model, 'model'));
  if (!manifest) return false;
  /** @type {{shards: {sha256: string}[]}} */
  const { shards } = JSON.parse(new TextDecoder().decode(manifest));
  const hashes = shards.map(({ sha256 }) => sha256);
  return (await cache.kept(hashes)).size === new Set(hashes).size;
}

/**
 * Removes what the browser keeps of a model, whole or in part. An engine that has it goes on.
 * @param {string | URL} [model] address of its manifest
 * @returns {Promise<void>}
 * @throws {import('../shared/errors.js').SpikeError} bad_request where it is no address
 */
export async function deleteModelInCache(model = DEFAULT_MODEL) {
  await new ShardCache().remove(anAddress(model, 'model'));
}
