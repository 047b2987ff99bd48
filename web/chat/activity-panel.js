// The panel beside the conversation: heatmap and figures of the spikes.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { Figures } from './figures.js';
import { LookLoader } from './look-loader.js';

/** @import { SpikeHeatmap } from '../heatmap/element.js' */
/** @import { Spikes } from '../shared/spikes.js' */
/** @import { Levels } from './usual-levels.js' */

/** Heatmap and figures. */
export class ActivityPanel {
  // Its own code comes after the first screen: until then it is a plain element, without methods.
  #heatmap = /** @type {SpikeHeatmap & Partial<SpikeHeatmap>} */ (h('spike-heatmap'));
  #figures = new Figures();
  /** Of the answer that is shown. @type {Promise<Levels | null> | null} */
  #usual = null;
  #more = h('button', {
    class: 'quiet more', type: 'button', 'aria-expanded': 'false',
    onclick: () => {
      this.#more.setAttribute('aria-expanded', String(this.element.classList.toggle('open')));
      this.#heatmap.layout?.();
    },
  }, words.activity.details);
  #title = h('h2', {}, words.activity.title);
  #recorded = false;
  #shown = true;
  #tour = h('button', { class: 'quiet tour-open', type: 'button' }, words.tour.open);
  // On a narrow page the picture is alone until it is asked for more; before the first token it
  // is not there.
  element = h('aside', { class: 'activity bare', 'aria-label': words.activity.name },
    this.#title, this.#more, this.#heatmap, this.#tour, this.#figures.element);

  /** What is looked at inside the model. */
  look = new LookLoader(this.element, () => !this.#shown);

  /**
   * @param {(column: number | null) => void} oncolumn a column under the pointer, or none
   * @param {() => void} ontour the reader wants the tour
   */
  constructor(oncolumn, ontour) {
    this.#tour.addEventListener('click', ontour);
    this.#heatmap.setAttribute('exportparts', 'heatmap, legend');
    this.#heatmap.addEventListener('spike-column', (event) =>
      oncolumn(/** @type {CustomEvent} */ (event).detail.column),
    );
    this.#heatmap.addEventListener('spike-select', (event) => {
      // There may be no model to look into, and its conversation is another.
      if (this.recorded) return;
      const cell = /** @type {CustomEvent} */ (event).detail;
      this.look.open((look) => look.openCell(cell));
    });
  }

  /**
   * Adds a token of a recording: to the picture alone.
   * @param {string} text
   * @param {Spikes} spikes
   * @returns {number | null} its column, where it has one
   */
  addRecorded(text, spikes) {
    this.element.classList.remove('bare');
    return this.#heatmap.push?.(text, spikes) ?? null;
  }

  /** Whether the picture is of a recording. */
  get recorded() {
    return this.#recorded;
  }

  set recorded(recorded) {
    this.#recorded = recorded;
    this.#title.textContent = recorded ? words.recording.tag : words.activity.title;
    this.element.classList.toggle('recorded', recorded);
  }

  /**
   * Begins an answer.
   * @param {Promise<Levels | null>} usual what its spikes are compared with; null: with what is
   *   learned from the chat
   */
  async begin(usual) {
    this.look.close();
    this.#figures.reset();
    this.#heatmap.divide?.();
    this.#heatmap.usual = null;
    this.#usual = usual;
    const levels = await usual;
    if (usual === this.#usual) this.#heatmap.usual = levels;
  }

  /**
   * @param {string} text of a token
   * @param {Spikes | null} spike
   * @returns {number | null} its column
   */
  add(text, spike) {
    if (!this.shown) {
      this.#figures.tick();
      return null;
    }
    const column = this.#heatmap.push?.(text, spike) ?? null;
    this.#figures.add(spike);
    if (spike && column !== null) this.look.add(column, text, spike);
    if (spike) this.element.classList.remove('bare');
    return column;
  }

  /** @param {boolean} answering what is being said cannot be gone through yet */
  set answering(answering) {
    this.#tour.disabled = answering;
  }

  /** Whether it is there. Where it is not, tokens cost nothing here: they get no columns. */
  get shown() {
    return this.#shown;
  }

  set shown(shown) {
    this.#shown = shown;
    this.element.hidden = !shown;
    if (!shown) this.look.close();
  }

  /** Tokens per second of this answer; 0 before its second token. */
  get rate() {
    return this.#figures.rate;
  }

  /**
   * @param {'picture' | 'figures'} name
   * @returns {HTMLElement} the part, or what unfolds it
   */
  partOf(name) {
    const part = name === 'picture' ? this.#heatmap : this.#figures.element;
    return part.offsetParent ? part : this.#more;
  }

  /** @param {number | null} column */
  highlight(column) {
    this.#heatmap.highlight?.(column);
  }

  clear() {
    this.look.clear();
    this.#heatmap.clear?.();
    this.element.classList.add('bare');
    this.recorded = false;
  }
}
