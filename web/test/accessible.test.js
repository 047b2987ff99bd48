// Each state of the page for everyone: what axe finds there, in light and in dark; the focus, sizes
// from a small phone to the largest screens, and forced colours.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { drawTheSame } from './browser.mjs';
import { browser, site } from './harness.mjs';
import { cutOff, smallTargets, unseenFocus } from './looks.mjs';
import { languages, opening, others, walk } from './states.mjs';
import { tinyGguf } from './tiny-gguf.mjs';

/** @import { BrowserContextOptions, Frame, Page } from 'playwright-core' */

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds in one frame.
 * @param {Frame} frame
 * @param {string[] | null} only these rules; null: all that are ready
 * @returns {Promise<string[]>}
 */
async function violations(frame, only) {
  if (!await frame.evaluate('"axe" in window')) await frame.evaluate(AXE);
  return frame.evaluate(async (rules) => {
    const { axe } = /** @type {any} */ (window);
    const { violations: found } = await axe.run(document, {
      iframes: false, // each by itself: nothing of axe passes between frames
      preload: false,
      resultTypes: ['violations'],
      ...(rules ? { runOnly: rules } : { rules: { 'target-size': { enabled: true } } }),
    });
    return found.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes.map(
      (/** @type {any} */ { target, any, all, none }) => `${target.flat().join(' ')} (${
        [...any, ...all, ...none].map(({ message }) => message).join('; ')})`).join(', ')}`);
  }, only);
}

/** Waits for what a change of colours brings about: pictures hear of it by a transition. */
const settled = async () => {
  for (let frame = 0; frame < 3; frame++)
    await new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve, 10)); });
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
};

/** @param {Page} page */
async function lookAt(page) {
  /** @type {string[]} */
  const found = [];
  const frames = page.frames().filter((frame) => !frame.url().includes('/embed/engine/'));
  for (const scheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.evaluate(settled);
    for (const frame of frames) {
      // A scheme changes colours alone.
      const rules = scheme === 'dark' ? ['color-contrast', 'link-in-text-block'] : null;
      const here = await violations(frame, rules);
      found.push(...here.map((one) => `${scheme}: ${one}`));
    }
  }
  return found;
}

/** Where the focus is not seen, also in forced colours. @param {Page} page */
async function focusRings(page) {
  const found = await page.evaluate(unseenFocus);
  await page.emulateMedia({ forcedColors: 'active' });
  const forced = await page.evaluate(unseenFocus);
  await page.emulateMedia({ forcedColors: 'none' });
  return [...found, ...forced.map((one) => `forced colours: ${one}`)];
}

/** A small phone; one on its side, or a window made twice as large; the largest screens. */
const SIZES = [[320, 640], [640, 390], [3840, 2160]]
  .map(([width, height]) => ({ width, height }));

/** What a reader may set who reads better so, and nothing may be lost (WCAG 1.4.12). */
const SPACED = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`;

/**
 * Goes through states, with a look at each.
 * @param {{states: typeof walk, context: BrowserContextOptions,
 *   look: (page: Page) => Promise<string[]>}} how
 */
async function through({ states, context: options, look }) {
  const context = await browser.newContext(options);
  await drawTheSame(context);
  const page = await context.newPage();
  await page.goto(`${site.url}/?model=tiny`);
  /** @type {string[]} */
  const found = [];
  let seen = 0;
  await states(page, async (state) => {
    seen++;
    found.push(...(await look(page)).map((one) => `${state}: ${one}`));
  });
  await context.close();
  assert.equal(found.length, 0, found.join('\n'));
  assert.ok(seen >= 8, `${seen} states`);
}

test('axe finds nothing in a chat, and the focus is seen on every control', () => through({
  states: walk,
  context: { viewport: { width: 1280, height: 780 } },
  look: async (page) => [...await lookAt(page), ...await focusRings(page)],
}));

test('axe finds nothing in other languages, and in the other pages', () => through({
  states: async (page, picture) => {
    await languages(page, picture);
    await page.reload();
    await others(page, picture);
  },
  context: { viewport: { width: 1280, height: 780 } },
  look: lookAt,
}));

/** With the tiny model's file. @type {typeof walk} */
async function openingTiny(page, picture) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-gguf-'));
  try {
    const file = path.join(folder, 'tiny.gguf');
    fs.writeFileSync(file, tinyGguf());
    await opening(page, picture, file);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

test('axe finds nothing while a file becomes a model, and the focus is seen', () => through({
  states: openingTiny,
  context: { viewport: { width: 1280, height: 780 } },
  look: async (page) => [...await lookAt(page), ...await focusRings(page)],
}));

/** At each size. @param {Page} page */
async function sizes(page) {
  /** @type {string[]} */
  const found = [];
  for (const size of SIZES) {
    await page.setViewportSize(size);
    if (size === SIZES[0]) {
      const spaced = await page.evaluate(cutOff, SPACED);
      found.push(...spaced.map((fault) => `with more space in the text: ${fault}`));
    }
    const faults = [...await page.evaluate(cutOff, ''), ...await page.evaluate(smallTargets)];
    found.push(...faults.map((fault) => `${size.width} x ${size.height}: ${fault}`));
  }
  await page.setViewportSize(SIZES[0]);
  return found;
}

for (const [when, states] of /** @type {[string, typeof walk][]} */ (
  [['', walk], [', while a file becomes a model', openingTiny]])) {
  test(`at every size nothing is cut off, and controls are large enough for a finger${when}`, () =>
    through({
      states,
      context: { viewport: SIZES[0], hasTouch: true, isMobile: true },
      look: sizes,
    }));
}

/**
 * What has the focus: a name for it, through open shadow roots.
 * @param {Page} page
 * @returns {Promise<string>}
 */
const focused = (page) => page.evaluate(() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element || element === document.body) return 'the page';
  const label = /** @type {HTMLInputElement} */ (element).labels?.[0]?.textContent;
  return element.getAttribute('aria-label') ?? label ?? (element.textContent?.trim() ?? '');
});

/**
 * Presses a key until the focus is back where it was.
 * @param {Page} page
 * @param {string} key
 */
async function round(page, key) {
  const first = await focused(page);
  const names = [first];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press(key);
    const name = await focused(page);
    if (name === first) return names;
    // Round the browser's own controls, or not.
    if (name !== 'the page') names.push(name);
  }
  assert.fail(`the focus does not come back: ${names.join(' > ')}`);
}

