// How tokens and figures are written.

import { words } from '../words/words.js';

/**
 * A token in quotes. White space is spelled out, marks have names.
 * @param {string} text
 */
export function tokenLabel(text) {
  const { marks, noText, quoted } = words.neurons;
  if (text === '') return noText;
  if (Object.hasOwn(marks, text)) return marks[/** @type {keyof typeof marks} */ (text)];
  const shown = text.trim() === '' ? text.replaceAll(' ', '␣') : text.trim();
  return quoted(shown.replaceAll('\n', '⏎').replaceAll('\t', '⇥'));
}

/** @param {number} chance 0 to 1 */
export function percent(chance) {
  const share = 100 * chance;
  if (share > 0 && share < 0.01) return '< 0.01 %';
  return `${share.toFixed(share < 1 ? 2 : 1)} %`;
}

/** Four significant digits, with a minus sign that is one. @param {number} n */
export const figure = (n) => String(Number(n.toPrecision(4))).replace('-', '−');
