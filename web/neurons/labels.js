// How tokens and figures are written.

import { formatPercent } from '../shared/format.js';
import { words } from '../words/words.js';

/**
 * A token's text on one line. White space alone is spelled out, and so is what has no sign.
 * @param {string} text
 */
export const spelled = (text) =>
  (/^ *$/.test(text) ? text.replaceAll(' ', '␣') : text.replace(/^ +| +$/g, ''))
    .replaceAll('\n', '⏎').replaceAll('\t', '⇥')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) =>
      `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);

/** First strong isolate, and its end: a token has the direction of its own letters. */
const [ISOLATE, END] = ['\u2068', '\u2069'];

/**
 * A token in quotes; marks have names.
 * @param {string} text
 */
export function tokenLabel(text) {
  const { marks, noText, quoted } = words.neurons;
  if (text === '') return noText;
  if (Object.hasOwn(marks, text)) return marks[/** @type {keyof typeof marks} */ (text)];
  return quoted(`${ISOLATE}${spelled(text)}${END}`);
}

/** @param {number} chance 0 to 1 */
export function percent(chance) {
  if (chance > 0 && chance < 0.0001) return `< ${formatPercent(0.0001, 2)}`;
  return formatPercent(chance, chance < 0.01 ? 2 : 1);
}

/** Four significant digits, with a minus sign that is one. @param {number} n */
export const figure = (n) => String(Number(n.toPrecision(4))).replace('-', '−');
