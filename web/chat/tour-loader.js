// The tour of the last answer: its own code comes when the reader asks for it.

import { words } from '../words/words.js';

/** @import { Target } from '../tour/steps.js' */
/** @import { Tour } from '../tour/tour.js' */
/** @import { ActivityPanel } from './activity-panel.js' */

/**
 * @typedef {object} Around
 * @property {ActivityPanel} activity
 * @property {HTMLElement} settings the button that opens them
 * @property {(column: number) => HTMLElement | null} word of a column
 * @property {(status: string) => void} say
 */

/** Opens and closes it. */
export class TourLoader {
  #place;
  #around;
  /** @type {Promise<Tour | null> | null} */
  #coming = null;
  /** @type {Tour | null} */
  #tour = null;
  /** Counts what closes it, so that what comes later stays closed. */
  #closed = 0;
  /** Where the reader was. @type {HTMLElement | null} */
  #before = null;
  /** What it points at. @type {HTMLElement | null} */
  #pointed = null;

  /**
   * @param {HTMLElement} place
   * @param {Around} around
   */
  constructor(place, around) {
    this.#place = place;
    this.#around = around;
  }

  async open() {
    if (!this.#tour?.isOpen) this.#before = this.#focused;
    const closed = this.#closed;
    this.#around.activity.look.close();
    const tour = await this.#load();
    if (closed === this.#closed) await tour?.open();
  }

  /** Something else begins. */
  close() {
    this.#closed++;
    // Who is elsewhere by now, writing perhaps, stays there.
    if (!this.#tour?.element.contains(this.#focused)) this.#before = null;
    this.#tour?.close();
  }

  get #focused() {
    const { activeElement } = /** @type {ShadowRoot | Document} */ (this.#place.getRootNode());
    return /** @type {HTMLElement | null} */ (activeElement);
  }

  /** @returns {Promise<Tour | null>} null where it does not come */
  #load() {
    const { activity, say } = this.#around;
    const { host } = activity.look;
    if (!host) return Promise.resolve(null);
    this.#coming ??= import('../tour/tour.js').then(({ Tour }) => {
      this.#tour = new Tour({
        ...host,
        point: (target, column) => this.#point(target, column),
        closed: () => this.#before?.focus({ preventScroll: true }),
      });
      this.#place.append(this.#tour.element);
      return this.#tour;
    }).catch(() => {
      this.#coming = null;
      say(words.chat.partMissing);
      return null;
    });
    return this.#coming;
  }

  /**
   * Marks the part of the page that is meant.
   * @param {Target | null} target
   * @param {number} column of the word
   */
  #point(target, column) {
    const { activity, settings, word } = this.#around;
    this.#pointed?.classList.remove('pointed');
    activity.highlight(target === 'word' || target === 'picture' ? column : null);
    this.#pointed = target === null ? null
      : target === 'settings' ? settings
        : target === 'word' ? word(column) : activity.partOf(target);
    this.#pointed?.classList.add('pointed');
    this.#pointed?.scrollIntoView({ block: 'nearest' });
  }
}
