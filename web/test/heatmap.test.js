// <spike-heatmap> as its reader uses it: with the mouse, the keyboard and a finger. Its counts are
// made here, because a model of three layers fills no picture.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CELL_WIDTH } from '../heatmap/plot.js';
import { withEngine } from './harness.mjs';

/** @import { Page } from 'playwright-core' */

/** @typedef {{type: string, detail: unknown}} Told an event of the element */

const LAYERS = 30;

/**
 * Puts a heatmap into an empty page, and writes down what it tells.
 * @param {Page} page
 * @param {number} columns
 */
async function open(page, columns) {
  await page.evaluate(async ([layers, length]) => {
    const address = '/spike-heatmap.js';
    await import(address);
    const heatmap = document.createElement('spike-heatmap');
    /** @type {Told[]} */
    const told = [];
    for (const type of /** @type {const} */ (['spike-column', 'spike-select']))
      heatmap.addEventListener(type, ({ detail }) => told.push({ type, detail }));
    const populations = [
      { name: 'qkv', neurons: 576, fan_out: 960 },
      { name: 'attn_out', neurons: 576, fan_out: 576 },
      { name: 'gate_up', neurons: 576, fan_out: 3072 },
      { name: 'down', neurons: 1536, fan_out: 576 },
    ];
    /** @param {number} position */
    const spikesAt = (position) => {
      const counts = (/** @type {number} */ share) =>
        Array.from({ length: 4 * layers }, (_, i) =>
          Math.round(populations[i % 4].neurons * share * (1 + Math.sin(position * 7 + i)) / 2));
      return {
        populations, layers, position,
        active: counts(1), strong: counts(0.3), spikes: counts(4), executed: counts(5),
        levels: counts(20), look_back: { spikes: 100, operations: 1000, dense: 10000 },
      };
    };
    const push = (/** @type {number} */ n) => {
      for (; n > 0; n--) heatmap.push(` word${heatmap.length}`, spikesAt(heatmap.length));
    };
    Object.assign(window, { heatmap, told, push });
    document.body.append(heatmap);
    push(length);
  }, [LAYERS, columns]);
  await page.locator('spike-heatmap canvas').first().waitFor();
}

/**
 * @param {Page} page
 * @returns {Promise<Told[]>} what was told since this was last asked
 */
const told = (page) => page.evaluate(() =>
  /** @type {{told: Told[]}} */ (/** @type {unknown} */ (window)).told.splice(0));

/**
 * @param {Page} page
 * @returns {Promise<unknown>} the only cell that was chosen since this was last asked
 */
async function chosen(page) {
  const all = (await told(page)).filter(({ type }) => type === 'spike-select');
  assert.equal(all.length, 1, JSON.stringify(all));
  return all[0].detail;
}

test('a cell is chosen by a click and by Enter', () => withEngine(async (page) => {
  await open(page, 20);
  const plot = page.getByRole('group', { name: /arrow keys/i });
  await plot.click({ position: { x: 4 * CELL_WIDTH + 3, y: 3 } });
  assert.deepEqual(await chosen(page), { column: 4, layer: LAYERS - 1, population: null });
  await page.locator('spike-heatmap #population').selectOption('down');
  await page.mouse.move(1, 1);
  await told(page);
  await plot.focus();
  for (const key of ['Home', 'Home', 'ArrowRight', 'ArrowUp', 'Enter'])
    await page.keyboard.press(key);
  assert.deepEqual(await chosen(page), { column: 1, layer: 1, population: 'down' });
  await page.keyboard.press('Escape');
  assert.deepEqual(await told(page), [{ type: 'spike-column', detail: { column: null } }]);
  await page.keyboard.press('Enter');
  assert.deepEqual(await told(page), [{ type: 'spike-column', detail: { column: 19 } }],
    'where no cell is lit, Enter shows one');
}));

test('a cell is chosen by a finger, which scrolls as well', () => withEngine(async (page) => {
  await open(page, 200);
  const plot = page.locator('spike-heatmap .viewport');
  await plot.tap({ position: { x: 5, y: 3 } });
  const { column, layer } = /** @type {any} */ (await chosen(page));
  assert.equal(layer, LAYERS - 1);
  assert.equal(column, await plot.evaluate(
    ({ scrollLeft }, width) => Math.floor((scrollLeft + 5) / width), CELL_WIDTH));
  assert.ok(await page.locator('spike-heatmap .tip').isVisible(), 'its figures stay');
}, { context: { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true } }));
