// A button of the head and the panel that it opens.

import { h } from '../shared/dom.js';

export class Popup {
  #onopen;
  button;
  element;

  /**
   * @param {string} name
   * @param {string} id
   * @param {HTMLElement} content
   * @param {() => void} [onopen]
   */
  constructor(name, id, content, onopen = () => {}) {
    this.#onopen = onopen;
    this.button = h('button', {
      class: 'quiet', type: 'button', 'aria-expanded': 'false', 'aria-controls': id,
      onclick: () => this.toggle(),
    }, name);
    this.element = h('div', {
      class: 'popup', id, role: 'group', 'aria-label': name, hidden: true,
    }, content);
  }

  /** @param {HTMLElement} content */
  set content(content) {
    this.element.replaceChildren(content);
  }

  get open() {
    return !this.element.hidden;
  }

  /** @param {boolean} [open] */
  toggle(open = !this.open) {
    if (open === this.open) return;
    this.element.hidden = !open;
    this.button.setAttribute('aria-expanded', String(open));
    if (open) this.#onopen();
  }

  /** @param {EventTarget[]} path of an event @returns {boolean} whether it was in here */
  isIn(path) {
    return path.includes(this.element) || path.includes(this.button);
  }
}
