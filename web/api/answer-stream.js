// One answer as an async iterable of chunks. The worker pushes, the reader pulls at its own pace;
// the engine is free again when the worker says so, whether or not the reader has come that far.

import { toSpikes } from '../shared/spikes.js';
import { toChunk, toCompletion, toUsage, toUsageChunk } from './completion.js';
import { onAbort } from './signal.js';

/** @import { SpikeError } from '../shared/errors.js' */
/** @import { TokenLogprob } from '../shared/logprob.js' */
/**
 * @import {
 *   BegunMessage, DoneMessage, FinishReason, TokenMessage
 * } from '../shared/protocol.js'
 */
/** @import { Population, Spikes } from '../shared/spikes.js' */
/** @import { AnswerSeed, Completion, Usage } from './types.js' */

/** @typedef {import('./types.js').Chunk} Chunk */

/**
 * The model that answers.
 * @typedef {object} Answering
 * @property {string} name
 * @property {number} layers
 * @property {readonly Population[]} populations
 * @property {readonly Population[]} cache
 */

/**
 * How an answer is given.
 * @typedef {object} How
 * @property {AbortSignal | undefined} signal
 * @property {boolean} includeUsage
 * @property {boolean} [logprobs] whether they were asked for
 * @property {number} seed that the worker was asked with
 * @property {string} [date] likewise
 */

/** An answer being given. @implements {AsyncIterableIterator<Chunk>} */
export class AnswerStream {
  #info;
  #includeUsage;
  /** @type {AnswerSeed} */
  #sampled;
  #logprobs;
  #stop;
  #stopListening;
  #rest;
  #common;
  /** @type {Chunk[]} not read yet */
  #chunks = [];
  /** @type {(() => void)[]} calls of next that wait for a chunk */
  #waiting = [];
  #over = false;
  #stopped = false;
  /** @type {SpikeError | null} */
  #error = null;
  #cached = 0;
  #first = true;
  /** @type {Usage} */
  #usage = toUsage(0, 0, 0);
  /** @type {FinishReason} */
  #reason = 'stop';
  /** @type {() => void} */
  #settleBegun = () => {};
  /** @type {() => void} */
  #settleEnded = () => {};

  /** Prompt tokens, once the answer has begun. */
  promptTokens = 0;

  /**
   * @param {Answering} info
   * @param {How} how
   * @param {() => void} stop asks the worker to end the answer early
   * @param {() => void} rest called once, when the engine is free again
   */
  constructor(info, { signal, includeUsage, logprobs = false, seed, date }, stop, rest) {
    this.#info = info;
    this.#includeUsage = includeUsage;
    this.#logprobs = logprobs;
    this.#sampled = date === undefined ? { seed } : { seed, date };
    this.#stop = () => {
      this.#stopped = true;
      stop();
    };
    this.#rest = rest;
    this.#common = {
      id: `chatcmpl-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`,
      created: Math.floor(Date.now() / 1000),
      model: info.name,
    };
    this.#stopListening = onAbort(signal, this.#stop);
    /** Resolves when the prompt was accepted; rejects with its error. @type {Promise<void>} */
    this.begun = new Promise((resolve, reject) => {
      this.#settleBegun = () => (this.#error ? reject(this.#error) : resolve());
    });
    /** @type {Promise<void>} */
    this.ended = new Promise((resolve) => { this.#settleEnded = resolve; });
  }

  /** @param {BegunMessage} message */
  begin({ prompt_tokens, cached_tokens, precision }) {
    this.promptTokens = prompt_tokens;
    if (precision.planes < precision.of) this.#sampled.precision = precision;
    this.#cached = cached_tokens;
    this.#settleBegun();
  }

  /** @param {TokenMessage} message */
  push({ text, counts, position, logprobs }) {
    // Tokens that were under way when the reader said stop are not wanted any more.
    if (this.#stopped) return;
    const delta = this.#first
      ? { role: /** @type {const} */ ('assistant'), content: text }
      : { content: text };
    this.#first = false;
    this.#add(
      toChunk(
        this.#common,
        delta,
        null,
        toSpikes(counts, this.#info, position),
        this.#includeUsage,
        logprobs,
      ),
    );
  }

  /** @param {DoneMessage} message */
  end({ reason, completion_tokens }) {
    // The worker may have been done before it saw the stop; but what the reader has was cut by it.
    this.#reason = this.#stopped ? 'abort' : reason;
    this.#usage = toUsage(this.promptTokens, this.#cached, completion_tokens);
    const sampled = this.#sampled;
    this.#add(toChunk(this.#common, {}, this.#reason, { ...sampled }, this.#includeUsage));
    if (this.#includeUsage) this.#add(toUsageChunk(this.#common, this.#usage, { ...sampled }));
    this.#close();
  }

  /** @param {SpikeError} error */
  fail(error) {
    this.#error = error;
    this.#close();
  }

  /** The whole answer at once. @returns {Promise<Completion>} */
  async completion() {
    let content = '';
    /** @type {Spikes[]} */
    const tokens = [];
    /** @type {TokenLogprob[] | null} */
    const logprobs = this.#logprobs ? [] : null;
    for await (const { choices: [choice], spike } of this) {
      content += choice?.delta.content ?? '';
      logprobs?.push(...choice?.logprobs?.content ?? []);
      if (spike?.spikes) tokens.push(spike);
    }
    const spike = { ...this.#sampled, tokens };
    return toCompletion(this.#common, content, this.#reason, this.#usage, spike, logprobs);
  }

  /** @returns {Promise<IteratorResult<Chunk, undefined>>} */
  async next() {
    while (this.#chunks.length === 0 && !this.#over)
      await /** @type {Promise<void>} */ (
        new Promise((resolve) => {
          this.#waiting.push(resolve);
        })
      );
    const value = this.#chunks.shift();
    if (value) return { done: false, value };
    if (this.#error) {
      const error = this.#error;
      this.#error = null;
      throw error;
    }
    return { done: true, value: undefined };
  }

  /**
   * Stops the answer and waits until the engine is free.
   * @returns {Promise<IteratorResult<Chunk, undefined>>}
   */
  async return() {
    if (!this.#over) this.#stop();
    await this.ended;
    this.#chunks = [];
    this.#error = null;
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @param {Chunk} chunk */
  #add(chunk) {
    this.#chunks.push(chunk);
    this.#wake();
  }

  /** Those who find nothing wait again, in their order. */
  #wake() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #close() {
    if (this.#over) return;
    this.#over = true;
    // Free first, whatever the rest of this meets.
    this.#rest();
    this.#stopListening();
    this.#settleBegun();
    this.#settleEnded();
    this.#wake();
  }
}
