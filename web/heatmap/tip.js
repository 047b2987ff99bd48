// The numbers of one cell, beside it.

import { h } from '../shared/dom.js';
import { formatCount, formatShort } from '../shared/format.js';
import { MEASURES, activity, formatActivity, layerCount } from './measures.js';

/** @import { Counted, MeasureName } from './measures.js' */

const GAP = 8;

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
   * @param {number} population its index; -1 for all
   * @param {DOMRect} cell in the window
   */
  show(token, column, layer, population, cell) {
    const { text, spikes } = token;
    const measures = /** @type {MeasureName[]} */ (Object.keys(MEASURES));
    const operations = spikes.populations.reduce(
      (sum, { fan_out }, p) =>
        sum +
        (population === -1 || population === p
          ? fan_out * layerCount(spikes, spikes.spikes, layer, p).count
          : 0),
      0,
    );
    const rows = [
      ...measures.map((name) => [
        MEASURES[name].label,
        formatActivity(activity(token, layer, population, name), name),
      ]),
      ['Synaptic operations', formatShort(operations)],
      ['Neurons', formatCount(layerCount(spikes, spikes.spikes, layer, population).neurons)],
    ];
    this.element.replaceChildren(
      h(
        'div',
        { class: 'where' },
        h('b', {}, visible(text)),
        h('span', {}, `token ${column + 1}, layer ${layer}`),
      ),
      h('dl', {}, ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
    );
    this.element.hidden = false;
    this.#place(cell);
  }

  /**
   * Beside the cell, on the side that has room; on a narrow page above it. Fixed, because a
   * scrolling ancestor would cut it off; but an ancestor with a transform or a filter is then what
   * it is fixed to, in pixels of its own, so where the corner is has to be measured.
   * @param {DOMRect} cell
   */
  #place(cell) {
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
    const y = beside ? cell.top - height / 2 : cell.top - height - 3 * GAP;
    this.element.style.left = `${(x - zero.left) / scale}px`;
    this.element.style.top = `${(within(y, clientHeight - height) - zero.top) / scale}px`;
  }
}

/** A token for a label: white space alone is spelled out. @param {string} text */
function visible(text) {
  return text.trim() || JSON.stringify(text).slice(1, -1).replaceAll(' ', '␣') || '(no text)';
}
