// What was on the screen and is kept nowhere can be brought back, until the reader asks on.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';

/** A line with a button. */
export class WayBack {
  #text = h('span');
  #bring = () => {};
  element = h(
    'div',
    { class: 'way-back', role: 'group', 'aria-label': words.wayBack.name, hidden: true },
    this.#text,
    h('button', { class: 'quiet', type: 'button', onclick: () => this.#bring() },
      words.wayBack.bring),
  );

  /**
   * @param {string} what has gone
   * @param {() => void} bring shows it again
   */
  offer(what, bring) {
    this.#text.textContent = what;
    this.#bring = bring;
    this.element.hidden = false;
  }

  /** It is not wanted any more. */
  withdraw() {
    this.element.hidden = true;
    this.#bring = () => {};
  }
}
