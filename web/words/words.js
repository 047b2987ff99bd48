// The words of the page, in the language in use.

import en from './en.js';

/** @typedef {typeof import('./en-looking.js').default} Words with those that come later */

/**
 * Those of the language in use. Read them where they are shown, not when a module loads: the
 * language may be another by then.
 * @type {Words}
 */
export let words = /** @type {Words} */ (en);

/** @param {Words} now */
export function useWords(now) {
  words = now;
}
