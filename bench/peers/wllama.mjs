// wllama 2 and 3, each through its own createCompletion, on a GGUF file.

import { chatML, question } from '../prompt.mjs';
import { CONTEXT, ROOT, checked, openPage } from './session.mjs';

/** @import { Page } from '../in-page.mjs' */

/** @typedef {'wllama2' | 'wllama3'} Name of the package in package.json */

/** Of the published file. */
const FILE = '/build/peers/q4_1.gguf';
/** <|endoftext|> and <|im_end|> in it. */
const ENDS = [0, 2];

/**
 * @param {Name} name
 * @param {number} threads
 * @returns {Promise<import('./session.mjs').Session>}
 */
export async function open(name, threads) {
  const { page, close } = await openPage({ root: ROOT, policy: '', threads });
  const { version } = await load(page, { name, file: FILE, context: CONTEXT, threads });
  return {
    about: `llama.cpp ${version}`,
    async ask(asked) {
      const text = chatML(question(asked.unique, asked.prompt));
      return checked(asked, await complete(page, name, text, asked.tokens, ENDS));
    },
    close,
  };
}

/**
 * Loads a model and keeps wllama on the page's window.
 * @param {Page} page of the repository's root
 * @param {{name: Name, file: string, context: number, threads: number}} options
 * @returns {Promise<{version: string, ms: number}>} version of llama.cpp; milliseconds from nothing
 *   to ready
 */
export function load(page, options) {
  return page.evaluate(async ({ name, file, context, threads }) => {
    const base = `/build/peers/node_modules/${name}/esm/`;
    const { Wllama } = await import(base + 'index.js');
    const quiet = { debug() {}, log() {}, warn() {}, error: console.error };
    const paths = name === 'wllama2'
      ? {
        'single-thread/wllama.wasm': base + 'single-thread/wllama.wasm',
        'multi-thread/wllama.wasm': base + 'multi-thread/wllama.wasm',
      }
      : { default: base + 'wasm/wllama.wasm' };
    const started = performance.now();
    const wllama = new Wllama(paths, { logger: quiet });
    // The slower build for browsers that lack what this one has would come from another host.
    if (name === 'wllama3') wllama.setCompat(null);
    const model = await (await fetch(file)).blob();
    await wllama.loadModel([model], { n_ctx: context, n_threads: threads, n_gpu_layers: 0 });
    const ms = performance.now() - started;
    const used = wllama.getNumThreads();
    if (used !== threads) throw new Error(`${name} runs on ${used} threads`);
    Object.assign(window, { wllama });
    return { version: String(Wllama.getLibllamaVersion()), ms };
  }, options);
}

/**
 * @param {Page} page with a loaded model
 * @param {Name} name
 * @param {string} prompt
 * @param {number} tokens of the greedy answer
 * @param {number[]} ends tokens that are to end no answer
 */
export function complete(page, name, prompt, tokens, ends) {
  return name === 'wllama2' ? ask2(page, prompt, tokens, ends) : ask3(page, prompt, tokens);
}

/** @param {Page} page @param {string} prompt @param {number} tokens @param {number[]} ends */
function ask2(page, prompt, tokens, ends) {
  return page.evaluate(async ({ prompt, tokens, ends }) => {
    const { wllama } = /** @type {any} */ (window);
    const used = (await wllama.tokenize(prompt, true)).length;
    const started = performance.now();
    let first = 0, last = 0, decoded = -1;
    await wllama.createCompletion(prompt, {
      nPredict: tokens, useCache: false,
      sampling: { temp: 0, top_k: 1, logit_bias: ends.map((token) => ({ token, bias: -1e9 })) },
      onNewToken() {
        last = performance.now();
        first ||= last;
        decoded++;
      },
    });
    return { first: first - started, decode: last - first, decoded, used };
  }, { prompt, tokens, ends });
}

/** @param {Page} page @param {string} prompt @param {number} tokens */
function ask3(page, prompt, tokens) {
  return page.evaluate(async ({ prompt, tokens }) => {
    const { wllama } = /** @type {any} */ (window);
    const started = performance.now();
    let first = 0, last = 0;
    // A piece may hold two tokens, so llama.cpp counts.
    /** @type {{prompt_n: number, predicted_n: number} | undefined} */
    let timings;
    await wllama.createCompletion({
      prompt, max_tokens: tokens, temperature: 0, top_k: 1, ignore_eos: true,
      cache_prompt: false, timings_per_token: true, stream: true,
      /** @param {any} chunk */
      onData(chunk) {
        last = performance.now();
        first ||= last;
        timings = chunk.timings ?? timings;
      },
    });
    return {
      first: first - started, decode: last - first,
      decoded: (timings?.predicted_n ?? 0) - 1, used: timings?.prompt_n ?? 0,
    };
  }, { prompt, tokens });
}
