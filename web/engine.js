// The page's side of the engine: promises and OpenAI's shapes over one worker.
//
//   const engine = await createEngine();
//   for await (const chunk of await engine.chat.completions.create({ messages, stream: true })) …

import { AnswerStream } from './answer.js';
import { SpikeError, fromRecord } from './errors.js';
import { checkEngineOptions, checkRequest, toAnswerRequest } from './request.js';

export { SpikeError } from './errors.js';

/** The manifest of the model that the page brings along. */
export const DEFAULT_MODEL = new URL('./models/smollm2-135m-instruct/manifest.json', import.meta.url).href;
const DEFAULT_CONTEXT = 2048;
// Without a word from a working engine for this long, something is wrong. Counted in ticks, so that a machine that
// slept does not wake up to a false alarm: sleep costs one tick, however long.
const WATCHDOG_TICK_MS = 5000;
const WATCHDOG_TICKS = 12;

/**
 * @typedef {object} EngineInfo
 * @property {string} name of the model
 * @property {string} license of the model
 * @property {number} layers
 * @property {number} hidden
 * @property {number} vocab
 * @property {number} context tokens of context in use
 * @property {import('./protocol.js').Population[]} populations
 * @property {import('./protocol.js').Preset[]} presets those that the model can do
 * @property {number} bytes all shards together
 * @property {string} kernel what runs: `lookup`, `popcount` or `dot`
 * @property {string} why how the kernel was chosen
 * @property {boolean} simd
 * @property {import('./protocol.js').Build} build
 */

/**
 * Loads a model and starts the engine in a worker of its own.
 * @param {import('./request.js').EngineOptions} [options]
 * @returns {Promise<Engine>}
 * @throws {SpikeError} bad_request for an unknown option, by name; any loading error; `aborted` by the signal
 */
export async function createEngine(options = {}) {
  const { model = DEFAULT_MODEL, kernel = 'auto', build = 'auto', context = DEFAULT_CONTEXT,
    signal, onprogress, onprefill, onnotice, ...coding } = checkEngineOptions(options);
  if (signal?.aborted) throw new SpikeError('aborted', 'loading was cancelled before it began', { retryable: true });

  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'spikechat' });
  const link = new Link(worker, { onprogress, onprefill, onnotice });
  const cancel = () => link.close(new SpikeError('aborted', 'loading was cancelled', { retryable: true }));
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const { model: info, kernel: running, build: built } =
      await link.load({ type: 'load', model: new URL(model, document.baseURI).href, build, kernel, context });
    // The signal may have fired since: in onprogress, or while this function waited for its turn.
    if (link.closed) throw link.closed;
    const { name, license, layers, hidden, vocab, populations, presets, bytes } = info;
    return new Engine(link, { name, license, layers, hidden, vocab, populations, presets, bytes, ...running, build: built }, coding);
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
   * @param {Link} link
   * @param {EngineInfo} info
   * @param {import('./request.js').CodingFields} coding of answers that do not set their own
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
   * Answers. With `stream: true` the result is an async iterable of chunks; leaving it early stops the answer.
   * An abort ends the answer with finish_reason `abort` and what was said so far; it does not throw, except where the
   * signal had fired before the call.
   * @type {Create}
   */
  #create = /** @type {Create} */ (async (
    /** @type {unknown} */ request, /** @type {unknown} */ options = {},
  ) => {
    const { info } = this;
    const { request: checked, signal } = checkRequest(request, options, info.name);
    if (signal?.aborted) throw new SpikeError('aborted', 'the signal had fired before the call', { retryable: true });
    const stream = this.#link.ask(toAnswerRequest(checked, this.#coding), info, {
      signal, includeUsage: checked.stream_options?.include_usage ?? false,
    });
    await stream.begun;
    return checked.stream ? stream : stream.completion();
  });

  /** Figures of the engine and of the last answer. @returns {Promise<Record<string, unknown>>} */
  async stats() {
    return { build: this.info.build, kernel: this.info.kernel, ...await this.#link.stats(), last_answer: this.#link.last };
  }

  /** Ends the worker and gives its memory back. Whatever is pending rejects with `aborted`. */
  async unload() {
    this.#link.close(new SpikeError('aborted', 'the engine was unloaded'));
  }
}

/**
 * @typedef {{
 *   (request: import('./request.js').CompletionRequest & {stream: true}, options?: {signal?: AbortSignal}): Promise<AnswerStream>,
 *   (request: import('./request.js').CompletionRequest & {stream?: false}, options?: {signal?: AbortSignal}): Promise<import('./completion.js').Completion>,
 * }} Create
 */

/** @typedef {{resolve: (value: any) => void, reject: (error: SpikeError) => void}} Pending */

/** The worker and what is waiting for it. */
class Link {
  #worker;
  #handlers;
  #nextId = 1;
  /** @type {Pending | null} */
  #loading = null;
  /** @type {AnswerStream | null} the answer being given */
  #answer = null;
  /** @type {Map<number, Pending>} */
  #stats = new Map();
  /** @type {SpikeError | null} why nothing works any more */
  #closed = null;
  #silentTicks = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #watchdog;
  /** @type {Record<string, unknown> | null} timing of the last answer */
  last = null;

