// onnxruntime-web on its wasm backend, in a worker as applications run it, on an int8 model of the
// same shape.

import { ROOT, checked, openPage } from './session.mjs';

/**
 * @param {number} threads
 * @returns {Promise<import('./session.mjs').Session>}
 */
export async function open(threads) {
  const { page, close } = await openPage({ root: ROOT, policy: '', threads });
  /** @param {'load' | 'ask'} call @param {object} options */
  const worker = (call, options) => page.evaluate(async ({ call, options }) => {
    const state = /** @type {{ort?: Worker}} */ (window);
    state.ort ??= new Worker('/bench/peers/onnxruntime-worker.mjs', { type: 'module' });
    const worker = state.ort;
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data: { error, result } }) => {
        error ? reject(new Error(error)) : resolve(result);
      };
      worker.onerror = (event) => reject(new Error(event.message || 'the worker did not start'));
      worker.postMessage({ call, options });
    });
  }, { call, options });
  const loaded = await worker('load', {
    model: '/build/peers/int8.onnx',
    packages: '/build/peers/node_modules/onnxruntime-web/dist/',
    threads,
  });
  if (loaded.threads !== threads) {
    throw new Error(`onnxruntime-web runs on ${loaded.threads} threads`);
  }
  return {
    about: `onnxruntime-web ${loaded.version}, int8`,
    ask: async (asked) => checked(asked, { ...await worker('ask', asked), used: asked.prompt }),
    close,
  };
}
