// Where a model that is downloaded will be kept, said before it is.

import { CACHE } from './shard-cache.js';

/**
 * `browser`: for every page of ours; `site`: for the site whose page we are framed in, because
 * browsers divide what framed pages keep by the site around them; `nothing`: not at all.
 * @typedef {'browser' | 'site' | 'nothing'} Keeping
 */

/** @returns {Promise<Keeping>} as far as can be told beforehand */
export async function keeping() {
  try {
    // There are none without a secure context, and a browser that blocks them throws.
    await caches.has(CACHE);
  } catch {
    return 'nothing';
  }
  return isFramedElsewhere() ? 'site' : 'browser';
}

/**
 * Asks the browser to keep what is stored until the reader removes it, also where the disk is full.
 * Some browsers ask the reader, others decide by themselves.
 */
export function askToPersist() {
  try {
    navigator.storage.persist().catch(() => {});
  } catch {
    // There is no such thing here: the browser may drop the model when it needs the room.
  }
}

/** Whether a page of another origin is somewhere around this one. */
export function isFramedElsewhere() {
  try {
    for (let at = window; at !== at.parent; at = /** @type {typeof at} */ (at.parent)) {
      // Throws across origins.
      void at.parent.document;
    }
    return false;
  } catch {
    return true;
  }
}
