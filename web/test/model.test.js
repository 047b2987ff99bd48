// The real model once per build: it says the same words, stops at once and says how fast it was.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUILDS } from '../shared/contract.js';
import { withEngine } from './harness.mjs';
import { loaded, stream } from './in-page.mjs';

/** @import { CompletionRequest } from '../api/types.js' */
/** @import { Bench } from './in-page.mjs' */

/** @type {CompletionRequest} */
const QUESTION = { messages: [{ role: 'user', content: 'What is 2 + 2?' }], max_tokens: 32 };

/** @type {string | null} */
let said = null;

for (const build of BUILDS) {
  test(`SmolLM2-135M-Instruct, ${build}`, (t) => withEngine(async (page) => {
    const cold = await loaded(page, { build, kernel: 'lookup' });
    const warm = await loaded(page, { build, kernel: 'lookup' });
    const { text, times, usage } = await stream(page, QUESTION);
    assert.match(text, /\b4\b/);
    said ??= text;
    assert.equal(text, said, 'the builds do not agree');
    const tokens = usage?.completion_tokens ?? 0;
    const rate = (1000 * (tokens - 1)) / (times[tokens - 1] - times[0]);
    t.diagnostic(
      `${build}: load ${cold.ms.toFixed(0)} ms, from storage ${warm.ms.toFixed(0)} ms; ` +
        `${usage?.prompt_tokens} prompt tokens, first token ${times[0].toFixed(0)} ms; ` +
        `${rate.toFixed(1)} tokens/s`,
    );

    const stopped = await page.evaluate(async (request) => {
      const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
      const abort = new AbortController();
      let tokens = 0;
      let at = 0;
      let last = null;
      for await (const chunk of await engine.chat.completions.create(
        { ...request, stream: true, stream_options: { include_usage: true } },
        { signal: abort.signal },
      )) {
        if (chunk.spike?.spikes && ++tokens === 5) {
          at = performance.now();
          abort.abort();
        }
        last = chunk;
      }
      return { tokens, made: last?.usage?.completion_tokens ?? 0, ms: performance.now() - at };
    }, QUESTION);
    assert.equal(stopped.tokens, 5, 'tokens came after the stop');
    assert.ok(stopped.made <= 6, `${stopped.made} tokens were made, 5 were read before the stop`);
    t.diagnostic(`${build}: stopped after ${stopped.ms.toFixed(0)} ms`);
    assert.ok(
      (await stream(page, { ...QUESTION, max_tokens: 3 })).usage?.completion_tokens === 3,
      'the next answer',
    );
  }));
}
