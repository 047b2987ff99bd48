// What an engine of several threads answers.

/** @import { Driver } from './driver.mjs' */

/**
 * Loads the tiny model and asks it, and for a neuron.
 * @param {Driver} driver
 * @param {number} threads
 * @returns {Promise<{threads: number, why: string, shares: boolean, told: string}>} how many run
 *   and why, whether the browser can share memory, and what was told
 */
export function withThreads(driver, threads) {
  return driver.evaluate(async ({ threads }) => {
    const module = '/engine.js';
    const { createEngine } = await import(module);
    const engine = await createEngine(
      { model: '/models/tiny/manifest.json', threads, context: 256, kernel: 'lookup' });
    const messages = [{ role: 'user', content: 'What is a neuron?' }];
    const told = [];
    for (const request of [
      { messages, temperature: 0, seed: 1 },
      { messages, temperature: 0.8, seed: 3, logprobs: true, top_logprobs: 2 },
    ]) {
      const { choices, spike } = await engine.chat.completions.create(
        { ...request, max_tokens: 10 });
      told.push({ choices, spike });
    }
    told.push(await engine.inspect({ kind: 'history', layer: 2, population: 'down', neuron: 5 }));
    const { threads: run, threads_why: why } = engine.info;
    await engine.unload();
    return {
      threads: run, why, shares: typeof SharedArrayBuffer === 'function',
      told: JSON.stringify(told),
    };
  }, { threads });
}
