// The words of the page, in the language in use.

import en from './en.js';

/** @typedef {import('./en.js').Words} Words */

/**
 * Those of the language in use. Read them where they are shown, not when a module loads: the
 * language may be another by then.
 * @type {Words}
 */
export let words = en;

/** @param {Words} now */
export function useWords(now) {
  words = now;
}
