// One question in the log, which can be put otherwise.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { kit } from './answer-kit-loader.js';

/** A question. */
export class Question {
  #bubble;
  #edit;
  element;
  /** What was asked. */
  text;

  /**
   * @param {string} text
   * @param {(text: string) => void} onedit
   */
  constructor(text, onedit) {
    this.text = document.createTextNode(text);
    this.#bubble = h('div', { class: 'message user', part: 'bubble-user', dir: 'auto' },
      h('span', { class: 'unseen' }, words.question.you), this.text);
    this.#edit = h('button', {
      class: 'quiet tool', type: 'button',
      onclick: () => kit()?.editQuestion(this.element, text, onedit),
    }, words.question.edit);
    this.element = h('div', { class: 'question' }, this.#bubble, this.#edit);
  }
}
