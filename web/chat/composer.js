// Where the reader writes. Enter sends and Shift+Enter breaks the line; on touch screens Enter
// breaks, as keyboards there have no Shift+Enter. While an input method composes, Enter belongs to
// it. Nothing here or elsewhere is a form: in a sandboxed frame without allow-forms, as ours is in
// pages of other sites, browsers let none be submitted, whatever would come of it.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';

/** The text box with Send, which turns into Stop. */
export class Composer {
  #send;
  #stop;
  #onchange;
  #answering = false;
  #box = h('textarea', {
    id: 'question',
    part: 'input',
    rows: 1,
    placeholder: words.chat.placeholder,
    enterkeyhint: 'send',
    autocomplete: 'off',
    oninput: () => this.#changed(),
    onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
  });
  #button = h('button', {
    class: 'primary send', type: 'button', part: 'send', onclick: () => this.#submit(),
  }, words.chat.send);
  element = h(
    'div',
    { class: 'composer' },
    h('label', { class: 'unseen', for: 'question' }, words.chat.yourMessage),
    this.#box,
    this.#button,
  );

  /**
   * @param {(text: string) => boolean} send whether the text was taken
   * @param {() => void} stop
   * @param {(text: string) => void} onchange another text stands in the box
   */
  constructor(send, stop, onchange) {
    this.#send = send;
    this.#stop = stop;
    this.#onchange = onchange;
    if (matchMedia('(pointer: coarse)').matches) this.#box.enterKeyHint = 'enter';
    this.#show();
  }

  /** @param {boolean} answering */
  set answering(answering) {
    this.#answering = answering;
    this.#show();
  }

  get text() {
    return this.#box.value;
  }

  set text(text) {
    this.#box.value = text;
    this.#changed();
  }

  /** @param {string} placeholder empty: the usual one */
  set placeholder(placeholder) {
    this.#box.placeholder = placeholder || words.chat.placeholder;
  }

  get hasFocus() {
    return this.#box.matches(':focus');
  }

  focus() {
    this.#box.focus({ preventScroll: true });
  }

  #submit() {
    if (this.#answering) {
      this.#stop();
      return;
    }
    const text = this.#box.value.trim();
    if (text !== '' && this.#send(text)) this.text = '';
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // keyCode 229: Safari ends a composition before it reports the Enter that ended it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229)
      return;
    if (matchMedia('(pointer: coarse)').matches) return;
    event.preventDefault();
    if (!this.#answering) this.#submit();
  }

  #changed() {
    this.#onchange(this.#box.value);
    this.#show();
  }

  #show() {
    // Text that is typed has its own direction; without any the placeholder's counts.
    this.#box.dir = this.#box.value === '' ? '' : 'auto';
    this.#button.textContent = this.#answering ? words.chat.stop : words.chat.send;
    this.#button.classList.toggle('stop', this.#answering);
    this.#button.setAttribute('part', this.#answering ? 'stop' : 'send');
    this.#button.disabled = !this.#answering && this.#box.value.trim() === '';
    // Without a layout (before the style sheet came) there is nothing to measure: one row, as the
    // attribute says.
    this.#box.style.height = '';
    if (this.#box.value !== '' && this.#box.scrollHeight > 0)
      this.#box.style.height = `${this.#box.scrollHeight}px`;
  }
}
