// <spike-heatmap>: tokens across, layers upwards, colour = activity on a fixed scale.
//
//   heatmap.push(text, chunk.spike)   adds a column, unless it has no counts
//   heatmap.divide()                  the next column begins an answer
//   heatmap.usual = levels            what is usual in this answer; null: learned from the chat
//   heatmap.highlight(index | null)   lights a column; event `spike-column` {column} tells when the
//                                     reader does, and `spike-select` {column, layer,
//                                     population} that one chose a cell; population null is all
//
// Attributes: measure (unusual, spikes, active, operations, strong), population (all, a
// population's name, keys, values).

import { STEP_LEVELS } from '../shared/contract.js';
import { BaseElement, fillShadow, h, setOrRemove, takeOver } from '../shared/dom.js';
import { onLanguage } from '../words/languages.js';
import { words } from '../words/words.js';
import { Axis } from './axis.js';
import { Columns } from './columns.js';
import { Cursor } from './cursor.js';
import { legendOf } from './legend.js';
import { MEASURES, placeOf } from './measures.js';
import { Menus } from './menus.js';
import { Painter } from './painter.js';
import { CELL_WIDTH, Plot, TICKS_HEIGHT } from './plot.js';
import { Summary } from './summary.js';
import { Tools } from './tools.js';

/** @import { Spikes } from '../shared/spikes.js' */
/** @import { Levels } from './measures.js' */
/** @import { Table } from './table.js' */

/** @typedef {import('./measures.js').MeasureName} MeasureName */

const SHEET = new URL('./heatmap.css', import.meta.url).href;
const DEFAULT_HEIGHT = 330;
const CELL_HEIGHTS = { least: 3, most: 24 };
const SUMMARY_MS = 1000;
// More at once might hold the page up.
const SUMMARY_COLUMNS = 128;

/** The element. Registered by spike-heatmap.js. */
export class SpikeHeatmap extends BaseElement {
  static observedAttributes = ['measure', 'population'];

