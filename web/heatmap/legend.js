// The scale with its numbers and words.

import { h } from '../shared/dom.js';
import { formatDecimal, formatPercent } from '../shared/format.js';
import { words } from '../words/words.js';
import { COLORS } from './colors.js';
import { MEASURES } from './measures.js';

/** @import { MeasureName } from './measures.js' */

/**
 * The numbers of a scale, at equal distances.
 * @param {MeasureName} measure
 * @returns {string[]}
 */
export function ticksOf(measure) {
  const { limit, ticks, share } = MEASURES[measure];
  const labels = ticks.map((tick) => (share ? formatPercent(tick, 0) : formatDecimal(tick, 0)));
  // Only a share of everything cannot go beyond its end.
  if (!share || limit < 1) labels.push(`≥ ${labels.pop()}`);
  return labels;
}

/** @returns {HTMLCanvasElement} the colours, from left to right */
export function bar() {
  const canvas = h('canvas', { class: 'bar', width: COLORS.length, height: 1 });
  const context = canvas.getContext('2d');
  COLORS.forEach((color, i) => {
    if (!context) return;
    context.fillStyle = color;
    context.fillRect(i, 0, 1, 1);
  });
  return canvas;
}

/**
 * @param {MeasureName} measure
 * @returns {HTMLElement[]}
 */
export function legendOf(measure) {
  const { low, high } = words.heatmap.measures[measure];
  const row = (/** @type {string} */ name, /** @type {string[]} */ texts) =>
    h('div', { class: name }, ...texts.map((text) => h('span', {}, text)));
  return [bar(), row('numbers', ticksOf(measure)), row('ends', [low, high])];
}
