// The cell that is lit: by the pointer, by keys, or from outside; and the card beside it.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { formatActivity } from './figures.js';
import { activity, placeOf } from './measures.js';
import { moved } from './moves.js';
import { CELL_WIDTH } from './plot.js';
import { Tip } from './tip.js';

/** @import { Columns } from './columns.js' */
/** @import { Shown } from './grid.js' */

/**
 * @typedef {object} Host
 * @property {Columns} columns
 * @property {HTMLElement} viewport takes the pointer and the keys
 * @property {HTMLCanvasElement} canvas
 * @property {() => number} cellHeight CSS pixels
 * @property {() => Shown} shown
 * @property {() => void} onchange another cell is lit, or none
 * @property {(column: number | null) => void} oncolumn the reader is on another column, or on none
 * @property {(cell: {column: number, layer: number, population: string | null}) => void} onselect
 */

/** Where the reader is. */
export class Cursor {
  #host;
  /** @type {number | null} lit */
  column = null;
  /** @type {number | null} lit, with the column */
  layer = null;
  #tip = new Tip();
  tip = this.#tip.element;
  spoken = h('p', { class: 'unseen', 'aria-live': 'polite' });
  /** @type {EventTarget[]} */
  #around = [];
  #scrolled = () => this.placeTip();

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
    const { viewport } = host;
    /** @type {Record<string, (event: any) => void>} */
    const listeners = {
      keydown: (event) => this.#key(event),
      // A finger on its way scrolls; one that taps makes a click.
      pointermove: (event) => { if (event.pointerType !== 'touch') this.#point(event); },
      pointerleave: ({ pointerType }) => { if (pointerType !== 'touch') this.#leave(); },
      click: (event) => {
        this.#point(event);
        this.#select();
      },
      focus: () => { if (viewport.matches(':focus-visible')) this.#enter(); },
      blur: () => this.#leave(),
    };
    for (const [name, listener] of Object.entries(listeners))
      viewport.addEventListener(name, listener);
  }

  /** Listens to what scrolls around us: the card is fixed, and the cell is not. */
  start() {
    const inner = /** @type {ShadowRoot} */ (this.#host.viewport.getRootNode());
    this.#around = [window, inner.host.getRootNode()];
    for (const one of this.#around)
      one.addEventListener('scroll', this.#scrolled, { capture: true, passive: true });
  }

  stop() {
    for (const one of this.#around)
      one.removeEventListener('scroll', this.#scrolled, { capture: true });
  }

  /**
   * @param {number | null} column
   * @param {number | null} layer
   * @param {boolean} [tell] whether to say so outside
   */
  light(column, layer, tell = false) {
    if (column === this.column && layer === this.layer) return;
    const moves = column !== this.column;
    this.column = column;
    this.layer = layer;
    this.#host.onchange();
    this.showTip();
    if (tell && moves) this.#host.oncolumn(column);
  }

  /** The cell's figures, as they are now. */
  showTip() {
    const { column, layer } = this;
    const token = column === null ? undefined : this.#host.columns.list[column];
    if (!token || column === null || layer === null) this.#tip.hide();
    else {
      const { population } = this.#host.shown();
      this.#tip.show(token, column, layer, population, this.#cellBox(column, layer));
    }
  }

  /** Moves the card to where the cell is now, and hides it where that is out of view. */
  placeTip() {
    const { column, layer } = this;
    if (this.tip.hidden || column === null || layer === null) return;
    const cell = this.#cellBox(column, layer);
    const { left, right } = this.#host.viewport.getBoundingClientRect();
    if (cell.right <= left + 1 || cell.left >= right - 1) this.#tip.hide();
    else this.#tip.place(cell);
  }

  /** By keyboard: the figures are there at once. */
  #enter() {
    const { length } = this.#host.columns;
    if (length > 0 && this.layer === null) this.#go(this.column ?? length - 1, 0);
  }

  #leave() {
    this.light(null, null, true);
  }

  /** @param {PointerEvent} event */
  #point({ clientX, clientY }) {
    const { columns, viewport, cellHeight } = this.#host;
    const { left, top, x, y } = this.#plotBox();
    const column = Math.floor(((clientX - left) / x + viewport.scrollLeft) / CELL_WIDTH);
    const layer = columns.layers - 1 - Math.floor((clientY - top) / y / cellHeight());
    const inside =
      column >= 0 && column < columns.length && layer >= 0 && layer < columns.layers;
    this.light(inside ? column : null, inside ? layer : null, true);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { columns, viewport } = this.#host;
    const { column, layer } = this;
    if (columns.length === 0 || event.altKey) return;
    const cell = column === null || layer === null ? null : { column, layer };
    const page = Math.max(1, Math.floor(viewport.clientWidth / CELL_WIDTH) - 1);
    const size = { columns: columns.length, layers: columns.layers, page };
    const to = moved(event, cell ?? { column: 0, layer: 0 }, size);
    const selects = event.key === 'Enter' || event.key === ' ';
    if (!(to || selects || (event.key === 'Escape' && cell))) return;
    event.preventDefault();
    // A page around us may have shortcuts on the same keys.
    event.stopPropagation();
    if (event.key === 'Escape') this.#leave();
    // The first key only shows where the cell is.
    else if (!cell) this.#enter();
    else if (to) this.#go(to.column, to.layer);
    else this.#select();
  }

  /**
   * @param {number} column
   * @param {number} layer
   */
  #go(column, layer) {
    this.reveal(column);
    this.light(column, layer, true);
    const { measure, population } = this.#host.shown();
    const token = this.#host.columns.list[column];
    const value = activity(token, layer, population, measure);
    const { noun } = words.heatmap.measures[measure];
    this.spoken.textContent = words.heatmap.cell(
      column + 1, JSON.stringify(token.text), layer, `${formatActivity(value, measure)} ${noun}`);
  }

  #select() {
    const { column, layer } = this;
    if (column === null || layer === null) return;
    const { spikes } = this.#host.columns.list[column];
    const place = placeOf(spikes, this.#host.shown().population);
    const population = place?.set.populations[place.index]?.name ?? null;
    this.#host.onselect({ column, layer, population });
  }

  /**
   * Where the plot is in the window, and how many of the window's pixels its own pixels have there:
   * other than 1 where the page around us has a transform or zoom. (offsetX knows of transforms
   * alone.)
   */
  #plotBox() {
    const { canvas } = this.#host;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return { left, top, x: width / canvas.offsetWidth || 1, y: height / canvas.offsetHeight || 1 };
  }

  /**
   * Where a cell is in the window.
   * @param {number} column
   * @param {number} layer
   */
  #cellBox(column, layer) {
    const { left, top, x, y } = this.#plotBox();
    const height = this.#host.cellHeight();
    return new DOMRect(
      left + x * (column * CELL_WIDTH - this.#host.viewport.scrollLeft),
      top + y * (this.#host.columns.layers - 1 - layer) * height,
      x * CELL_WIDTH,
      y * height,
    );
  }

  /** Scrolls as far as a column. @param {number} column */
  reveal(column) {
    const { viewport } = this.#host;
    const left = column * CELL_WIDTH;
    const { scrollLeft, clientWidth } = viewport;
    if (left < scrollLeft) viewport.scrollLeft = left;
    else if (left + CELL_WIDTH > scrollLeft + clientWidth)
      viewport.scrollLeft = left + CELL_WIDTH - clientWidth;
  }
}
