// <spike-heatmap> as its reader uses it: with the mouse, the keyboard and a finger. Its counts are
// made here, because a model of three layers fills no picture.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { COLORS } from '../heatmap/colors.js';
import { CELL_WIDTH } from '../heatmap/plot.js';
import { TINY, inPage, withEngine } from './harness.mjs';

/** @import { Download, Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */
/** @import { SpikeHeatmap } from '../heatmap/element.js' */

/** @typedef {{type: string, detail: unknown}} Told an event of the element */
/**
 * @typedef {object} Bench what the page keeps
 * @property {SpikeHeatmap} heatmap
 * @property {Told[]} told
 * @property {number} drawn pictures drawn
 * @property {(n: number, text?: string) => void} push
 */

const LAYERS = 30;

/**
 * Puts a heatmap into an empty page, and writes down what it tells and draws.
 * @param {Page} page
 * @param {number} columns
 */
async function open(page, columns) {
  await page.evaluate(async ([layers, length]) => {
    const { drawImage } = CanvasRenderingContext2D.prototype;
    /** @type {Bench} */
    const bench = /** @type {any} */ (window);
    bench.drawn = 0;
    CanvasRenderingContext2D.prototype.drawImage = function (/** @type {any[]} */ ...all) {
      bench.drawn++;
      return Reflect.apply(drawImage, this, all);
    };
    const address = '/spike-heatmap.js';
    await import(address);
    const heatmap = document.createElement('spike-heatmap');
    bench.heatmap = heatmap;
    bench.told = [];
    for (const type of /** @type {const} */ (['spike-column', 'spike-select']))
      heatmap.addEventListener(type, ({ detail }) => bench.told.push({ type, detail }));
    const populations = [
      { name: 'qkv', neurons: 576, fan_out: 960 },
      { name: 'attn_out', neurons: 576, fan_out: 576 },
      { name: 'gate_up', neurons: 576, fan_out: 3072 },
      { name: 'down', neurons: 1536, fan_out: 576 },
    ];
    const kept = ['keys', 'values'].map((name) => ({ name, neurons: 192, fan_out: 3 }));
    /** @param {number} position */
    const spikesAt = (position) => {
      const counts = (/** @type {number} */ share, of = populations) =>
        Array.from({ length: of.length * layers }, (_, i) =>
          Math.round(of[i % of.length].neurons * share * (1 + 0.04 * Math.sin(position * 7 + i))));
      return {
        populations, layers, position,
        active: counts(0.8), strong: counts(0.2), spikes: counts(2), executed: counts(5),
        levels: counts(20), look_back: { spikes: 100, operations: 1000, dense: 10000 },
        cache: {
          populations: kept, active: counts(0.7, kept), strong: counts(0.1, kept),
          spikes: counts(1.5, kept),
        },
      };
    };
    bench.push = (n, text) => {
      for (; n > 0; n--)
        heatmap.push(text ?? ` word${heatmap.length}`, spikesAt(heatmap.length));
    };
    document.body.append(heatmap);
    bench.push(length);
  }, [LAYERS, columns]);
  await page.locator('spike-heatmap .viewport canvas').waitFor();
  await settled(page);
}

/** Until all that is wanted is drawn. @param {Page} page */
const settled = (page) => page.evaluate(() => new Promise((resolve) => {
  setTimeout(() => requestAnimationFrame(() => setTimeout(resolve)), 100);
}));

/**
 * @param {Page} page
 * @returns {Promise<Told[]>} what was told since this was last asked
 */
const told = (page) => page.evaluate(() =>
  /** @type {Bench} */ (/** @type {unknown} */ (window)).told.splice(0));

/**
 * @param {Page} page
 * @returns {Promise<unknown>} the only cell that was chosen since this was last asked
 */
async function chosen(page) {
  const all = (await told(page)).filter(({ type }) => type === 'spike-select');
  assert.equal(all.length, 1, JSON.stringify(all));
  return all[0].detail;
}

/** @param {Page} page @param {number} n @param {string} [text] */
const push = (page, n, text) => page.evaluate(([more, word]) =>
  /** @type {Bench} */ (/** @type {unknown} */ (window)).push(Number(more), word),
/** @type {[number, string | undefined]} */ ([n, text]));

