// Native llama.cpp, as node-llama-cpp's prebuilt binary, in a process of its own. Two threads are
// pinned to two CPUs (pin_threads.c).

import { fork } from 'node:child_process';
import path from 'node:path';
import { chatML, question } from '../prompt.mjs';
import { BUILD, CONTEXT, checked } from './session.mjs';

/**
 * @param {string} file of the model, in build/peers
 * @param {number} threads 1 or 2
 * @returns {Promise<import('./session.mjs').Session>}
 */
export async function open(file, threads) {
  const pinned = threads === 1 ? {} : { LD_PRELOAD: path.join(BUILD, 'pin_threads.so') };
  const child = fork(path.join(import.meta.dirname, 'llama-child.mjs'), {
    env: { ...process.env, ...pinned },
  });
  const ended = new Promise((resolve) => { child.once('exit', resolve); });
  /** @param {object} message @returns {Promise<any>} */
  const call = (message) => new Promise((resolve, reject) => {
    const crashed = (/** @type {number} */ code) => {
      reject(new Error(`llama-child.mjs ended with code ${code}`));
    };
    child.once('exit', crashed);
    child.once('message', (/** @type {{error?: string, result?: unknown}} */ { error, result }) => {
      child.off('exit', crashed);
      error === undefined ? resolve(result) : reject(new Error(error));
    });
    child.send(message);
  });
  const { kernels } = await call({
    packages: path.join(BUILD, 'node_modules'), model: path.join(BUILD, file), context: CONTEXT,
    threads,
  });
  return {
    about: `node-llama-cpp, ${kernels}`,
    async ask(asked) {
      const prompt = chatML(question(asked.unique, asked.prompt));
      return checked(asked, await call({ prompt, tokens: asked.tokens }));
    },
    async close() {
      child.kill();
      await ended;
    },
  };
}
