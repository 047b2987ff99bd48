// While an answer comes nothing of the page moves, and no task of its thread takes so long that
// keys and scrolling would wait for it: with the picture on, and Markdown of every form.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, inPage } from './harness.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */

const MOST_MS = 50;
/** What is measured is the thread's own time; on a busy machine caches are shared as well. */
const TRIES = 3;
const TOKENS = 500;

const PART = `## A heading

Some **bold** words, *slanted* ones and \`code\` too, as many as make a line or two of what is read.

- one
- two, with a [link](https://example.org/)
  1. nested

\`\`\`js
const sum = (a, b) => a + b;
\`\`\`

| layer | spikes |
| - | - |
| 0 | 1,024 |

> quoted

`;

/**
 * Has the engine's own answers say something else, and more, a token every few milliseconds: the
 * counts of spikes are real.
 * @param {Page} page
 */
const say = (page) => page.evaluate(([part, count]) => {
  const Element = /** @type {any} */ (document.querySelector('spike-chat')?.constructor);
  const { createEngine } = Element;
  // Whole words: one that grows past the end of its line goes to the next, and has moved.
  const pieces = part.repeat(100).match(/\s*\S+/g) ?? [];
  let asked = 0;
  Element.createEngine = async (/** @type {any} */ options) => {
    const engine = await createEngine(options);
    const { completions } = engine.chat;
    const create = completions.create.bind(completions);
    /** @param {AsyncIterable<any>} stream */
    async function* other(stream) {
      /** @type {any[]} */
      const tokens = [];
      /** @type {any[]} */
      const others = [];
      for await (const chunk of stream) (chunk.spike?.spikes ? tokens : others).push(chunk);
      // The first answer is short: with it the picture learns how many layers there are.
      for (const [at, content] of pieces.slice(0, asked++ ? count : 8).entries()) {
        // As many as are wanted, whenever the engine had enough.
        const chunk = structuredClone(tokens[at % tokens.length]);
        chunk.choices[0].delta.content = content;
        yield chunk;
        await new Promise((resolve) => { setTimeout(resolve, 4); });
      }
      yield* others;
    }
    return new Proxy(engine, { get: (target, name) => (name === 'chat'
      ? { completions: { create: async (/** @type {any[]} */ ...given) =>
        other(await create(...given)) } }
      : typeof target[name] === 'function' ? target[name].bind(target) : target[name]) });
  };
}, /** @type {const} */ ([PART, TOKENS]));

/**
 * The longest tasks of the page's main thread, by the processor's time that they took.
 * @param {Buffer} trace
 * @returns {number[]} milliseconds, the longest first
 */
function tasksOf(trace) {
  /** @type {{name: string, ph: string, pid: number, tid: number, tdur?: number, args?: any}[]} */
  const events = JSON.parse(trace.toString()).traceEvents;
  // Of the processes that have one, the page's is the one that laid something out.
  const laidOut = new Set(events.filter(({ name }) => name === 'Layout')
    .map(({ pid, tid }) => `${pid} ${tid}`));
  return events
    .filter(({ name, pid, tid }) => /RunTask$/.test(name) && laidOut.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000).sort((a, b) => b - a);
}

test('while an answer comes nothing moves, and no task of the page takes 50 ms', () => inPage(
  async (page) => {
    await say(page);
    await page.evaluate(() => {
      const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
      Object.assign(chat, { maxTokens: 40, seed: 1 });
      /** @type {string[]} */
      const shifts = [];
      new PerformanceObserver((list) => {
        for (const { value, sources } of /** @type {any[]} */ (list.getEntries()))
          shifts.push(`${value}: ${sources.map((/** @type {any} */ { previousRect, currentRect }) =>
            JSON.stringify([previousRect, currentRect]))}`);
      }).observe({ type: 'layout-shift' });
      Object.assign(window, { shifts });
    });
    await page.getByRole('button', { name: /^Download/ }).click();
    await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    const box = page.getByRole('textbox', { name: 'Your message' });
    const done = () => page.getByRole('status').filter({ hasText: /^Done/ })
      .waitFor({ timeout: 120_000 });
    await box.fill('First');
    await page.keyboard.press('Enter');
    await done();
    // The figures come a little later than the answer, and take their place once.
    await page.locator('.figures small').filter({ hasText: /./ }).waitFor();
    let longest = Infinity;
    for (let tried = 0; tried < TRIES && longest >= MOST_MS; tried++) {
      await box.fill('Show me');
      await page.evaluate(() => { /** @type {any} */ (window).shifts.length = 0; });
      await browser.startTracing(page, {
        categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
      });
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'Answering' }).waitFor();
      await done();
      const tasks = tasksOf(await browser.stopTracing());
      assert.ok(tasks.length > TOKENS / 2, `${tasks.length} tasks were seen`);
      longest = Math.min(longest, tasks[0]);
    }
    assert.ok(longest < MOST_MS, `a task of ${longest} ms`);
    const { shifts, columns, text } = await page.evaluate(() => {
      const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
      return {
        shifts: /** @type {any} */ (window).shifts, text: chat.messages[3].content,
        columns: chat.shadowRoot?.querySelector('spike-heatmap')?.length ?? 0,
      };
    });
    assert.ok(columns > TOKENS, 'the picture is on');
    assert.ok(text.length > 3 * TOKENS, `${text.length} characters`);
    assert.deepEqual(shifts, []);
  },
  { url: '/?model=tiny', context: { viewport: { width: 1280, height: 780 } } },
));
