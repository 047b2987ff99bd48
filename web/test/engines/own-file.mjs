// A GGUF file of the reader's own, opened in the page.

/** @import { Driver } from './driver.mjs' */

// The worker that packed is gone by then, and with it whoever held the store.
const LATER_MS = 1000;

/**
 * Opens the file at an address as one of the reader's, and asks its model and another the same.
 * @param {Driver} driver
 * @param {string} file
 * @param {string} other name of a model
 * @returns {Promise<{own: string, told: unknown[]}>} own: the name of the file's model; told: what
 *   both answer, with the probabilities of all tokens
 */
export function askOwnFile(driver, file, other) {
  return driver.evaluate(async ({ file, other, later }) => {
    const module = '/engine.js';
    const { createEngine, openModelFile } = await import(module);
    const blob = await (await fetch(file)).blob();
    const own = await openModelFile(new File([blob], 'My file.gguf'));
    await new Promise((resolve) => { setTimeout(resolve, later); });
    const told = [];
    for (const model of [own, other]) {
      const engine = await createEngine({ model });
      const { choices } = await engine.chat.completions.create({
        messages: [{ role: 'user', content: 'Hello there' }],
        max_tokens: 12, temperature: 0, logprobs: true,
      });
      told.push(choices);
      await engine.unload();
    }
    return { own, told };
  }, { file, other, later: LATER_MS });
}
