// The worker, and what is waiting for it.

import { SpikeError, asSpikeError, fromRecord } from '../shared/errors.js';
import { AnswerStream } from './answer-stream.js';
import { refusedWorker } from './start-worker.js';
import { endWhileLoading, onGone } from './worker-end.js';

/**
 * @import {
 *   AnswerRequest, FromWorker, LoadMessage, ModelInfo, Precision, ReadyMessage, ToWorker
 * } from '../shared/protocol.js'
 */
/** @import { Inspected, Inspection } from '../shared/inspection.js' */
/** @import { Answering, How } from './answer-stream.js' */

// Without a word from a working engine for this long, something is wrong. Counted in ticks, so that
// a machine that slept does not wake up to a false alarm: sleep costs one tick, however long.
const WATCHDOG_TICK_MS = 5000;
const WATCHDOG_TICKS = 12;

/**
 * What is used of a worker.
 * @typedef {object} EngineWorker
 * @property {((event: MessageEvent) => unknown) | null} onmessage
 * @property {((event: ErrorEvent) => unknown) | null} onerror
 * @property {((event: MessageEvent) => unknown) | null} onmessageerror
 * @property {(message: ToWorker) => void} postMessage
 * @property {() => void} terminate
 */

/** @typedef {{resolve: (value: any) => void, reject: (error: SpikeError) => void}} Pending */

/**
 * @typedef {Pending & {id: number, onprogress?: (read: number, total: number) => void}} Inspecting
 */

/** @typedef {import('./types.js').EngineOptions} EngineOptions */
/**
 * @typedef {Pick<EngineOptions, 'onprogress' | 'onprefill' | 'onnotice' | 'onprecision'>} Handlers
 */

/** The page's end of the messages in shared/protocol.js. */
export class WorkerLink {
  #worker;
  #handlers;
  #nextId = 1;
  /** @type {Pending | null} */
  #loading = null;
  /**
   * The rest of a model that is ready early: null where it has all come, or failed to.
   * @type {Pending | null}
   */
  #rest = null;
  /** @type {Promise<void>} */
  #whole = Promise.resolve();
  /** How much of the model has come, once it is ready. @type {Precision} */
  precision = Object.freeze({ planes: 0, of: 0 });
  /** @type {AnswerStream | null} the answer being given */
  #answer = null;
  /** @type {Map<number, Pending>} */
  #stats = new Map();
  /** @type {Inspecting | null} */
  #inspecting = null;
  /** @type {SpikeError | null} why nothing works any more */
  #closed = null;
  /** @type {ModelInfo | null} */
  #model = null;
  #silentTicks = 0;
  #heard = false;
  /** Fires when it is closed. */
  #end = new AbortController();
  /** @type {ReturnType<typeof setInterval> | null} */
  #watchdog = null;
  /** @type {Record<string, unknown> | null} timing of the last answer */
  last = null;

  /**
   * @param {EngineWorker} worker
   * @param {Handlers} handlers
   */
  constructor(worker, handlers) {
    this.#worker = worker;
    this.#handlers = handlers;
    const crash = (/** @type {string} */ message) => {
      this.close(new SpikeError('engine_crashed', message, { retryable: true }));
    };
    worker.onmessage = ({ data }) => this.#receive(data);
    // An error outside any call, or a worker script that did not load: nothing will answer.
    worker.onerror = async (event) => {
      event.preventDefault();
      const { message } = event;
      // A policy may be against the script, which the event does not tell.
      const refused = !message && !this.#heard ? await refusedWorker() : null;
      if (refused) this.close(refused);
      else crash(message || 'the worker did not start');
    };
    worker.onmessageerror = () => crash('a message could not be read');
  }

  get closed() {
    return this.#closed;
  }

  /**
   * @param {LoadMessage} message
   * @returns {Promise<ReadyMessage>}
   */
  load(message) {
    return new Promise((resolve, reject) => {
      this.#loading = { resolve, reject };
      this.#watch();
      this.#send(message);
    });
  }

  /** Whether all of the model has come. */
  get isWhole() {
    return this.precision.planes === this.precision.of;
  }

