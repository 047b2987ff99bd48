// Models of the reader's own files, in the store that shards are in. Nothing of them comes from a
// network: what is lost is made again of the file.

import { isName } from '../shared/name.js';
import { ownAddress, ownName } from '../shared/own-model.js';
import { alone, heldNames, hold } from './locks.js';
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

/** One tab at a time chooses a name for a model, or removes what was begun. */
const NAMES = 'spikechat-own-names';
/** Begins the name of a lock that says which name a piece of work packs a file under. */
const RESERVED = 'spikechat-own ';

/**
 * @typedef {object} Reservation
 * @property {string} name that a model is packed under
 * @property {string} source SHA-256 of the file
 * @property {string} work which of all tabs' pieces of work has it
 */

/** @returns {Promise<Reservation[]>} what all tabs pack now */
const reservations = async () => (await heldNames(RESERVED)).map((held) => {
  const [name, source, work] = held.split(' ');
  return { name, source, work };
});

/**
 * Removes what was begun and nobody goes on with, as what a tab packed that was closed.
 * @param {string | null} [ended] a piece of work that was ended, though its locks may be held for
 *   another moment
 * @returns {Promise<void>}
 */
export function removeUnfinished(ended = null) {
  return alone(NAMES, async () => {
    const cache = await open();
    if (!cache) return;
    const { lists } = await contents(cache);
    const packed = new Set((await reservations())
      .filter(({ work }) => work !== ended).map(({ name }) => name));
    for (const { model } of lists) {
      const name = model && ownName(model);
      if (!name || packed.has(name)) continue;
      if (!await cache.match(manifestPath(ownAddress(name))))
        await new ShardCache().remove(ownAddress(name));
    }
  });
}

/**
 * Takes a name that no other file's model has, and that no tab packs another file under. It is
 * reserved until this thread ends.
 * @param {string} wanted
 * @param {string} source SHA-256 of the file
 * @param {string} work a word that no other piece of work has
 * @returns {Promise<string>} the same one where it is of this file
 */
export function reserveName(wanted, source, work) {
  return alone(NAMES, async () => {
    const others = [...await ownModels(), ...await reservations()]
      .filter((other) => other.source !== source);
    const taken = new Set(others.map(({ name }) => name));
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted.slice(0, 120)}-${n}`;
    await hold(`${RESERVED}${name} ${source} ${work}`);
    return name;
  });
}
