// Figures and words of the picture, as a reader sees them.

import { formatDecimal, formatPercent } from '../shared/format.js';
import { words } from '../words/words.js';
import { MEASURES } from './measures.js';

/** @import { MeasureName } from './measures.js' */

/**
 * A figure of a measure.
 * @param {number} value NaN: not counted
 * @param {MeasureName} measure
 * @returns {string}
 */
export function formatActivity(value, measure) {
  if (Number.isNaN(value)) return words.heatmap.notCounted;
  const { share, signed } = MEASURES[measure];
  return (share ? formatPercent(value, 1, signed) : formatDecimal(value, 2)).replace('-', '−');
}

/** @param {string} name @returns {string} the population's name for people */
export function populationLabel(name) {
  /** @type {Readonly<Record<string, string>>} */
  const labels = words.heatmap.populations;
  return Object.hasOwn(labels, name) ? labels[name] : name;
}

/** A token for a label: white space alone is spelled out. @param {string} text */
export const visibleText = (text) =>
  text.trim() || JSON.stringify(text).slice(1, -1).replaceAll(' ', '␣') || words.heatmap.noText;
