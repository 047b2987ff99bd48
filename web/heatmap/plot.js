// Draws the part of the picture that is in view. All positions are device pixels, rounded, so that
// cells meet without seams at any zoom.

import { colorOf } from './colors.js';
import { MEASURES, activity } from './measures.js';

/** @import { Spikes } from '../shared/spikes.js' */
/** @import { MeasureName } from './measures.js' */

/** CSS pixels a token takes. */
export const CELL_WIDTH = 12;
/** Space under the cells for token numbers, in CSS pixels. */
export const TICKS_HEIGHT = 20;
const TICK_EVERY = 10;

/**
 * @typedef {object} Column
 * @property {string} text of the token
 * @property {Spikes} spikes
 * @property {readonly number[]} usual its layers' usual spikes
 * @property {boolean} first of an answer
 */

/**
 * @typedef {object} View
 * @property {readonly Column[]} columns
 * @property {number} layers
 * @property {number} cellHeight CSS pixels
 * @property {number} left scrolled away, CSS pixels
 * @property {number} width CSS pixels
 * @property {number} population
 * @property {MeasureName} measure
 * @property {number | null} column lit
 * @property {number | null} layer lit, with column
 * @property {string} ink colour of ticks
 * @property {string} ground colour behind the cells
 * @property {string} font of ticks
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {View} view
 */
export function drawPlot(canvas, view) {
  const ratio = window.devicePixelRatio || 1;
  const { columns, layers, cellHeight, left, width } = view;
  const height = layers * cellHeight + TICKS_HEIGHT;
  const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  // Setting a size clears a canvas and costs a new buffer, so only when it changed.
  if (canvas.width !== deviceWidth || canvas.height !== deviceHeight) {
    canvas.width = deviceWidth;
    canvas.height = deviceHeight;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d');
  if (!context) return;
  const x = (/** @type {number} */ column) => Math.round((column * CELL_WIDTH - left) * ratio);
  const y = (/** @type {number} */ layer) => Math.round((layers - 1 - layer) * cellHeight * ratio);
  const bottom = Math.round(layers * cellHeight * ratio);
  const { limit } = MEASURES[view.measure];

  context.clearRect(0, 0, deviceWidth, deviceHeight);
  context.fillStyle = view.ground;
  context.fillRect(0, 0, deviceWidth, bottom);
  const from = Math.max(0, Math.floor(left / CELL_WIDTH));
  const to = Math.min(columns.length, Math.ceil((left + width) / CELL_WIDTH));
  for (let column = from; column < to; column++) {
    const token = columns[column];
    // A sliver of ground before an answer's first token tells answers apart.
    const start = x(column) + (token.first && column > 0 ? Math.round(2 * ratio) : 0);
    for (let layer = 0; layer < layers; layer++) {
      context.fillStyle = colorOf(activity(token, layer, view.population, view.measure), limit);
      context.fillRect(start, y(layer), x(column + 1) - start, y(layer - 1) - y(layer));
    }
  }

  context.font = `${11 * ratio}px ${view.font}`;
  context.textBaseline = 'bottom';
  context.fillStyle = view.ink;
  for (let column = from; column < to; column++) {
    const number = column + 1;
    if (number !== 1 && number % TICK_EVERY !== 0) continue;
    const middle = (x(column) + x(column + 1)) / 2;
    context.textAlign = column === 0 ? 'left' : 'center';
    context.fillRect(
      Math.round(middle),
      bottom,
      Math.max(1, Math.round(ratio)),
      Math.round(3 * ratio),
    );
    context.fillText(
      String(number),
      column === 0 ? x(0) : middle,
      deviceHeight - Math.round(1 * ratio),
    );
  }

  if (view.column !== null && view.column < columns.length) {
    frame(context, ratio, x(view.column), 0, x(view.column + 1) - x(view.column), bottom);
    if (view.layer !== null) {
      frame(
        context,
        ratio,
        x(view.column),
        y(view.layer),
        x(view.column + 1) - x(view.column),
        y(view.layer - 1) - y(view.layer),
      );
    }
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
