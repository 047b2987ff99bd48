// What the browser tests share: one server, one browser, fresh pages that are watched.

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before } from 'node:test';
import { drawTheSame, launch } from './browser.mjs';
import { BLANK, serve } from './server.mjs';

/** @import { Browser, BrowserContextOptions, Page } from 'playwright-core' */
/** @import { Site } from './server.mjs' */

/** The built site: the first argument, DIST, or dist/ of the repository. */
export const DIST = path.resolve(
  process.argv[2] ?? process.env.DIST ?? path.join(import.meta.dirname, '../../dist'),
);
export const TINY = '/models/tiny/manifest.json';

/** @type {Site} */
export let site;
/** @type {Browser} */
export let browser;

before(async () => {
  site = await serve(DIST);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/**
 * Runs a test in a fresh context (empty storage) and then checks what holds always: nothing was
 * asked of another host and the console holds no error.
 * @param {(page: Page, seen: {requests: string[], errors: string[]}) => Promise<void>} body
 * @param {{url?: string, at?: Site, recorded?: Site, errors?: RegExp, local?: boolean, context?:
 *   BrowserContextOptions, args?: string[]}} [options] at: another site; recorded: one that the
 *   test asks itself what was asked of it, because the driver tells of redirects that the browser
 *   refuses as well; errors: what the console may hold (Chromium itself reports a failed request
 *   there); local: files may be opened; args: for a browser of its own
 */
export async function inPage(body, options = {}) {
  const { url = '/', at = site, recorded, errors: expected, local, context: how, args } = options;
  const own = args ? await launch(args) : null;
  const context = await (own ?? browser).newContext({
    viewport: { width: 1280, height: 800 },
    // One would answer in the place of the server that a test makes misbehave.
    serviceWorkers: 'block',
    ...how,
  });
  await drawTheSame(context);
  /** @type {{requests: string[], errors: string[]}} */
  const seen = { requests: [], errors: [] };
  context.on('request', (request) => seen.requests.push(request.url()));
  context.on('console', (message) => {
    if (message.type() === 'error') seen.errors.push(message.text());
  });
  context.on('weberror', (error) => seen.errors.push(error.error().message));
  try {
    const page = await context.newPage();
    await page.goto(at.url + url);
    await body(page, seen);
    const known = [`${at.url}/`, 'data:', ...(recorded ? [`${recorded.url}/`] : []),
      ...(local ? ['file:'] : [])];
    const others = seen.requests.filter((request) => !known.some((one) => request.startsWith(one)));
    assert.deepEqual(others, [], 'requests to other hosts');
    assert.deepEqual(seen.errors.filter((error) => !expected?.test(error)), [], 'console errors');
  } finally {
    at.fault = null;
    at.added.clear();
    await context.close();
    await own?.close();
  }
}

/**
 * Waits until the page has no worker: the browser's word of it comes a little later.
 * @param {Page} page
 */
export async function noWorkers(page) {
  for (const began = Date.now(); page.workers().length > 0;) {
    assert.ok(Date.now() - began < 10_000, 'the worker is still there');
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

/**
 * Waits until a function of the page gives a promise of something true. Page.waitForFunction takes
 * the promise itself for that.
 * @template T
 * @param {Page} page
 * @param {(given: T) => Promise<unknown>} condition
 * @param {T} [given]
 */
export async function until(page, condition, given) {
  // Between two documents there is none to ask.
  const holds = () => page.evaluate(
    /** @type {(given: unknown) => Promise<unknown>} */ (condition), given).catch(() => false);
  for (const began = Date.now(); !await holds();) {
    assert.ok(Date.now() - began < 60_000, `it does not come to hold: ${condition}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

/**
 * A page with nothing but the engine's module, for tests without the element.
 * @param {(page: Page, seen: {requests: string[], errors: string[]}) => Promise<void>} body
 * @param {Parameters<typeof inPage>[1]} [options]
 */
export const withEngine = (body, options) => inPage(body, { url: BLANK, ...options });
