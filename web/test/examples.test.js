// The pages of web/examples, on a site that is not the product's: in each a question is answered,
// and nothing else happens, whatever the browser lets a frame of another site keep.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launchProfile } from './browser.mjs';
import { serveExamples, serveProduct } from './examples.mjs';
import { DIST } from './harness.mjs';

/** @import { BrowserContext, Frame, Page } from 'playwright-core' */
/** @import { Site } from './server.mjs' */

/**
 * Profiles of the browser: the first two are what browsers come with, and the third what a reader
 * may have chosen. `kept` are the words about the model.
 * @type {Record<string, {preferences: object, kept: RegExp}>}
 */
const WAYS = {
  'storage partitioned': {
    preferences: { profile: { cookie_controls_mode: 0 } }, kept: /Keep it for this site/,
  },
  'storage partitioned, cookies of other sites blocked': {
    preferences: { profile: { cookie_controls_mode: 1 } }, kept: /Keep it for this site/,
  },
  'storage blocked': {
    preferences: { profile: { default_content_setting_values: { cookies: 2 } } },
    kept: /Not kept/,
  },
};

const QUESTION = 'What is a neuron?';

/** Lets the answers be short. @param {Page | Frame} page */
const shorten = (page) => page.locator('spike-chat').evaluateAll((chats) => {
  for (const chat of chats) chat.setAttribute('max-tokens', '8');
});

/**
 * As a reader does it: consents, asks, and sees the answer.
 * @param {Page | Frame} page
 * @param {number} [index] of the chat
 */
async function askByHand(page, index = 0) {
  const chat = page.locator('spike-chat').nth(index);
  await shorten(page);
  const inside = chat.locator('iframe').contentFrame();
  await inside.getByRole('button', { name: /^(Download|Start)/ }).click();
  await inside.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
  await inside.getByRole('textbox', { name: 'Your message' }).fill(QUESTION);
  await inside.getByRole('button', { name: 'Send' }).click();
  await inside.locator('.message.model .text').filter({ hasText: /\S/ }).waitFor();
  await answered(page, index);
}

/**
 * As the page's own script does it.
 * @param {Page | Frame} page
 * @param {number} [index] of the chat
 */
async function askByCall(page, index = 0) {
  await shorten(page);
  const given = await page.locator('spike-chat').nth(index).evaluate(async (element, question) => {
    const chat = /** @type {any} */ (element);
    await chat.start();
    return chat.send(question);
  }, QUESTION);
  assert.equal(given.role, 'assistant');
  await answered(page, index);
}

/** Waits until the page around has the answer. @param {Page | Frame} page @param {number} index */
async function answered(page, index) {
  await page.waitForFunction((place) => {
    const chat = /** @type {any} */ (document.querySelectorAll('spike-chat')[place]);
    return chat.messages.length === 2;
  }, index);
  const messages = await page.locator('spike-chat').nth(index)
    .evaluate((chat) => /** @type {any} */ (chat).messages);
  assert.deepEqual(messages[0], { role: 'user', content: QUESTION });
  assert.equal(messages[1].role, 'assistant');
  assert.match(messages[1].content, /\S/);
}

/** What the policies of a page let it do itself. @param {Page} page */
const allowed = (page) => page.evaluate(() => {
  const script = document.createElement('script');
  const { dataset } = document.documentElement;
  /** @type {string[]} */
  const found = [];
  try {
    script.textContent = 'document.documentElement.dataset.ran = 1';
    document.head.append(script);
    if (dataset.ran) found.push('inline scripts');
    document.createElement('p').innerHTML = '<b>x</b>';
    found.push('HTML of a text');
  } catch {
    // Trusted Types throw.
  }
  return found;
});

/**
 * @typedef {object} Example
 * @property {string} at the page's path
 * @property {(page: Page, kept: RegExp) => Promise<void>} ask
 * @property {Record<string, string>} [headers]
 * @property {RegExp} [globals] of the page's own framework
 * @property {RegExp} [errors] of what the test itself tries
 */
