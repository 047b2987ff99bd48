// Chats beside the one that goes on: those that this browser keeps, files and links. Loaded when
// the reader asks for any of them.

import { Saver } from '../record/saver.js';
import { readConversation } from '../record/check.js';
import { ChatsPanel } from './chats-panel.js';
import { LinkedChatCard } from './linked-chat.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { RecordedConversation } from '../record/types.js' */
/** @import { Conversation } from './conversation.js' */
/** @import { Popup } from './popup.js' */
/** @import { StatusLine } from './status-line.js' */

/**
 * @typedef {object} Host
 * @property {Conversation} conversation
 * @property {StatusLine} line
 * @property {Popup} popup of the panel
 * @property {HTMLElement} linkPlace
 * @property {() => Engine | null} engine
 * @property {() => Promise<void>} load
 * @property {() => void} clear
 * @property {(record: RecordedConversation) => void} open
 * @property {() => void} focus the text box
 * @property {(keep: boolean) => void} keep chats from now on, or no more
 * @property {boolean} keeps
 * @property {boolean} links whether the page around opens links
 */

/** What is loaded. */
export class Chats {
  #host;
  /** What writes the chat that goes on. */
  saver;
  /** @type {ChatsPanel | null} */
  #panel = null;
  /** @type {LinkedChatCard | null} */
  #card = null;
  /** Whether chats are kept. */
  keeps;
  read = readConversation;

  /**
   * @param {Host} host
   * @param {Saver | null} saver of the app before this one
   */
  constructor(host, saver) {
    this.#host = host;
    this.keeps = host.keeps;
    this.saver = saver ?? new Saver();
    this.saver.onproblem = (problem) => host.line.addNotice(problem);
  }

  /** @param {RecordedConversation} record that goes on */
  save(record) {
    this.saver.save(record);
  }

  /** Shows the panel as things are now. */
  showPanel() {
    const { conversation, popup, line, open, keep, links } = this.#host;
    this.#panel ??= new ChatsPanel({
      record: () => conversation.record,
      open,
      rename: (title) => conversation.rename(title),
      saver: () => this.saver,
      keep: (now) => {
        this.keeps = now;
        keep(now);
      },
      keeps: this.keeps,
      links,
      say: (status) => { line.status = status; },
      close: () => popup.toggle(false),
    });
    popup.content = this.#panel.element;
    this.#panel.refresh();
  }

  /** @param {string} fragment with its # */
  openLink(fragment) {
    const { conversation, line, linkPlace, engine, load, clear, focus } = this.#host;
    this.#card ??= new LinkedChatCard({
      engine,
      load,
      clear,
      play: async ({ question, settings, first_turn: first }) => {
        conversation.add(question);
        await conversation.answerLast({ settings, first });
        const { answer } = conversation.turns[conversation.turns.length - 1] ?? {};
        return answer?.finish_reason === 'abort' ? undefined : answer;
      },
      say: (status) => { line.status = status; },
      closed: focus,
      replaces: () => conversation.turns.length > 0 && !this.keeps,
    });
    linkPlace.replaceChildren(this.#card.element);
    return this.#card.open(fragment);
  }
}
