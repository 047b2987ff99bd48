// A chat that came as a link: shown as what it would play, and played when the reader says so.
// Loaded when a page is opened with one.

import { fromLink, hashOf } from '../record/link.js';
import { h } from '../shared/dom.js';
import { asSpikeError } from '../shared/errors.js';
import { words } from '../words/words.js';
import { codingTitle } from './coding-choice.js';
import { sentence } from './sentence.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { RecordedAnswer } from '../record/types.js' */
/** @import { LinkedChat, LinkedTurn } from '../record/link.js' */

/**
 * @typedef {object} Host
 * @property {() => Engine | null} engine
 * @property {() => Promise<void>} load
 * @property {() => void} clear
 * @property {(turn: LinkedTurn) => Promise<RecordedAnswer | undefined>} play asks a turn
 * @property {(status: string) => void} say
 * @property {() => void} closed
 * @property {() => boolean} replaces whether a chat is there that is kept nowhere
 */

/** @param {{name: string, sha256: string}} model */
const nameOf = ({ name, sha256 }) => `${name} (${sha256.slice(0, 12)})`;

/** @param {LinkedTurn} turn */
const settingsOf = ({ settings: { preset, steps, temperature, seed } }) => [
  steps === undefined
    ? codingTitle({ coding: preset ?? 'best', steps: 4 })
    : codingTitle({ coding: 'uniform', steps }),
  words.settings.creativityIs(temperature), words.answer.seed(seed),
].join(' · ');

/** The card above the composer. */
export class LinkedChatCard {
  #host;
  /** @type {LinkedChat | null} */
  #chat = null;
  /** The reader has been told that the model is another. */
  #told = false;
  #title = h('div', { class: 'loader-title' });
  #body = h('div', { class: 'linked' });
  #play = h('button', { class: 'primary', type: 'button', onclick: () => this.#start() },
    words.link.play);
  #close = h('button', { class: 'quiet', type: 'button', onclick: () => this.close() },
    words.link.notNow);
  element = h('div', { class: 'loader', role: 'group', 'aria-label': words.link.name },
    this.#title, this.#body, h('div', { class: 'row' }, this.#play, this.#close));

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  /** @param {string} fragment with its # */
  async open(fragment) {
    this.#chat = null;
    this.#told = false;
    this.element.hidden = false;
    this.#close.textContent = words.link.notNow;
    try {
      this.#chat = await fromLink(fragment);
    } catch (error) {
      this.#title.textContent = words.link.badTitle;
      this.#body.replaceChildren(
        h('p', {}, words.link.bad(sentence(asSpikeError(error).message))));
      this.#play.hidden = true;
      this.#close.textContent = words.link.close;
      return;
    }
    const { model, turns } = this.#chat;
    this.#title.textContent = words.link.title(turns.length);
    this.#body.replaceChildren(
      h('p', {}, words.link.about(nameOf(model))),
      h('ol', {}, ...turns.map((turn) => h('li', {},
        h('span', { dir: 'auto' }, turn.question),
        ...(turn.settings.system
          ? [h('small', { dir: 'auto' }, words.link.instructions(turn.settings.system))]
          : []),
        h('small', {}, settingsOf(turn))))),
      ...(this.#host.replaces()
        ? [h('p', {}, words.link.replaces)]
        : []),
    );
    this.#play.hidden = false;
    this.#play.textContent = this.#host.engine()
      ? words.link.play
      : words.link.startAndPlay;
  }

  close() {
    this.#chat = null;
    this.element.hidden = true;
    this.#host.closed();
  }

  async #start() {
    const chat = this.#chat;
    if (!chat) return;
    const { engine, load, clear, play, say } = this.#host;
    this.#play.hidden = true;
    await load();
    const info = engine()?.info;
    if (chat !== this.#chat) return;
    if (!info) {
      this.#play.hidden = false;
      return;
    }
    const other = info.sha256 !== chat.model.sha256;
    if (other && !this.#told) {
      this.#told = true;
      this.#title.textContent = words.link.otherTitle;
      this.#body.replaceChildren(h('p', {},
        words.link.other(nameOf(chat.model), nameOf(info))));
      this.#play.textContent = words.link.playAnyway;
      this.#play.hidden = false;
      this.#play.focus();
      return;
    }
    clear();
    this.#title.textContent = words.link.playing;
    this.#body.replaceChildren();
    this.#close.textContent = words.link.close;
    /** @type {string[]} */
    const wrong = [];
    let given = 0;
    for (const [i, turn] of chat.turns.entries()) {
      const answer = await play(turn).catch(() => undefined);
      if (chat !== this.#chat) return;
      // Stopped, or a new chat.
      if (!answer?.run) break;
      given++;
      const text = hashOf(answer.text) === turn.text_hash;
      const spikes = answer.run.spikes === turn.spikes;
      const { otherSpikes, otherWords } = words.link;
      if (!text || !spikes) wrong.push((text ? otherSpikes : otherWords)(i + 1));
    }
    const [title, said] = verdict(given, chat.turns.length, wrong);
    this.#title.textContent = title;
    this.#body.replaceChildren(h('p', {}, said));
    say(title);
  }
}

/**
 * @param {number} given
 * @param {number} all
 * @param {string[]} wrong
 * @returns {[string, string]}
 */
function verdict(given, all, wrong) {
  if (given < all) return [words.link.cutTitle, words.link.cut(given, all)];
  if (wrong.length === 0) return [words.link.sameTitle, words.link.same(all)];
  return [words.link.notSameTitle, wrong.join(' ')];
}
