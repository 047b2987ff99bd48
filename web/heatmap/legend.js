// The scale with its numbers.

import { h } from '../shared/dom.js';
import { COLORS } from './colors.js';
import { MEASURES } from './measures.js';

/** @import { MeasureName } from './measures.js' */

/**
 * @param {MeasureName} measure
 * @returns {HTMLElement[]}
 */
export function legendOf(measure) {
  const { limit, ticks, share } = MEASURES[measure];
  const bar = h('canvas', { class: 'bar', width: COLORS.length, height: 1 });
  const context = bar.getContext('2d');
  COLORS.forEach((color, i) => {
    if (!context) return;
    context.fillStyle = color;
    context.fillRect(i, 0, 1, 1);
  });
  const labels = ticks.map((value) => (share ? `${Math.round(100 * value)} %` : String(value)));
  // Only a share of everything cannot go beyond its end.
  if (!share || limit < 1) labels.push(`≥ ${labels.pop()}`);
  return [bar, h('div', { class: 'numbers' }, ...labels.map((label) => h('span', {}, label)))];
}