  /**
   * Resolves when it has. Where the rest failed to come it is asked for again.
   * @returns {Promise<void>}
   */
  whole() {
    if (this.#closed) return Promise.reject(this.#closed);
    if (!this.isWhole && !this.#rest) {
      this.#expectRest();
      this.#send({ type: 'resume' });
    }
    return this.#whole;
  }

  #expectRest() {
    this.#whole = new Promise((resolve, reject) => {
      this.#rest = { resolve, reject };
    });
    // Nobody has to wait for it.
    this.#whole.catch(() => {});
    this.#watch();
  }

  /** @param {Precision} precision */
  #arrived(precision) {
    this.precision = Object.freeze(precision);
    if (!this.isWhole) return;
    const { bytes } = /** @type {ModelInfo} */ (this.#model);
    this.#handlers.onprogress?.({
      phase: 'ready', loaded: bytes, total: bytes, cached: 0, waiting: false,
    });
    this.#rest?.resolve(undefined);
    this.#rest = null;
    this.#rested();
  }

  /**
   * @param {AnswerRequest} request
   * @param {Answering} info
   * @param {How} how
   * @returns {AnswerStream}
   */
  ask(request, info, how) {
    this.#mustBeFree();
    const id = this.#nextId++;
    const answer = new AnswerStream(
      info,
      how,
      () => this.#send({ type: 'stop', id }),
      () => {
        this.#answered();
      },
    );
    this.#answer = answer;
    this.#watch();
    try {
      this.#send({ type: 'ask', id, request });
    } catch (error) {
      // What never reached the worker nobody else would end.
      answer.fail(asSpikeError(error));
    }
    return answer;
  }

  /**
   * @param {Inspection} query
   * @param {(read: number, total: number) => void} [onprogress]
   * @returns {{result: Promise<Inspected>, stop: () => void}}
   */
  inspect(query, onprogress) {
    this.#mustBeFree();
    const id = this.#nextId++;
    /** @type {Promise<Inspected>} */
    const result = new Promise((resolve, reject) => {
      this.#inspecting = { id, resolve, reject, onprogress };
    });
    this.#watch();
    this.#send({ type: 'inspect', id, query });
    return { result, stop: () => this.#send({ type: 'stop', id }) };
  }

  #mustBeFree() {
    if (this.#closed) throw this.#closed;
    const what = this.#answer ? 'another answer is being given'
      : this.#inspecting && 'an inspection is under way';
    if (what) throw new SpikeError('busy', what, { retryable: true });
  }

  /** @returns {Promise<Record<string, unknown>>} */
  stats() {
    return new Promise((resolve, reject) => {
      if (this.#closed) { reject(this.#closed); return; }
      const id = this.#nextId++;
      this.#stats.set(id, { resolve, reject });
      this.#watch();
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
    this.#end.abort();
    const cancels = (this.#loading || this.#rest) && error.code === 'aborted';
    if (cancels) endWhileLoading(this.#worker);
    else this.#worker.terminate();
    this.#loaded(({ reject }) => reject(error));
    this.#rest?.reject(error);
    this.#rest = null;
    this.#answer?.fail(error);
    this.#inspected(({ reject }) => reject(error));
    for (const { reject } of this.#stats.values()) reject(error);
    this.#stats.clear();
    this.#rested();
  }

  /** Ends an engine that says nothing for too long while somebody waits for it. */
  #watch() {
    // Who comes later, and maybe again and again, waits in the same silence.
    if (this.#watchdog) return;
    this.#silentTicks = 0;
    this.#watchdog = setInterval(() => {
      if (++this.#silentTicks < WATCHDOG_TICKS) return;
      const silence = this.#answer ? 'no token' : 'no word from the engine';
      const message = `${silence} for ${WATCHDOG_TICKS * WATCHDOG_TICK_MS / 1000} s`;
      this.close(new SpikeError('timeout', message, { retryable: true }));
    }, WATCHDOG_TICK_MS);
  }

  /** Nobody has to be told of a silence that nobody waits in. */
  #rested() {
    const waited =
      this.#loading || this.#rest || this.#answer || this.#inspecting || this.#stats.size > 0;
    if (waited || !this.#watchdog) return;
    clearInterval(this.#watchdog);
    this.#watchdog = null;
  }

  /** Loading has ended. @param {(pending: Pending) => void} settle */
  #loaded(settle) {
    if (!this.#loading) return;
    const pending = this.#loading;
    this.#loading = null;
    settle(pending);
    this.#rested();
  }

  /** Ends the inspection under way. @param {(pending: Pending) => void} settle */
  #inspected(settle) {
    if (!this.#inspecting) return;
    const pending = this.#inspecting;
    this.#inspecting = null;
    settle(pending);
    this.#rested();
  }

  #answered() {
    this.#answer = null;
    this.#rested();
  }

  /** @param {ToWorker} message */
  #send(message) {
    this.#worker.postMessage(message);
  }

  /** @param {FromWorker} message */
  #receive(message) {
    this.#heard = true;
    this.#silentTicks = 0;
    switch (message.type) {
      case 'alive':
        onGone(message.lock, () => {
          const text = 'the browser ended the worker';
          this.close(new SpikeError('engine_crashed', text, { retryable: true }));
        }, this.#end.signal);
        return;
      case 'progress': {
        const { type: _, ...progress } = message;
        this.#handlers.onprogress?.(progress);
        return;
      }
      case 'notice':
        this.#handlers.onnotice?.({ code: message.code, message: message.message });
        return;
      case 'ready':
        this.#loaded(({ resolve }) => resolve(message));
        this.#model = message.model;
        this.#arrived(message.kernel.precision);
        if (!this.isWhole) this.#expectRest();
        return;
      case 'precision':
        this.#arrived(message.precision);
        this.#handlers.onprecision?.(this.precision);
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
        this.#rested();
        return;
      case 'inspecting':
        this.#inspecting?.onprogress?.(message.read, message.total);
        return;
      case 'inspected':
        this.#inspected(({ resolve }) => resolve(message.result));
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
      this.#loaded(({ reject }) => reject(error));
      this.#rest?.reject(error);
      this.#rest = null;
      this.#rested();
    } else if (this.#stats.has(id)) {
      this.#stats.get(id)?.reject(error);
      this.#stats.delete(id);
      this.#rested();
    } else if (id === this.#inspecting?.id) {
      this.#inspected(({ reject }) => reject(error));
    } else {
      this.#answer?.fail(error);
    }
  }
}
