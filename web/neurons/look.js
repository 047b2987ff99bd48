// Looking into the model at a place that the reader has picked: pages one over the other in the
// activity panel, with a way back. Loaded on first use.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
// What English does not have before.
import '../words/en-looking.js';
import { reasonOf } from './figures.js';
import { Glow } from './glow.js';
import { HistoryPage } from './history-page.js';
import { Inspector } from './inspector.js';
import { TokenPage } from './token-page.js';

/** @import { PopulationName } from '../shared/contract.js' */
/** @import { Ask, Around, Page } from './page-types.js' */
/** @import { LookHost, Said, Seen, Spot } from './types.js' */
/** @import { Place } from './words-of.js' */

const SHEET = new URL('./look.css', import.meta.url).href;
/** What is done sooner needs no words. */
const PATIENCE_MS = 200;

/** What is looked at. @implements {Around} */
export class Look {
  #host;
  #inspector;
  #glow = new Glow();
  /** @type {Page[]} the last one is shown */
  #pages = [];
  /** Counts what was asked for: what was asked for before is not wanted any more. */
  #turn = 0;
  /** What waits for the answer under way. @type {(() => void) | null} */
  #waiting = null;
  #title = h('h2', { tabindex: -1, id: 'look-title' });
  #back = h('button', { class: 'quiet', type: 'button', onclick: () => this.#goBack() });
  #close = h('button', { class: 'quiet', type: 'button', onclick: () => this.close() });
  #says = h('p', { role: 'status' });
  #bar = h('progress');
  #actions = h('div', { class: 'row' });
  #state = h('div', { class: 'state' }, this.#says, this.#bar, this.#actions);
  #place = h('div');
  #sheet = h('link', { rel: 'stylesheet', href: SHEET });
  /** Its style has come, or will not. @type {Promise<unknown>} */
  styled = new Promise((resolve) => {
    for (const type of ['load', 'error']) this.#sheet.addEventListener(type, resolve);
  });
  element = h('section', {
    class: 'look', 'aria-labelledby': 'look-title',
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      // It has been used: neither an answer nor a dialog around the element is to end as well.
      event.preventDefault();
      event.stopPropagation();
      this.close();
    },
  },
  this.#sheet,
  h('div', { class: 'look-head' }, this.#back, this.#title, this.#close),
  this.#state, this.#place);

  /** @param {LookHost} host */
  constructor(host) {
    this.#host = host;
    this.#inspector = new Inspector(host);
  }

  get isOpen() {
    return this.#pages.length > 0;
  }

  /** What the model is made of. */
  get model() {
    const { layers, populations } = this.#host.columns[0].spikes;
    return { layers, populations };
  }

  /** @returns {readonly Said[]} */
  get said() {
    return this.#host.said();
  }

  /**
   * Opens a cell of the heatmap.
   * @param {{column: number, layer: number, population: PopulationName | null}} cell
   */
  openCell({ column, layer, population }) {
    const spikes = this.#host.columns[column]?.spikes;
    if (!spikes) return;
    const first = /** @type {PopulationName} */ (spikes.populations[0].name);
    this.#begin(new TokenPage(this, {
      position: spikes.position, column, picked: true, layer, population: population ?? first,
      neuron: null,
    }));
  }

  /** Opens what else could have come in a token's place. @param {number} column */
  openToken(column) {
    const spikes = this.#host.columns[column]?.spikes;
    if (!spikes) return;
    const population = /** @type {PopulationName} */ (spikes.populations[0].name);
    this.#begin(new TokenPage(this, {
      position: spikes.position, column, picked: true, layer: 0, population, neuron: null,
    }, { tab: 'others' }));
  }

  /** @param {Spot} spot @param {Seen} expected of its neuron */
  openSpot(spot, expected) {
    const column = this.#columnAt(spot.position);
    const page = new TokenPage(this, { ...spot, column, picked: false }, { expected });
    this.#push(page);
    page.load(true);
  }

  /** @param {Spot & {neuron: number}} spot @param {Seen} expected */
  askNeuron(spot, expected) {
    this.#host.light(null);
    const page = new HistoryPage(this, spot, expected);
    this.#push(page);
    page.load();
  }

  /** The engine is free. */
  answered() {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.();
  }

  /** Goes back to the heatmap. The engine is free at once. */
  close() {
    this.#turn++;
    this.#waiting = null;
    this.#inspector.stop();
    if (!this.isOpen) return;
    this.#pages = [];
    this.#place.replaceChildren();
    this.light(null);
    this.#host.close();
  }

  /** Leaves the head alone, where the rest is in the way of the conversation. */
  shrink() {
    this.#shrunk(true);
    this.#back.focus();
  }

  /** @param {boolean} small */
  #shrunk(small) {
    this.element.classList.toggle('small', small);
    this.#back.hidden = !small && this.#pages.length < 2;
    this.#host.shrink(small);
  }

  /** @param {readonly {place: Place, strength: number}[]} found */
  glow(found) {
    this.#glow.show(this.said, found);
  }

  /** @param {number | null} column */
  light(column) {
    this.#glow.clear();
    this.#host.light(column);
  }

  /**
   * The token before or after one.
   * @param {Spot} spot
   * @param {number} by
   * @returns {Spot}
   */
  beside(spot, by) {
    const position = spot.position + by;
    const { columns } = this.#host;
    // That of the same answer, where it has one.
    const beside = spot.column === null ? null : spot.column + by;
    const same = beside !== null && columns[beside]?.spikes.position === position;
    return {
      ...spot, position, column: same ? beside : this.#columnAt(position), picked: false,
    };
  }

  /** @param {Spot} spot @returns {boolean} whether the model has read no further */
  isLast({ position }) {
    const { columns } = this.#host;
    return position >= (columns[columns.length - 1]?.spikes.position ?? 0);
  }

  /** The text of the token at a spot, if it has a column. @param {Spot} spot */
  textAt({ column }) {
    return column === null ? null : this.#host.columns[column]?.text ?? null;
  }

  /**
   * Asks the engine for what a page shows.
   * @template T
   * @param {Page} page
   * @param {Ask<T>} ask
   * @param {(result: T) => void} show
   */
  async run(page, ask, show) {
    const turn = ++this.#turn;
    const current = () => turn === this.#turn;
    this.#waiting = null;
    const say = words.neurons;
    let progressing = false;
    /** @param {string} text */
    const working = (text) => this.#tell(text, [[say.cancel, () => this.#inspector.stop()]]);
    const timer = setTimeout(() => { if (!progressing) working(say.reading); }, PATIENCE_MS);
    try {
      const result = await this.#inspector.run((reading) => ask(reading, (read, total) => {
        if (!current()) return;
        if (!progressing) working(say.readingAll);
        progressing = true;
        this.#bar.hidden = false;
        this.#bar.max = total;
        this.#bar.value = read;
      }));
      if (!current()) return;
      this.#tell('', []);
      page.element.classList.remove('stale');
      show(result);
    } catch (error) {
      if (current()) this.#failed(error, page, () => this.run(page, ask, show));
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @param {unknown} error
   * @param {Page} page
   * @param {() => void} again
   */
  #failed(error, page, again) {
    const say = words.neurons;
    const { reason, detail } = reasonOf(error);
    // What was there before is not what was asked for.
    page.element.classList.add('stale');
    const unloaded = this.#host.engine() === null;
    if (unloaded && reason !== 'dead') {
      this.#tell(say.unloaded, [[say.start, () => { this.close(); this.#host.load(); }]]);
    } else if (reason === 'gone') {
      this.#tell(say.gone, []);
    } else if (reason === 'busy' && this.#host.answering()) {
      this.#waiting = again;
      this.#tell(say.answering, []);
    } else if (reason === 'dead') {
      this.#tell(say.dead, []);
      this.#host.lost();
    } else {
      const text = reason === 'busy' ? say.busy
        : reason === 'stopped' ? say.stopped : say.failed(detail);
      this.#tell(text, [[say.again, again]]);
    }
  }

  /**
   * @param {string} text
   * @param {[string, () => void][]} actions
   */
  #tell(text, actions) {
    const focused = this.#actions.contains(
      /** @type {ShadowRoot | Document} */ (this.element.getRootNode()).activeElement);
    this.#state.hidden = text === '';
    this.#says.textContent = text;
    this.#bar.hidden = true;
    this.#actions.replaceChildren(...actions.map(([name, onclick]) =>
      h('button', { class: 'quiet', type: 'button', onclick }, name)));
    // The button that had the focus has gone.
    if (focused) this.#title.focus();
  }

  /** @param {Page} page */
  #begin(page) {
    this.#pages = [];
    this.#push(page);
    page.load();
  }

  /** @param {Page} page */
  #push(page) {
    this.#pages.push(page);
    this.#showPage(page);
  }

  #goBack() {
    const page = this.#pages[this.#pages.length - 1];
    if (this.element.classList.contains('small')) {
      this.#showPage(page);
      return;
    }
    this.#pages.pop();
    this.#turn++;
    this.#waiting = null;
    this.#inspector.stop();
    const before = this.#pages[this.#pages.length - 1];
    this.#showPage(before);
    before.shown();
  }

  /** @param {Page} page */
  #showPage(page) {
    const say = words.neurons;
    this.#back.textContent = say.back;
    this.#close.textContent = say.close;
    this.#bar.setAttribute('aria-label', say.progress);
    this.#shrunk(false);
    this.#title.textContent = page.title;
    this.#place.replaceChildren(page.element);
    this.#tell('', []);
    this.#title.focus({ preventScroll: true });
    this.element.parentElement?.scrollTo(0, 0);
  }

  /** The last column of a position. @param {number} position @returns {number | null} */
  #columnAt(position) {
    const at = this.#host.columns.findLastIndex(({ spikes }) => spikes.position === position);
    return at < 0 ? null : at;
  }
}
