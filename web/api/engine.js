// The page's side of the engine: promises and OpenAI's shapes over one worker.

import { DEFAULT_CONTEXT } from '../shared/contract.js';
import { SpikeError } from '../shared/errors.js';
import { checkInspection } from './inspection.js';
import { DEFAULT_MODEL } from './own-files.js';
import { checkEngineOptions, checkRequest, toAnswerRequest, today } from './request.js';
import { isAborted, onAbort } from './signal.js';
import { startWorker } from './start-worker.js';
import { WorkerLink } from './worker-link.js';

/** @import { FinishReason, ReadyMessage } from '../shared/protocol.js' */
/** @import { Population } from '../shared/spikes.js' */
/** @import { EngineWorker } from './worker-link.js' */
/**
 * @import {
 *   Alternatives, Inspection, NeuronHistory, NeuronTrace, PopulationSpikes
 * } from '../shared/inspection.js'
 */
/** @import { InspectionOptions } from './inspection.js' */
/**
 * @import {
 *   Chunk, CodingFields, Completion, CompletionRequest, EndReason, EngineInfo, EngineOptions
 * } from './types.js'
 */

export { DEFAULT_MODEL };

/**
 * Loads a model and starts the engine in a worker of its own.
 * @param {EngineOptions} [options]
 * @returns {Promise<Engine>}
 * @throws {SpikeError} bad_request for an unknown option, by name; any loading error;
 *   blocked_by_policy where the page's owner must change a policy; `aborted` by the signal
 */
export async function createEngine(options = {}) {
  return createEngineOn(startWorker, options);
}

/**
 * The same with a worker that is found elsewhere.
 * @param {() => EngineWorker} start called once, where the options are good
 * @param {EngineOptions} options
 * @returns {Promise<Engine>}
 */
export async function createEngineOn(start, options) {
  const given = checkEngineOptions(options);
  const { model = DEFAULT_MODEL, context = DEFAULT_CONTEXT } = given;
  const { kernel = 'auto', build = 'auto', threads = 'auto' } = given;
  const { useCache = true, early = false } = given;
  const { signal, onprogress, onprefill, onnotice, onprecision } = given;
  if (isAborted(signal)) throw aborted('loading was cancelled before it began');

  const link = new WorkerLink(start(), { onprogress, onprefill, onnotice, onprecision });
  const stopListening = onAbort(signal, () => link.close(aborted('loading was cancelled')));
  try {
    const ready = await link.load(
      { type: 'load', model, build, kernel, context, threads, useCache, early });
    // The signal may have fired since: in onprogress, or while this function waited for its turn.
    if (link.closed) throw link.closed;
    return new Engine(link, infoOf(ready), given);
  } catch (error) {
    link.close(new SpikeError('aborted', 'loading has failed'));
    throw error;
  } finally {
    stopListening();
  }
}

/** @param {string} message */
const aborted = (message) => new SpikeError('aborted', message, { retryable: true });

/**
 * What the engine says of itself. Frozen to the last part: the engine reads it too.
 * @param {ReadyMessage} ready
 * @returns {Readonly<EngineInfo>}
 */
function infoOf({ model, kernel, build }) {
  const { name, license, layers, heads, hidden, vocab, bytes, sha256 } = model;
  const frozen = (/** @type {Population[]} */ list) =>
    Object.freeze(list.map((one) => Object.freeze(one)));
  const [populations, cache] = [model.populations, model.cache].map(frozen);
  const presets = Object.freeze(model.presets);
  const chat = Object.freeze({ ...model.chat, thinking: Object.freeze(model.chat.thinking) });
  const sizes = { layers, heads, hidden, vocab, populations, cache, presets, chat, bytes, sha256 };
  Object.freeze(kernel.precision);
  return Object.freeze({ name, license, ...sizes, ...kernel, build });
}

/** A loaded model. Made by createEngine. */
export class Engine {
  #link;
  #info;
  #coding;

