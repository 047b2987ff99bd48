// What was on the screen and is kept nowhere can be brought back, until the reader asks on.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';

/** @import { RecordedConversation } from '../record/types.js' */

/** @typedef {{what: 'chat' | 'turns', record: RecordedConversation}} Gone what has gone */

/** A line with a button. */
export class WayBack {
  #text = h('span');
  #bring;
  /** @type {Gone | null} */
  #gone = null;
  element = h(
    'div',
    { class: 'way-back', role: 'group', 'aria-label': words.wayBack.name, hidden: true },
    this.#text,
    h('button', { class: 'quiet', type: 'button', onclick: () => this.#bringBack() },
      words.wayBack.bring),
  );

  /** @param {(record: RecordedConversation) => void} bring shows it again */
  constructor(bring) {
    this.#bring = bring;
  }

  /** What can be brought back. */
  get gone() {
    return this.#gone;
  }

  /** @param {Gone} gone without turns there is nothing to bring back */
  offer(gone) {
    if (gone.record.turns.length === 0) return;
    this.#gone = gone;
    this.#text.textContent = words.wayBack[gone.what];
    this.element.hidden = false;
  }

  /** It is not wanted any more. */
  withdraw() {
    this.element.hidden = true;
    this.#gone = null;
  }

  #bringBack() {
    const gone = this.#gone;
    this.withdraw();
    if (gone) this.#bring(gone.record);
  }
}
