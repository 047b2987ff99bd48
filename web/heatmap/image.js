// The whole picture as an image to keep, with what it shows, its axes and its scale.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { labelled } from './axis.js';
import { populationLabel, visibleText } from './figures.js';
import { Grid } from './grid.js';
import { bar, ticksOf } from './legend.js';

/** @import { Columns } from './columns.js' */
/** @import { Shown } from './grid.js' */

/** Device pixels of the widest image: browsers of phones have no larger canvas in reach. */
export const MAX_WIDTH = 8192;
const MARGIN = { left: 48, right: 24, top: 104, bottom: 28 };
const LEAST_WIDTH = 480;
const CELL = { width: 12, height: 12, least: 2 };
const MAX_CELLS_HEIGHT = 720;
const WORDS_HEIGHT = 76;
const MAX_WORD = 12;

/**
 * How large the parts of an image are, in its own pixels.
 * @param {number} columns
 * @param {number} layers
 * @returns {{scale: number, from: number, cell: {width: number, height: number}, worded: boolean,
 *   width: number, height: number}} scale: device pixels of each; from: the first column that has
 *   room; worded: there is room for the tokens' words
 */
export function layoutOf(columns, layers) {
  const around = MARGIN.left + MARGIN.right;
  const scale = columns * CELL.width + around <= MAX_WIDTH / 2 ? 2 : 1;
  const room = MAX_WIDTH / scale - around;
  const width = Math.max(1, Math.min(CELL.width, Math.floor(room / columns)));
  const height = Math.max(CELL.least, Math.min(CELL.height, Math.floor(MAX_CELLS_HEIGHT / layers)));
  const shown = Math.min(columns, Math.floor(room / width));
  const worded = width >= CELL.width;
  return {
    scale, from: columns - shown, cell: { width, height }, worded,
    width: Math.max(LEAST_WIDTH, shown * width + around),
    height: MARGIN.top + layers * height + MARGIN.bottom + (worded ? WORDS_HEIGHT : 0),
  };
}

/**
 * @param {Columns} columns
 * @param {Shown} shown
 * @param {{ink: string, ground: string, font: string, says: string}} look says: the sentence under
 *   the title
 * @returns {Promise<Blob>} a PNG file
 * @throws {Error} where the browser has no memory for it
 */
export function toImage(columns, shown, { ink, ground, font, says }) {
  const { layers, length } = columns;
  const { scale, from, cell, worded, width, height } = layoutOf(length, layers);
  const canvas = h('canvas', { width: width * scale, height: height * scale });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.scale(scale, scale);
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  context.fillStyle = ink;
  const text = words.heatmap;
  const write = (/** @type {string} */ what, /** @type {number} */ x, /** @type {number} */ y,
    /** @type {CanvasTextAlign} */ align = 'left', size = 11) => {
    context.font = `${size}px ${font}`;
    context.textAlign = align;
    context.fillText(what, x, y, Math.max(0, width - 16));
  };
  const { left, top } = MARGIN;
  const title = `${text.measures[shown.measure].label}, ${populationLabel(shown.population)}`;
  const part = from > 0
    ? ` (${text.lastTokens(length - from, length)})` : '';
  write(title + part, left, 24, 'left', 15);
  write(says, left, 42, 'left', 12);
  drawLegend(context, shown, left, 56, Math.min(width - left - MARGIN.right, 400), write);

  const bottom = top + layers * cell.height;
  new Grid().draw(context, columns, shown, from, length,
    { x: left, y: top, width: (length - from) * cell.width, height: layers * cell.height });
  context.fillStyle = ground;
  for (let column = from + 1; column < length; column++) {
    if (columns.list[column].first && cell.width > 2)
      context.fillRect(left + (column - from) * cell.width, top, 2, bottom - top);
  }

  context.fillStyle = ink;
  for (const layer of labelled(layers, cell.height))
    write(String(layer), left - 6, bottom - (layer + 0.5) * cell.height + 4, 'right');
  turned(context, 14, (top + bottom) / 2, () => write(text.layer, 0, 0, 'center'));
  const step = cell.width * 10 >= 40 ? 10 : 100;
  for (let column = from; column < length; column++) {
    const middle = left + (column - from + 0.5) * cell.width;
    const number = column + 1;
    if (number === 1 || number % step === 0) {
      context.fillRect(Math.round(middle), bottom, 1, 4);
      write(String(number), middle, bottom + 15, 'center');
    }
    if (!worded) continue;
    const word = visibleText(columns.list[column].text);
    const letters = [...word];
    const cut = letters.length > MAX_WORD;
    const short = cut ? `${letters.slice(0, MAX_WORD - 1).join('')}…` : word;
    turned(context, middle + 4, bottom + 20, () => write(short, 0, 0, 'right', 10));
  }
  write(text.token, left - 6, bottom + 15, 'right');
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no memory'))), 'image/png');
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Shown} shown
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {(what: string, x: number, y: number, align?: CanvasTextAlign) => void} write
 */
function drawLegend(context, { measure }, x, y, width, write) {
  context.drawImage(bar(), x, y, width, 8);
  const ticks = ticksOf(measure);
  ticks.forEach((tick, i) => {
    const align = i === 0 ? 'left' : i === ticks.length - 1 ? 'right' : 'center';
    write(tick, x + (width * i) / (ticks.length - 1), y + 20, align);
  });
  const { low, high } = words.heatmap.measures[measure];
  write(low, x, y + 34);
  write(high, x + width, y + 34, 'right');
}

/**
 * Writes upwards.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {() => void} write
 */
function turned(context, x, y, write) {
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  write();
  context.restore();
}
