// The buttons under the picture: its table, and its files. What makes these comes when it is used.

import { h } from '../shared/dom.js';
import { saveFile } from '../shared/save.js';
import { words } from '../words/words.js';

/** @import { Columns } from './columns.js' */
/** @import { Shown } from './grid.js' */

/**
 * @typedef {object} Host
 * @property {Columns} columns
 * @property {() => Shown} shown
 * @property {() => {ink: string, ground: string, font: string, says: string}} look of an image
 * @property {(open: boolean) => Promise<void>} ontable
 */

/** Three buttons. */
export class Tools {
  #host;
  #table = h('button', {
    type: 'button', 'aria-expanded': 'false', 'aria-controls': 'table',
    onclick: () => this.#open(this.#table.getAttribute('aria-expanded') !== 'true'),
  });
  #image = h('button', {
    type: 'button',
    onclick: () => this.#save('spikes.png', async () => {
      const { toImage } = await import('./image.js');
      return toImage(this.#host.columns, this.#host.shown(), this.#host.look());
    }),
  });
  #csv = h('button', {
    type: 'button',
    onclick: () => this.#save('spikes.csv', async () =>
      (await import('./csv.js')).toCsv(this.#host.columns.list)),
  });
  #problem = h('span', { role: 'status' });
  element = h('div', { class: 'tools', role: 'group' },
    this.#table, this.#image, this.#csv, this.#problem);

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  /** Has its words, and lets be saved what is there. */
  say() {
    const text = words.heatmap;
    const open = this.#table.getAttribute('aria-expanded') === 'true';
    this.element.setAttribute('aria-label', text.tools);
    this.#table.textContent = open ? text.hideTable : text.showTable;
    this.#image.textContent = text.savePicture;
    this.#image.title = text.pictureHint;
    this.#csv.textContent = text.saveFigures;
    this.#csv.title = text.figuresHint;
    this.#image.disabled = this.#csv.disabled = this.#host.columns.length === 0;
  }

  /** @param {boolean} open the table */
  async #open(open) {
    this.#table.setAttribute('aria-expanded', String(open));
    this.say();
    try {
      await this.#host.ontable(open);
      this.#problem.textContent = '';
    } catch {
      this.#problem.textContent = words.heatmap.notCome;
    }
  }

  /** @param {string} name @param {() => Promise<Blob>} make */
  async #save(name, make) {
    try {
      saveFile(name, await make());
      this.#problem.textContent = '';
    } catch {
      // No memory, or what makes it did not come.
      this.#problem.textContent = words.heatmap.notSaved;
    }
  }
}
