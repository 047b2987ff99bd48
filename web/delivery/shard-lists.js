// The lists beside the shards that a browser keeps, and where all of it is in the store. For each
// manifest a JSON list has the hashes it had when it was last loaded whole, and those it has had
// since: while it is loaded it grows before a shard is put.

/** Begins where a shard is, before its hash. */
export const SHARDS = '/spikechat-shard/';

const LISTS = '/spikechat-manifest/';

// For each list, the manifest itself: what the model is without network.
const MANIFESTS = '/spikechat-manifest-file/';

/** @param {string} model @returns {string} where its list is */
export const listPath = (model) => LISTS + encodeURIComponent(model);
/** @param {string} model @returns {string} where its manifest is */
export const manifestPath = (model) => MANIFESTS + encodeURIComponent(model);

/**
 * Most lists of one path. Queries that tell models apart are few; those that are new at each load
 * may be any number.
 */
export const MAX_QUERIES = 8;

/**
 * @param {string} hex two digits
 * @returns {string} the character where RFC 3986 calls it unreserved, else its encoding
 */
function unreserved(hex) {
  const character = String.fromCharCode(parseInt(hex, 16));
  return /[\w.~-]/.test(character) ? character : `%${hex.toUpperCase()}`;
}

/**
 * What tells a model from others: its address without fragment and `v`, which only says how new a
 * copy is wanted, in one of the spellings that RFC 3986 (6.2.2) has for it.
 * @param {string} address of a manifest
 */
export function identityOf(address) {
  const { protocol, host, pathname, search } = new URL(address);
  if (!host) throw new TypeError('no address of a model');
  const fields = search.slice(1).split('&').filter((field) => field && !/^v(=|$)/.test(field));
  const query = fields.length > 0 ? `?${fields.join('&')}` : '';
  return `${protocol}//${host}` +
    `${pathname}${query}`.replace(/%([0-9a-f]{2})/gi, (_, hex) => unreserved(hex));
}

/** @param {string} identity */
export const withoutQuery = (identity) => identity.split('?', 1)[0];

/** @param {string} path of a list @returns {string | null} the model that it is of */
function modelOf(path) {
  try {
    return identityOf(decodeURIComponent(path.slice(LISTS.length)));
  } catch {
    return null;
  }
}

/**
 * @param {Cache} cache
 * @param {string} path
 * @returns {Promise<string[] | null>} the hashes of a list; null where it is broken
 */
async function read(cache, path) {
  try {
    const list = await (await cache.match(path))?.json();
    const good = Array.isArray(list) && list.every((hash) => typeof hash === 'string');
    return good ? list : null;
  } catch {
    return null;
  }
}

/** @typedef {{path: string, model: string | null, hashes: string[] | null}} List */

/** @param {Cache} cache @returns {Promise<{paths: string[], lists: List[]}>} all that is kept */
export async function contents(cache) {
  const paths = (await cache.keys())
    .map(({ url }) => new URL(url))
    .map(({ pathname, search }) => pathname + search);
  const lists = await Promise.all(
    paths
      .filter((path) => path.startsWith(LISTS))
      .map(async (path) => ({ path, model: modelOf(path), hashes: await read(cache, path) })),
  );
  return { paths, lists };
}

/**
 * @param {readonly List[]} lists
 * @param {Iterable<string>} more
 * @returns {Set<string>} the hashes on any of the lists, and those more
 */
export const hashesOf = (lists, more) =>
  new Set([...more, ...lists.flatMap(({ hashes }) => hashes ?? [])]);

/** @param {readonly string[] | null} a @param {readonly string[]} b */
export const same = (a, b) => a?.length === b.length && b.every((hash, i) => hash === a[i]);

/**
 * @param {Cache} cache
 * @param {string} path of a list
 * @param {string | null} model whose manifest goes with it
 */
export async function removeList(cache, path, model) {
  await cache.delete(path);
  if (model !== null) await cache.delete(manifestPath(model));
}

/** Begins the names of the service workers' caches for what is no part of the page (sw.js). */
export const BESIDE = 'spikechat-runtime-';

/**
 * What a service worker keeps beside a model's shards: what its layers usually fire.
 * @param {string} manifest its address
 */
export const activityOf = (manifest) => new URL('activity.json', manifest);

/**
 * Removes what is kept beside a model.
 * @param {string} manifest its address
 * @returns {Promise<void>} never rejected
 */
export async function removeBeside(manifest) {
  try {
    const names = (await caches.keys()).filter((name) => name.startsWith(BESIDE));
    await Promise.all(names.map(async (name) =>
      (await caches.open(name)).delete(activityOf(manifest))));
  } catch {
    // What stays is a few kilobytes.
  }
}
