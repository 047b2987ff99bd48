// The page that works for long: the element loads and unloads, and chats, while what the page holds
// is counted now and then.

import { launchBare } from '../../../bench/bare.mjs';
import { rendererMemory } from '../../../bench/processes.mjs';

/** @typedef {import('../../../bench/bare.mjs').Page} Page */
/** @typedef {import('../../chat/element.js').SpikeChat} SpikeChat */

/**
 * What a page holds after its garbage has been collected. Bytes and counts.
 * @typedef {object} Sample
 * @property {number} heap JavaScript of the page and its workers
 * @property {number} wasm what the engine has of WebAssembly's memory, which never shrinks; 0
 *   without one
 * @property {number} resident what the renderer holds of its own (Linux; 0 elsewhere)
 * @property {number} workers
 * @property {number} nodes of all documents
 * @property {number} listeners
 */

// Otherwise the browser measures with its next own collection, half a minute later.
const AT_ONCE = '--enable-blink-features=ForceEagerMeasureMemory';
// Memory is given back to the system by a thread of the browser's own.
const SETTLE_MS = 300;

const QUESTIONS = [
  'Name three rivers of Europe.', 'What is rain?', 'Write a line about the sea.',
  'How do I boil an egg?', 'Count from one to ten.',
];

/**
 * @param {string} url of the page with the element
 * @param {number} tokens of an answer, at most
 * @returns {Promise<{page: Page, close: () => Promise<void>}>}
 */
export async function openSoak(url, tokens) {
  const { newPage, close } = await launchBare([AT_ONCE]);
  try {
    const page = await newPage();
    await page.goto(url);
    await page.evaluate((given) => {
      document.querySelector('spike-chat')?.setAttribute('max-tokens', String(given));
    }, tokens);
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

// Each of these is one call into the page, which loops there: what a call leaves behind is the
// driver's, and would be counted.

/**
 * Loads the model and ends the engine again, so many times.
 * @param {Page} page
 * @param {number} times
 */
export function loadAndUnload(page, times) {
  return page.evaluate(async (given) => {
    const element = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    for (let i = 0; i < given; i++) {
      await element.start();
      if (!element.engine) throw new Error('it was not loaded');
      await element.engine.complete();
      await element.unload();
    }
  }, times);
}

/** @param {Page} page */
export function load(page) {
  return page.evaluate(async () => {
    const element = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    await element.start();
    if (!element.engine) throw new Error('it was not loaded');
    await element.engine.complete();
  });
}

/**
 * Asks so many questions, each in a new chat.
 * @param {Page} page
 * @param {number} times
 */
export function chat(page, times) {
  return page.evaluate(async ({ times, questions }) => {
    const element = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    for (let i = 0; i < times; i++) {
      element.clear();
      await element.send(questions[i % questions.length]);
    }
  }, { times, questions: QUESTIONS });
}

/** @param {Page} page @returns {Promise<Sample>} */
export async function sample(page) {
  await page.send('HeapProfiler.collectGarbage');
  await page.waitForTimeout(SETTLE_MS);
  const { heap, workers, wasm } = await page.evaluate(async () => {
    /** @type {{bytes: number, breakdown: {bytes: number, types: string[], attribution: {scope:
     *   string}[]}[]}} */
    const { breakdown } = await /** @type {any} */ (performance).measureUserAgentSpecificMemory();
    const scripts = breakdown.filter(({ types }) => types.includes('JavaScript'));
    const element = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    return {
      heap: scripts.reduce((sum, { bytes }) => sum + bytes, 0),
      wasm: Number((await element.engine?.stats())?.heap_system_bytes ?? 0),
      workers: breakdown.filter(({ attribution }) =>
        attribution.some(({ scope }) => scope.includes('Worker'))).length,
    };
  });
  const { nodes, jsEventListeners } = await page.send('Memory.getDOMCounters');
  return {
    heap, wasm, resident: rendererMemory().own, workers, nodes, listeners: jsEventListeners,
  };
}
