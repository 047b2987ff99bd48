// Writes the chat that goes on into the storage while it goes on, so that a crash loses less than a
// second of it.

import { words } from '../words/words.js';
import { newConversation } from './conversation.js';
import { titleOf } from './title.js';
import { ChatStore, StaleError } from './store.js';

/** @import { RecordedConversation } from './types.js' */

const WAIT_MS = 500;

/** Keeps chats. */
export class Saver {
  store = new ChatStore();
  /** Hears why a chat is not kept. @type {(text: string) => void} */
  onproblem = () => {};
  /** @type {Map<string, number>} revisions that we go on from, by id */
  #revisions = new Map();
  /** @type {Set<string>} deleted meanwhile: not written again */
  #gone = new Set();
  /** @type {RecordedConversation | null} not written yet */
  #next = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<void>} */
  #writing = Promise.resolve();

  constructor() {
    // The last moment that a page has for certain.
    const late = () => { if (document.visibilityState === 'hidden') this.flush(); };
    document.addEventListener('visibilitychange', late);
    this.end = () => {
      document.removeEventListener('visibilitychange', late);
      clearTimeout(this.#timer);
      this.#next = null;
    };
  }

  /**
   * A chat of the storage is gone on with.
   * @param {string} id
   * @param {number} revision
   */
  adopt(id, revision) {
    this.#revisions.set(id, revision);
  }

  /** @param {RecordedConversation} record it may change until it is written; its id may too */
  save(record) {
    if (record.turns.length === 0 || this.#gone.has(record.id)) return;
    if (this.#next && this.#next !== record) this.flush();
    this.#next = record;
    this.#timer ||= setTimeout(() => this.flush(), WAIT_MS);
  }

  /** Writes what waits. @returns {Promise<void>} */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const record = this.#next;
    this.#next = null;
    if (record) this.#writing = this.#writing.then(() => this.#write(record));
    return this.#writing;
  }

  /** @param {RecordedConversation} record */
  async #write(record) {
    const { id } = record;
    try {
      // A copy, as it is at this moment.
      const copy = structuredClone(record);
      this.#revisions.set(id, await this.store.put(copy, this.#revisions.get(id) ?? 0));
    } catch (error) {
      if (!(error instanceof StaleError)) {
        this.onproblem(problemOf(error));
      } else if (error.what === 'gone') {
        this.#gone.add(id);
        this.onproblem(words.chats.gone);
      } else {
        // Another tab went on with it: both are kept.
        record.title = words.chats.otherTab(titleOf(record)).slice(0, 200);
        record.id = newConversation().id;
        await this.#write(record);
      }
    }
  }
}

/** @param {unknown} error @returns {string} in words for the reader */
export function problemOf(error) {
  const name = error instanceof Error ? error.name : '';
  if (name === 'QuotaExceededError')
    return words.chats.noRoom;
  return words.chats.blocked;
}
