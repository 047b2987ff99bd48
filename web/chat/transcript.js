// The conversation as it is read: questions and answers, appended to and never drawn again. An
// answer's text comes in Text nodes, one span a token, so that a column of the heatmap can light
// its word.

import { h } from '../shared/dom.js';

// How near the end counts as reading the end.
const NEAR_PX = 40;

/** The log. */
export class Transcript {
  #list = h('div', { class: 'log-list' });
  /** Scrolls; holds the greeting while there is nothing else. */
  element = h('div', {
    class: 'log', part: 'log', role: 'log', 'aria-label': 'Conversation', tabindex: 0,
    onscroll: () => { this.#pinned = this.#atEnd(); },
  });
  #pinned = true;
  #greeting;
  /** @type {Map<number, HTMLElement>} spans by column */
  #spans = new Map();
  /** @type {HTMLElement | null} */
  #lit = null;

  /**
   * @param {HTMLElement} greeting
   * @param {(column: number | null) => void} onhover a token under the pointer, or none
   */
  constructor(greeting, onhover) {
    this.#greeting = greeting;
    this.element.append(greeting, this.#list);
    this.#list.addEventListener('pointerover', ({ target }) => {
      const column = target instanceof HTMLElement ? target.dataset.column : undefined;
      onhover(column === undefined ? null : Number(column));
    });
    this.#list.addEventListener('pointerleave', () => onhover(null));
  }

  /** @param {boolean} busy while an answer comes in, screen readers wait for its end */
  set busy(busy) {
    this.element.setAttribute('aria-busy', String(busy));
  }

  /** @param {string} text */
  addQuestion(text) {
    this.#greeting.hidden = true;
    this.#list.append(
      h(
        'div',
        { class: 'message user', part: 'bubble-user', dir: 'auto' },
        h('span', { class: 'unseen' }, 'You: '),
        text,
      ),
    );
    this.#pinned = true;
    this.#keepEnd();
  }

  /** @returns {Answer} */
  addAnswer() {
    const answer = new Answer((work) => { work(); this.#keepEnd(); }, this.#spans);
    this.#list.append(answer.element);
    this.#keepEnd();
    return answer;
  }

  /**
   * Lights the word of a column.
   * @param {number | null} column
   */
  highlight(column) {
    this.#lit?.classList.remove('lit');
    this.#lit = column === null ? null : this.#spans.get(column) ?? null;
    this.#lit?.classList.add('lit');
  }

  clear() {
    this.#list.replaceChildren();
    this.#spans.clear();
    this.#lit = null;
    this.#greeting.hidden = false;
  }

  #atEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    return scrollTop + clientHeight >= scrollHeight - NEAR_PX;
  }

  #keepEnd() {
    if (this.#pinned) this.element.scrollTop = this.element.scrollHeight;
  }
}

/** One answer in the log. */
export class Answer {
  #text = h('div', { class: 'text', dir: 'auto' });
  #foot = h('div', { class: 'foot' });
  #change;
  #spans;
  /** @type {{text: string, column: number | null}[]} not drawn yet */
  #waiting = [];
  #frame = 0;
  #begun = false;
  /** @type {number[]} columns of tokens that gave no text yet: they light with the next one */
  #mute = [];
  element = h(
    'div',
    { class: 'message model pending', part: 'bubble-model' },
    h('span', { class: 'unseen' }, 'Model: '),
    this.#text,
    this.#foot,
  );

  /**
   * @param {(work: () => void) => void} change runs work that makes the log longer
   * @param {Map<number, HTMLElement>} spans
   */
  constructor(change, spans) {
    this.#change = change;
    this.#spans = spans;
  }

  /**
   * Adds a token's text: the first at once, the others once a frame.
   * @param {string} text
   * @param {number | null} column of the heatmap
   */
  append(text, column) {
    this.#waiting.push({ text, column });
    if (!this.#begun) {
      this.#begun = true;
      this.element.classList.replace('pending', 'live');
      this.#flush();
    } else {
      this.#frame ||= requestAnimationFrame(() => this.#flush());
    }
  }

  /** @param {string} note what there is to say about the finished answer */
  finish(note) {
    this.#flush();
    this.element.classList.remove('pending', 'live');
    this.#change(() => this.#foot.replaceChildren(note));
  }

  /**
   * @param {{title: string, detail: string}} what
   * @param {HTMLElement} action
   */
  fail({ title, detail }, action) {
    this.#flush();
    this.element.classList.remove('pending', 'live');
    this.#change(() =>
      this.#foot.replaceChildren(
        h(
          'div',
          { class: 'failure', role: 'alert' },
          h('div', {}, h('b', {}, title), h('p', {}, detail)),
          action,
        ),
      ),
    );
  }

  #flush() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    const fragment = document.createDocumentFragment();
    for (const { text, column } of waiting) {
      if (column !== null) this.#mute.push(column);
      if (text === '') continue;
      // A light on the space before a word would look like a slip.
      const word = text.trimStart() || text;
      const span = h('span', column === null ? {} : { 'data-column': column }, word);
      for (const c of this.#mute) this.#spans.set(c, span);
      this.#mute = [];
      fragment.append(text.slice(0, text.length - word.length), span);
    }
    this.#change(() => this.#text.append(fragment));
  }
}