  #columns = new Columns();
  /** Whether what comes is brought into view. */
  #follow = true;
  /** Whether something has come, or the width is another, since the last drawing. */
  #behind = false;
  /** Scrolled away when it was drawn, CSS pixels. */
  #left = 0;
  #summaryTimer = 0;
  #menus = new Menus({
    measure: (name) => { this.measure = name; },
    population: (name) => { this.population = name; },
  });
  #plot = new Plot();
  #spacer = h('div', { class: 'spacer' }, this.#plot.canvas);
  #viewport = h('div', {
    class: 'viewport', tabindex: 0, role: 'group', 'aria-describedby': 'summary',
    onscroll: () => this.#scrolled(),
  }, this.#spacer);
  #painter = new Painter(this.#viewport, () => this.#draw());
  #resize = new ResizeObserver(() => this.layout());
  #cursor = new Cursor({
    columns: this.#columns,
    viewport: this.#viewport,
    canvas: this.#plot.canvas,
    cellHeight: () => this.#cellHeight,
    shown: () => this.#shown,
    onchange: () => {
      this.#table?.highlight(this.#cursor.column);
      this.#painter.plan();
    },
    oncolumn: (column) =>
      this.dispatchEvent(new CustomEvent('spike-column', { detail: { column }, composed: true })),
    onselect: (detail) =>
      this.dispatchEvent(new CustomEvent('spike-select', { detail, composed: true })),
  });
  #axis = new Axis();
  #empty = h('p', { class: 'empty' });
  #says = h('p', { class: 'note' });
  #note = h('p', { class: 'note' });
  #legend = h('div', { class: 'legend', part: 'legend', 'aria-hidden': 'true' });
  #summary = new Summary();
  #summaryLine = h('p', { class: 'unseen', id: 'summary' });
  #tools = new Tools({
    columns: this.#columns,
    shown: () => this.#shown,
    look: () => {
      const { color: ink, backgroundColor: ground } = getComputedStyle(this.#cursor.tip);
      return { ink, ground, font: this.#look().font, says: this.#sentence };
    },
    ontable: (open) => this.#openTable(open),
  });
  #tablePlace = h('div', { id: 'table', hidden: true });
  /** @type {Table | null} made when it is first asked for */
  #table = null;

  constructor() {
    super();
    takeOver(this, [...SpikeHeatmap.observedAttributes, 'usual']);
    const content = h(
      'div',
      { class: 'heatmap', part: 'heatmap' },
      this.#menus.element,
      h('div', { class: 'plot' }, this.#axis.element, this.#viewport, this.#empty),
      this.#legend,
      this.#says,
      this.#note,
      this.#tools.element,
      this.#tablePlace,
      this.#summaryLine,
      this.#cursor.spoken,
      this.#cursor.tip,
    );
    fillShadow(this.attachShadow({ mode: 'open' }), [SHEET], content);
    // The canvas has the colours of the moment when it was drawn.
    this.addEventListener('transitionend', ({ propertyName }) => {
      if (propertyName === 'color') this.#painter.plan();
    });
  }

  connectedCallback() {
    onLanguage(this.#translate, true);
    this.#resize.observe(this.#viewport);
    this.#painter.start();
    this.#cursor.start();
    this.#translate();
  }

  disconnectedCallback() {
    onLanguage(this.#translate, false);
    this.#resize.disconnect();
    this.#painter.stop();
    this.#cursor.stop();
    clearTimeout(this.#summaryTimer);
    this.#summaryTimer = 0;
  }

  attributeChangedCallback() {
    this.#menus.show(this.#shown);
    this.#tools.say();
    this.#legend.replaceChildren(...legendOf(this.measure));
    this.#says.textContent = this.#sentence;
    this.#summarizeSoon();
    if (!this.#tablePlace.hidden) this.#table?.show(this.#columns, this.#shown);
    this.#cursor.showTip();
    this.#painter.plan();
  }

  /** @returns {MeasureName} */
  get measure() {
    const name = this.getAttribute('measure') ?? 'unusual';
    return Object.hasOwn(MEASURES, name) ? /** @type {MeasureName} */ (name) : 'unusual';
  }

  set measure(name) {
    setOrRemove(this, 'measure', name);
  }

  /** `all`, a population's name, `keys` or `values`. */
  get population() {
    return this.getAttribute('population') ?? 'all';
  }

  set population(name) {
    setOrRemove(this, 'population', name);
  }

  /** Columns there are. */
  get length() {
    return this.#columns.length;
  }

  /**
   * How many spikes are usual in this answer: its columns since the last divide() are compared with
   * it, and those that come. Null, as at first: what is usual is learned from the chat.
   * @returns {Levels | null}
   */
  get usual() {
    return this.#columns.usual;
  }

  set usual(levels) {
    this.#columns.usual = levels ?? null;
    this.#summary.forget();
    this.attributeChangedCallback();
  }

  /**
   * Adds a token.
   * @param {string} text
   * @param {Spikes | {seed: number} | null} spikes of a chunk
   * @returns {number | null} its column; a chunk without counts has none
   */
  push(text, spikes) {
    if (!spikes || !('spikes' in spikes)) return null;
    this.#columns.push(text, spikes);
    if (this.#columns.length === 1) {
      this.#empty.hidden = true;
      this.#menus.fill(spikes);
      this.attributeChangedCallback();
    }
    this.#behind = true;
    this.#summarizeSoon();
    this.#painter.plan();
    return this.#columns.length - 1;
  }

  /** The next token begins an answer. */
  divide() {
    this.#columns.divide();
  }

  /** Forgets all tokens. */
  clear() {
    this.#columns.clear();
    this.#summary.forget();
    this.#follow = true;
    this.#cursor.light(null, null);
    this.#empty.hidden = false;
    this.attributeChangedCallback();
  }

  /**
   * Lights a column and brings it into view.
   * @param {number | null} column
   */
  highlight(column) {
    this.#cursor.light(column, null);
    if (column !== null) this.#cursor.reveal(column);
  }

  /** Draws anew, for when --heatmap-height has changed. */
  layout() {
    this.#behind = true;
    this.#painter.plan();
  }

  #translate = () => {
    const text = words.heatmap;
    this.#viewport.setAttribute('aria-label', text.label);
    this.#viewport.setAttribute('aria-roledescription', text.role);
    this.#empty.textContent = text.empty;
    this.attributeChangedCallback();
  };

  /** What is shown. */
  get #shown() {
    return { measure: this.measure, population: this.population };
  }

  /** What a cell's colour says, for someone who knows nothing of it. */
  get #sentence() {
    const { says, ...more } = words.heatmap.measures[this.measure];
    return 'learned' in more && !this.usual ? more.learned : says;
  }

  get #cellHeight() {
    const height =
      parseFloat(getComputedStyle(this).getPropertyValue('--heatmap-height')) || DEFAULT_HEIGHT;
    return Math.max(
      CELL_HEIGHTS.least,
      Math.min(CELL_HEIGHTS.most, Math.floor(height / this.#columns.layers)),
    );
  }

  /** Colours and type of the page around. */
  #look() {
    const style = getComputedStyle(this.#viewport);
    const ground = style.getPropertyValue('--sunken') || 'transparent';
    return { ink: style.color, ground, font: style.fontFamily };
  }

  #draw() {
    const { layers, length, list } = this.#columns;
    const cellHeight = this.#cellHeight;
    this.#spacer.style.width = `${length * CELL_WIDTH}px`;
    this.#spacer.style.height = `${layers * cellHeight + TICKS_HEIGHT}px`;
    // What a reader looks at stays where it is.
    if (this.#behind && this.#follow && this.#cursor.column === null)
      this.#viewport.scrollLeft = this.#viewport.scrollWidth;
    this.#behind = false;
    this.#left = this.#viewport.scrollLeft;
    this.#axis.draw(layers, cellHeight);
    this.#plot.draw({
      columns: this.#columns,
      shown: this.#shown,
      cellHeight,
      left: this.#left,
      width: this.#viewport.clientWidth,
      column: this.#cursor.column,
      layer: this.#cursor.layer,
      ...this.#look(),
    });
    const steps1 = this.measure === 'strong' && length > 0 && list.slice(-8).every(({ spikes }) => {
      const { strong = [] } = placeOf(spikes, this.population)?.set ?? {};
      return strong.length > 0 && strong.every((count) => count === 0);
    });
    const note = steps1 ? words.heatmap.oneStep(STEP_LEVELS) : '';
    if (this.#note.textContent !== note) this.#note.textContent = note;
    this.#note.hidden = !steps1;
    this.#cursor.placeTip();
  }

  #scrolled() {
    const { scrollLeft, clientWidth, scrollWidth } = this.#viewport;
    this.#follow = scrollLeft + clientWidth >= scrollWidth - CELL_WIDTH;
    this.#cursor.placeTip();
    // We scroll too, and have drawn what is there.
    if (scrollLeft !== this.#left) this.#painter.plan();
  }

  /** @param {number} [ms] */
  #summarizeSoon(ms = SUMMARY_MS) {
    this.#summaryTimer ||= window.setTimeout(() => {
      this.#summaryTimer = 0;
      const line = this.#summary.line(
        this.#columns.list, this.population, this.measure, SUMMARY_COLUMNS);
      if (line === null) {
        this.#summarizeSoon(0);
        return;
      }
      this.#summaryLine.textContent = line;
      if (!this.#tablePlace.hidden) this.#table?.show(this.#columns, this.#shown);
    }, ms);
  }

  /**
   * @param {boolean} open
   * @returns {Promise<void>} fails where what makes it does not come
   */
  async #openTable(open) {
    this.#tablePlace.hidden = !open;
    if (!open) return;
    const { Table: Kind } = await import('./table.js');
    this.#table ??= new Kind((column) => this.#cursor.light(column, null, true));
    this.#tablePlace.replaceChildren(this.#table.element);
    this.#table.show(this.#columns, this.#shown);
  }
}
