// Which language an element is in: the one that the reader has chosen, else that of what is around
// it. Where neither says, it is English: nobody expects a part of a page in a language of its own.

import { languageOf } from '../words/languages.js';

/** @import { Language } from '../words/languages.js' */

const NAME = 'spikechat-language';

/** What the reader has chosen in this browser. @returns {Language | null} */
export function keptLanguage() {
  try {
    return languageOf([localStorage.getItem(NAME) ?? '']);
  } catch {
    return null; // storage is blocked
  }
}

/** @param {Language} language */
export function keepLanguage(language) {
  try {
    localStorage.setItem(NAME, language);
  } catch {
    // It lasts as long as the page.
  }
}

/** @param {Element} element @returns {Language} */
export const languageFor = (element) =>
  keptLanguage() ?? languageOf([langAround(element)]) ?? 'en';

/** @param {Element} element @returns {string} empty where nothing says */
function langAround(element) {
  for (let at = element; ;) {
    const named = /** @type {HTMLElement | null} */ (at.closest('[lang]'));
    if (named) return named.lang;
    const root = at.getRootNode();
    // An element that is nowhere will be in this document.
    if (!(root instanceof ShadowRoot)) return document.documentElement.lang;
    at = root.host;
  }
}
