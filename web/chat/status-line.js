// The line under the text box: what is going on, how fast, and how full the context is. Above it,
// what the reader should know although everything goes on.

import { h } from '../shared/dom.js';
import { DEFAULT_CONTEXT } from '../shared/contract.js';
import { words } from '../words/words.js';
import { sentence } from './sentence.js';

/** Status, speed, context and notices. */
export class StatusLine {
  #status = h('span', { class: 'status', role: 'status' });
  #rate = h('span', { class: 'rate' });
  #context = h('meter', {
    class: 'context',
    min: 0,
    max: DEFAULT_CONTEXT,
    value: 0,
    'aria-label': words.chat.contextInUse,
  });
  #contextShown = h('span', { class: 'context-shown' });
  element = h(
    'div',
    { class: 'line' },
    this.#status,
    this.#rate,
    h('span', { class: 'meter' }, this.#contextShown, this.#context),
  );
  /** One paragraph a notice. */
  notices = h('div', { class: 'notices' });

  constructor() {
    this.used = 0;
  }

  /** @param {string} text read out by screen readers */
  set status(text) {
    this.#status.textContent = text;
  }

  /** @param {string} text */
  set rate(text) {
    this.#rate.textContent = text;
  }

  /** @param {number} tokens that fit the context */
  set context(tokens) {
    this.#context.max = tokens;
    this.used = this.#context.value;
  }

  get context() {
    return this.#context.max;
  }

  get used() {
    return this.#context.value;
  }

  /** @param {number} tokens of context */
  set used(tokens) {
    this.#context.value = tokens;
    this.#contextShown.textContent = words.chat.used(tokens, this.#context.max);
  }

  /** @param {string} message */
  addNotice(message) {
    this.notices.append(h('p', { class: 'notice' }, words.chat.note(sentence(message))));
  }
}
