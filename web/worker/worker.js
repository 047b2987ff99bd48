// The worker's side: one engine, one answer at a time. JavaScript drives the token loop and gives
// the event loop a turn between any two calls into Go, so that a stop is seen within one token.

import { hold } from '../delivery/locks.js';
import { SpikeError, messageOf, toRecord } from '../shared/errors.js';
import { countsOf } from '../shared/spikes.js';
import { loadModel } from './load-model.js';
import { chooseBuild, startEngine } from './start-engine.js';
import { chooseThreads } from './threads.js';
import { decodeLogprobs, decodeToken } from './token-record.js';

// Go's glue, which puts Go on the global object. It is here and not where it is used, because what
// is imported later is under no policy of the page's.
// @ts-expect-error: make copies it into dist/ alone
import '../wasm_exec.js';

// What these import, so that it is asked for at once.
import '../delivery/fetch.js';
import '../delivery/kept-shard.js';
import '../delivery/manifest.js';
import '../delivery/release-buffer.js';
import '../delivery/room.js';
import '../delivery/shard-cache.js';
import '../delivery/shard-lists.js';
import '../delivery/shard.js';
import '../delivery/turns.js';
import '../shared/contract.js';
import '../shared/own-model.js';
import '../shared/policy.js';
import './unpacked.js';
import './wasm-engine.js';

/** @import { ErrorCode } from '../shared/errors.js' */
/** @import { HistoryBatch, Inspected, NeuronHistory } from '../shared/inspection.js' */
/**
 * @import {
 *   AnswerRequest, AskMessage, DoneMessage, FinishReason, InspectMessage, LoadMessage, Progress,
 *   ToWorker
 * } from '../shared/protocol.js'
 */
/** @import { KernelInfo, ModelInfo, Precision } from '../shared/protocol.js' */
/** @import { Arrived } from './load-model.js' */
/** @import { WasmEngine } from './wasm-engine.js' */

/** @typedef {import('../shared/protocol.js').FromWorker} FromWorker */

/**
 * @typedef {object} Scope the parts of a dedicated worker's global object in use here
 * @property {(message: FromWorker, transfer?: Transferable[]) => void} postMessage
 * @property {((event: MessageEvent<ToWorker>) => void) | null} onmessage
 */
const scope = /** @type {Scope} */ (/** @type {unknown} */ (self));

/** How long a stop may wait for a call that reads the prompt. */
const SLICE_MS = 25;

/** @type {{engine: WasmEngine, counts: number, layers: number} | null} */
let loaded = null;
/** Brings the shards of the model, or what has not come of them. @type {() => Promise<void>} */
let bring = async () => {};
let bringing = false;
/** @type {{id: number, stopped: boolean} | null} the answer or inspection being given */
let answering = null;
/** Loading, and what ends it. */
const loading = { over: Promise.resolve(), abort: new AbortController() };

scope.onmessage = ({ data }) => {
  switch (data.type) {
    case 'load':
      holdLife();
      loading.over = load(data).catch((error) => failed(null, error));
      return;
    case 'cancel':
      loading.abort.abort();
      loading.over.then(() => scope.postMessage({ type: 'cancelled' }));
      return;
    case 'resume':
      if (!bringing) loading.over = bring().catch((error) => failed(null, error));
      return;
    case 'ask':
      ask(data).catch((error) => failed(data.id, error));
      return;
    case 'stop':
      if (answering?.id === data.id) answering.stopped = true;
      return;
    case 'stats':
      stats(data.id);
      return;
    case 'inspect':
      inspect(data).catch((error) => failed(data.id, error));
      return;
  }
};

