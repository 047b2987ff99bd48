// The card that asks before it downloads, shows bytes while it does, and says what to do when it
// cannot.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { adviceForLoading, noOwnModel } from './advice.js';
import { earlyText } from './precision.js';

/** @import { Keeping } from '../delivery/keeping.js' */
/** @import { SpikeError } from '../shared/errors.js' */
/** @import { Precision, Progress } from '../shared/protocol.js' */

// Speed is taken over this much time, so that it neither jumps nor lags.
const WINDOW_MS = 3000;

/** The loading card. */
export class LoadingCard {
  #start;
  #cancel;
  #delete;
  #pick;
  #title = h('div', { class: 'loader-title' });
  #bar = h('progress', { class: 'bar', max: 1, 'aria-label': words.loading.bar });
  #detail = h('div', { class: 'loader-detail' });
  #button = h('button', {
    class: 'primary', type: 'button',
    onclick: () => (this.#pickButton.hidden ? this.#pick() : this.#start()),
  });
  #cancelButton = h(
    'button',
    { class: 'quiet', type: 'button', onclick: () => this.#cancel() },
    words.loading.cancel,
  );
  #deleteButton = h(
    'button', { class: 'quiet', type: 'button', hidden: true, onclick: () => this.#delete() });
  #pickButton = h(
    'button', { class: 'quiet', type: 'button', onclick: () => this.#pick() }, words.shelf.open);
  #keep = h('input', { type: 'checkbox', id: 'keep', checked: true });
  #keepName = h('label', { for: 'keep' });
  #keepLine = h('div', { class: 'check', hidden: true }, this.#keep, this.#keepName);
  element = h(
    'div',
    { class: 'loader', part: 'progress' },
    this.#title,
    this.#bar,
    this.#keepLine,
    h('div', { class: 'loader-row' },
      this.#detail, this.#deleteButton, this.#button, this.#cancelButton, this.#pickButton),
  );
  /** @type {{at: number, bytes: number}[]} */
  #samples = [];
  /** Whether the browser can keep a model. */
  #canKeep = true;
  /** With what it answers while the rest comes. @type {Precision | null} */
  #early = null;

  /**
   * @param {() => void} start
   * @param {() => void} cancel
   * @param {() => void} deleteModel
   * @param {() => void} pick has the reader choose a file of a model
   */
  constructor(start, cancel, deleteModel, pick) {
    this.#start = start;
    this.#cancel = cancel;
    this.#delete = deleteModel;
    this.#pick = pick;
    this.offer(null);
  }

  /**
   * Asks for consent.
   * @param {{name: string, bytes: number, cached: number} | null} model null while its size is not
   *   known
   * @param {Keeping} [keeping]
   */
  offer(model, keeping = 'browser') {
    this.#early = null;
    this.#canKeep = keeping !== 'nothing';
    const missing = model ? model.bytes - model.cached : NaN;
    this.#show({ bar: false, cancel: false });
    this.#title.textContent = model?.name ?? '';
    this.#button.textContent = !model
      ? words.loading.download
      : missing > 0
        ? words.loading.downloadBytes(missing)
        : words.loading.start;
    const keeps = missing > 0 && keeping !== 'nothing';
    this.#keepLine.hidden = !keeps;
    if (keeps) this.#keepName.textContent = words.loading.keep[keeping];
    this.#detail.textContent = !model || keeps
      ? ''
      : missing > 0 ? words.loading.notKept : words.loading.here(model.bytes);
  }

  /** There is nothing to load: the model was made of a file, and is not here or not whole. */
  lacks() {
    const { title, advice } = noOwnModel();
    this.offer(null);
    this.#title.textContent = title;
    this.#detail.textContent = advice;
    this.#wantFile();
  }

  /** The button opens a file in the place of the other one. */
  #wantFile() {
    this.#button.textContent = words.shelf.open;
    this.#pickButton.hidden = true;
  }

  /** Whether the reader wants the browser to keep the model. */
  get keep() {
    return this.#keep.checked;
  }

  /** @param {number} bytes of the model that this browser keeps */
  set kept(bytes) {
    this.#deleteButton.textContent = bytes > 0 ? words.loading.delete(bytes) : '';
    this.#deleteButton.hidden = bytes === 0 || !this.#cancelButton.hidden;
  }

  /** Something waits for the model: what the reader has to press gets the focus. */
  attract() {
    this.element.classList.add('wanted');
    this.#button.focus({ preventScroll: true });
  }

  /** @param {Progress} progress */
  progress({ phase, loaded, total, cached, waiting }) {
    const now = performance.now();
    if (this.#bar.hidden) this.#samples = [];
    this.#show({ bar: true, cancel: !this.#early, button: false });
    const fresh = loaded - cached;
    this.#samples.push({ at: now, bytes: fresh });
    while (now - this.#samples[0].at > WINDOW_MS) this.#samples.shift();
    const stored = phase === 'shards' && cached > 0 && fresh === 0;
    this.#title.textContent = waiting
      ? words.loading.waiting
      : this.#early
      ? earlyText(words.loading.early, this.#early)
      : stored
        ? words.loading.reading
        : words.loading.phases[phase];
    if (total > 0) this.#bar.value = loaded / total;
    else this.#bar.removeAttribute('value');
    if (phase === 'prepare') this.#bar.removeAttribute('value');
    const [{ at, bytes }] = this.#samples;
    const speed = now - at > 300 ? ((fresh - bytes) / (now - at)) * 1000 : 0;
    const parts = total > 0 ? [words.loading.some(loaded, total)] : [];
    if (cached > 0 && fresh > 0) parts.push(words.loading.fromHere(cached));
    if (phase === 'shards' && speed > 0 && fresh > 0) {
      parts.push(words.loading.speed(speed), words.loading.left((total - loaded) / speed));
    }
    this.#detail.textContent = parts.join(' · ');
  }

  /**
   * The model answers. While the rest of it comes that stays in sight.
   * @param {Precision} precision
   */
  answers(precision) {
    this.#early = precision.planes < precision.of ? precision : null;
    this.element.hidden = !this.#early;
    if (!this.#early) return;
    this.#show({ bar: true, cancel: false, button: false });
    this.#title.textContent = earlyText(words.loading.early, this.#early);
  }

  /**
   * Says why the model, or the rest of it, is not there.
   * @param {SpikeError} error
   * @param {string} address of the model's manifest
   * @returns {string} the title of what it says
   */
  fail(error, address) {
    const { title, advice, file } = adviceForLoading(error, address, this.keep && this.#canKeep);
    this.#show({ bar: false, cancel: false });
    this.#title.textContent = this.#early
      ? `${earlyText(words.loading.early, this.#early)} · ${title}`
      : title;
    const { code, url } = error;
    const where = url ? ` at ${new URL(url).pathname.split('/').pop()}` : '';
    // It may name the whole address for programs, which the advice has.
    const message = error.message.replace(` at ${url}`, '') + (file ? '' : where);
    this.#detail.textContent = code === 'aborted' ? advice : `${advice} (${code}: ${message})`;
    this.#button.textContent = code === 'aborted'
      ? words.loading.startAgain
      : words.loading.tryAgain;
    if (file) this.#wantFile();
    this.element.classList.toggle('failed', code !== 'aborted');
    return title;
  }

  /** @param {{bar: boolean, cancel: boolean, button?: boolean}} what */
  #show({ bar, cancel, button = !cancel }) {
    this.element.classList.remove('failed', 'wanted');
    this.#bar.hidden = !bar;
    this.#cancelButton.hidden = !cancel;
    this.#button.hidden = !button;
    this.#keepLine.hidden = true;
    this.#pickButton.hidden = bar;
    if (bar) this.#deleteButton.hidden = true;
  }
}
