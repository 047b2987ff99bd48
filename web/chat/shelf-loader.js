// The shelf of models, and files that are dropped on the chat: the code for both comes when it is
// needed first.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';

/** @import { Host, Shelf } from '../shelf/shelf.js' */

/** Loads it. */
export class ShelfLoader {
  #host;
  /** @type {Promise<Shelf | null> | null} */
  #coming = null;
  #input = h('input', {
    type: 'file', accept: '.gguf', multiple: true, class: 'unseen', tabindex: -1,
    'aria-label': words.shelf.open,
    onchange: () => {
      const files = [...this.#input.files ?? []];
      this.#input.value = '';
      this.open(files);
    },
  });
  #list = h('div', {}, h('p', { class: 'hint' }, words.chat.oneMoment));
  /** In the settings. */
  section = h(
    'details',
    { ontoggle: () => this.refresh() },
    h('summary', {}, words.shelf.name),
    this.#list,
    h('button', { class: 'quiet', type: 'button', onclick: () => this.pick() }, words.shelf.open),
  );
  /** Of the work under way. */
  place = h('div');

  /** @param {Omit<Host, 'list' | 'place' | 'pick'>} host */
  constructor(host) {
    this.#host = host;
  }

  /** What it says has changed meanwhile: where it is shown, shows it anew. */
  refresh() {
    if (this.section.open) this.load().then((shelf) => shelf?.show());
  }

  /** Has the reader choose a file. */
  pick() {
    this.#input.click();
  }

  /** @param {readonly File[]} files */
  async open(files) {
    if (files.length > 0) await (await this.load())?.open(files);
  }

  /** Takes files that are dropped on an element. @param {HTMLElement} element */
  takeDrops(element) {
    // Chromium wants it in the document to open it.
    this.place.after(this.#input);
    const take = (/** @type {DragEvent} */ event) => {
      const { dataTransfer, type } = event;
      if (!dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      if (type === 'drop') this.open([...dataTransfer.files]);
      else this.load(); // which shows that it will be taken
    };
    element.addEventListener('dragover', take);
    element.addEventListener('drop', take);
  }

  /** @returns {Promise<Shelf | null>} null where it does not come */
  load() {
    const { say } = this.#host;
    this.#coming ??= import('../shelf/shelf.js')
      .then(({ Shelf: Made }) => Made.make({
        ...this.#host, list: this.#list, place: this.place, pick: () => this.pick(),
      }))
      .catch(() => {
        this.#coming = null;
        say(words.chat.partMissing);
        return null;
      });
    return this.#coming;
  }
}