/**
 * How many pictures are drawn meanwhile.
 * @param {Page} page
 * @param {() => Promise<unknown>} work
 */
async function drawings(page, work) {
  const count = () => page.evaluate(() =>
    /** @type {Bench} */ (/** @type {unknown} */ (window)).drawn);
  await settled(page);
  const before = await count();
  await work();
  await settled(page);
  return await count() - before;
}

/** @param {Page} page */
const plotOf = (page) => page.getByRole('group', { name: /arrow keys/i });
/** @param {Page} page */
const tipOf = (page) => page.locator('spike-heatmap .tip');

/**
 * @param {Page} page
 * @param {string} name of a button
 * @returns {Promise<Download>}
 */
async function saved(page, name) {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name }).click();
  return download;
}

/**
 * The colours that are drawn in the middle of a row of cells.
 * @param {Page} page
 * @param {number} columns
 * @returns {Promise<string[]>}
 */
async function colors(page, columns) {
  await settled(page);
  return plotOf(page).locator('canvas').evaluate((element, [count, width]) => {
    const canvas = /** @type {HTMLCanvasElement} */ (element);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    const y = Math.round(100 * devicePixelRatio);
    return Array.from({ length: count }, (_, column) => {
      const x = Math.round((column + 0.5) * width * devicePixelRatio);
      const [r, g, b] = context.getImageData(x, y, 1, 1).data;
      return `#${[r, g, b].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    });
  }, [columns, CELL_WIDTH]);
}

test('with a mouse', () => withEngine(async (page) => {
  await open(page, 20);
  const plot = plotOf(page);
  await plot.hover({ position: { x: 4 * CELL_WIDTH + 3, y: 3 } });
  assert.deepEqual(await told(page), [{ type: 'spike-column', detail: { column: 4 } }]);
  assert.match(await tipOf(page).innerText(), /^word4\s+token 5, layer 29\s+More spikes than/);
  await plot.click({ position: { x: 4 * CELL_WIDTH + 3, y: 3 } });
  assert.deepEqual(await chosen(page), { column: 4, layer: LAYERS - 1, population: null });
  await page.locator('spike-heatmap #population').selectOption('down');
  await plot.click({ position: { x: 2, y: 3 } });
  assert.deepEqual(await chosen(page), { column: 0, layer: LAYERS - 1, population: 'down' });
  await plot.click({ position: { x: 25 * CELL_WIDTH, y: 3 } });
  assert.deepEqual(await told(page), [{ type: 'spike-column', detail: { column: null } }],
    'beside all tokens there is nothing to choose');
  assert.ok(await tipOf(page).isHidden());

  // Every measure has its colours, its sentence and its scale; a population has its own.
  /** @type {string[]} */
  const pictures = [];
  const notes = new Set();
  for (const measure of ['unusual', 'spikes', 'active', 'operations', 'strong']) {
    await page.getByLabel('Measure').selectOption(measure);
    const cells = await colors(page, 20);
    for (const color of cells) assert.ok(COLORS.includes(color), `${measure}: ${color}`);
    assert.ok(new Set(cells).size > 3, `${measure}: ${cells}`);
    pictures.push(cells.join());
    notes.add(await page.locator('spike-heatmap .note').first().innerText());
    assert.equal(await page.locator('spike-heatmap .numbers span').first().innerText(),
      ['spikes', 'operations'].includes(measure) ? '0' : '0%');
    assert.equal(await page.locator('spike-heatmap .ends span').count(), 2);
  }
  // Of one population operations are spikes, each times the same number.
  assert.equal(new Set(pictures).size, 4);
  assert.equal(notes.size, 5);
  await page.getByLabel('Measure').selectOption('spikes');
  for (const population of ['Keys kept', 'Values kept', 'All populations']) {
    await page.getByLabel('Population').selectOption(population);
    pictures.push((await colors(page, 20)).join());
  }
  assert.equal(new Set(pictures).size, 7, 'populations do not differ');

  // What is usual can be said: then the sentence is another, and so are the colours.
  await page.getByLabel('Measure').selectOption('unusual');
  const note = page.locator('spike-heatmap .note').first();
  assert.match(await note.innerText(), /lately/);
  await page.evaluate(() => {
    const { heatmap } = /** @type {Bench} */ (/** @type {unknown} */ (window));
    heatmap.usual = { spikes: Array(120).fill(1e9) };
  });
  assert.deepEqual(await colors(page, 20), Array(20).fill(COLORS[0]), 'far fewer than usual');
  assert.match(await note.innerText(), /usually/);
}, { context: { viewport: { width: 400, height: 700 } } }));

test('with keys alone', () => withEngine(async (page) => {
  await open(page, 100);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  const plot = plotOf(page);
  assert.ok(await plot.evaluate((element) => element.matches(':focus-visible')));
  assert.match(await tipOf(page).innerText(), /token 100, layer 0/, 'figures come with the focus');
  const spoken = page.locator('spike-heatmap [aria-live=polite]').first();
  for (const [keys, column, layer] of /** @type {[string[], number, number][]} */ ([
    [['ArrowLeft', 'ArrowUp'], 98, 1], [['Home'], 0, 1], [['ArrowLeft', 'ArrowRight'], 1, 1],
    [['Control+End'], 99, 29], [['ArrowUp', 'ArrowDown'], 99, 28], [['Control+Home'], 0, 0],
  ])) {
    for (const key of keys) await page.keyboard.press(key);
    const place = `token ${column + 1}, layer ${layer}`;
    assert.ok((await tipOf(page).innerText()).includes(place), `${keys}: ${place}`);
    assert.ok((await spoken.innerText()).startsWith(
      `Token ${column + 1}, " word${column}", layer ${layer}: `), await spoken.innerText());
    await told(page);
    await page.keyboard.press('Enter');
    assert.deepEqual(await chosen(page), { column, layer, population: null });
    const box = await tipOf(page).boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= 1280, 'the figures are in view');
  }
  await page.keyboard.press('PageDown');
  assert.match(await tipOf(page).innerText(), /token 9\d|token 100|token 1\d\d/);
  await told(page);
  await page.keyboard.press('Escape');
  assert.deepEqual(await told(page), [{ type: 'spike-column', detail: { column: null } }]);
  assert.ok(await tipOf(page).isHidden());
  await page.keyboard.press('Enter');
  assert.deepEqual(await told(page), [{ type: 'spike-column', detail: { column: 99 } }],
    'where no cell is lit, Enter shows one');
  await page.keyboard.press('Tab');
  assert.ok(await tipOf(page).isHidden(), 'it leaves with the focus');

  // The table has every figure that the picture has.
  assert.equal(await page.evaluate(() => /** @type {Bench} */ (/** @type {unknown} */ (window))
    .heatmap.shadowRoot?.activeElement?.textContent), 'Show as table');
  await page.keyboard.press('Enter');
  const table = page.getByRole('table', { name: 'More spikes than usual, All populations' });
  await table.waitFor();
  assert.equal(await table.getByRole('columnheader').count(), LAYERS + 1);
  assert.equal(await table.getByRole('rowheader').count(), 16);
  assert.equal(await table.getByRole('rowheader').last().innerText(), '100 word99');
  assert.equal(await table.getByRole('cell').count(), 16 * LAYERS);
  await page.getByRole('button', { name: 'Earlier' }).press('Enter');
  await page.getByText('Tokens 69 to 84 of 100').waitFor();
  await push(page, 30);
  await page.getByText('Tokens 69 to 84 of 130').waitFor();
  await page.getByRole('button', { name: 'Later' }).press('Enter');
  await page.getByText('Tokens 85 to 100 of 130').waitFor();
  await page.getByLabel('Measure').selectOption('active');
  await page.getByRole('table', { name: 'Neurons away from rest' }).waitFor();
  await page.getByText('Tokens 85 to 100 of 130').waitFor();
  const [first] = await page.getByRole('cell').allInnerTexts();
  assert.match(first, /^\d+\.\d%$/);
  await page.getByRole('rowheader').first().hover();
  assert.deepEqual((await told(page)).at(-1), { type: 'spike-column', detail: { column: 84 } });
  assert.equal(await page.locator('spike-heatmap tr.lit').count(), 1);
  await page.getByRole('button', { name: 'Hide table' }).press('Enter');
  assert.equal(await page.getByRole('table').count(), 0);
  await page.locator('spike-heatmap #summary').filter({ hasText: /^130 tokens, 30 layers\. On/ })
    .waitFor({ state: 'attached' });
}));

test('with a finger, which scrolls as well', () => withEngine(async (page) => {
  await page.setContent('<!doctype html><meta name="viewport" content="width=device-width">');
  await open(page, 200);
  const plot = plotOf(page);
  await plot.tap({ position: { x: 5, y: 3 } });
  const { column, layer } = /** @type {any} */ (await chosen(page));
  assert.equal(layer, LAYERS - 1);
  assert.equal(column, await plot.evaluate(
    ({ scrollLeft }, width) => Math.floor((scrollLeft + 5) / width), CELL_WIDTH));
  assert.ok(await tipOf(page).isVisible(), 'its figures stay');
  const box = await tipOf(page).boundingBox();
  assert.ok(box && box.x >= 0 && box.x + box.width <= 320, JSON.stringify(box));
  for (const button of await page.locator('spike-heatmap :is(button, select)').all()) {
    const size = await button.boundingBox();
    assert.ok(size && size.height >= 44 && size.width >= 44, JSON.stringify(size));
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(wide, 320, 'nothing hangs out');

  // A finger that moves scrolls, and chooses nothing.
  const place = await plot.boundingBox();
  assert.ok(place);
  await told(page);
  const touch = await page.context().newCDPSession(page);
  const at = (/** @type {number} */ x) => [{ x, y: place.y + 50 }];
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(100) });
  for (let x = 110; x <= 250; x += 10)
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(x) });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await settled(page);
  assert.ok(await plot.evaluate(({ scrollLeft, scrollWidth, clientWidth }) =>
    scrollLeft < scrollWidth - clientWidth - 50), 'it has not scrolled');
  assert.deepEqual((await told(page)).filter(({ type }) => type === 'spike-select'), []);
}, { context: {
  viewport: { width: 320, height: 800 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2.625,
} }));

test('files hold all of it', () => withEngine(async (page) => {
  await open(page, 1);
  await push(page, 1, '=1+1;"\n');
  await push(page, 698);
  const picture = await saved(page, 'Save picture');
  assert.equal(picture.suggestedFilename(), 'spikes.png');
  const png = fs.readFileSync(await picture.path());
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  // 700 tokens, too many to be drawn twice as fine.
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)],
    [48 + 700 * 11 + 24, 104 + 30 * 12 + 28]);
  const figures = await saved(page, 'Save figures');
  assert.equal(figures.suggestedFilename(), 'spikes.csv');
  const lines = fs.readFileSync(await figures.path(), 'utf8').trimEnd().split('\r\n');
  assert.equal(lines.length, 1 + 700 * LAYERS * 6);
  assert.ok(lines[1 + LAYERS * 6].startsWith('1,2,"""=1+1\\u003b\\""\\n""",1,0,qkv,576,960,'),
    lines[1 + LAYERS * 6]);
}));

test('it is drawn at most thirty times a second, and never where nobody sees it', () =>
  withEngine(async (page) => {
    await open(page, 50);
    const stream = (/** @type {number} */ ms) => page.evaluate((time) => new Promise((resolve) => {
      const { push: more } = /** @type {Bench} */ (/** @type {unknown} */ (window));
      const end = performance.now() + time;
      const timer = setInterval(() => {
        more(1);
        if (performance.now() > end) resolve(clearInterval(timer));
      }, 4);
    }), ms);
    const seen = await drawings(page, () => stream(600));
    assert.ok(seen >= 3 && seen <= 0.8 * 30 + 1, `${seen} drawings in at most 0.8 s`);
    assert.equal(await drawings(page, () => settled(page)), 0, 'where nothing changes');

    const hide = (/** @type {string} */ css) => page.evaluate((style) => {
      const { heatmap } = /** @type {Bench} */ (/** @type {unknown} */ (window));
      heatmap.style.cssText = style;
    }, css);
    for (const css of ['display: none', 'position: absolute; top: 5000px']) {
      await hide(css);
      assert.equal(await drawings(page, () => stream(200)), 0, css);
      assert.ok(await drawings(page, () => hide('')) >= 1, `and again without ${css}`);
    }
    const hidden = (/** @type {boolean} */ now) => page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, now);
    await hidden(true);
    assert.equal(await drawings(page, () => stream(200)), 0, 'in a page behind others');
    assert.ok(await drawings(page, () => hidden(false)) >= 1);
  }));

test('in the chat every column has its word, and all of it can be turned off', () =>
  inPage(async (page) => {
    /** @param {string} question */
    const ask = (question) => page.evaluate(async ([text, model]) => {
      await customElements.whenDefined('spike-heatmap');
      const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
      Object.assign(chat, { model, maxTokens: 40, seed: 3 });
      await chat.start();
      await chat.send(text);
      const root = /** @type {ShadowRoot} */ (chat.shadowRoot);
      const heatmap = /** @type {SpikeHeatmap} */ (root.querySelector('spike-heatmap'));
      const { length } = heatmap;
      const unlit = Array.from({ length }, (_, column) => {
        heatmap.dispatchEvent(new CustomEvent('spike-column', { detail: { column } }));
        return root.querySelectorAll('.text .lit').length === 1 ? null : column;
      }).filter((column) => column !== null);
      return { length, unlit };
    }, [question, TINY]);
    const first = await ask('Hello');
    assert.deepEqual(first, { length: 40, unlit: [] });
    const log = page.getByRole('log');
    const narrow = (await log.boundingBox())?.width ?? 0;
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Show what the neurons do').uncheck();
    await page.keyboard.press('Escape');
    assert.ok(await page.locator('spike-heatmap').isHidden());
    assert.ok(((await log.boundingBox())?.width ?? 0) > narrow, 'the words have the room');
    assert.equal((await ask('And now')).length, 40, 'no token has come');
    await page.reload();
    assert.equal((await ask('Again')).length, 0, 'it is off in the next visit too');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Show what the neurons do').check();
    await page.keyboard.press('Escape');
    assert.ok(await page.locator('spike-heatmap').isVisible());
    assert.equal((await ask('And again')).length, 40);
  }));

test('2,048 columns do not hold the page up', () => withEngine(async (page) => {
  await open(page, 0);
  const slow = await page.evaluate(async () => {
    const { push: more, heatmap } = /** @type {Bench} */ (/** @type {unknown} */ (window));
    const wait = (/** @type {number} */ ms) =>
      new Promise((resolve) => { setTimeout(resolve, ms); });
    let long = 0;
    new PerformanceObserver((list) => { long += list.getEntries().length; })
      .observe({ type: 'longtask' });
    const button = (/** @type {number} */ n) => heatmap.shadowRoot?.querySelectorAll('button')[n];
    for (let i = 0; i < 64; i++) {
      more(32);
      await wait(5);
    }
    button(0)?.click();
    await wait(200);
    /** @type {string[]} */
    const held = [];
    let turn = 0;
    for (const [name, work] of /** @type {[string, () => void][]} */ ([
      ['another column', () => more(1)],
      ['a measure', () => { heatmap.measure = turn % 2 ? 'spikes' : 'unusual'; }],
      ['a population', () => { heatmap.population = turn % 2 ? 'down' : 'all'; }],
      ['what is usual', () => { heatmap.usual = { spikes: Array(120).fill(turn) }; }],
      ['a column lit', () => heatmap.highlight(turn)],
      ['a page of the table', () => button(3)?.click()],
    ])) {
      // A machine that is busy with something else holds any page up: one run of nine is enough.
      let free = false;
      for (turn = 1; turn <= 9 && !free; turn++) {
        await wait(50);
        long = 0;
        work();
        await wait(150);
        free = long === 0;
      }
      if (!free) held.push(name);
    }
    return { held, length: heatmap.length };
  });
  assert.ok(slow.length > 2048);
  assert.deepEqual(slow.held, [], 'tasks of 50 ms and more');
}));
