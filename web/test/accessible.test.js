// What axe-core finds in each state of the page: nothing, in light and in dark.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch } from './browser.mjs';
import { DIST } from './harness.mjs';
import { serve } from './server.mjs';
import { others, walk } from './states.mjs';

/** @import { Browser, Frame, Page } from 'playwright-core' */
/** @import { Site } from './server.mjs' */

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
      resultTypes: ['violations'],
      ...(rules ? { runOnly: rules } : { rules: { 'target-size': { enabled: true } } }),
    });
    return found.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes.map(
      (/** @type {any} */ { target, any, all, none }) => `${target.flat().join(' ')} (${
        [...any, ...all, ...none].map(({ message }) => message).join('; ')})`).join(', ')}`);
  }, only);
}

/** Waits for what a change of colours brings about: the heatmap hears of it by a transition. */
const settled = () => new Promise((resolve) => { setTimeout(resolve, 60); });

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

/** @type {Site} */
let site;
/** @type {Browser} */
let browser;
before(async () => {
  site = await serve(DIST);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

for (const [name, states, viewport] of /** @type {const} */ ([
  ['a chat', walk, { width: 1280, height: 780 }],
  ['a chat on a narrow page', walk, { width: 360, height: 740 }],
  ['other pages', others, { width: 1280, height: 780 }],
])) {
  test(`axe finds nothing: ${name}`, async () => {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    await page.goto(`${site.url}/?model=tiny`);
    /** @type {string[]} */
    const found = [];
    let seen = 0;
    await states(page, async (state) => {
      seen++;
      found.push(...(await lookAt(page)).map((one) => `${state}, ${one}`));
    });
    await context.close();
    assert.deepEqual(found, []);
    assert.ok(seen >= 8, `${seen} states`);
  });
}
