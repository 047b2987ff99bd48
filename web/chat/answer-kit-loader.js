// Fetches what answers need beside the engine.

/** @typedef {typeof import('./answer-kit.js')} Kit */

/** @type {Kit | null} */
let loaded = null;
/** @type {Promise<void> | null} */
let coming = null;

/** What has come, if it has. */
export const kit = () => loaded;

/** Resolves whether or not it has come. @returns {Promise<void>} */
export function prepareKit() {
  coming ??= import('./answer-kit.js').then(
    (module) => { loaded = module; },
    () => { coming = null; },
  );
  return coming;
}
