// The picture as a table: a page of tokens downwards, all layers across, one measure.

import { h } from '../shared/dom.js';
import { formatCount } from '../shared/format.js';
import { words } from '../words/words.js';
import { formatActivity, populationLabel, visibleText } from './figures.js';
import { activityOf } from './measures.js';

/** @import { Column, Columns } from './columns.js' */
/** @import { Shown } from './grid.js' */

/** Tokens of a page: thirty layers of more would take a moment to lay out. */
export const PAGE = 16;

/** Made on the first use; it shows what it is told to. */
export class Table {
  #onpoint;
  #caption = h('caption');
  #head = h('thead');
  #body = h('tbody');
  #range = h('span', { 'aria-live': 'polite' });
  #before = h('button', { type: 'button', onclick: () => this.#turn(-1) });
  #after = h('button', { type: 'button', onclick: () => this.#turn(1) });
  #scroller = h(
    'div',
    {
      class: 'cells', role: 'region', tabindex: 0,
      onpointerover: (/** @type {PointerEvent} */ { target }) => {
        const row = target instanceof Element ? target.closest('tr') : null;
        this.#onpoint(row?.dataset.column === undefined ? null : Number(row.dataset.column));
      },
      onpointerleave: () => this.#onpoint(null),
    },
    h('table', {}, this.#caption, this.#head, this.#body),
  );
  element = h('div', { class: 'table' },
    h('div', { class: 'pages' }, this.#before, this.#range, this.#after), this.#scroller);

  /** First token of the page; null: the last tokens, whichever these are. */
  #from = /** @type {number | null} */ (null);
  /** @type {Columns | null} */
  #columns = null;
  /** Which cells there are. */
  #place = '';
  /** @type {Column | undefined} of the page */
  #first;
  /** @type {Shown} */
  #shown = { population: 'all', measure: 'unusual' };

  /** @param {(column: number | null) => void} onpoint a row is under the pointer, or none */
  constructor(onpoint) {
    this.#onpoint = onpoint;
  }

  /**
   * @param {Columns} columns
   * @param {Shown} shown
   */
  show(columns, shown) {
    this.#columns = columns;
    this.#shown = shown;
    this.#draw();
  }

  /** @param {number | null} column lit */
  highlight(column) {
    for (const row of this.#body.rows)
      row.classList.toggle('lit', row.dataset.column === String(column));
  }

  /** @param {number} pages */
  #turn(pages) {
    if (!this.#columns) return;
    const last = Math.max(0, this.#columns.length - PAGE);
    const from = Math.max(0, (this.#from ?? last) + pages * PAGE);
    this.#from = from >= last ? null : from;
    this.#draw();
  }

  #draw() {
    const columns = this.#columns;
    if (!columns) return;
    const { list, layers, length } = columns;
    const last = Math.max(0, length - PAGE);
    if (this.#from !== null && this.#from >= last) this.#from = null;
    const from = this.#from ?? last;
    const to = Math.min(length, from + PAGE);
    const { measure, population } = this.#shown;
    const text = words.heatmap;
    const title = `${text.measures[measure].label}, ${populationLabel(population)}`;
    this.#caption.textContent = title;
    this.#scroller.setAttribute('aria-label', title);
    this.#before.textContent = text.before;
    this.#after.textContent = text.after;
    this.#before.disabled = from === 0;
    this.#after.disabled = from === last;
    const range = length === 0 ? text.none : text.rows(from + 1, to, length);
    // Said aloud when the reader turns a page, not with every token of an answer.
    this.#range.setAttribute('aria-live', this.#from === null ? 'off' : 'polite');
    this.#range.textContent = range;
    const figures = list.slice(from, to).map((column) => {
      const read = activityOf(column, population, measure);
      return Array.from({ length: layers }, (_, layer) => formatActivity(read(layer), measure));
    });
    const place = `${from} ${to} ${layers} ${words.language}`;
    if (place !== this.#place || list[from] !== this.#first) this.#build(list, from, figures);
    else this.#fill(figures);
    this.#place = place;
    this.#first = list[from];
  }

  /**
   * @param {readonly Column[]} list
   * @param {number} from
   * @param {readonly string[][]} figures by token and layer
   */
  #build(list, from, figures) {
    const text = words.heatmap;
    const head = (/** @type {string} */ scope, /** @type {string} */ label) =>
      h('th', { scope }, label);
    this.#head.replaceChildren(h('tr', {}, head('col', text.token),
      ...(figures[0] ?? []).map((_, layer) => head('col', `${text.layer} ${layer}`))));
    this.#body.replaceChildren(...figures.map((row, i) =>
      h('tr', { 'data-column': from + i },
        h('th', { scope: 'row' },
          `${formatCount(from + i + 1)} `, h('bdi', {}, visibleText(list[from + i].text))),
        ...row.map((figure) => h('td', {}, figure)))));
  }

  /** The same tokens: what a reader has selected, or is at, stays. @param {string[][]} figures */
  #fill(figures) {
    figures.forEach((row, i) => row.forEach((figure, layer) => {
      const cell = this.#body.rows[i].cells[layer + 1];
      if (cell.textContent !== figure) cell.textContent = figure;
    }));
  }
}