test('the Tab key goes through the whole page, both ways, and out of every panel', async () => {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  await drawTheSame(context);
  const page = await context.newPage();
  await page.goto(`${site.url}/?model=tiny`);
  await page.evaluate(() => document.querySelector('spike-chat')?.setAttribute('max-tokens', '4'));
  const press = (/** @type {string[]} */ ...keys) => keys.reduce(
    (before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const within = (/** @type {string[]} */ names, /** @type {string[]} */ wanted) =>
    assert.deepEqual(names.filter((name) => wanted.includes(name)), wanted, names.join(' > '));

  // Before anything: the head, the examples, the model, the text box, the picture.
  await page.getByRole('button', { name: /^Download/ }).waitFor();
  await press('Tab');
  const order = await round(page, 'Tab');
  within(order, ['Chats', 'New chat', 'Settings', 'Conversation', 'What is a neuron?',
    'Download 0.2 MB and start', 'Your message', 'Measure', 'Population',
    'How this is counted']);
  const back = await round(page, 'Shift+Tab');
  assert.deepEqual(back.slice(1).reverse(), order.slice(1), 'the same way back');

  // All of a chat without a pointer.
  await page.getByRole('button', { name: 'What is a neuron?' }).focus();
  await press('Enter');
  assert.equal(await focused(page), 'Download 0.2 MB and start', 'what has to be pressed next');
  await press('Enter');
  await page.getByRole('button', { name: 'Another answer' }).waitFor();
  assert.equal(await focused(page), 'Your message');
  within(await round(page, 'Tab'), ['Measure', 'Population', 'How this is counted', 'Chats',
    'New chat', 'Settings', 'Conversation', 'Edit', 'Copy', 'Another answer']);

  // A panel of the head: the button has the focus again when it closes, and Tab leaves it.
  for (const [name, inside] of [['Settings', 'Details'], ['Chats', 'Save as JSON']]) {
    const button = page.getByRole('button', { name, exact: true });
    await button.focus();
    await press('Enter');
    await page.locator('.popup:visible').getByText(inside, { exact: true }).first().waitFor();
    const through = await round(page, 'Tab');
    assert.ok(through.includes(inside) && through.includes('Your message'), through.join(' > '));
    await press('Tab');
    await press('Escape');
    assert.equal(await focused(page), name);
    assert.equal(await button.getAttribute('aria-expanded'), 'false');
  }

  // Editing gives the focus back to its button; and nothing moves by itself.
  await page.getByRole('button', { name: 'Edit' }).focus();
  await press('Enter');
  assert.equal(await focused(page), 'Your question');
  await press('Escape');
  assert.equal(await focused(page), 'Edit');
  const moving = await page.evaluate(() => document.getAnimations()
    .filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 50).length);
  assert.equal(moving, 0);
  await context.close();
});
