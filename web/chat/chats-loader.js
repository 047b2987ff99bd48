// The button of the chats, and what is behind it: its code comes when it is needed first, at once
// where this browser keeps chats.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { keepsChats } from './keeping.js';
import { Popup } from './popup.js';

/** @import { Saver } from '../record/saver.js' */
/** @import { RecordedConversation } from '../record/types.js' */
/** @import { Chats, Host } from './chats.js' */

/**
 * @typedef {Omit<Host, 'popup' | 'linkPlace' | 'keep' | 'keeps' | 'links'> &
 *   {links: () => boolean}} Around
 */

/** Loads it. */
export class ChatsLoader {
  #around;
  /** @type {Promise<Chats | null> | null} */
  #coming = null;
  /** Of what was kept so far. @type {Saver | null} */
  saver = null;
  /** Whether chats are kept. */
  keeps = keepsChats();
  popup = new Popup(
    words.chats.name, 'chats', h('p', { class: 'hint' }, words.chat.oneMoment),
    () => this.load().then((chats) => chats?.showPanel()));
  linkPlace = h('div');

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  /** @param {RecordedConversation} record that goes on: it is kept where chats are */
  save(record) {
    if (this.keeps) this.load().then((chats) => chats?.save(record));
  }

  /** @returns {Promise<Chats | null>} null where it does not come */
  load() {
    const around = this.#around;
    this.#coming ??= import('./chats.js').then(({ Chats }) => {
      const chats = new Chats({
        ...around,
        popup: this.popup,
        linkPlace: this.linkPlace,
        keep: (keep) => {
          this.keeps = keep;
          if (keep) around.conversation.changed();
        },
        keeps: this.keeps,
        links: around.links(),
      }, this.saver);
      this.saver = chats.saver;
      return chats;
    }).catch(() => {
      this.#coming = null;
      around.line.status = words.chat.partMissing;
      return null;
    });
    return this.#coming;
  }
}