/** Holds a lock for as long as this worker lives: whoever gets it knows that it does not. */
function holdLife() {
  const lock = `spikechat-worker-${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
  hold(lock).then(() => scope.postMessage({ type: 'alive', lock }));
}

/** @param {LoadMessage} message */
async function load({ model: url, build: wanted, kernel, context, threads, useCache, early }) {
  const notice = (/** @type {ErrorCode} */ code, /** @type {string} */ message) =>
    scope.postMessage({ type: 'notice', code, message });
  const progress = (/** @type {Progress} */ now) => scope.postMessage({ type: 'progress', ...now });

  const build = chooseBuild(wanted);
  if (build === 'plain' && wanted === 'auto') {
    notice(
      'unsupported_browser',
      'this browser has no WebAssembly SIMD, so the same answers come more slowly; ' +
        'a current browser is faster',
    );
  }
  const chosen = chooseThreads(threads, {
    isolated: crossOriginIsolated,
    shares: typeof SharedArrayBuffer === 'function',
    cores: navigator.hardwareConcurrency,
  });
  const starting = startEngine(
    build, (message) => notice('wrong_content_type', message), crashed,
    (module) => startCrew(module, chosen));
  /** @type {Arrived | null} */
  let arrived = null;
  let told = ''; // of the precision
  const keyOf = (/** @type {Precision} */ { planes, rows }) => `${planes} of ${rows}`;
  /** @param {WasmEngine} engine @param {ModelInfo} model @param {KernelInfo} info */
  const ready = (engine, model, info) => {
    loaded = { engine, counts: countsOf(model), layers: model.layers };
    told = keyOf(info.precision);
    scope.postMessage({ type: 'ready', model, kernel: { ...info, ...chosen }, build });
  };
  /**
   * Looks whether enough, or more, has come.
   * @param {WasmEngine} engine
   * @param {ModelInfo} model
   */
  const arrives = (engine, model) => {
    if (!loaded) {
      if (engine.canBegin()) ready(engine, model, engine.finish({ kernel, context, early }));
      return;
    }
    const { precision } = engine;
    if (told === keyOf(precision)) return;
    told = keyOf(precision);
    scope.postMessage({ type: 'precision', precision });
  };
  bring = async () => {
    bringing = true;
    try {
      await bringShards();
    } finally {
      bringing = false;
    }
  };
  const bringShards = async () => {
    const model = await loadModel(starting, url, progress, notice, {
      signal: loading.abort.signal,
      useCache,
      from: arrived,
      onshard: (engine, now) => {
        arrived = now;
        if (loaded && now.shards < now.model.shards.length) arrives(engine, now.model);
      },
      // The yardstick's copy of a table would be made anew for every plane.
      onlate: early && kernel !== 'dot'
        ? (engine, { model }) => { if (!loaded) arrives(engine, model); }
        : undefined,
    });
    const engine = await starting;
    const info = engine.finish({ kernel, context });
    if (loaded) scope.postMessage({ type: 'precision', precision: info.precision });
    else ready(engine, model, info);
  };
  await bring();
}

/**
 * Starts the further threads. Where that fails, one does.
 * @param {WebAssembly.Module} module
 * @param {ReturnType<typeof chooseThreads>} chosen is told
 */
async function startCrew(module, chosen) {
  if (chosen.threads === 1) return null;
  try {
    // Pages that are not isolated never need it.
    const { Crew } = await import('./crew.js');
    const crew = await Crew.start(module, chosen.threads);
    for (const lock of crew.locks) scope.postMessage({ type: 'alive', lock });
    return crew;
  } catch (error) {
    chosen.threads = 1;
    chosen.threads_why = messageOf(error);
    return null;
  }
}

/** @param {AskMessage} message */
async function ask({ id, request }) {
  const { engine, counts: expectedCounts } = need();
  if (answering) throw new SpikeError('busy', 'another answer is being given');
  answering = { id, stopped: false };
  try {
    const done = await runAnswer(engine, expectedCounts, answering, request);
    // Free before the page hears of it: its next question may already be under way.
    answering = null;
    scope.postMessage(done);
  } finally {
    answering = null;
  }
}

/**
 * Runs one answer to its end and says how it went.
 * @param {WasmEngine} engine
 * @param {number} expectedCounts
 * @param {{id: number, stopped: boolean}} current
 * @param {AnswerRequest} request
 * @returns {Promise<DoneMessage>}
 */
async function runAnswer(engine, expectedCounts, current, request) {
  const { id } = current;
  const withLogprobs = request.top_logprobs !== undefined;
  const started = performance.now();
  scope.postMessage({ type: 'begun', id, ...engine.begin(request) });

  await prefill(engine, current, need().layers);
  const prefilled = performance.now();
  let completionTokens = 0;
  /** @type {FinishReason | null} */
  let reason = null;
  for (; reason === null; await turn()) {
    if (current.stopped) {
      engine.end();
      reason = 'abort';
      break;
    }
    const { finish, ...record } = decodeToken(engine.step(), expectedCounts, withLogprobs);
    completionTokens++;
    reason = finish;
    scope.postMessage({ type: 'token', id, ...record }, [record.counts.buffer]);
  }
  return {
    type: 'done', id, reason, completion_tokens: completionTokens,
    prefill_ms: prefilled - started, decode_ms: performance.now() - prefilled,
  };
}

/**
 * Reads the prompt, in calls of about SLICE_MS: on a slow machine a batch of it takes seconds.
 * @param {WasmEngine} engine
 * @param {{id: number, stopped: boolean}} current
 * @param {number} all the model's layers
 */
async function prefill(engine, current, all) {
  let told = 0;
  for (let left = 1, layers = 1; left > 0 && !current.stopped; await turn()) {
    const began = performance.now();
    left = engine.prefill(layers);
    const took = performance.now() - began;
    // Slowly up: clocks are coarse, and the first calls are not like the later ones.
    layers = Math.min(2 * layers, Math.round(layers * SLICE_MS / (took || 1)), all) || 1;
    if (left !== told) scope.postMessage({ type: 'prefill', id: current.id, left });
    told = left;
  }
}

/** @param {InspectMessage} message */
async function inspect({ id, query }) {
  const { engine } = need();
  if (answering) throw new SpikeError('busy', 'an answer is being given');
  answering = { id, stopped: false };
  try {
    /** @type {Inspected} */
    let result;
    if (query.kind === 'history') {
      result = await readHistory(engine, answering, query);
    } else if (query.kind === 'alternatives') {
      const [told] = decodeLogprobs(engine.alternatives(query));
      result = { position: query.position, ...told };
    } else {
      result = /** @type {Inspected} */ (engine.inspect(query));
    }
    answering = null;
    scope.postMessage({ type: 'inspected', id, result });
  } finally {
    answering = null;
  }
}

/**
 * Reads the whole conversation again, batch by batch, for one neuron.
 * @param {WasmEngine} engine
 * @param {{id: number, stopped: boolean}} current
 * @param {Extract<InspectMessage['query'], {kind: 'history'}>} query
 * @returns {Promise<NeuronHistory>}
 */
async function readHistory(engine, current, query) {
  /** @type {NeuronHistory} */
  const whole = { tokens: [], activations: [], codes: [], rest: [], steps: [], thresholds: [] };
  for (let position = 0, end = 1; position < end; await turn()) {
    if (current.stopped) throw new SpikeError('aborted', 'the inspection was stopped');
    const { next, total, ...batch } =
      /** @type {HistoryBatch} */ (engine.inspect({ ...query, position }));
    whole.tokens.push(...batch.tokens);
    whole.activations.push(...batch.activations);
    whole.codes.push(...batch.codes);
    whole.rest.push(...batch.rest);
    whole.steps.push(...batch.steps);
    whole.thresholds.push(...batch.thresholds);
    [position, end] = [next, total];
    scope.postMessage({ type: 'inspecting', id: current.id, read: next, total });
  }
  return whole;
}

/** @param {number} id */
function stats(id) {
  try {
    scope.postMessage({ type: 'stats', id, stats: need().engine.stats() });
  } catch (error) {
    failed(id, error);
  }
}

function need() {
  if (!loaded) throw new SpikeError('busy', 'the model is not loaded yet', { retryable: true });
  return loaded;
}

/**
 * @param {number | null} id
 * @param {unknown} error
 */
function failed(id, error) {
  const record = toRecord(error);
  if (record.code === 'engine_crashed') scope.postMessage({ type: 'crashed', error: record });
  else scope.postMessage({ type: 'failed', id, error: record });
}

/** @param {SpikeError} error */
function crashed(error) {
  scope.postMessage({ type: 'crashed', error: toRecord(error) });
}

// A task of our own, run after the messages that are already waiting. setTimeout would do, but
// browsers stretch it to 4 ms when it nests.
const { port1, port2 } = new MessageChannel();
/** @type {(() => void) | null} */
let resume = null;
port1.onmessage = () => resume?.();

/** Lets waiting messages in. @returns {Promise<void>} */
function turn() {
  return new Promise((resolve) => {
    resume = resolve;
    port2.postMessage(null);
  });
}
