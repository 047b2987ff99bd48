// Looking into the model, in the activity panel: what it needs while answers come, and its own
// code when the reader asks for it.

import { words } from '../words/words.js';

/** @import { Look } from '../neurons/look.js' */
/** @import { Column, LookHost } from '../neurons/types.js' */
/** @import { Spikes } from '../shared/spikes.js' */

/** @typedef {Omit<LookHost, 'columns' | 'shrink' | 'close'>} Around */

/** Opens and closes the look. */
export class LookLoader {
  #panel;
  /** @type {Around | null} */
  #around = null;
  /** @type {Promise<Look | null> | null} */
  #coming = null;
  /** @type {Look | null} */
  #look = null;
  /** @type {Column[]} */
  #columns = [];
  /** Counts what closes it, so that what comes later stays closed. */
  #closed = 0;
  /** Where the reader was. @type {HTMLElement | null} */
  #before = null;

  /** @param {HTMLElement} panel */
  constructor(panel) {
    this.#panel = panel;
  }

  /** @param {Around} around */
  serve(around) {
    this.#around = around;
  }

  /** What else looks into the model needs the same. */
  get host() {
    return this.#around && { ...this.#around, columns: this.#columns };
  }

  /**
   * @param {number} column
   * @param {string} text
   * @param {Spikes} spikes
   */
  add(column, text, spikes) {
    this.#columns[column] = { text, spikes };
  }

  clear() {
    this.close();
    this.#columns.length = 0;
  }

  /** An answer has ended. */
  answered() {
    this.#look?.answered();
  }

  close() {
    this.#closed++;
    this.#look?.close();
  }

  /** @param {(look: Look) => void} show */
  async open(show) {
    const closed = this.#closed;
    const { activeElement } = /** @type {ShadowRoot | Document} */ (this.#panel.getRootNode());
    if (!this.#look?.isOpen) this.#before = /** @type {HTMLElement | null} */ (activeElement);
    const look = await this.#load();
    if (!look || closed !== this.#closed) return;
    // Before it is shown: what cannot be seen cannot have the focus.
    this.#panel.classList.add('looking');
    show(look);
    if (!look.isOpen) this.#panel.classList.remove('looking');
  }

  /** @returns {Promise<Look | null>} null where it does not come */
  #load() {
    const around = this.#around;
    if (!around) return Promise.resolve(null);
    this.#coming ??= import('../neurons/look.js').then(async ({ Look }) => {
      const panel = this.#panel.classList;
      this.#look = new Look({
        ...around,
        columns: this.#columns,
        shrink: (small) => panel.toggle('looking-small', small),
        close: () => {
          panel.remove('looking', 'looking-small');
          this.#before?.focus({ preventScroll: true });
        },
      });
      this.#panel.append(this.#look.element);
      await this.#look.styled;
      return this.#look;
    }).catch(() => {
      this.#coming = null;
      around.say(words.neurons.missing);
      return null;
    });
    return this.#coming;
  }
}
