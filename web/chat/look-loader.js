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
  #hides;
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

  /**
   * @param {HTMLElement} panel
   * @param {() => boolean} hides whether the panel is hidden when nothing is looked at
   */
  constructor(panel, hides) {
    this.#panel = panel;
    this.#hides = hides;
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

  /** Something else begins. */
  close() {
    this.#closed++;
    // Who is elsewhere by now, writing perhaps, stays there.
    if (!this.#look?.element.contains(this.#focused)) this.#before = null;
    this.#look?.close();
  }

  /** @param {(look: Look) => void} show */
  async open(show) {
    const closed = this.#closed;
    if (!this.#look?.isOpen) this.#before = this.#focused;
    const look = await this.#load();
    if (!look || closed !== this.#closed) return;
    // Before it is shown: what cannot be seen cannot have the focus.
    this.#panel.classList.add('looking');
    this.#panel.hidden = false;
    show(look);
    if (!look.isOpen) this.#leave();
  }

  /** The panel is as it was. */
  #leave() {
    this.#panel.classList.remove('looking', 'looking-small');
    this.#panel.hidden = this.#hides();
  }

  get #focused() {
    const { activeElement } = /** @type {ShadowRoot | Document} */ (this.#panel.getRootNode());
    return /** @type {HTMLElement | null} */ (activeElement);
  }

  /** @returns {Promise<Look | null>} null where it does not come */
  #load() {
    const around = this.#around;
    if (!around) return Promise.resolve(null);
    this.#coming ??= import('../neurons/look.js').then(async ({ Look }) => {
      this.#look = new Look({
        ...around,
        columns: this.#columns,
        shrink: (small) => this.#panel.classList.toggle('looking-small', small),
        close: () => {
          this.#leave();
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
