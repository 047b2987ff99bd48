// What is measured: how each runtime comes from a click to its first token, in a blank page,
// through the calls that its own documentation begins with.

import { DEFAULT_CONTEXT } from '../../web/shared/contract.js';
import { chatML, question } from '../prompt.mjs';

/** @import { Page } from 'playwright-core' */

/**
 * @typedef {object} Runtime
 * @property {string} root of its site, in this repository
 * @property {string} [policy] content security policy; its own where not given
 * @property {string[]} files that are large and compressed
 * @property {(page: Page) => Promise<number>} firstToken milliseconds
 * @property {(page: Page) => Promise<void>} half loads until half of the model has come
 */

const MESSAGES = question(1, 32);
const MODEL = '/models/smollm2-135m-instruct/manifest.json';
const PACKAGES = '/build/peers/node_modules';
const GGUF = '/build/peers/q4_1.gguf';

/** @type {Runtime} */
const ours = {
  root: 'dist',
  files: ['/spikechat-relaxed.wasm'],
  firstToken: (page) => page.evaluate(async ({ model, messages }) => {
    const click = performance.now();
    const module = '/engine.js';
    /** @type {typeof import('../../web/api/engine.js')} */
    const { createEngine } = await import(module);
    // As the page does.
    const engine = await createEngine({ model, early: true });
    const request = { messages, max_tokens: 8, stream: /** @type {const} */ (true) };
    for await (const { spike } of await engine.chat.completions.create(request)) {
      if (spike?.spikes) return performance.now() - click;
    }
    throw new Error('there was no token');
  }, { model: MODEL, messages: MESSAGES }),
  half: (page) => page.evaluate(async (model) => {
    const module = '/engine.js';
    /** @type {typeof import('../../web/api/engine.js')} */
    const { createEngine } = await import(module);
    await /** @type {Promise<void>} */ (new Promise((resolve, reject) => {
      createEngine({
        model,
        onprogress({ loaded, total }) { if (total > 0 && 2 * loaded >= total) resolve(); },
      }).then(() => {}, reject);
    }));
  }, MODEL),
};

/**
 * @param {string} name of the package
 * @param {string} wasm its engine for one thread
 * @returns {Runtime}
 */
function wllama(name, wasm) {
  const base = `${PACKAGES}/${name}/esm/`;
  const given = {
    name, base, url: GGUF, context: DEFAULT_CONTEXT, prompt: chatML(MESSAGES),
    paths: name === 'wllama2'
      ? { 'single-thread/wllama.wasm': base + wasm, 'multi-thread/wllama.wasm': base + wasm }
      : { default: base + wasm },
  };
  return {
    root: '.',
    policy: '',
    files: [`${base}index.js`, base + wasm, GGUF],
    firstToken: (page) => page.evaluate(async ({ name, base, url, context, prompt, paths }) => {
      const click = performance.now();
      const { Wllama } = await import(base + 'index.js');
      const quiet = { debug() {}, log() {}, warn() {}, error: console.error };
      const wllama = new Wllama(paths, { logger: quiet });
      // The slower build for browsers that lack what this one has would come from another host.
      if (name === 'wllama3') wllama.setCompat(null);
      await wllama.loadModelFromUrl(new URL(url, location.href).href,
        { n_ctx: context, n_threads: 1, n_gpu_layers: 0 });
      let first = 0;
      const token = () => { first ||= performance.now(); };
      await (name === 'wllama2'
        ? wllama.createCompletion(prompt,
          { nPredict: 8, sampling: { temp: 0, top_k: 1 }, onNewToken: token })
        : wllama.createCompletion(
          { prompt, max_tokens: 8, temperature: 0, top_k: 1, stream: true, onData: token }));
      return first - click;
    }, given),
    half: (page) => page.evaluate(async ({ name, base, url, paths }) => {
      const { Wllama } = await import(base + 'index.js');
      const wllama = new Wllama(paths);
      if (name === 'wllama3') wllama.setCompat(null);
      await /** @type {Promise<void>} */ (new Promise((resolve, reject) => {
        wllama.loadModelFromUrl(new URL(url, location.href).href, {
          /** @param {{loaded: number, total: number}} progress */
          progressCallback({ loaded, total }) { if (2 * loaded >= total) resolve(); },
        }).then(() => {}, reject);
      }));
    }, given),
  };
}

/** @type {Readonly<Record<string, Runtime>>} */
export const RUNTIMES = Object.freeze({
  ours,
  wllama2: wllama('wllama2', 'single-thread/wllama.wasm'),
  wllama3: wllama('wllama3', 'wasm/wllama.wasm'),
});
