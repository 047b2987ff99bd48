// How fast a kernel answers, and what `auto` came to.

/** @import { Driver } from './driver.mjs' */

/** Tokens after which `auto` has chosen, and those that are timed then. */
const SETTLED = 16, TIMED = 12;

/**
 * Loads the real model with a kernel and gives an answer.
 * @param {Driver} driver
 * @param {string} kernel
 * @returns {Promise<{runs: string, why: string, ms: number}>} what runs in the end and why, and the
 *   median time of a token then
 */
export function pace(driver, kernel) {
  return driver.evaluate(async ({ kernel, settled, tokens }) => {
    const module = '/engine.js';
    const { createEngine } = await import(module);
    const engine = await createEngine({ kernel });
    const times = [];
    for await (const { spike } of await engine.chat.completions.create({
      messages: [{ role: 'user', content: 'Tell me a long story about the sea.' }],
      max_tokens: tokens,
      stream: true,
    })) {
      if (spike) times.push(performance.now());
    }
    const { kernel: runs, why } = await engine.stats();
    await engine.unload();
    const late = times.slice(settled);
    const steps = late.slice(1).map((time, i) => time - late[i]).sort((a, b) => a - b);
    return { runs, why, ms: steps[steps.length >> 1] };
  }, { kernel, settled: SETTLED, tokens: SETTLED + TIMED + 1 });
}
