// What the benchmark runs in the page, on the page's own clock: messages between page and worker count.

/**
 * Loads the engine and keeps it on the page's window.
 * @param {import('playwright-core').Page} page
 * @param {{kernel: string}} options
 * @returns {Promise<number>} milliseconds from nothing to ready
 */
export function load(page, options) {
  return page.evaluate(async (given) => {
    const module = '/engine.js';
    const { createEngine } = await import(module);
    const started = performance.now();
    Object.assign(window, { engine: await createEngine(given) });
    return performance.now() - started;
  }, options);
}

/**
 * Asks for one greedy answer behind a prompt of exactly so many tokens that no earlier prompt begins like.
 * @param {import('playwright-core').Page} page
 * @param {{steps: number, prompt: number, tokens: number, unique: number}} options
 * @returns {Promise<{first: number, decode: number, decoded: number}>} milliseconds to the first token and from there to
 *   the last, and the tokens decoded in that time
 */
export function answer(page, options) {
  return page.evaluate(async ({ steps, prompt, tokens, unique }) => {
    const { engine } = /** @type {any} */ (window);
    /** @param {number} number @param {number} words @param {number} limit */
    const ask = async (number, words, limit) => {
      // Each digit is a token, and so is each of these words: a prompt of any length that still reads like a question.
      const text = 'the king and his three sons went to the old house by the sea and the man said that he had seen a ship'.split(' ');
      const messages = [
        { role: 'system', content: String(number).padStart(4, '0') },
        { role: 'user', content: ['Tell a long story:', ...Array.from({ length: words }, (_, i) => text[i % text.length])].join(' ') },
      ];
      const started = performance.now();
      let first = 0, last = 0, decoded = -1, used = 0;
      const chunks = await engine.chat.completions.create({
        messages, steps, max_tokens: limit, stream: true, stream_options: { include_usage: true },
      });
      for await (const chunk of chunks) {
        if (chunk.usage) used = chunk.usage.prompt_tokens;
        if (!chunk.spike) continue;
        last = performance.now();
        first ||= last;
        decoded++;
      }
      return { first: first - started, decode: last - first, decoded, used };
    };
    // How many tokens the template itself takes is found once, with no words at all.
    engine.bare ??= (await ask(9999, 0, 1)).used;
    const result = await ask(unique, prompt - engine.bare, tokens);
    if (result.used !== prompt) throw new Error(`the prompt has ${result.used} tokens, not ${prompt}`);
    return result;
  }, options);
}
