// Draws the part of the picture that is in view. All positions are device pixels, rounded, so that
// cells meet without seams at any zoom.

import { h } from '../shared/dom.js';
import { Grid } from './grid.js';

/** @import { Columns } from './columns.js' */
/** @import { Shown } from './grid.js' */

/** CSS pixels a token takes. */
export const CELL_WIDTH = 12;
/** Space under the cells for token numbers, in CSS pixels. */
export const TICKS_HEIGHT = 20;
const TICK_EVERY = 10;

/**
 * @typedef {object} View
 * @property {Columns} columns
 * @property {Shown} shown
 * @property {number} cellHeight CSS pixels
 * @property {number} left scrolled away, CSS pixels
 * @property {number} width CSS pixels
 * @property {number | null} column lit
 * @property {number | null} layer lit, with column
 * @property {string} ink colour of ticks
 * @property {string} ground colour behind the cells
 * @property {string} font of ticks
 */

/** The canvas that is as wide as what is in view. */
export class Plot {
  canvas = h('canvas');
  #grid = new Grid();

  /** @param {View} view */
  draw(view) {
    const { canvas } = this;
    const ratio = window.devicePixelRatio || 1;
    const { columns, shown, cellHeight, left, width } = view;
    const { layers, length } = columns;
    const height = layers * cellHeight + TICKS_HEIGHT;
    const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    // Setting a size clears a canvas and costs a new buffer, so only when it changed.
    if (canvas.width !== deviceWidth || canvas.height !== deviceHeight) {
      canvas.width = deviceWidth;
      canvas.height = deviceHeight;
    }
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext('2d');
    if (!context) return;
    const x = (/** @type {number} */ column) => Math.round((column * CELL_WIDTH - left) * ratio);
    const y = (/** @type {number} */ layer) =>
      Math.round((layers - 1 - layer) * cellHeight * ratio);
    const bottom = Math.round(layers * cellHeight * ratio);

    context.clearRect(0, 0, deviceWidth, deviceHeight);
    context.fillStyle = view.ground;
    context.fillRect(0, 0, deviceWidth, bottom);
    const from = Math.max(0, Math.floor(left / CELL_WIDTH));
    const to = Math.min(length, Math.ceil((left + width) / CELL_WIDTH));
    this.#grid.draw(context, columns, shown, from, to,
      { x: x(from), y: 0, width: x(to) - x(from), height: bottom });
    // A sliver of ground before an answer's first token tells answers apart.
    for (let column = Math.max(1, from); column < to; column++) {
      if (columns.list[column].first)
        context.fillRect(x(column), 0, Math.round(2 * ratio), bottom);
    }

    context.font = `${11 * ratio}px ${view.font}`;
    context.textBaseline = 'bottom';
    context.textAlign = 'center';
    context.fillStyle = view.ink;
    for (let column = from; column < to; column++) {
      const number = column + 1;
      if (number !== 1 && number % TICK_EVERY !== 0) continue;
      const middle = (x(column) + x(column + 1)) / 2;
      const tick = Math.max(1, Math.round(ratio));
      context.fillRect(Math.round(middle), bottom, tick, Math.round(3 * ratio));
      // At the edges it would be cut, and read as another number.
      const half = context.measureText(String(number)).width / 2;
      const least = column === 0 ? x(0) + half : -Infinity;
      const most = column === length - 1 ? deviceWidth - half : Infinity;
      const at = Math.max(least, Math.min(most, middle));
      if (at - half > -1 && at + half < deviceWidth + 1)
        context.fillText(String(number), at, deviceHeight - Math.round(1 * ratio));
    }

    const { column, layer } = view;
    if (column === null || column >= length) return;
    const across = x(column + 1) - x(column);
    frame(context, ratio, x(column), 0, across, bottom);
    if (layer !== null)
      frame(context, ratio, x(column), y(layer), across, y(layer - 1) - y(layer));
  }
}

/**
 * A light line in a dark one: visible on every colour of the scale. Drawn outside the cell, whose
 * colour stays whole.
 * @param {CanvasRenderingContext2D} context
 * @param {number} ratio
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function frame(context, ratio, x, y, width, height) {
  const line = Math.max(1, Math.round(ratio));
  for (const [color, gap] of /** @type {const} */ ([['#000', 2 * line], ['#fff', line]])) {
    context.strokeStyle = color;
    context.lineWidth = line;
    context.strokeRect(
      x - gap + line / 2,
      y - gap + line / 2,
      width + 2 * gap - line,
      height + 2 * gap - line,
    );
  }
}
