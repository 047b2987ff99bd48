// The conversation as it is read: questions and answers, appended to and never drawn again.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { Question } from './question-view.js';

// How near the end counts as reading the end.
const NEAR_PX = 40;

/** The log. */
export class Transcript {
  #list = h('div', { class: 'log-list' });
  /** Scrolls; holds the greeting while there is nothing else. */
  element = h('div', {
    class: 'log', part: 'log', role: 'log', 'aria-label': words.chat.conversation, tabindex: 0,
    onscroll: () => { this.#pinned = this.#atEnd(); },
  });
  #pinned = true;
  /** Many turns are being added: where the end is counts after the last. */
  #filling = false;
  #greeting;
  /** Told when the greeting is shown or hidden. @type {() => void} */
  ongreeting = () => {};
  /** Where the word of a column is. @type {Map<number, HTMLElement>} */
  spans = new Map();
  /** @type {HTMLElement | null} */
  #lit = null;
  /** A word of a column was chosen. @type {(column: number) => void} */
  onpick = () => {};
  #dropped = h(
    'p', { class: 'dropped', role: 'separator' }, words.guard.dropped);

  /**
   * @param {HTMLElement} greeting
   * @param {(column: number | null) => void} onhover a token under the pointer, or none
   */
  constructor(greeting, onhover) {
    this.#greeting = greeting;
    // Headings of answers are below this one.
    this.element.append(
      greeting, h('h2', { class: 'unseen' }, words.chat.conversation), this.#list);
    this.#list.addEventListener('pointerover', ({ target }) => {
      const column = target instanceof HTMLElement ? target.dataset.column : undefined;
      onhover(column === undefined ? null : Number(column));
    });
    this.#list.addEventListener('pointerleave', () => onhover(null));
    this.#list.addEventListener('click', ({ target }) => {
      if (!(target instanceof HTMLElement) || target.closest('a, button')) return;
      const { column } = target.dataset;
      // Words that are being marked to be copied are not chosen.
      if (column !== undefined && getSelection()?.type !== 'Range') this.onpick(Number(column));
    });
  }

  /**
   * Takes over the focus of what is about to go: keys go on working.
   * @param {HTMLElement | undefined} gone
   */
  focusFrom(gone) {
    if (gone?.matches(':focus-within')) this.element.focus({ preventScroll: true });
  }

  /** @param {boolean} busy while an answer comes in, screen readers wait for its end */
  set busy(busy) {
    this.element.setAttribute('aria-busy', String(busy));
  }

  /**
   * @param {string} text
   * @param {(text: string) => void} onedit asks something else in its place
   * @returns {Question}
   */
  addQuestion(text, onedit) {
    if (this.isEmpty) this.#greet(false);
    const question = new Question(text, onedit);
    this.#list.append(question.element);
    this.#pinned = true;
    this.#keepEnd();
    return question;
  }

  /**
   * @param {HTMLElement} answer
   * @param {Question} question that it answers
   */
  insert(answer, question) {
    question.element.after(answer);
    this.#keepEnd();
  }

  /** Runs what makes the log longer. @param {() => void} work */
  change = (work) => {
    work();
    this.#keepEnd();
  };

  /** Runs what adds many turns; its end is in view then. @param {() => void} work */
  fill(work) {
    this.#filling = true;
    try {
      work();
    } finally {
      this.#filling = false;
    }
    this.#pinned = true;
    this.#keepEnd();
  }

  /**
   * Shows what the model no longer reads.
   * @param {Question | 'all' | null} question the first that it reads; null: it reads all
   */
  markDropped(question) {
    if (question === null) this.#dropped.remove();
    else if (question === 'all') this.#list.append(this.#dropped);
    else question.element.before(this.#dropped);
  }

  /**
   * Lights the word of a column.
   * @param {number | null} column
   */
  highlight(column) {
    this.#lit?.classList.remove('lit');
    this.#lit = column === null ? null : this.spans.get(column) ?? null;
    this.#lit?.classList.add('lit');
  }

  clear() {
    this.#list.replaceChildren();
    this.spans.clear();
    this.#lit = null;
    this.showGreeting();
  }

  /** There is nothing else. */
  showGreeting() {
    this.#greet(true);
  }

  /** Whether the greeting is all there is. */
  get isEmpty() {
    return !this.#greeting.hidden;
  }

  /** @param {boolean} shown */
  #greet(shown) {
    this.#greeting.hidden = !shown;
    this.ongreeting();
  }

  #atEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    return scrollTop + clientHeight >= scrollHeight - NEAR_PX;
  }

  #keepEnd() {
    // It has the browser lay out all there is.
    if (this.#pinned && !this.#filling) this.element.scrollTop = this.element.scrollHeight;
  }
}
