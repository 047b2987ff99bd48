// The words of the shelf of models, which come with it.

import { words } from './words.js';

/** @import { Language } from './languages.js' */
/** @import { ShelfWords } from './shelf/en.js' */

/**
 * Written out, because bundlers look for such expressions.
 * @type {Readonly<Record<Language, () => Promise<{default: ShelfWords}>>>}
 */
const FILES = Object.freeze({
  en: () => import('./shelf/en.js'),
  ja: () => import('./shelf/ja.js'),
  zh: () => import('./shelf/zh.js'),
  de: () => import('./shelf/de.js'),
  es: () => import('./shelf/es.js'),
  ar: () => import('./shelf/ar.js'),
});

/** @returns {Promise<ShelfWords>} in the language of the page */
export const shelfWords = async () =>
  (await FILES[/** @type {Language} */ (words.language)]()).default;
