// Answers the calls that come over a port: a value, an error, or a stream of chunks.

import { SpikeError, toRecord } from '../shared/errors.js';

/** @import { CallMessage, FromFrame } from './messages.js' */

/**
 * @typedef {object} Method
 * @property {(...values: any[]) => unknown} call
 * @property {number} [options] the place of the argument that takes a `signal`
 */
/** @typedef {{abort: AbortController, iterator?: AsyncIterator<unknown>}} Running */

/** The calls under way. */
export class Calls {
  #find;
  #post;
  /** @type {Map<number, Running>} */
  #running = new Map();

  /**
   * @param {(path: string) => Method | undefined} find a method by its path, joined by dots
   * @param {(message: FromFrame) => void} post
   */
  constructor(find, post) {
    this.#find = find;
    this.#post = post;
  }

  /** @param {CallMessage} message */
  async call({ id, path, values, aborted }) {
    if (this.#running.has(id)) return;
    /** @type {Running} */
    const running = { abort: new AbortController() };
    this.#running.set(id, running);
    if (aborted) running.abort.abort();
    try {
      const method = this.#find(path.join('.'));
      if (!method) throw new SpikeError('bad_request', `there is no method ${path.join('.')}`);
      const { call, options } = method;
      const given = [...values];
      if (options !== undefined)
        given[options] = { .../** @type {object} */ (given[options]), signal: running.abort.signal };
      const value = await call(...given);
      if (isIterable(value)) await this.#stream(id, running, value);
      else this.#post({ type: 'end', id, value });
    } catch (error) {
      this.#post({ type: 'end', id, error: toRecord(error, 'bad_request') });
    } finally {
      this.#running.delete(id);
    }
  }

  /** A signal of the call has fired. @param {number} id */
  stop(id) {
    this.#running.get(id)?.abort.abort();
  }

  /** Nobody reads the stream any more. @param {number} id */
  leave(id) {
    this.#running.get(id)?.iterator?.return?.();
  }

  /** Nobody waits for any of them. */
  end() {
    for (const { abort } of this.#running.values()) abort.abort();
  }

  /**
   * @param {number} id
   * @param {Running} running
   * @param {AsyncIterable<unknown>} stream
   */
  async #stream(id, running, stream) {
    const iterator = running.iterator = stream[Symbol.asyncIterator]();
    this.#post({ type: 'stream', id });
    for (;;) {
      const { done, value } = await iterator.next();
      if (done) break;
      this.#post({ type: 'chunk', id, value });
    }
    this.#post({ type: 'end', id });
  }
}

/** @param {any} value @returns {value is AsyncIterable<unknown>} */
const isIterable = (value) => typeof value?.[Symbol.asyncIterator] === 'function';
