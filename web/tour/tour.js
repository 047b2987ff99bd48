// A tour in six steps of what has made the reader's last answer: a card above the composer, from
// which each step points at a part of the page. Loaded when it is asked for.

import { Inspector } from '../neurons/inspector.js';
import { reasonOf } from '../neurons/figures.js';
import { Plot } from '../neurons/plot.js';
import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
// What English does not have before.
import '../words/en-looking.js';
import { readToken, tokenOf } from './readings.js';
import { STEPS } from './steps.js';

/** @import { Column, LookHost } from '../neurons/types.js' */
/** @import { Readings } from './readings.js' */
/** @import { Target } from './steps.js' */

// Written out, because bundlers look for such expressions.
const SHEETS = [
  new URL('../neurons/look.css', import.meta.url), new URL('./tour.css', import.meta.url),
].map(({ href }) => href);

/**
 * @typedef {Pick<LookHost, 'columns' | 'engine' | 'answering'>} Read what is read
 * @typedef {Read & {
 *   point: (target: Target | null, column: number) => void, closed: () => void,
 * }} TourHost point: shows which part of the page is meant, or none
 */

/** @param {() => void} onclick @param {string} [kind] */
const button = (onclick, kind = 'quiet') => h('button', { class: kind, type: 'button', onclick });

/** The card. */
export class Tour {
  #host;
  #inspector;
  #at = 0;
  #column = -1;
  /** @type {Column | null} */
  #token = null;
  /** @type {Readings | null} */
  #readings = null;
  /** Why there is no figure. */
  #missing = '';
  #picture = new Plot({ label: '' });
  #title = h('h2', { id: 'tour-title', tabindex: -1 });
  #text = h('div', { class: 'tour-text', 'aria-live': 'polite' });
  #figure = h('div', { class: 'tour-figure' });
  #body = h('div', { class: 'tour-body' }, this.#text, this.#figure);
  #back = button(() => this.#go(-1));
  #next = button(() => (this.#at < STEPS.length - 1 ? this.#go(1) : this.close()), 'primary');
  #close = button(() => this.close());
  #progress = h('p', { class: 'tour-progress' });
  element = h('section', {
    class: 'tour look', 'aria-labelledby': 'tour-title', hidden: true,
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      // It has been used: a dialog around the element is not to end as well.
      event.preventDefault();
      event.stopPropagation();
      this.close();
    },
  },
  // Pictures have the colours of these.
  ...SHEETS.map((href) =>
    h('link', { rel: 'stylesheet', href, onload: () => this.#picture.draw() })),
  h('div', { class: 'tour-head' }, this.#title, this.#close),
  this.#body,
  h('div', { class: 'tour-foot' }, this.#progress, this.#back, this.#next));

  /** @param {TourHost} host */
  constructor(host) {
    this.#host = host;
    this.#inspector = new Inspector(host);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Begins with the first step. */
  async open() {
    const { columns } = this.#host;
    this.#at = 0;
    this.#column = tokenOf(columns);
    this.#token = columns[this.#column] ?? null;
    this.#readings = null;
    this.#missing = this.#token ? words.tour.reading : words.tour.gone;
    this.element.hidden = false;
    this.#show();
    this.#title.focus({ preventScroll: true });
    const token = this.#token;
    if (!token) return;
    const readings = await readToken(this.#inspector, columns, this.#column).catch((error) => {
      const { reason, detail } = reasonOf(error);
      return reason === 'failed' ? words.neurons.failed(detail) : words.tour.gone;
    });
    if (!this.isOpen || token !== this.#token) return;
    if (typeof readings === 'string') this.#missing = readings;
    else this.#readings = readings;
    this.#show();
  }

  close() {
    if (!this.isOpen) return;
    this.element.hidden = true;
    this.#token = null;
    this.#inspector.stop();
    this.#host.point(null, -1);
    this.#host.closed();
  }

  /** @param {1 | -1} by */
  #go(by) {
    this.#at += by;
    this.#show();
    this.#body.scrollTop = 0;
    // A button that has just been disabled has lost the focus.
    if (this.#at === 0) this.#next.focus();
    this.element.scrollIntoView?.({ block: 'nearest' });
  }

  #show() {
    const say = words.tour;
    const step = STEPS[this.#at];
    const { title, text } = say[step.name];
    this.#title.textContent = title;
    this.#progress.textContent = say.progress(this.#at + 1, STEPS.length);
    this.#back.textContent = say.back;
    this.#back.disabled = this.#at === 0;
    this.#next.textContent = this.#at < STEPS.length - 1 ? say.next : say.done;
    this.#close.textContent = say.close;
    const shown = this.#readings && this.#token && step.show(this.#readings, this.#token);
    this.#text.replaceChildren(
      h('p', { class: 'unseen' }, `${this.#progress.textContent}. ${title}.`),
      ...[...text, ...(shown?.says ?? [])].map((sentence) => h('p', {}, sentence)));
    if (shown) {
      this.#picture.label = shown.label;
      this.#figure.replaceChildren(this.#picture.element, ...(shown.key ? [shown.key] : []));
      this.#picture.show(shown.picture);
    } else {
      this.#figure.replaceChildren(h('p', { class: 'hint' }, this.#missing));
    }
    this.#host.point(step.target, this.#column);
  }
}
