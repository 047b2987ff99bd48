// The languages of the page, and how their words come: those of English with the page, the others
// when they are wanted. A page has one language at a time.

import { setLocale } from '../shared/format.js';
import en from './en.js';
import { useWords, words } from './words.js';

/** @import { Words } from './words.js' */

/** By their codes, each under its own name. */
export const LANGUAGES = Object.freeze({
  en: 'English', ja: '日本語', zh: '中文', de: 'Deutsch', es: 'Español', ar: 'العربية',
});

/** @typedef {keyof typeof LANGUAGES} Language */

/**
 * Written out, because bundlers look for such expressions.
 * @type {Readonly<Record<Language, () => Words | Promise<{default: Words}>>>}
 */
const FILES = Object.freeze({
  en: () => /** @type {Words} */ (en),
  ja: () => import('./ja.js'),
  zh: () => import('./zh.js'),
  de: () => import('./de.js'),
  es: () => import('./es.js'),
  ar: () => import('./ar.js'),
});

/** How long the page waits for words before it goes on with those that it has. */
const WAIT_MS = 8000;

/** @type {Set<() => void>} */
const listeners = new Set();
/** @type {Language | null} null: nobody has said which */
let wanted = null;
/** @type {Promise<void> | null} */
let coming = null;

/**
 * @param {readonly string[]} tags of languages, the most wanted first: de-AT, zh-Hant-TW
 * @returns {Language | null} the first that we have
 */
export function languageOf(tags) {
  const codes = tags.map((tag) => tag.toLowerCase().split('-', 1)[0]);
  const found = codes.find((code) => Object.hasOwn(LANGUAGES, code));
  return /** @type {Language | undefined} */ (found) ?? null;
}

/**
 * Has somebody told when the words are others, or did not come; or no more.
 * @param {() => void} listener
 * @param {boolean} on
 */
export function onLanguage(listener, on) {
  if (on) listeners.add(listener);
  else listeners.delete(listener);
}

/**
 * The first to say so chooses the language.
 * @param {Language} language
 * @returns {Promise<void> | null} see speak
 */
export const beginWith = (language) => (wanted === null ? speak(language) : coming);

/**
 * Has the page use the words of another language. Where they do not come it keeps those it has.
 * @param {Language} language
 * @returns {Promise<void> | null} until they are in use; null where they are at once
 */
export function speak(language) {
  if (language === wanted) return coming;
  wanted = language;
  const file = FILES[language]();
  if (!(file instanceof Promise)) {
    coming = null;
    use(file);
    return null;
  }
  const late = new Promise((_, reject) => { setTimeout(reject, WAIT_MS); });
  const now = Promise.race([file, late]).then(
    (module) => { if (coming === now) use(/** @type {{default: Words}} */ (module).default); },
    () => {
      if (coming !== now) return;
      wanted = /** @type {Language} */ (words.language);
      tell();
    },
  ).finally(() => { if (coming === now) coming = null; });
  coming = now;
  return coming;
}

/** @param {Words} now */
function use(now) {
  setLocale(now.language);
  useWords(now);
  tell();
}

function tell() {
  for (const listener of listeners) listener();
}
