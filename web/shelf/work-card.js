// The card of a file that becomes a model, or of neurons that are being ranked: how far it is, what
// ends it, and why it could not be done.

import { h } from '../shared/dom.js';
import { formatPercent } from '../shared/format.js';
import { words as page } from '../words/words.js';

/** @import { PackingProgress } from '../packing/messages.js' */
/** @import { ErrorCode, SpikeError } from '../shared/errors.js' */
/** @import { ShelfWords } from '../words/shelf/en.js' */

/** Nothing but what packs files comes over the network. @type {ErrorCode[]} */
const AWAY = ['offline', 'timeout', 'http_status'];

/** The card. */
export class WorkCard {
  #words;
  #title = h('div', { class: 'loader-title' });
  #bar = h('progress', { class: 'bar', max: 1 });
  #detail = h('div', { class: 'loader-detail' });
  #notes = h('div', { class: 'loader-detail' });
  #buttons = h('div', { class: 'row' });
  #cancel;
  #pick;
  #close;
  element = h(
    'div', { class: 'loader work', hidden: true },
    this.#title, this.#bar,
    h('div', { class: 'loader-row' }, this.#detail, this.#buttons), this.#notes);

  /**
   * @param {ShelfWords} words
   * @param {{cancel: () => void, pick: () => void}} on
   */
  constructor(words, { cancel, pick }) {
    this.#words = words;
    const button = (/** @type {string} */ text, /** @type {() => void} */ onclick) =>
      h('button', { class: 'quiet', type: 'button', onclick }, text);
    this.#cancel = button(words.cancel, cancel);
    this.#pick = button(words.another, pick);
    this.#close = button(words.close, () => this.end());
  }

  /**
   * @param {string} title
   * @param {boolean} opens a file becomes the model that is chosen
   */
  begin(title, opens) {
    this.element.hidden = false;
    this.element.classList.remove('failed');
    this.element.classList.toggle('opening', opens);
    this.#title.textContent = title;
    this.#bar.hidden = false;
    this.#bar.setAttribute('aria-label', title);
    this.#bar.removeAttribute('value');
    this.#notes.replaceChildren();
    this.#detail.textContent = '';
    this.#buttons.replaceChildren(this.#cancel);
    // The button that was pressed may be out of sight now.
    const { activeElement } = /** @type {ShadowRoot | Document} */ (this.element.getRootNode());
    if (activeElement?.closest('.loader')) this.#cancel.focus({ preventScroll: true });
  }

  /** @param {PackingProgress} progress */
  progress({ phase, done, total, seconds }) {
    const words = this.#words;
    if (total > 0) this.#bar.value = done / total;
    else this.#bar.removeAttribute('value');
    const parts = [words.phases[phase]];
    if (total > 0) parts.push(formatPercent(done / total, 0));
    if (seconds !== undefined) parts.push(words.minutes(seconds / 60));
    this.#detail.textContent = parts.join(' · ');
  }

  /** @param {string} text of the packer, in English */
  note(text) {
    this.#notes.append(h('p', { class: 'hint' }, `${this.#words.note} `,
      h('span', { lang: 'en', dir: 'ltr' }, text)));
  }

  /** It is done, or given up. */
  end() {
    this.element.hidden = true;
  }

  /**
   * Says why it could not be done.
   * @param {SpikeError} error
   * @param {boolean} picks whether another file can be chosen
   * @returns {string} the title of what it says
   */
  fail({ code, message }, picks) {
    const { title, advice } = AWAY.includes(code)
      ? { title: page.advice[code].title, advice: this.#words.packerAway } : page.advice[code];
    this.element.classList.add('failed');
    this.#title.textContent = title;
    this.#bar.hidden = true;
    this.#detail.replaceChildren(`${advice} (`,
      h('span', { lang: 'en', dir: 'ltr' }, `${code}: ${message}`), ')');
    this.#buttons.replaceChildren(...(picks ? [this.#pick] : []), this.#close);
    this.#buttons.querySelector('button')?.focus({ preventScroll: true });
    return title;
  }
}
