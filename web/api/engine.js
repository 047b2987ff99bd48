// The page's side of the engine: promises and OpenAI's shapes over one worker.

import { SpikeError } from '../shared/errors.js';
import { DEFAULT_CONTEXT } from '../shared/contract.js';
import { checkEngineOptions, checkRequest, toAnswerRequest } from './request.js';
import { WorkerLink } from './worker-link.js';

/** @import { AnswerStream } from './answer-stream.js' */
/**
 * @import {
 *   CodingFields, Completion, CompletionRequest, EngineInfo, EngineOptions
 * } from './types.js'
 */

/** The manifest of the model that the page brings along. */
export const DEFAULT_MODEL = new URL(
  '../models/smollm2-135m-instruct/manifest.json', import.meta.url).href;

/**
 * Loads a model and starts the engine in a worker of its own.
 * @param {EngineOptions} [options]
 * @returns {Promise<Engine>}
 * @throws {SpikeError} bad_request for an unknown option, by name; any loading error; `aborted` by
 *   the signal
 */
export async function createEngine(options = {}) {
  const { model = DEFAULT_MODEL, kernel = 'auto', build = 'auto', context = DEFAULT_CONTEXT,
    signal, onprogress, onprefill, onnotice, ...coding } = checkEngineOptions(options);
  if (signal?.aborted)
    throw new SpikeError('aborted', 'loading was cancelled before it began', { retryable: true });

  const worker = new Worker(new URL('../worker/worker.js', import.meta.url), {
    type: 'module', name: 'spikechat',
  });
  const link = new WorkerLink(worker, { onprogress, onprefill, onnotice });
  const cancel = () =>
    link.close(new SpikeError('aborted', 'loading was cancelled', { retryable: true }));
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const {
      model: info,
      kernel: running,
      build: built,
    } = await link.load({
      type: 'load',
      model: new URL(model, document.baseURI).href,
      build,
      kernel,
      context,
    });
    // The signal may have fired since: in onprogress, or while this function waited for its turn.
    if (link.closed) throw link.closed;
    const { name, license, layers, hidden, vocab, populations, presets, bytes } = info;
    return new Engine(
      link,
      {
        name,
        license,
        layers,
        hidden,
        vocab,
        populations,
        presets,
        bytes,
        ...running,
        build: built,
      },
      coding,
    );
  } catch (error) {
    link.close(new SpikeError('aborted', 'loading has failed'));
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/** A loaded model. Made by createEngine. */
export class Engine {
  #link;
  #coding;

  /**
   * @param {WorkerLink} link
   * @param {EngineInfo} info
   * @param {CodingFields} coding of answers that do not set their own
   */
  constructor(link, info, coding) {
    this.#link = link;
    this.#coding = coding;
    /** @readonly */
    this.info = Object.freeze(info);
    /** OpenAI's way in. @readonly */
    this.chat = Object.freeze({ completions: Object.freeze({ create: this.#create }) });
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
    const { info } = this;
    const { request: checked, signal } = checkRequest(request, options, info.name);
    if (signal?.aborted)
      throw new SpikeError('aborted', 'the signal had fired before the call', { retryable: true });
    const stream = this.#link.ask(toAnswerRequest(checked, this.#coding), info, {
      signal, includeUsage: checked.stream_options?.include_usage ?? false,
    });
    await stream.begun;
    return checked.stream ? stream : stream.completion();
  });

  /** Figures of the engine and of the last answer. @returns {Promise<Record<string, unknown>>} */
  async stats() {
    return {
      build: this.info.build,
      kernel: this.info.kernel,
      ...(await this.#link.stats()),
      last_answer: this.#link.last,
    };
  }

  /** Ends the worker and gives its memory back. Whatever is pending rejects with `aborted`. */
  async unload() {
    this.#link.close(new SpikeError('aborted', 'the engine was unloaded'));
  }
}

/** @typedef {{signal?: AbortSignal}} Signalled */

/**
 * @typedef {{
 *   (request: CompletionRequest & {stream: true}, options?: Signalled): Promise<AnswerStream>,
 *   (request: CompletionRequest & {stream?: false}, options?: Signalled): Promise<Completion>,
 * }} Create
 */
