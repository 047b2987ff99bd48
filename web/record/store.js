// Chats in this browser's storage (IndexedDB), each under its own id. Writing names the revision
// that is gone on from, so that two tabs with the same chat do not overwrite each other.

import { readConversation } from './check.js';

/** @import { RecordedConversation } from './types.js' */

const NAME = 'spikechat-chats';
const STORE = 'chats';

/** @typedef {{id: string, revision: number, conversation: RecordedConversation}} Kept */

/**
 * Raised where a chat is not as it was: another tab wrote it (`conflict`) or deleted it (`gone`).
 */
export class StaleError extends Error {
  /** @param {'conflict' | 'gone'} what */
  constructor(what) {
    super(`the chat in storage: ${what}`);
    this.what = what;
  }
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
const result = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** @param {IDBTransaction} transaction @returns {Promise<void>} when all of it is written */
const written = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onerror = transaction.onabort = () => reject(transaction.error);
});

/** The storage. Every method rejects with the browser's error where it is blocked or full. */
export class ChatStore {
  /** @type {Promise<IDBDatabase> | null} */
  #opening = null;

  /** @returns {Promise<IDBDatabase>} */
  #open() {
    this.#opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () =>
        request.result.createObjectStore(STORE, { keyPath: 'id' });
      request.onsuccess = () => {
        // A newer page wants to change the storage.
        request.result.onversionchange = () => {
          request.result.close();
          this.#opening = null;
        };
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error('another tab holds an older version open'));
    });
    this.#opening.catch(() => { this.#opening = null; });
    return this.#opening;
  }

  /**
   * Those that can be read, the latest first.
   * @returns {Promise<Kept[]>}
   */
  async list() {
    const db = await this.#open();
    const all = await result(db.transaction(STORE).objectStore(STORE).getAll());
    const good = all.flatMap(({ id, revision, conversation }) => {
      try {
        return [{ id, revision, conversation: readConversation(conversation) }];
      } catch {
        return []; // of another version of this page
      }
    });
    return good.sort((a, b) => b.conversation.changed - a.conversation.changed);
  }

  /**
   * Writes a chat.
   * @param {RecordedConversation} conversation
   * @param {number} revision that it goes on from; 0: it is new
   * @returns {Promise<number>} the new revision
   * @throws {StaleError}
   */
  async put(conversation, revision) {
    const db = await this.#open();
    const transaction = db.transaction(STORE, 'readwrite');
    const done = written(transaction);
    done.catch(() => {}); // told below
    const store = transaction.objectStore(STORE);
    const { id } = conversation;
    const now = /** @type {Kept | undefined} */ (await result(store.get(id)));
    if ((now?.revision ?? 0) !== revision) {
      transaction.abort();
      throw new StaleError(now ? 'conflict' : 'gone');
    }
    store.put({ id, revision: revision + 1, conversation });
    await done;
    return revision + 1;
  }

  /** @param {string} id @param {string} title @returns {Promise<void>} */
  async rename(id, title) {
    const db = await this.#open();
    const transaction = db.transaction(STORE, 'readwrite');
    const done = written(transaction);
    const store = transaction.objectStore(STORE);
    const kept = /** @type {Kept | undefined} */ (await result(store.get(id)));
    // The same revision: another tab that goes on with it keeps the title it knows.
    if (kept) store.put({ ...kept, conversation: { ...kept.conversation, title } });
    await done;
  }

  /** @param {string} id @returns {Promise<void>} */
  async delete(id) {
    const db = await this.#open();
    const transaction = db.transaction(STORE, 'readwrite');
    transaction.objectStore(STORE).delete(id);
    await written(transaction);
  }

  /** @returns {Promise<void>} */
  async deleteAll() {
    const db = await this.#open();
    const transaction = db.transaction(STORE, 'readwrite');
    transaction.objectStore(STORE).clear();
    await written(transaction);
  }
}
