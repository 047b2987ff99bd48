// What the benchmark runs in the page, on the page's own clock: messages between page and worker
// count.

import { FRAME, question } from './prompt.mjs';

/**
 * What runs functions in a page: one of playwright, or a driver of web/test/engines.
 * @typedef {{evaluate<R, A>(run: (given: A) => R | Promise<R>, given?: A): Promise<R>}} Page
 */

/**
 * @typedef {object} Question
 * @property {number} steps
 * @property {number} prompt tokens of it
 * @property {number} tokens at most, of the answer
 * @property {number} unique a number that no other question of the page has
 * @property {number} [frame] tokens of a question without words: see question
 * @property {boolean} [logprobs] whether they are asked for
 */

/**
 * @typedef {object} Answer
 * @property {number} first milliseconds to the first token
 * @property {number} decode milliseconds from there to the last token
 * @property {number} decoded tokens decoded in that time
 */

/**
 * Loads the engine and keeps it on the page's window.
 * @param {Page} page
 * @param {{kernel: string, build?: string, threads?: number, model?: string, context?: number,
 *   useCache?: boolean}} options
 * @param {string} [module] its address
 * @returns {Promise<number>} milliseconds from nothing to ready
 */
export function load(page, options, module = '/engine.js') {
  return page.evaluate(async ({ module, options }) => {
    const { createEngine } = await import(module);
    const started = performance.now();
    Object.assign(window, { engine: await createEngine(options) });
    return performance.now() - started;
  }, { module, options });
}

/** @param {Page} page */
export function unload(page) {
  return page.evaluate(() => /** @type {any} */ (window).engine.unload());
}

/**
 * Makes the engine drop what it keeps of the answer before: keys and values are used again for the
 * same T alone.
 * @param {Page} page
 * @param {number} steps of the question that comes next
 * @param {number} [frame] as the question's
 */
export async function forget(page, steps, frame = FRAME) {
  await answer(page,
    { steps: steps === 1 ? 2 : 1, prompt: frame + 1, tokens: 1, unique: 9999, frame }, true);
}

/**
 * Asks for one greedy answer. None of the prompt may still be known from an answer before: see
 * forget.
 * @param {Page} page
 * @param {Question} options
 * @param {boolean} [known] the prompt's beginning may be known
 * @returns {Promise<Answer>}
 */
export function answer(
  page, { steps, prompt, tokens, unique, frame, logprobs = false }, known = false,
) {
  const request = {
    messages: question(unique, prompt, frame), steps, max_tokens: tokens,
    // Earlier builds know no such field.
    ...(logprobs ? { logprobs } : {}),
    stream: true, stream_options: { include_usage: true },
  };
  return page.evaluate(async ({ request, prompt, known }) => {
    const started = performance.now();
    let first = 0, last = 0, decoded = -1;
    const { engine } = /** @type {any} */ (window);
    for await (const { usage, spike } of await engine.chat.completions.create(request)) {
      if (spike?.spikes) {
        last = performance.now();
        first ||= last;
        decoded++;
      }
      if (!usage) continue;
      const { prompt_tokens, prompt_tokens_details: { cached_tokens } } = usage;
      if (prompt_tokens !== prompt) {
        throw new Error(`the prompt has ${prompt_tokens} tokens, not ${prompt}`);
      }
      if (cached_tokens > 0 && !known) {
        throw new Error(`${cached_tokens} tokens of the prompt were known already`);
      }
    }
    return { first: first - started, decode: last - first, decoded };
  }, { request, prompt, known });
}