/** @type {Record<string, Example>} */
const EXAMPLES = {
  plain: {
    at: '/plain.html',
    // The first of all, so that nothing is kept yet.
    async ask(page, kept) {
      await page.locator('spike-chat iframe').contentFrame()
        .locator('.loader').filter({ hasText: kept }).waitFor();
      await askByHand(page);
    },
  },
  'strict policy': {
    at: '/strict-policy.html',
    errors: /^Executing inline script violates/,
    async ask(page) {
      assert.deepEqual(await allowed(page), ['HTML of a text']);
      await askByHand(page);
    },
  },
  isolated: {
    at: '/isolated.html',
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp',
    },
    async ask(page) {
      assert.ok(await page.evaluate(() => crossOriginIsolated));
      await askByHand(page);
      assert.equal(await page.locator('spike-chat').evaluate((chat) =>
        /** @type {any} */ (chat).engine.info.threads), 2);
    },
  },
  'Trusted Types': {
    at: '/trusted-types.html',
    errors: /requires '?Trusted(HTML|Script)'? assignment/,
    async ask(page) {
      assert.deepEqual(await allowed(page), []);
      await askByHand(page);
    },
  },
  sandboxed: {
    at: '/sandboxed.html',
    async ask(page) {
      const frame = await page.locator('iframe').elementHandle();
      const inside = await frame?.contentFrame();
      assert.ok(inside);
      await askByHand(inside);
    },
  },
  React: {
    at: '/react/',
    async ask(page) {
      await askByHand(page);
      await page.getByText('1 answers.').waitFor();
      await page.getByRole('button', { name: 'Begin anew' }).click();
      await page.waitForFunction(() =>
        /** @type {any} */ (document.querySelector('spike-chat')).messages.length === 0);
      await askByCall(page);
      await page.getByText('2 answers.').waitFor();
    },
  },
  Vue: {
    at: '/vue/',
    globals: /^__VUE/,
    async ask(page) {
      await askByHand(page);
      await page.getByText('1 answers.').waitFor();
      await page.getByRole('button', { name: 'Begin anew' }).click();
      await page.waitForFunction(() =>
        /** @type {any} */ (document.querySelector('spike-chat')).messages.length === 0);
      await askByCall(page);
      await page.getByText('2 answers.').waitFor();
    },
  },
  'two chats': {
    at: '/two.html',
    async ask(page) {
      await askByHand(page, 0);
      await askByCall(page, 1);
      assert.equal(page.workers().length, 1, 'they have one engine');
    },
  },
  bubble: {
    at: '/bubble.html',
    async ask(page) {
      assert.equal(page.frames().length, 1, 'nothing is there before it is opened');
      await page.locator('spike-chat').getByLabel('Chat').click();
      await askByHand(page);
      // On a phone the panel covers the button, and is closed from inside.
      const close = page.locator('spike-chat iframe').contentFrame()
        .getByRole('button', { name: 'Close' });
      for (const width of [320, 360, 390, 430]) {
        await page.setViewportSize({ width, height: 800 });
        const box = await close.boundingBox();
        assert.ok(box && box.x + box.width <= width, `at ${width} pixels it is cut off`);
      }
      await close.click();
      await page.locator('spike-chat iframe').waitFor({ state: 'hidden' });
    },
  },
  'the script alone': {
    at: '/auto.html',
    async ask(page) {
      await page.locator('spike-chat').getByLabel('Chat').click();
      const inside = page.locator('spike-chat iframe').contentFrame();
      await inside.locator('textarea[placeholder="Ask about spikes"]').waitFor();
      await askByHand(page);
    },
  },
  engine: {
    at: '/engine.html',
    async ask(page) {
      await page.getByRole('button', { name: /^Ask/ }).click();
      await page.locator('output').filter({ hasText: /\S/ }).waitFor();
      await page.locator('button:enabled').waitFor();
      assert.doesNotMatch(await page.locator('output').innerText(), /^[a-z_]+: /);
      const { max, value } = await page.locator('progress').evaluate((bar) => {
        const { max: most, value: now } = /** @type {HTMLProgressElement} */ (bar);
        return { max: most, value: now };
      });
      assert.ok(max > 1 && value === max, `${value} of ${max}`);
    },
  },
};

/** @type {Site} */
let product;
/** @type {Site} */
let host;
/** @type {string} */
let folder;

before(async () => {
  product = await serveProduct(DIST);
  host = await serveExamples(product.url, Object.fromEntries(
    Object.values(EXAMPLES).map(({ at, headers = {} }) => [at, headers])));
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-examples-'));
});

after(async () => {
  await product?.close();
  await host?.close();
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
});

/** Keeps, before any script of a page, the names that its window has. */
function rememberGlobals() {
  Object.defineProperty(
    document, Symbol.for('before'), { value: Object.getOwnPropertyNames(window) });
}

/** Names that the window has now and had not before; its frames are numbers. @param {Page} page */
const newGlobals = (page) => page.evaluate(() => {
  const before = /** @type {any} */ (document)[Symbol.for('before')];
  return Object.getOwnPropertyNames(window).filter(
    (name) => !before.includes(name) && !/^\d+$/.test(name));
});

/**
 * @param {BrowserContext} context
 * @param {Example} example
 * @param {RegExp} kept
 */
async function run(context, { at, ask, globals: theirs, errors: expected }, kept) {
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  /** @type {string[]} */
  const requests = [];
  /** @type {string[]} */
  const errors = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  try {
    await page.goto(host.url + at);
    await ask(page, kept);
    const left = (await newGlobals(page)).filter((name) => !theirs?.test(name));
    assert.deepEqual(left, [], 'globals left behind');
    assert.ok(requests.some((url) => url === `${product.url}/embed.js`));
    const known = [`${host.url}/`, `${product.url}/`, 'data:'];
    const others = requests.filter((url) => !known.some((one) => url.startsWith(one)));
    assert.deepEqual(others, [], 'requests to other sites');
    assert.deepEqual(errors.filter((error) => !expected?.test(error)), [], 'console errors');
  } finally {
    await page.close();
  }
}

for (const [way, { preferences, kept }] of Object.entries(WAYS)) {
  test(`examples, ${way}`, async (suite) => {
    const context = await launchProfile(path.join(folder, way), preferences);
    try {
      await context.addInitScript(rememberGlobals);
      for (const [name, example] of Object.entries(EXAMPLES))
        await suite.test(`${name}, ${way}`, () => run(context, example, kept));
    } finally {
      await context.close();
    }
  });
}
