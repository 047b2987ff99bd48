// `make soak` in a short form, with the tiny model: what a page makes with each load or chat and
// never gives back is seen in counts that do not depend on its size.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { site } from './harness.mjs';
import { chat, load, loadAndUnload, openSoak, sample } from './soak/page.mjs';
import { MOST, verdicts } from './soak/verdict.mjs';

/** @import { Page, Sample } from './soak/page.mjs' */

const TOKENS = 8;
/**
 * What is not to be seen with a tiny model in a short time: the system counts mostly the browser's
 * own, the engine's garbage, which is collected every 200 chats or so, is as much as all it keeps,
 * and while code warms up the heap grows for 20 loads.
 */
const SHORT = { ...MOST, resident: 2, wasm: 2, heap: 1.15 };

/**
 * @param {number} count of samples
 * @param {(page: Page) => Promise<void>} run between two of them
 * @param {boolean} loaded the model is there from the beginning
 */
async function stays(count, run, loaded) {
  const { page, close } = await openSoak(`${site.url}/?model=tiny`, TOKENS);
  try {
    if (loaded) await load(page);
    /** @type {Sample[]} */
    const samples = [];
    for (let i = 0; i < count; i++) {
      await run(page);
      samples.push(await sample(page));
    }
    assert.deepEqual(verdicts(samples, SHORT).filter(({ flat }) => !flat), []);
  } finally {
    await close();
  }
}

test('loads and unloads leave nothing behind', () =>
  stays(8, (page) => loadAndUnload(page, 2), false));

test('chats leave nothing behind', () => stays(8, (page) => chat(page, 4), true));
