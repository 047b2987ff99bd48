// Functions that run in the page, called through playwright. They may use nothing but their
// argument and window.

/** @import { Page } from 'playwright-core' */
/** @import { Engine } from '../api/engine.js' */
/** @import { CompletionRequest, EngineInfo, EngineOptions } from '../api/types.js' */
/** @import { Build } from '../shared/contract.js' */
/** @import { SpikeError } from '../shared/errors.js' */
/** @import { Progress } from '../shared/protocol.js' */

/**
 * What the tests keep on the page's window.
 * @typedef {object} Bench
 * @property {Engine} engine
 * @property {Progress[]} progress
 * @property {{code: string, message: string}[]} notices
 */

/** @typedef {{code: string, message: string, retryable: boolean, url?: string}} Refusal */

/**
 * Loads an engine in the page.
 * @param {Page} page
 * @param {Omit<EngineOptions, 'onprogress' | 'onnotice' | 'onprefill' | 'signal'>} options
 * @returns {Promise<{info: EngineInfo, progress: Progress[],
 *   notices: {code: string, message: string}[], ms: number} | {error: Refusal}>}
 */
export function load(page, options) {
  return page.evaluate(async (given) => {
    const module = '/engine.js';
    /** @type {typeof import('../api/engine.js')} */
    const { createEngine } = await import(module);
    /** @type {Progress[]} */
    const progress = [];
    /** @type {{code: string, message: string}[]} */
    const notices = [];
    const started = performance.now();
    try {
      const engine = await createEngine({
        ...given,
        onprogress: (p) => progress.push(p),
        onnotice: (n) => notices.push(n),
      });
      Object.assign(window, { engine });
      return { info: engine.info, progress, notices, ms: performance.now() - started };
    } catch (error) {
      const { code, message, retryable, url } = /** @type {SpikeError} */ (error);
      return { error: { code, message, retryable, url } };
    }
  }, options);
}

/**
 * Loads an engine that is expected to load.
 * @param {Page} page
 * @param {Parameters<typeof load>[1]} options
 */
export async function loaded(page, options) {
  const result = await load(page, options);
  if ('error' in result)
    throw new Error(`loading failed: ${result.error.code}: ${result.error.message}`);
  return result;
}

/**
 * Asks and collects the stream.
 * @param {Page} page
 * @param {Omit<CompletionRequest, 'signal' | 'stream'>} request
 */
export function stream(page, request) {
  return page.evaluate(async (given) => {
    const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
    const chunks = [];
    const times = [];
    const asked = performance.now();
    for await (const chunk of await engine.chat.completions.create({
      ...given,
      stream: true,
      stream_options: { include_usage: true },
    })) {
      chunks.push(chunk);
      times.push(performance.now() - asked);
    }
    return {
      times,
      text: chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''),
      reasons: chunks.flatMap(({ choices }) => choices.map(({ finish_reason }) => finish_reason)),
      usage: chunks.at(-1)?.usage ?? null,
      first: chunks[0]?.choices[0]?.delta ?? null,
      objects: [...new Set(chunks.map(({ object }) => object))],
      spikes: chunks.flatMap(({ spike }) => (spike?.spikes ? [spike] : [])),
      logprobs: chunks.flatMap(({ choices }) => choices.map(({ logprobs }) => logprobs)),
      pieces: chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta.content ?? '')),
      seeds: chunks.flatMap(({ spike }) => (spike && !spike.spikes ? [spike.seed] : [])),
    };
  }, request);
}

/**
 * Makes a call that is expected to be refused.
 * @param {Page} page
 * @param {unknown} request
 * @returns {Promise<Refusal | null>} null when it was not
 */
export function refusal(page, request) {
  return page.evaluate(async (given) => {
    const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
    try {
      await engine.chat.completions.create(/** @type {any} */ (given));
      return null;
    } catch (error) {
      const { code, message, retryable, url } = /** @type {SpikeError} */ (error);
      return { code, message, retryable, url };
    }
  }, request);
}

/**
 * Gives an answer on the page's own thread, without the worker, which would pass on neither the
 * hash nor all that the engine counts.
 * @param {Pick<Page, 'evaluate'>} page
 * @param {{model: string, build: string, kernel: string, question: {messages: {role: string,
 *   content: string}[], max_tokens: number}}} given
 * @returns {Promise<{hash: string, tokens: {text: string, counts: number[]}[]}>} the hash over the
 *   logits of all steps
 */
export function answerOf(page, given) {
  return page.evaluate(async ({ model, build, kernel, question }) => {
    const glue = '/wasm_exec.js';
    const [start, load, record] = ['start-engine', 'load-model', 'token-record']
      .map((name) => `/worker/${name}.js`);
    await import(glue);
    /** @type {typeof import('../worker/start-engine.js')} */
    const { startEngine } = await import(start);
    /** @type {typeof import('../worker/load-model.js')} */
    const { loadModel } = await import(load);
    /** @type {typeof import('../worker/token-record.js')} */
    const { HEADER_BYTES, decodeToken } = await import(record);
    const ignore = () => {};
    const engine = await startEngine(/** @type {Build} */ (build), ignore, ignore);
    const { href } = new URL(`/models/${model}/manifest.json`, location.href);
    await loadModel(engine, href, ignore, ignore);
    engine.finish({ kernel, context: 128 });
    engine.begin(/** @type {any} */ ({ ...question, hash: true }));
    while (engine.prefill() > 0);
    /** @type {{text: string, counts: number[]}[]} */
    const tokens = [];
    for (let finish = null; finish === null;) {
      const bytes = engine.step();
      // The record itself says how many counts it holds.
      const { buffer, byteOffset } = bytes;
      const counted = new DataView(buffer, byteOffset).getUint32(HEADER_BYTES - 4, true);
      const token = decodeToken(bytes, counted);
      finish = token.finish;
      tokens.push({ text: token.text, counts: [...token.counts] });
    }
    return { hash: engine.hash(), tokens };
  }, given);
}
