// Asks the engine for what is looked at, one thing at a time. A new question to the model, and
// whatever is looked at next, ends what is under way.

import { SpikeError } from '../shared/errors.js';
import { looksInto } from '../shared/making-way.js';
import { isAsCounted } from './figures.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { PopulationName } from '../shared/contract.js' */
/** @import { Alternatives, NeuronHistory, NeuronTrace } from '../shared/inspection.js' */
/** @import { PopulationSpikes } from '../shared/inspection.js' */
/** @import { LookHost, Spot } from './types.js' */

/** What the model holds is not what the reader points at. */
const gone = () => new SpikeError('bad_request', 'other spikes than were counted');

/** The engine's looking glass. */
export class Inspector {
  #host;
  /** @type {AbortController | null} */
  #abort = null;
  /** @type {Promise<unknown>} settles when nothing is under way */
  #over = Promise.resolve();
  #stop = () => this.stop();

  /** @param {Pick<LookHost, 'columns' | 'engine' | 'answering'>} host */
  constructor(host) {
    this.#host = host;
  }

  /** Ends what is under way. @returns {Promise<void>} when the engine is free */
  async stop() {
    this.#abort?.abort();
    await this.#over;
  }

  /**
   * Runs what asks the engine, when what was under way has ended.
   * @template T
   * @param {(read: Reading) => Promise<T>} work
   * @returns {Promise<T>}
   * @throws {SpikeError} aborted where something else came; busy while an answer is given;
   *   bad_request where the model does not hold it any more
   */
  async run(work) {
    this.#abort?.abort();
    const abort = this.#abort = new AbortController();
    const before = this.#over;
    const working = before.then(async () => {
      const engine = this.#host.engine();
      if (abort.signal.aborted) throw new SpikeError('aborted', 'something else came');
      if (!engine) throw new SpikeError('bad_request', 'no model is loaded');
      if (this.#host.answering()) throw new SpikeError('busy', 'an answer is being given');
      await looksInto(engine, this.#stop);
      const result = await work(new Reading(this.#host, engine, abort.signal));
      // It may have come when nobody wanted it any more.
      if (abort.signal.aborted) throw new SpikeError('aborted', 'something else came');
      return result;
    });
    this.#over = working.catch(() => {});
    return working;
  }
}

/** What can be read of one engine until it is to stop. */
export class Reading {
  #host;
  #engine;
  #signal;

  /**
   * @param {Pick<LookHost, 'columns'>} host
   * @param {Engine} engine
   * @param {AbortSignal} signal
   */
  constructor(host, engine, signal) {
    this.#host = host;
    this.#engine = engine;
    this.#signal = signal;
  }

  /**
   * All neurons of a spot.
   * @param {Spot} spot
   * @returns {Promise<{all: PopulationSpikes, column: number | null}>} column: null where they are
   *   not what it has counted
   * @throws {SpikeError} bad_request where they are not, and the reader had picked it
   */
  async population({ position, column, picked, layer, population }) {
    const all = await this.#engine.inspect(
      { kind: 'population', layer, population, position: position - 1 }, this.#options);
    const counted = column === null ? null : this.#host.columns[column]?.spikes;
    if (!counted) return { all, column: null };
    const same = isAsCounted(all, counted, layer, population);
    if (!same && picked) throw gone();
    return { all, column: same ? column : null };
  }

  /**
   * @param {Spot & {neuron: number}} spot
   * @returns {Promise<NeuronTrace>}
   */
  neuron({ position, layer, population, neuron }) {
    return this.#engine.inspect(
      { kind: 'neuron', layer, population, neuron, position: position - 1 }, this.#options);
  }

  /**
   * @param {Spot & {neuron: number}} spot
   * @param {(read: number, total: number) => void} onprogress
   * @returns {Promise<NeuronHistory>}
   */
  history({ layer, population, neuron }, onprogress) {
    return this.#engine.inspect(
      { kind: 'history', layer, population, neuron }, { ...this.#options, onprogress });
  }

  /**
   * What else could have come.
   * @param {Spot} spot
   * @param {number} top
   * @returns {Promise<{told: Alternatives, read: string, column: number | null}>} read: the token
   *   before
   * @throws {SpikeError} bad_request where the model does not hold what was read then
   */
  async alternatives(spot, top) {
    const { layers, populations } = this.#engine.info;
    // The spikes of the last layer come out of all that was computed before it.
    const population = /** @type {PopulationName} */ (populations[populations.length - 1].name);
    const { all, column } = await this.population({ ...spot, layer: layers - 1, population });
    const { position } = spot;
    const told = await this.#engine.inspect({ kind: 'alternatives', position, top }, this.#options);
    return { told, read: all.token.text, column };
  }

  get #options() {
    return { signal: this.#signal };
  }
}
