import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import ar from '../../../words/ar.js';
import de from '../../../words/de.js';
import en from '../../../words/en-looking.js';
import es from '../../../words/es.js';
import ja from '../../../words/ja.js';
import zh from '../../../words/zh.js';
import { setLocale } from '../../../shared/format.js';
import { LANGUAGES, languageOf } from '../../../words/languages.js';

const ALL = { ar, de, en, es, ja, zh };
/** Numbers of every plural form that any of them has. */
const NUMBERS = [0, 1, 2, 3, 5, 11, 100, 2000];

/**
 * What functions get that want more than numbers and texts.
 * @type {Record<string, (n: number) => unknown[]>}
 */
const OTHERS = {
  'tour.additions.says': (n) => [n, n, [8, n], n],
  'tour.choice.differ': (n) => [n, [{ steps: n, groups: n }, { steps: 1, groups: 2 }]],
  'tour.spikes.says': (n) => [n, n, [n, 2], n],
  'heatmap.extremes': (n) => [{ layer: n, figure: '1' }, { layer: n, figure: '2' }, 'spikes'],
};

afterEach(() => setLocale('en'));

/**
 * Every text and function of an object, by its path.
 * @param {object} words
 * @param {string} [prefix]
 * @returns {[string, unknown][]}
 */
const leaves = (words, prefix = '') => Object.entries(words).flatMap(([name, value]) =>
  (typeof value === 'object' && value !== null
    ? leaves(value, `${prefix}${name}.`)
    : [[`${prefix}${name}`, value]]));

/** @param {object} words */
const kinds = (words) => Object.fromEntries(leaves(words).map(([path, value]) =>
  [path, typeof value === 'function' ? `function of ${value.length}` : typeof value]));

test('every language that can be chosen has a file, and its own name', () => {
  assert.deepEqual(Object.keys(LANGUAGES).sort(), Object.keys(ALL).sort());
  for (const [code, words] of Object.entries(ALL)) {
    assert.equal(words.language, code);
    assert.equal(words.direction, code === 'ar' ? 'rtl' : 'ltr');
  }
});

for (const [code, words] of Object.entries(ALL)) {
  test(`${code}: the same names of the same kinds as in English`, () => {
    assert.deepEqual(kinds(words), kinds(en));
  });

  test(`${code}: every text is one, and every function gives one`, () => {
    setLocale(code);
    for (const [path, value] of leaves(words)) {
      const texts = typeof value === 'function'
        ? NUMBERS.map((n) => value(...OTHERS[path]?.(n) ?? Array(value.length).fill(n)))
        : [value];
      for (const text of texts) {
        assert.equal(typeof text, 'string', path);
        if (path !== 'greeting.space') assert.notEqual(text.trim(), '', path);
        assert.doesNotMatch(text, /undefined|NaN|\[object|#/, `${path}: ${text}`);
      }
    }
  });
}

test('nothing is left in English', () => {
  // The model answers best in English; and names.
  const SAME = /^(greeting\.questions\.|settings\.(builds|kernels)\.)/;
  for (const [code, words] of Object.entries(ALL)) {
    if (code === 'en') continue;
    const english = new Map(leaves(en));
    const left = leaves(words).filter(([path, value]) =>
      typeof value === 'string' && /\p{L}{2} \p{L}/u.test(value) && !SAME.test(path)
      && english.get(path) === value).map(([path]) => path);
    assert.deepEqual(left, [], code);
  }
});

test('Arabic has its six forms', () => {
  setLocale('ar');
  const forms = [0, 1, 2, 3, 11, 100].map((n) => ar.chats.questions(n));
  assert.deepEqual(forms,
    ['0 سؤال', 'سؤال واحد', 'سؤالان', '3 أسئلة', '11 سؤالًا', '100 سؤال']);
});

test('figures are written as the language has them, in Latin digits', () => {
  setLocale('de');
  assert.equal(de.chat.rate(9.25), '9,3 Token/s');
  assert.match(de.loading.here(106e6), /^106\sMB, schon/);
  assert.match(de.loading.left(5), /^noch 5,0\sSek\.$/);
  setLocale('ar');
  assert.match(ar.chat.used(1234, 2048), /^1,234 .*2,048/);
});

test('a language is found by its code alone, the first that is wanted and there', () => {
  assert.equal(languageOf(['de-AT']), 'de');
  assert.equal(languageOf(['fr', 'zh-Hant-TW', 'en']), 'zh');
  assert.equal(languageOf(['EN_us', 'es']), 'es');
  for (const none of [[], [''], ['fr'], ['toString'], ['__proto__'], ['../en'], ['en/../de']])
    assert.equal(languageOf(none), null, none[0]);
});
