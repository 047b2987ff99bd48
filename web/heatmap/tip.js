// The numbers of one cell, beside it.

import { h } from '../shared/dom.js';
import { formatCount, formatShort } from '../shared/format.js';
import { words } from '../words/words.js';
import { formatActivity, visibleText } from './figures.js';
import { MEASURE_NAMES, activity, layerCount, placeOf } from './measures.js';

/** @import { Counted } from './measures.js' */

const GAP = 8;

/**
 * What was counted in one cell.
 * @param {Counted} token
 * @param {number} layer
 * @param {string} population
 * @returns {[name: string, figure: string][]}
 */
export function figuresOf(token, layer, population) {
  const { measures, counts } = words.heatmap;
  /** @type {[string, string][]} */
  const rows = MEASURE_NAMES.map((name) =>
    [measures[name].label, formatActivity(activity(token, layer, population, name), name)]);
  const place = placeOf(token.spikes, population);
  if (!place) return rows;
  const { set, index, cached } = place;
  const sum = (/** @type {readonly number[]} */ list, weighted = false) =>
    layerCount(set.populations, list, layer, index, weighted);
  const { count: spikes, neurons } = sum(set.spikes);
  const usual = cached ? token.usual.cache?.spikes : token.usual.spikes;
  return [
    ...rows,
    [counts.spikes, formatCount(spikes)],
    ...(usual ? [/** @type {[string, string]} */ (
      [counts.usual, formatCount(sum(usual).count)])] : []),
    [counts.operations, formatShort(sum(set.spikes, true).count)],
    [counts.neurons, formatCount(neurons)],
  ];
}

/** A card of figures. */
export class Tip {
  element = h('div', { class: 'tip', hidden: true });

  hide() {
    this.element.hidden = true;
  }

  /**
   * @param {{text: string} & Counted} token
   * @param {number} column
   * @param {number} layer
   * @param {string} population
   * @param {DOMRect} cell in the window
   */
  show(token, column, layer, population, cell) {
    const place = words.heatmap.place(column + 1, layer);
    this.element.replaceChildren(
      h('div', { class: 'where' },
        h('b', { dir: 'auto' }, visibleText(token.text)), h('span', {}, place)),
      h('dl', {}, ...figuresOf(token, layer, population).flatMap(([name, figure]) =>
        [h('dt', {}, name), h('dd', {}, figure)])),
    );
    this.element.hidden = false;
    this.place(cell);
  }

  /**
   * Beside the cell, on the side that has room; on a narrow page above it. Fixed, because a
   * scrolling ancestor would cut it off; but an ancestor with a transform or a filter is then what
   * it is fixed to, in pixels of its own, so where the corner is has to be measured.
   * @param {DOMRect} cell
   */
  place(cell) {
    this.element.style.left = this.element.style.top = '0';
    const zero = this.element.getBoundingClientRect();
    const { width, height } = zero;
    const scale = width / this.element.offsetWidth || 1;
    const { clientWidth, clientHeight } = document.documentElement;
    const within = (/** @type {number} */ at, /** @type {number} */ most) =>
      Math.max(GAP, Math.min(at, most - GAP));
    const left = cell.left - GAP - width;
    const right = cell.right + GAP;
    const beside = left >= GAP || right + width <= clientWidth - GAP;
    const free = left >= GAP ? left : right;
    const x = beside ? free : within(cell.left - width / 2, clientWidth - width);
    const above = cell.top - height - 3 * GAP;
    const apart = above >= GAP ? above : cell.bottom + 3 * GAP;
    const y = beside ? cell.top - height / 2 : apart;
    this.element.style.left = `${(x - zero.left) / scale}px`;
    this.element.style.top = `${(within(y, clientHeight - height) - zero.top) / scale}px`;
  }
}