  /**
   * @param {WorkerLink} link
   * @param {Readonly<EngineInfo>} info
   * @param {CodingFields} coding of answers that do not set their own
   */
  constructor(link, info, coding) {
    this.#link = link;
    this.#info = info;
    this.#coding = coding;
    /** OpenAI's way in. @readonly */
    this.chat = Object.freeze({ completions: Object.freeze({ create: this.#create }) });
  }

  /** What runs. Another object once more of the model has come. */
  get info() {
    const { precision } = this.#link;
    if (precision !== this.#info.precision) {
      this.#info = Object.freeze({ ...this.#info, precision });
    }
    return this.#info;
  }

  /**
   * Resolves when all of the model has come: at once, but for an engine that began early. Where the
   * rest failed to come it is fetched again, and answers go on meanwhile.
   * @returns {Promise<void>}
   * @throws {SpikeError} any loading error; `aborted` where the engine is unloaded first
   */
  complete() {
    return this.#link.whole();
  }

  /**
   * Answers. With `stream: true` the result is an async iterable of chunks; leaving it early stops
   * the answer. An abort ends the answer with finish_reason `abort` and what was said so far; it
   * does not throw, except where the signal had fired before the call.
   * @type {Create}
   */
  #create = /** @type {Create} */ (async (
    /** @type {unknown} */ request, /** @type {unknown} */ options = {},
  ) => {
    const { request: checked, signal } = checkRequest(request, options, this.#info.name);
    if (isAborted(signal)) throw aborted('the signal had fired before the call');
    const includeUsage = checked.stream_options?.include_usage ?? false;
    const logprobs = checked.logprobs ?? false;
    const { seed = crypto.getRandomValues(new Uint32Array(1))[0] } = checked;
    const answer = { ...toAnswerRequest(checked, this.#coding), seed };
    if (this.#info.chat.dates) answer.date ??= today();
    else delete answer.date;
    const { date } = answer;
    // What is to come again, or is compared with others, is given by all of the model.
    if (checked.seed !== undefined || answer.aside) await this.#wholeUnless(signal);
    const how = { signal, includeUsage, logprobs, seed, date };
    const stream = this.#link.ask(answer, this.#info, how);
    await stream.begun;
    return checked.stream ? stream : stream.completion();
  });

  /**
   * Waits for all of the model.
   * @param {AbortSignal | undefined} signal ends the waiting
   */
  async #wholeUnless(signal) {
    if (this.#link.isWhole) return;
    const stopped = aborted('the signal fired before all of the model had come');
    let stop = () => {};
    const over = new Promise((_, reject) => { stop = () => reject(stopped); });
    const stopListening = onAbort(signal, () => stop());
    try {
      await Promise.race([this.complete(), over]);
    } finally {
      stopListening();
    }
  }

  /**
   * Shows what neurons did in the last answer's conversation, or how likely its tokens were. They
   * are read again for it, as fast as a prompt. What the next answer is does not depend on it.
   * @type {Inspect}
   */
  inspect = /** @type {Inspect} */ (async (
    /** @type {unknown} */ given, /** @type {unknown} */ more = {},
  ) => {
    const { query, options: { signal, onprogress } } = checkInspection(given, more);
    if (isAborted(signal)) throw aborted('the signal had fired before the call');
    const { result, stop } = this.#link.inspect(query, onprogress);
    const stopListening = onAbort(signal, stop);
    try {
      return await result;
    } finally {
      stopListening();
    }
  });

  /** Figures of the engine and of the last answer. @returns {Promise<Record<string, unknown>>} */
  async stats() {
    return {
      build: this.#info.build,
      kernel: this.#info.kernel,
      ...(await this.#link.stats()),
      last_answer: this.#link.last,
    };
  }

  /** Ends the worker and gives its memory back. Whatever is pending rejects with `aborted`. */
  async unload() {
    this.#link.close(new SpikeError('aborted', 'the engine was unloaded'));
  }
}

/** @typedef {{signal?: AbortSignal | null}} Signalled */

/**
 * An answer piece by piece. Leaving the loop over it stops the answer.
 * @template {FinishReason} [Reason=FinishReason]
 * @typedef {AsyncIterableIterator<Chunk<Reason>, undefined>} Chunks
 */

/**
 * Streamed or whole; without a signal an answer cannot end with `abort`.
 * @typedef {CompletionRequest & {stream: true}} Streamed
 * @typedef {CompletionRequest & {stream?: false | null}} Whole
 * @typedef {{signal?: null}} Unsignalled
 * @typedef {{
 *   (request: Streamed & Unsignalled, options?: Unsignalled): Promise<Chunks<EndReason>>,
 *   (request: Whole & Unsignalled, options?: Unsignalled): Promise<Completion<EndReason>>,
 *   (request: Streamed, options?: Signalled): Promise<Chunks>,
 *   (request: Whole, options?: Signalled): Promise<Completion>,
 * }} Create
 */

/**
 * @template {Inspection['kind']} K
 * @typedef {Extract<Inspection, {kind: K}>} Asked
 */

/**
 * Errors: bad_request where there is no such token, place or neuron, or nothing was coded; busy
 * while an answer is being given; aborted.
 * @typedef {{
 *   (query: Asked<'population'>, options?: InspectionOptions): Promise<PopulationSpikes>,
 *   (query: Asked<'neuron'>, options?: InspectionOptions): Promise<NeuronTrace>,
 *   (query: Asked<'history'>, options?: InspectionOptions): Promise<NeuronHistory>,
 *   (query: Asked<'alternatives'>, options?: InspectionOptions): Promise<Alternatives>,
 * }} Inspect
 */
