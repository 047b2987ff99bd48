// The engine of one element: loads it, ends it, and says what there is of it.

import { SpikeError, asSpikeError } from '../shared/errors.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { EngineOptions } from '../api/types.js' */
/** @import { Threads } from '../shared/contract.js' */
/** @import { Progress } from '../shared/protocol.js' */

/** What ends an engine that has more threads, or less memory for them, than go well. */
const TOO_MANY = new Set(['engine_crashed', 'out_of_memory']);

/** @param {string} message */
export const aborted = (message) => new SpikeError('aborted', message, { retryable: true });

/**
 * @typedef {object} Around what hears of it
 * @property {(options: EngineOptions) => Promise<Engine>} create with what belongs to one loading
 * @property {() => Threads} threads how many are wanted
 * @property {() => void} onbegin
 * @property {(progress: Progress) => void} onprogress
 * @property {(left: number) => void} onprefill
 * @property {NonNullable<EngineOptions['onnotice']>} onnotice
 * @property {(error: SpikeError) => void} onfail
 * @property {(engine: Engine) => void} onready a chat can begin
 * @property {(engine: Engine) => void} onprecision more of the model has come since
 * @property {(error: SpikeError) => void} onlate the rest has not come; the engine goes on
 */

/** Keeps one engine at most. */
export class EngineKeeper {
  #around;
  /** @type {Engine | null} */
  #engine = null;
  /** @type {Promise<void> | null} */
  #loading = null;
  /** @type {AbortController | null} */
  #abort = null;
  /** @type {Promise<void> | null} the engine, or its loading, is being ended */
  #ending = null;
  /**
   * Where so many were wanted that an engine has died, how many the next one gets.
   * @type {{wanted: Threads, threads: number} | null}
   */
  #fewer = null;
  /** How far loading has come. @type {Progress | null} */
  progress = null;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  /** Once it is loaded. */
  get engine() {
    return this.#engine;
  }

  get loading() {
    return this.#loading !== null;
  }

  get ending() {
    return this.#ending !== null;
  }

  /** Whether there is none, and none is to come or to end. */
  get idle() {
    return !this.#engine && !this.#loading && !this.#ending;
  }

  /**
   * Loads it, unless it is there. Errors are told.
   * @returns {Promise<void>}
   */
  start() {
    if (this.#ending) return this.#ending.then(() => this.start());
    if (this.#engine) return Promise.resolve();
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  /** Waits for the rest of the model, and fetches it again where it failed to come. */
  async complete() {
    const engine = this.#engine;
    try {
      await engine?.complete();
    } catch (error) {
      if (engine === this.#engine) this.#around.onlate(asSpikeError(error));
    }
  }

  /** Cancels loading. */
  cancel() {
    this.#abort?.abort();
  }

  /** It has died. The next one gets a thread less: one may have been too many. */
  forget() {
    const threads = this.#engine?.info.threads ?? 1;
    if (threads > 1) this.#fewer = { wanted: this.#around.threads(), threads: threads - 1 };
    this.#engine = null;
  }

  /** How many threads it gets because one with more has died; null: as many as are wanted. */
  get fewer() {
    // Whoever wants another number since then gets it.
    return this.#fewer?.wanted === this.#around.threads() ? this.#fewer.threads : null;
  }

  /** Ends it, or its loading. @returns {Promise<void>} */
  end() {
    this.#ending ??= this.#end().finally(() => {
      this.#ending = null;
    });
    return this.#ending;
  }

  async #end() {
    const [engine, loading] = [this.#engine, this.#loading];
    this.cancel();
    this.#engine = null;
    await engine?.unload();
    await loading;
  }

  async #load() {
    const { create, onbegin, onprogress, onprefill, onnotice, onfail, onready, onprecision } =
      this.#around;
    const { signal } = (this.#abort = new AbortController());
    const wanted = this.#around.threads();
    this.progress = null;
    onbegin();
    try {
      const engine = await create({
        signal,
        threads: this.fewer ?? wanted,
        onprogress: (progress) => {
          this.progress = progress;
          onprogress(progress);
        },
        onprefill,
        onnotice,
        onprecision: () => { if (this.#engine) onprecision(this.#engine); },
      });
      // It may have been ended since: this function had to wait for its turn.
      if (signal.aborted) {
        await engine.unload();
        throw aborted('loading was cancelled');
      }
      this.#engine = engine;
    } catch (error) {
      const problem = asSpikeError(error);
      // How many it had it did not come to tell.
      if (TOO_MANY.has(problem.code)) this.#fewer = { wanted, threads: 1 };
      onfail(problem);
      return;
    } finally {
      this.#abort = null;
    }
    onready(this.#engine);
    this.complete();
  }
}
