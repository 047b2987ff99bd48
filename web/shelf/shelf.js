// The shelf: which models there are, those of the site and those of the reader's own files, and
// what there is to know before one is chosen.

import { openModelFile, rankModel } from '../api/model-file.js';
import { toAddress } from '../api/address.js';
import { ownModels } from '../delivery/own-models.js';
import { ShardCache } from '../delivery/shard-cache.js';
import { asSpikeError } from '../shared/errors.js';
import { h } from '../shared/dom.js';
import { ownAddress } from '../shared/own-model.js';
import { shelfWords } from '../words/shelf-words.js';
import { showDrops } from './drops.js';
import { WorkCard } from './work-card.js';
import { siteModels } from './site-models.js';
import {
  MOST_MEMORY, bytesPerSecond, deviceMemory, memoryOf, rankingSeconds, tokensPerSecond,
} from './speed.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { ShelfWords } from '../words/shelf/en.js' */

/**
 * @typedef {object} Host
 * @property {HTMLElement} list where the shelf is shown
 * @property {HTMLElement} place of the card of work under way
 * @property {() => string} current the address of the model that is chosen
 * @property {() => Engine | null} engine
 * @property {() => boolean} answering
 * @property {(model: string, start: boolean) => Promise<void>} choose another model, by name;
 *   start: load it
 * @property {() => void} pick has the reader choose a file
 * @property {(status: string) => void} say
 */

/**
 * One model of the shelf.
 * @typedef {object} Entry
 * @property {string} model by which it is chosen
 * @property {string} title
 * @property {string} address
 * @property {number} bytes
 * @property {string} license
 * @property {boolean} own
 * @property {boolean} ranked
 */

/** The shelf. */
export class Shelf {
  #host;
  #words;
  #card;
  /** @type {AbortController | null} of the work under way */
  #work = null;