  /**
   * @param {Worker} worker
   * @param {Pick<import('./request.js').EngineOptions, 'onprogress' | 'onprefill' | 'onnotice'>} handlers
   */
  constructor(worker, handlers) {
    this.#worker = worker;
    this.#handlers = handlers;
    worker.onmessage = ({ data }) => this.#receive(data);
    // An error outside any call, or a worker script that did not load: either way nothing will answer.
    worker.onerror = (event) => {
      event.preventDefault();
      this.close(new SpikeError('engine_crashed', event.message || 'the worker did not start', { retryable: true }));
    };
    worker.onmessageerror = () => this.close(new SpikeError('engine_crashed', 'a message could not be read', { retryable: true }));
  }

  get closed() {
    return this.#closed;
  }

  /** @param {import('./protocol.js').LoadMessage} message @returns {Promise<import('./protocol.js').ReadyMessage>} */
  load(message) {
    return new Promise((resolve, reject) => {
      this.#loading = { resolve, reject };
      this.#send(message);
    });
  }

  /**
   * @param {import('./protocol.js').AnswerRequest} request
   * @param {EngineInfo} info
   * @param {{signal: AbortSignal | undefined, includeUsage: boolean}} how
   * @returns {AnswerStream}
   */
  ask(request, info, how) {
    if (this.#closed) throw this.#closed;
    if (this.#answer) throw new SpikeError('busy', 'another answer is being given', { retryable: true });
    const id = this.#nextId++;
    const answer = new AnswerStream(info, how, () => this.#send({ type: 'stop', id }), () => { this.#rest(); });
    this.#answer = answer;
    this.#silentTicks = 0;
    this.#watchdog = setInterval(() => {
      if (++this.#silentTicks >= WATCHDOG_TICKS) {
        this.close(new SpikeError('timeout', `no token for ${WATCHDOG_TICKS * WATCHDOG_TICK_MS / 1000} s`, { retryable: true }));
      }
    }, WATCHDOG_TICK_MS);
    try {
      this.#send({ type: 'ask', id, request });
    } catch (error) {
      // What cannot be copied to the worker (a getter may give one thing to the checks and another here) never reaches
      // it, so nobody else would set the engine free again.
      answer.fail(new SpikeError('bad_request', `the request cannot be sent to the engine: ${error instanceof Error ? error.message : error}`, { cause: error }));
    }
    return answer;
  }

  /** @returns {Promise<Record<string, unknown>>} */
  stats() {
    return new Promise((resolve, reject) => {
      if (this.#closed) { reject(this.#closed); return; }
      const id = this.#nextId++;
      this.#stats.set(id, { resolve, reject });
      this.#send({ type: 'stats', id });
    });
  }

  /**
   * Ends the worker; everything pending rejects.
   * @param {SpikeError} error
   */
  close(error) {
    if (this.#closed) return;
    this.#closed = error;
    this.#worker.terminate();
    this.#loading?.reject(error);
    this.#loading = null;
    this.#answer?.fail(error);
    for (const { reject } of this.#stats.values()) reject(error);
    this.#stats.clear();
  }

  #rest() {
    clearInterval(this.#watchdog);
    this.#answer = null;
  }

  /** @param {import('./protocol.js').ToWorker} message */
  #send(message) {
    this.#worker.postMessage(message);
  }

  /** @param {import('./protocol.js').FromWorker} message */
  #receive(message) {
    this.#silentTicks = 0;
    switch (message.type) {
      case 'progress': {
        const { type: _, ...progress } = message;
        this.#handlers.onprogress?.(progress);
        return;
      }
      case 'notice':
        this.#handlers.onnotice?.({ code: message.code, message: message.message });
        return;
      case 'ready':
        this.#loading?.resolve(message);
        this.#loading = null;
        this.#handlers.onprogress?.({ phase: 'ready', loaded: message.model.bytes, total: message.model.bytes, cached: 0, waiting: false });
        return;
      case 'begun':
        this.#answer?.begin(message);
        return;
      case 'prefill':
        this.#handlers.onprefill?.(message.left, this.#answer?.promptTokens ?? message.left);
        return;
      case 'token':
        this.#answer?.push(message);
        return;
      case 'done': {
        const { type: _, id: __, ...timing } = message;
        this.last = timing;
        this.#answer?.end(message);
        return;
      }
      case 'stats':
        this.#stats.get(message.id)?.resolve(message.stats);
        this.#stats.delete(message.id);
        return;
      case 'failed':
        this.#failed(message.id, fromRecord(message.error));
        return;
      case 'crashed':
        this.close(fromRecord(message.error));
        return;
    }
  }

  /**
   * @param {number | null} id
   * @param {SpikeError} error
   */
  #failed(id, error) {
    if (id === null) {
      this.#loading?.reject(error);
      this.#loading = null;
    } else if (this.#stats.has(id)) {
      this.#stats.get(id)?.reject(error);
      this.#stats.delete(id);
    } else {
      this.#answer?.fail(error);
    }
  }
}
