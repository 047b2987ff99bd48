// <spike-heatmap>: tokens across, layers upwards, colour = activity on a fixed scale.
//
//   heatmap.push(text, chunk.spike)   adds a column, unless it has no counts
//   heatmap.divide()                  the next column begins an answer
//   heatmap.highlight(index | null)   lights a column; event `spike-column` {column} tells when the
//                                     reader does, and `spike-select` {column, layer,
//                                     population} that one chose a cell; population null is all
//
// Attributes: measure (unusual, strong, spikes, active), population (all, or a population's name).

import { STEP_LEVELS } from '../shared/contract.js';
import { BaseElement, fillShadow, h, setOrRemove, takeOver } from '../shared/dom.js';
import { legendOf } from './legend.js';
import { MEASURES, activity, formatActivity, populationLabel, summarize } from './measures.js';
import { CELL_WIDTH, TICKS_HEIGHT, drawPlot } from './plot.js';
import { Tip } from './tip.js';
import { Usual } from './usual.js';

/** @import { Spikes } from '../shared/spikes.js' */
/** @import { Column } from './plot.js' */

/** @typedef {import('./measures.js').MeasureName} MeasureName */

const SHEET = new URL('./heatmap.css', import.meta.url).href;
const DEFAULT_HEIGHT = 330;
const CELL_HEIGHTS = { least: 3, most: 24 };
const LAYER_LABEL_EVERY = 5;
const SUMMARY_MS = 1000;

/** The element. Registered by spike-heatmap.js. */
export class SpikeHeatmap extends BaseElement {
  static observedAttributes = ['measure', 'population'];

  /** @type {Column[]} */
  #columns = [];
  #usual = new Usual();
  #dividing = true;
  /** @type {number | null} */
  #column = null;
  /** @type {number | null} */
  #layer = null;
  #follow = true;
  #frame = 0;
  #summaryTimer = 0;
  #observer = new ResizeObserver(() => this.#plan());