  /**
   * @param {Host} host
   * @param {ShelfWords} words
   */
  constructor(host, words) {
    this.#host = host;
    this.#words = words;
    this.#card = new WorkCard(words, {
      cancel: () => this.#work?.abort(),
      pick: () => host.pick(),
    });
    host.place.replaceChildren(this.#card.element);
    const app = host.place.closest('.app');
    if (app) showDrops(app);
  }

  /** @param {Host} host @returns {Promise<Shelf>} */
  static async make(host) {
    return new Shelf(host, await shelfWords());
  }

  /** Shows all models anew. */
  async show() {
    const words = this.#words;
    const [site, own, speed] = await Promise.all(
      [siteModels(), ownModels(), bytesPerSecond(this.#host.engine())]);
    /** @type {Entry[]} */
    const entries = [
      ...(site ?? []).map(({ name, bytes, license }) => ({
        model: name, title: name, address: toAddress(name) ?? '', bytes, license, own: false,
        ranked: true,
      })),
      ...own.map(({ name, title, bytes, license, ranked }) => ({
        model: `own:${name}`, title: name === title ? title : name, address: ownAddress(name),
        bytes, license, own: true, ranked,
      })),
    ];
    this.#host.list.replaceChildren(
      h('p', { class: 'hint' }, words.intro),
      h('ul', { class: 'kept', 'aria-label': words.list },
        ...entries.map((entry) => this.#item(entry, speed))),
      ...(site ? [] : [h('p', { class: 'hint' }, words.none)]),
    );
  }

  /** @param {Entry} entry @param {number} speed bytes a second */
  #item(entry, speed) {
    const { title, bytes, license, own, ranked, address, model } = entry;
    const words = this.#words;
    const current = address === this.#host.current();
    const state = this.#host.engine() ? words.inUse : words.chosen;
    const facts = [own ? words.own : '', current ? state : ''].filter((fact) => fact);
    const hint = (/** @type {string} */ text) => h('p', { class: 'hint' }, text);
    return h(
      'li',
      { 'data-model': model },
      h('strong', { dir: 'auto' }, title),
      ...(facts.length > 0 ? [hint(facts.join(' · '))] : []),
      ...(model === 'tiny' ? [hint(words.tiny)] : []),
      hint(words.about(bytes, license || words.noLicense)),
      hint(speed > 0 ? words.speed(tokensPerSecond(bytes, speed)) : words.noSpeed),
      hint(this.#memory(bytes)),
      ...(own && !ranked ? [hint(words.rankHint)] : []),
      h('div', { class: 'row' },
        ...(current ? [] : [this.#button(words.use, words.useNamed(title), () =>
          this.#choose(entry))]),
        ...(own && !ranked ? [this.#rankButton(entry, speed)] : []),
        ...(own ? [this.#deleteButton(entry)] : [])),
    );
  }

  /** @param {number} bytes of the shards */
  #memory(bytes) {
    const words = this.#words;
    const need = memoryOf(bytes);
    const has = deviceMemory();
    if (need > MOST_MEMORY) return words.tooLarge;
    // Other programs need some of it.
    return has !== null && need > has * 2 ** 30 / 2 ? words.tight(need, has) : words.memory(need);
  }

  /** @param {string} text @param {string} name @param {() => void} onclick */
  #button(text, name, onclick) {
    return h('button', { class: 'quiet', type: 'button', 'aria-label': name, onclick }, text);
  }

  /** @param {Entry} entry @param {number} speed bytes a second */
  #rankButton(entry, speed) {
    const minutes = speed > 0 ? rankingSeconds(entry.bytes, speed) / 60 : null;
    const text = this.#words.rank(minutes);
    return this.#button(text, `${text}: ${entry.title}`, () => this.rank(entry));
  }

  /** Asks once more before it deletes. @param {Entry} entry */
  #deleteButton(entry) {
    const words = this.#words;
    const button = this.#button(words.delete, words.deleteNamed(entry.title), () => {
      if (button.classList.contains('danger')) {
        this.#delete(entry);
        return;
      }
      button.classList.add('danger');
      button.textContent = words.sure;
      button.setAttribute('aria-label', `${words.sure} ${entry.title}`);
    });
    return button;
  }

  /** @param {Entry} entry */
  async #delete({ title, address }) {
    const { say, current, choose, list } = this.#host;
    if (address === current()) await choose('', false);
    await new ShardCache().remove(address);
    await this.show();
    list.querySelector('button')?.focus();
    say(this.#words.deleted(title));
  }

  /** What is here already starts; what would be downloaded is offered. @param {Entry} entry */
  async #choose({ model, own }) {
    await this.#host.choose(model, own);
    await this.show();
  }

  /**
   * Makes a model of a file of the reader's, and starts it.
   * @param {readonly File[]} files one, or the parts of one
   */
  async open(files) {
    if (this.#work || files.length === 0) return;
    const words = this.#words;
    const [{ name }] = files;
    await this.#do(words.opening(name), async (options) => {
      const model = await openModelFile(files, options);
      this.#host.say(words.opened(model.slice('own:'.length)));
      await this.#silence();
      await this.#host.choose(model, true);
    }, true);
  }

  /** Ranks the neurons of a model. @param {Entry} entry */
  async rank({ model, title, address }) {
    if (this.#work) return;
    await this.#do(this.#words.ranking(title), async (options) => {
      await rankModel(model, options);
      this.#host.say(this.#words.ranked(title));
      await this.#silence();
      // The engine has the model without it.
      if (address === this.#host.current() && this.#host.engine())
        await this.#host.choose(model, true);
    }, false);
  }

  /** Waits for the end of the answer that is being given. */
  async #silence() {
    while (this.#host.answering()) await new Promise((resolve) => { setTimeout(resolve, 200); });
  }

  /**
   * Does work that the card shows.
   * @param {string} title
   * @param {(options: import('../api/model-file.js').PackingOptions) => Promise<void>} work
   * @param {boolean} picks whether it is of a file, so that another can be chosen where it fails
   */
  async #do(title, work, picks) {
    this.#work = new AbortController();
    this.#card.begin(title, picks);
    try {
      await work({
        signal: this.#work.signal,
        onprogress: (progress) => this.#card.progress(progress),
        onnote: (text) => this.#card.note(text),
      });
      this.#card.end();
    } catch (error) {
      const problem = asSpikeError(error);
      if (problem.code === 'aborted') {
        this.#card.end();
        this.#host.say(this.#words.cancelled);
      } else {
        this.#host.say(this.#card.fail(problem, picks));
      }
    } finally {
      this.#work = null;
      if (this.#host.list.isConnected) await this.show();
    }
  }
}
