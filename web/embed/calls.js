// Answers the calls that come over a port: with a value, an error, or a stream, whose chunks are
// asked for by calls of their own.

import { SpikeError, toRecord } from '../shared/errors.js';

/** @import { CallMessage, FromFrame } from './messages.js' */

/**
 * @typedef {object} Method
 * @property {(...values: any[]) => unknown} call
 * @property {number} [options] the place of the argument that takes a `signal`
 */

/** The calls under way. */
export class Calls {
  #find;
  #post;
  /** @type {Map<number, AbortController>} also of calls whose stream is read still */
  #aborts = new Map();
  /** @type {Map<number, AsyncIterator<unknown>>} */
  #streams = new Map();
  /** Number of the first call: a frame before this one had those below it. @type {number | null} */
  #first = null;

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
    this.#first ??= id;
    try {
      const name = path.join('.');
      const step = name === 'next' || name === 'return';
      const value = step
        ? await this.#step(/** @type {number} */ (values[0]), name)
        : await this.#begin(id, name, values, aborted);
      if (isIterable(value)) {
        this.#streams.set(id, value[Symbol.asyncIterator]());
        this.#post({ type: 'stream', id });
      } else {
        this.#aborts.delete(id);
        this.#post({ type: 'end', id, value });
      }
    } catch (error) {
      this.#aborts.delete(id);
      this.#post({ type: 'end', id, error: toRecord(error, 'bad_request') });
    }
  }

  /** Answers what is no call, though it has a call's number. @param {number} id */
  refuse(id) {
    const error = new SpikeError('bad_request', 'the path or its list of values is too long');
    this.#post({ type: 'end', id, error: toRecord(error) });
  }

  /** A signal of the call has fired. @param {number} id */
  stop(id) {
    this.#aborts.get(id)?.abort();
  }

  /**
   * @param {number} id
   * @param {string} name
   * @param {unknown[]} values
   * @param {boolean} aborted
   */
  #begin(id, name, values, aborted) {
    const method = this.#find(name);
    if (!method) throw new SpikeError('bad_request', `there is no method ${name}`);
    const { call, options } = method;
    const given = [...values];
    if (options !== undefined) {
      const abort = new AbortController();
      this.#aborts.set(id, abort);
      if (aborted) abort.abort();
      given[options] = { .../** @type {object} */ (given[options]), signal: abort.signal };
    }
    return call(...given);
  }

  /**
   * A step of a stream.
   * @param {number} id of the call that gave it
   * @param {'next' | 'return'} name
   * @returns {Promise<IteratorResult<unknown>>}
   */
  async #step(id, name) {
    const over = { done: /** @type {const} */ (true), value: undefined };
    const stream = this.#streams.get(id);
    if (!stream && name === 'next' && id < (this.#first ?? 0))
      throw new SpikeError('aborted', 'the frame has gone', { retryable: true });
    const result = (await stream?.[name]?.()) ?? over;
    if (result.done) {
      this.#streams.delete(id);
      this.#aborts.delete(id);
    }
    return result;
  }
}

/** @param {any} value @returns {value is AsyncIterable<unknown>} */
const isIterable = (value) => typeof value?.[Symbol.asyncIterator] === 'function';
