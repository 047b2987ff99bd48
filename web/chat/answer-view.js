// One answer in the log: its text as it comes, what is said about it, and what can be done with it.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { MAX_FORMATTED, textSink } from './answer-text.js';
import { addTools } from './answer-tools.js';
import { copyFrom } from './clipboard.js';

/** @import { TextSink } from './answer-text.js' */
/** @import { AnswerTools } from './answer-tools.js' */

/** One answer in the log. */
export class Answer {
  #text = h('div', { class: 'text', dir: 'auto' });
  #foot = h('div', { class: 'foot' });
  #row;
  #tools;
  #change;
  /** @type {TextSink | null} */
  #sink = null;
  #host;
  #plain;
  /** @type {{text: string, column: number | null}[]} all there is */
  #pieces = [];
  /** @type {{text: string, column: number | null}[]} not drawn yet */
  #waiting = [];
  #frame = 0;
  #begun = false;
  element = h(
    'div',
    { class: 'message model pending', part: 'bubble-model' },
    h('span', { class: 'unseen' }, words.answer.model),
    this.#text,
    this.#foot,
  );

  /**
   * @param {{spans: Map<number, HTMLElement>, change: (work: () => void) => void}} log change: runs
   *   work that makes the log longer
   * @param {AnswerTools} tools
   */
  constructor({ change, spans }, tools) {
    this.#change = change;
    this.#plain = tools.plain;
    this.#tools = tools;
    this.#host = {
      oncopy: (/** @type {HTMLElement} */ code, /** @type {HTMLButtonElement} */ button) =>
        copyFrom(button, code.textContent ?? '', tools.say),
      onspan: (/** @type {number} */ column, /** @type {HTMLElement} */ span) =>
        spans.set(column, span),
    };
    // Its place is kept while the answer comes, or everything would move at the end.
    this.#row = h('div', { class: 'tools', role: 'group', 'aria-label': words.answer.tools });
    this.#row.inert = true;
    this.element.append(this.#row);
  }

  /**
   * Adds a token's text: the first at once, the others once a frame.
   * @param {string} text
   * @param {number | null} column of the heatmap
   */
  append(text, column) {
    this.#pieces.push({ text, column });
    this.#waiting.push({ text, column });
    if (!this.#begun) {
      this.#begun = true;
      this.element.classList.replace('pending', 'live');
      this.#flush();
    } else {
      this.#frame ||= requestAnimationFrame(() => this.#flush());
    }
  }

  /** Where its text is. */
  get text() {
    return this.#text;
  }

  /** The answer goes on, after it had been finished. */
  reopen() {
    this.#foot.replaceChildren();
    this.#row.inert = true;
    this.#row.hidden = false;
    this.element.classList.add('live');
    // What was ended cannot go on: an open emphasis or list would not be open any more.
    this.#text.replaceChildren();
    this.#sink = null;
    this.#waiting = [...this.#pieces];
    this.#flush();
  }

  /**
   * Begins the text anew.
   * @param {string} text
   */
  rewrite(text) {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#pieces = [];
    this.#waiting = [];
    this.#text.replaceChildren();
    this.#sink = null;
    if (text.length > MAX_FORMATTED) this.#plain = true;
    if (text !== '') this.append(text, null);
    this.#flush();
  }

  /**
   * @param {string} note what there is to say about the finished answer
   * @param {boolean} cut whether it can go on
   */
  finish(note, cut) {
    this.#flush();
    this.#sink?.end();
    this.element.classList.remove('pending', 'live');
    this.#row.inert = false;
    const first = this.#pieces.find(({ column }) => column !== null)?.column ?? null;
    addTools(this.#row, this.#tools, cut, first);
    this.#change(() => this.#foot.replaceChildren(note));
  }

  /**
   * @param {{title: string, detail: string}} what
   * @param {HTMLElement[]} actions
   */
  fail({ title, detail }, actions) {
    this.#flush();
    this.element.classList.remove('pending', 'live');
    this.#row.hidden = true;
    this.#change(() =>
      this.#foot.replaceChildren(
        h(
          'div',
          { class: 'failure', role: 'alert' },
          h('div', {}, h('b', {}, title), h('p', {}, detail)),
          ...actions,
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
    this.#sink ??= textSink(this.#text, this.#host, this.#plain);
    const sink = this.#sink;
    this.#change(() => { for (const { text, column } of waiting) sink.write(text, column); });
  }
}
