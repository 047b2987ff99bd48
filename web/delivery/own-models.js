// Models of the reader's own files, in the store that shards are in. Nothing of them comes from a
// network: what is lost is made again of the file.

import { isName } from '../shared/name.js';
import { ownAddress, ownName } from '../shared/own-model.js';
import { claimed } from './locks.js';
import { ShardCache, open } from './shard-cache.js';
import { contents, manifestPath } from './shard-lists.js';

/**
 * @typedef {object} OwnModel
 * @property {string} name of it among those of this browser: `own:NAME` is the model
 * @property {string} title what it calls itself
 * @property {string} license
 * @property {number} bytes of its shards
 * @property {string} source SHA-256 of its file
 * @property {boolean} ranked whether it has a ranking of its neurons
 */

/**
 * @param {Response | undefined} kept manifest, which the packer has made
 * @param {string} name
 * @returns {Promise<OwnModel | null>}
 */
async function describe(kept, name) {
  try {
    const manifest = await kept?.json();
    const { name: title, license = '', shards, source, tensors } = manifest;
    if (!isName(title)) return null;
    return {
      name,
      title,
      license,
      bytes: shards.reduce((/** @type {number} */ sum, /** @type {any} */ s) => sum + s.bytes, 0),
      source: source.sha256,
      ranked: tensors.some((/** @type {any} */ { kind }) => kind === 'ranking'),
    };
  } catch {
    return null;
  }
}

/** @returns {Promise<OwnModel[]>} those that are whole, by name */
export async function ownModels() {
  const cache = await open();
  if (!cache) return [];
  try {
    const { lists } = await contents(cache);
    const names = lists.flatMap(({ model }) => (model && ownName(model)) || []);
    const models = await Promise.all(names.map(async (name) =>
      describe(await cache.match(manifestPath(ownAddress(name))), name)));
    return models.filter((model) => model !== null)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/**
 * Removes what was begun and not ended, as by a tab that was closed.
 * @param {string | null} [ending] a model that nobody goes on with, though its locks may be held
 *   for another moment
 */
export async function removeUnfinished(ending = null) {
  const cache = await open();
  if (!cache) return;
  const { lists } = await contents(cache);
  const wanted = await claimed();
  for (const { model, hashes } of lists) {
    const name = model && ownName(model);
    if (!name) continue;
    if (name !== ending && hashes?.some((hash) => wanted.has(hash))) continue;
    if (!await cache.match(manifestPath(ownAddress(name))))
      await new ShardCache().remove(ownAddress(name));
  }
}

/**
 * A name that no other file's model has.
 * @param {string} wanted
 * @param {string} source SHA-256 of the file
 * @returns {Promise<string>} the same one where it is of this file
 */
export async function freeName(wanted, source) {
  const models = await ownModels();
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted.slice(0, 120)}-${n}`;
    const there = models.find((model) => model.name === name);
    if (!there || there.source === source) return name;
  }
}
