// The cells as an image of one pixel each, stretched to where they are wanted: what a frame costs
// does not depend on how large they are, and only on the columns that are in view.

import { h } from '../shared/dom.js';
import { PIXELS } from './colors.js';

/** @import { Columns } from './columns.js' */
/** @import { MeasureName } from './measures.js' */

/** @typedef {{population: string, measure: MeasureName}} Shown */
/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/** Layers upwards, tokens to the right. */
export class Grid {
  #canvas = h('canvas');

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Columns} columns
   * @param {Shown} shown
   * @param {number} from
   * @param {number} to the column behind the last one
   * @param {Box} box that they fill
   */
  draw(context, columns, { population, measure }, from, to, { x, y, width, height }) {
    const { layers } = columns;
    const across = to - from;
    const own = across > 0 ? this.#sized(across, layers) : null;
    if (!own) return;
    const image = own.createImageData(across, layers);
    const pixels = new Uint32Array(image.data.buffer);
    for (let column = 0; column < across; column++) {
      const shades = columns.shades(columns.list[from + column], population, measure);
      for (let layer = 0; layer < layers; layer++)
        pixels[(layers - 1 - layer) * across + column] = PIXELS[shades[layer]];
    }
    own.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#canvas, 0, 0, across, layers, x, y, width, height);
  }

  /** @param {number} width @param {number} height */
  #sized(width, height) {
    const canvas = this.#canvas;
    // Only ever larger: a new size is a new buffer.
    if (canvas.width < width) canvas.width = width;
    if (canvas.height < height) canvas.height = height;
    return canvas.getContext('2d');
  }
}
