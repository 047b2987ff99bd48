// A chat that came as a link: shown as what it would play, and played when the reader says so.
// Loaded when a page is opened with one.

import { fromLink, hashOf } from '../record/link.js';
import { h } from '../shared/dom.js';
import { asSpikeError } from '../shared/errors.js';
import { plural } from '../shared/format.js';
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

/** @param {LinkedTurn} turn */
const settingsOf = ({ settings: { preset, steps, temperature, seed } }) => [
  steps === undefined
    ? codingTitle({ coding: preset ?? 'best', steps: 4 })
    : codingTitle({ coding: 'uniform', steps }),
  `creativity ${temperature}`, `seed ${seed}`,
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
  #play = h('button', { class: 'primary', type: 'button', onclick: () => this.#start() }, 'Play');
  #close = h('button', { class: 'quiet', type: 'button', onclick: () => this.close() }, 'Not now');
  element = h('div', { class: 'loader', role: 'group', 'aria-label': 'Linked chat' },
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
    this.#close.textContent = 'Not now';
    try {
      this.#chat = await fromLink(fragment);
    } catch (error) {
      this.#title.textContent = 'This link cannot be played';
      this.#body.replaceChildren(
        h('p', {}, `${sentence(asSpikeError(error).message)} Ask for it once more.`));
      this.#play.hidden = true;
      this.#close.textContent = 'Close';
      return;
    }
    const { model, turns } = this.#chat;
    this.#title.textContent = `A linked chat: ${plural(turns.length, 'question')}`;
    this.#body.replaceChildren(
      h('p', {}, `Asked ${model.name} (${model.sha256.slice(0, 12)}). Your machine gives the `
        + 'answers again; nothing of this has been sent anywhere.'),
      h('ol', {}, ...turns.map((turn) => h('li', {},
        h('span', { dir: 'auto' }, turn.question),
        ...(turn.settings.system
          ? [h('small', { dir: 'auto' }, `Instructions: ${turn.settings.system}`)]
          : []),
        h('small', {}, settingsOf(turn))))),
      ...(this.#host.replaces()
        ? [h('p', {}, 'It takes the place of the chat that is here, which is kept nowhere.')]
        : []),
    );
    this.#play.hidden = false;
    this.#play.textContent = this.#host.engine() ? 'Play' : 'Start the model and play';
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
      this.#title.textContent = 'The link is of another model';
      this.#body.replaceChildren(h('p', {},
        `It was made with ${chat.model.name} (${chat.model.sha256.slice(0, 12)}); here is `
          + `${info.name} (${info.sha256.slice(0, 12)}). The answers will not be the same.`));
      this.#play.textContent = 'Play all the same';
      this.#play.hidden = false;
      this.#play.focus();
      return;
    }
    clear();
    this.#title.textContent = 'Playing a linked chat';
    this.#body.replaceChildren();
    this.#close.textContent = 'Close';
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
      if (!text || !spikes)
        wrong.push(`answer ${i + 1}: other ${text ? 'spikes' : 'words'} than in the link`);
    }
    const [title, words] = verdict(given, chat.turns.length, wrong);
    this.#title.textContent = title;
    this.#body.replaceChildren(h('p', {}, words));
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
  if (given < all) return ['Not played to the end', `${given} of ${all} answers were given.`];
  if (wrong.length === 0) {
    return [
      'Played: the same, spike for spike',
      `Your machine gave ${all === 1 ? 'the answer' : `all ${all} answers`} `
        + 'with the same words and the same number of spikes.',
    ];
  }
  return ['Played: not the same', `${wrong.join('; ')}.`];
}
