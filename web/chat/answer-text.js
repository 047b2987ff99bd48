// What an answer's text becomes on the page: Markdown, or the text as the model wrote it.

import { MarkdownRenderer } from '../markdown/renderer.js';
import { h } from '../shared/dom.js';

/** @typedef {Pick<MarkdownRenderer, 'write' | 'end'>} TextSink takes an answer's text */

// A longer text is no answer of a model that runs here, and would take seconds to lay out.
export const MAX_FORMATTED = 50_000;

/**
 * @param {HTMLElement} root
 * @param {ConstructorParameters<typeof MarkdownRenderer>[1]} host
 * @param {boolean} plain whether the reader wants to see what the model wrote
 * @returns {TextSink}
 */
export function textSink(root, host, plain) {
  root.classList.toggle('formatted', !plain);
  return plain ? new PlainText(root, host.onspan) : new MarkdownRenderer(root, host);
}

/** Text as it is, one span a token. @implements {TextSink} */
class PlainText {
  #root;
  #onspan;
  /** @type {number[]} columns of tokens that gave no text yet: they light with the next one */
  #mute = [];

  /**
   * @param {HTMLElement} root
   * @param {((column: number, span: HTMLElement) => void) | undefined} onspan
   */
  constructor(root, onspan) {
    this.#root = root;
    this.#onspan = onspan;
  }

  /**
   * @param {string} text
   * @param {number | null} [column]
   */
  write(text, column = null) {
    if (column !== null) this.#mute.push(column);
    if (text === '') return;
    // A light on the space before a word would look like a slip.
    const word = text.trimStart() || text;
    const span = h('span', column === null ? {} : { 'data-column': column }, word);
    for (const mute of this.#mute) this.#onspan?.(mute, span);
    this.#mute = [];
    this.#root.append(text.slice(0, text.length - word.length), span);
  }

  end() {}
}