  #measureMenu = h(
    'select',
    {
      id: 'measure',
      onchange: () => {
        this.measure = /** @type {MeasureName} */ (this.#measureMenu.value);
      },
    },
    ...Object.entries(MEASURES).map(([name, { label }]) => h('option', { value: name }, label)),
  );
  #populationMenu = h(
    'select',
    {
      id: 'population',
      onchange: () => {
        this.population = this.#populationMenu.value;
      },
    },
    h('option', { value: 'all' }, 'All populations'),
  );
  #canvas = h('canvas');
  #spacer = h('div', { class: 'spacer' }, this.#canvas);
  #viewport = h(
    'div',
    {
      class: 'viewport',
      tabindex: 0,
      role: 'group',
      'aria-roledescription': 'heatmap',
      'aria-describedby': 'summary',
      'aria-label': 'Activity by token and layer. Arrow keys move a cell.',
      onscroll: () => this.#scrolled(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      onpointermove: (/** @type {PointerEvent} */ event) => this.#point(event),
      onpointerleave: () => this.#light(null, null, true),
      onpointerdown: (/** @type {PointerEvent} */ event) => this.#point(event),
      // A finger that scrolls makes no click, and one that taps has left before it comes.
      onclick: (/** @type {PointerEvent} */ event) => {
        this.#point(event);
        this.#select();
      },
      onblur: () => this.#light(null, null, true),
    },
    this.#spacer,
  );
  #axis = h('div', { class: 'axis', 'aria-hidden': 'true' });
  #empty = h('p', { class: 'empty' }, 'Every token of an answer becomes a column here.');
  #tip = new Tip();
  #says = h('p', { class: 'note' });
  #note = h('p', { class: 'note', hidden: true });
  #legend = h('div', { class: 'legend', part: 'legend', 'aria-hidden': 'true' });
  #summary = h('p', { class: 'unseen', id: 'summary' }, 'No tokens yet.');
  #spoken = h('p', { class: 'unseen', 'aria-live': 'polite' });

  constructor() {
    super();
    takeOver(this, SpikeHeatmap.observedAttributes);
    const content = h(
      'div',
      { class: 'heatmap', part: 'heatmap' },
      h(
        'div',
        { class: 'menus' },
        h('label', { class: 'unseen', for: 'measure' }, 'Measure'),
        this.#measureMenu,
        h('label', { class: 'unseen', for: 'population' }, 'Population'),
        this.#populationMenu,
      ),
      h('div', { class: 'plot' }, this.#axis, this.#viewport, this.#empty),
      this.#legend,
      this.#says,
      this.#note,
      this.#summary,
      this.#spoken,
      this.#tip.element,
    );
    fillShadow(this.attachShadow({ mode: 'open' }), [SHEET], content);
    // The canvas has the colours of the moment when it was drawn.
    this.addEventListener('transitionend', ({ propertyName }) => {
      if (propertyName === 'color') this.#plan();
    });
  }

  connectedCallback() {
    this.#observer.observe(this.#viewport);
    this.attributeChangedCallback();
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#summaryTimer);
    this.#frame = this.#summaryTimer = 0;
  }

  attributeChangedCallback() {
    this.#measureMenu.value = this.measure;
    this.#populationMenu.value = this.population;
    this.#legend.replaceChildren(...legendOf(this.measure));
    this.#says.textContent = MEASURES[this.measure].says;
    this.#summarizeSoon();
    this.#plan();
  }

  /** @returns {MeasureName} */
  get measure() {
    const name = this.getAttribute('measure') ?? 'unusual';
    return Object.hasOwn(MEASURES, name) ? /** @type {MeasureName} */ (name) : 'unusual';
  }

  set measure(name) {
    setOrRemove(this, 'measure', name);
  }

  /** `all`, or a population's name. */
  get population() {
    return this.getAttribute('population') ?? 'all';
  }

  set population(name) {
    setOrRemove(this, 'population', name);
  }

  /** Columns drawn so far. */
  get length() {
    return this.#columns.length;
  }

  /**
   * Adds a token.
   * @param {string} text
   * @param {Spikes | {seed: number} | null} spikes of a chunk
   * @returns {number | null} its column; a chunk without counts has none
   */
  push(text, spikes) {
    if (!spikes || !('spikes' in spikes)) return null;
    if (this.#columns.length === 0) this.#begin(spikes);
    const usual = this.#usual.learn(spikes);
    this.#columns.push({ text, spikes, usual, first: this.#dividing });
    this.#dividing = false;
    this.#summarizeSoon();
    this.#plan();
    return this.#columns.length - 1;
  }

  /** The next token begins an answer. */
  divide() {
    this.#dividing = true;
  }

  /** Forgets all tokens. */
  clear() {
    this.#columns = [];
    this.#usual.forget();
    this.#dividing = this.#follow = true;
    this.#light(null, null);
    this.#empty.hidden = false;
    this.#summarizeSoon();
    this.#plan();
  }

  /**
   * Lights a column and brings it into view.
   * @param {number | null} column
   */
  highlight(column) {
    this.#column = column;
    this.#layer = null;
    this.#tip.hide();
    if (column !== null) this.#reveal(column);
    this.#plan();
  }

  /** @param {Spikes} spikes the first */
  #begin({ populations }) {
    this.#empty.hidden = true;
    const chosen = this.population;
    this.#populationMenu.replaceChildren(
      h('option', { value: 'all' }, 'All populations'),
      ...populations.map(({ name }) => h('option', { value: name }, populationLabel(name))),
    );
    this.#populationMenu.value = chosen;
  }

  get #layers() {
    return this.#columns[0]?.spikes.layers ?? 30;
  }

  get #populationIndex() {
    return (
      this.#columns[0]?.spikes.populations.findIndex(({ name }) => name === this.population) ?? -1
    );
  }

  get #cellHeight() {
    const height =
      parseFloat(getComputedStyle(this).getPropertyValue('--heatmap-height')) || DEFAULT_HEIGHT;
    return Math.max(
      CELL_HEIGHTS.least,
      Math.min(CELL_HEIGHTS.most, Math.floor(height / this.#layers)),
    );
  }

  /** Draws anew, for when --heatmap-height has changed. */
  layout() {
    this.#plan();
  }

  /** Draws in the next frame; any number of calls make one drawing. */
  #plan() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const layers = this.#layers;
    const cellHeight = this.#cellHeight;
    this.#spacer.style.width = `${this.#columns.length * CELL_WIDTH}px`;
    this.#spacer.style.height = `${layers * cellHeight + TICKS_HEIGHT}px`;
    if (this.#follow) this.#viewport.scrollLeft = this.#viewport.scrollWidth;
    this.#drawAxis(layers, cellHeight);
    const style = getComputedStyle(this.#viewport);
    drawPlot(this.#canvas, {
      columns: this.#columns,
      layers,
      cellHeight,
      left: this.#viewport.scrollLeft,
      width: this.#viewport.clientWidth,
      population: this.#populationIndex,
      measure: this.measure,
      column: this.#column,
      layer: this.#layer,
      ink: style.color,
      ground: style.getPropertyValue('--sunken') || 'transparent',
      font: style.fontFamily,
    });
    const steps1 =
      this.measure === 'strong' &&
      this.#columns.length > 0 &&
      this.#columns.slice(-8).every(({ spikes }) => spikes.strong.every((count) => count === 0));
    this.#note.hidden = !steps1;
    this.#note.textContent = steps1
      ? `With one step no neuron can pass ${STEP_LEVELS}: ` +
        'choose another measure to see a difference.'
      : '';
  }

  /**
   * @param {number} layers
   * @param {number} cellHeight
   */
  #drawAxis(layers, cellHeight) {
    const every = layers <= 6 ? 1 : LAYER_LABEL_EVERY;
    const shown = `${layers} ${cellHeight}`;
    if (this.#axis.dataset.shown === shown) return;
    this.#axis.dataset.shown = shown;
    const labels = Array.from({ length: layers }, (_, layer) => layer)
      .filter((layer) => layer % every === 0 || layer === layers - 1)
      // The last layer's label would touch that of the one before where layers are thin.
      .filter((layer) => layer === layers - 1 || (layers - 1 - layer) * cellHeight >= 12);
    this.#axis.replaceChildren(
      ...labels.map((layer) => {
        const label = h('span', {}, String(layer));
        label.style.bottom = `${TICKS_HEIGHT + (layer + 0.5) * cellHeight}px`;
        return label;
      }),
    );
  }

  #summarizeSoon() {
    this.#summaryTimer ||= window.setTimeout(() => {
      this.#summaryTimer = 0;
      this.#summary.textContent = summarize(this.#columns, this.#populationIndex, this.measure);
    }, SUMMARY_MS);
  }

  #scrolled() {
    const { scrollLeft, clientWidth, scrollWidth } = this.#viewport;
    this.#follow = scrollLeft + clientWidth >= scrollWidth - CELL_WIDTH;
    this.#plan();
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const { left, top, x, y } = this.#plotBox();
    const across = (event.clientX - left) / x + this.#viewport.scrollLeft;
    const column = Math.floor(across / CELL_WIDTH);
    const layer = this.#layers - 1 - Math.floor((event.clientY - top) / y / this.#cellHeight);
    const inside =
      column >= 0 && column < this.#columns.length && layer >= 0 && layer < this.#layers;
    this.#light(inside ? column : null, inside ? layer : null, true);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.#columns.length - 1;
    if (last < 0) return;
    const column = this.#column ?? last;
    const layer = this.#layer ?? 0;
    const page = Math.max(1, Math.floor(this.#viewport.clientWidth / CELL_WIDTH) - 1);
    /** @type {Record<string, [number, number]>} */
    const moves = {
      ArrowLeft: [column - 1, layer],
      ArrowRight: [column + 1, layer],
      ArrowUp: [column, layer + 1],
      ArrowDown: [column, layer - 1],
      Home: [0, layer],
      End: [last, layer],
      PageUp: [column - page, layer],
      PageDown: [column + page, layer],
    };
    const move = moves[event.key];
    const onCell = this.#column !== null && this.#layer !== null;
    const selects = event.key === 'Enter' || event.key === ' ';
    if (!(move || selects || (event.key === 'Escape' && onCell))) return;
    event.preventDefault();
    // A page around us may have shortcuts on the same keys.
    event.stopPropagation();
    if (event.key === 'Escape') {
      this.#light(null, null, true);
      return;
    }
    if (selects && onCell) {
      this.#select();
      return;
    }
    const clamp = (/** @type {number} */ n, /** @type {number} */ most) =>
      Math.max(0, Math.min(most, n));
    // The first key only shows where the cell is.
    const [to, up] =
      this.#layer === null || !move
        ? [column, layer]
        : [clamp(move[0], last), clamp(move[1], this.#layers - 1)];
    this.#reveal(to);
    this.#light(to, up, true);
    const token = this.#columns[to];
    const value = activity(token, up, this.#populationIndex, this.measure);
    this.#spoken.textContent =
      `Token ${to + 1}, ${JSON.stringify(token.text)}, layer ${up}: ` +
      `${formatActivity(value, this.measure)} ${MEASURES[this.measure].noun}`;
  }

  /** Tells outside that the reader chose the cell that is lit. */
  #select() {
    if (this.#column === null || this.#layer === null) return;
    const population = this.#columns[0].spikes.populations[this.#populationIndex]?.name ?? null;
    const detail = { column: this.#column, layer: this.#layer, population };
    this.dispatchEvent(new CustomEvent('spike-select', { detail, composed: true }));
  }

  /**
   * Where the plot is in the window, and how many of the window's pixels its own pixels have there:
   * other than 1 where the page around us has a transform or zoom. (offsetX knows of transforms
   * alone.)
   */
  #plotBox() {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.#canvas;
    return { left, top, x: width / offsetWidth || 1, y: height / offsetHeight || 1 };
  }

  /**
   * Where a cell is in the window.
   * @param {number} column
   * @param {number} layer
   */
  #cellBox(column, layer) {
    const { left, top, x, y } = this.#plotBox();
    const height = this.#cellHeight;
    return new DOMRect(
      left + x * (column * CELL_WIDTH - this.#viewport.scrollLeft),
      top + y * (this.#layers - 1 - layer) * height,
      x * CELL_WIDTH,
      y * height,
    );
  }

  /** @param {number} column */
  #reveal(column) {
    const { scrollLeft, clientWidth } = this.#viewport;
    const left = column * CELL_WIDTH;
    if (left < scrollLeft) this.#viewport.scrollLeft = left;
    else if (left + CELL_WIDTH > scrollLeft + clientWidth)
      this.#viewport.scrollLeft = left + CELL_WIDTH - clientWidth;
  }

  /**
   * @param {number | null} column
   * @param {number | null} layer
   * @param {boolean} [tell] whether to say so outside
   */
  #light(column, layer, tell = false) {
    if (column === this.#column && layer === this.#layer) return;
    const moved = column !== this.#column;
    this.#column = column;
    this.#layer = layer;
    this.#plan();
    if (column === null || layer === null) this.#tip.hide();
    else
      this.#tip.show(
        this.#columns[column],
        column,
        layer,
        this.#populationIndex,
        this.#cellBox(column, layer),
      );
    if (tell && moved)
      this.dispatchEvent(new CustomEvent('spike-column', { detail: { column }, composed: true }));
  }
}
