// <spike-chat> in React, Vue, Preact and Svelte, and in HTML alone, as apps that were built from
// their packages: the element defined before the app renders it, and after. The same of embed.js.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { APPS, buildApps } from './frameworks/build.mjs';
import { DIST, TINY, inPage, noWorkers, site } from './harness.mjs';
import { BLANK, serve } from './server.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */
/** @import { Site } from './server.mjs' */
/** @import { App, Start, State } from './frameworks/app.js' */

/** @typedef {keyof typeof APPS} Name */

/**
 * What the tests keep on the page's window.
 * @typedef {object} Bench
 * @property {App} app
 * @property {SpikeChat} chat the element as it was when it was looked at last
 * @property {{type: string, detail: any, same: boolean}[]} told events; same: by the element that
 *   is in the page
 */

const NAMES = /** @type {Name[]} */ (Object.keys(APPS));

/** @type {Record<'production' | 'development', Map<string, Buffer>>} */
let built;

before(async () => {
  const production = await buildApps(NAMES, 'production');
  built = { production, development: await buildApps(['react'], 'development') };
});

/** @type {Site} a site without a policy, which would be against frames */
let open;
before(async () => { open = await serve(DIST, ''); });
after(() => open?.close());

/**
 * @param {(page: Page) => Promise<void>} body
 * @param {{kind?: keyof typeof built, at?: Site}} [options]
 */
const withApps = (body, { kind = 'production', at = site } = {}) => inPage((page) => {
  for (const [name, code] of built[kind]) at.added.set(`/apps/${name}`, code);
  return body(page);
}, { at, url: BLANK, errors: /404/ });

/** Defines the element. @param {Page} page @param {string} [from] */
const define = (page, from = '/spike-chat.js') => page.evaluate(async (module) => {
  await import(module);
}, from);

/** Starts an app, with the tiny model. @param {Page} page @param {Name} name */
const start = (page, name) => page.evaluate(async ([app, tiny]) => {
  const module = `/apps/${app}.js`;
  const { start: begin } = /** @type {{start: Start}} */ (await import(module));
  /** @type {Bench['told']} */
  const told = [];
  const root = document.createElement('div');
  document.body.append(root);
  Object.assign(window, { told, app: begin(root, {
    order: ['before', 'chat', 'after'], shown: true, hidden: false, load: 'eager', maxTokens: 3,
    model: new URL(tiny, location.href), placeholder: 'Why?', seed: 7, temperature: '0.5',
    tell: (event) => {
      const { type, detail } = /** @type {CustomEvent} */ (event);
      told.push({ type, detail, same: event.target === document.querySelector('spike-chat') });
    },
  }) });
}, /** @type {const} */ ([name, TINY]));

/** Renders anew. @param {Page} page @param {Partial<Omit<State, 'model'>>} change */
const set = (page, change) => page.evaluate((next) =>
  /** @type {Bench} */ (/** @type {unknown} */ (window)).app.set(next), change);

/** Waits for an event. @param {Page} page @param {string} type */
const told = (page, type) => page.waitForFunction(
  (wanted) => /** @type {any} */ (window).told.some(
    (/** @type {Event} */ event) => event.type === wanted), type);

/** @param {Page} page @param {string} text */
async function ask(page, text) {
  await page.getByRole('textbox', { name: 'Your message' }).fill(text);
  await page.keyboard.press('Enter');
}

/** Keeps the element, to ask later whether it is the same. @param {Page} page */
const remember = (page) => page.evaluate(() => {
  Object.assign(window, { chat: document.querySelector('spike-chat') });
});

/** What an app must not have lost. @param {Page} page */
const state = (page) => page.evaluate(() => {
  const now = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
  return {
    same: now === /** @type {any} */ (window).chat,
    engine: now.engine !== null,
    messages: now.messages.length,
    place: [...now.parentElement?.children ?? []].indexOf(now),
  };
});

for (const name of NAMES) {
  for (const order of /** @type {const} */ (['first', 'last'])) {
    test(`in ${name}, the element defined ${order}`, () => withApps(async (page) => {
      if (order === 'first') await define(page);
      await start(page, name);
      const chat = page.locator('spike-chat');
      if (order === 'last') {
        assert.equal((await chat.textContent())?.trim(), 'Not yet');
        await set(page, { seed: 8 });
        await define(page);
      } else {
        await set(page, { seed: 8 });
      }

      // What was set arrives, whether as attributes or as properties.
      await told(page, 'ready');
      assert.deepEqual(await chat.evaluate((one) => {
        const { load, maxTokens, model, placeholder, seed, temperature, hidden } =
          /** @type {SpikeChat} */ (one);
        return [load, maxTokens, new URL(model).pathname, placeholder, seed, temperature, hidden];
      }), ['eager', 3, TINY, 'Why?', 8, 0.5, false]);
      assert.deepEqual(
        await chat.evaluate((one) => one.getAttributeNames().sort()),
        ['load', 'max-tokens', 'model', 'placeholder', 'seed', 'temperature'],
      );
      await page.locator('textarea[placeholder="Why?"]').waitFor();
      await ask(page, 'Hello');
      await page.locator('.foot').filter({ hasText: 'seed 8' }).waitFor();
      await told(page, 'message');
      const events = await page.evaluate(() =>
        /** @type {Bench} */ (/** @type {unknown} */ (window)).told);
      assert.ok(events.every(({ same }) => same));
      const kinds = events.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]);
      assert.deepEqual(kinds, ['progress', 'ready', 'token', 'message']);
      assert.equal(events.filter(({ type }) => type === 'token').length, 3);
      assert.deepEqual(Object.keys(events.at(-1)?.detail), ['role', 'content']);

      // Rendered anew, it is the same element with the same chat; a property that is taken back
      // is as if it had never been set.
      await remember(page);
      await set(page, { placeholder: 'And now?', seed: undefined });
      await page.locator('textarea[placeholder="And now?"]').waitFor();
      assert.deepEqual(await state(page), { same: true, engine: true, messages: 2, place: 1 });
      assert.equal(await chat.evaluate((one) => /** @type {SpikeChat} */ (one).seed), null);
      assert.equal(await page.locator('#seed').inputValue(), '');
      const height = () => chat.evaluate((one) => one.getBoundingClientRect().height);
      await set(page, { hidden: true });
      assert.equal(await height(), 0);
      await set(page, { hidden: false });
      assert.ok(await height() > 0);

      // Moved among its neighbours, either way.
      for (const [keys, place] of /** @type {[string[], number][]} */ ([
        [['chat', 'after', 'before'], 0], [['after', 'before', 'new', 'chat'], 3],
      ])) {
        await set(page, { order: keys });
        assert.deepEqual(await state(page), { same: true, engine: true, messages: 2, place });
      }
      assert.equal(page.workers().length, 1);
      await ask(page, 'And now?');
      await page.waitForFunction(() => /** @type {any} */ (window).chat.messages.length === 4);

      // Taken away while it loads, and put back.
      await set(page, { shown: false });
      await noWorkers(page);
      for (const shown of [true, false, true, false]) await set(page, { shown });
      await noWorkers(page);
      await page.evaluate(() => {
        /** @type {Bench} */ (/** @type {unknown} */ (window)).told.length = 0;
      });
      await set(page, { shown: true });
      await told(page, 'progress');
      await set(page, { shown: false });
      await noWorkers(page);
      await page.evaluate(() => {
        const { told: all, app } = /** @type {Bench} */ (/** @type {unknown} */ (window));
        all.length = 0;
        return app.set({ shown: true, model: new URL('/none.json', location.href) });
      });
      await told(page, 'error');
      const { code, url } = await page.evaluate(() => {
        const { detail } = /** @type {Bench} */ (/** @type {unknown} */ (window)).told
          .find(({ type }) => type === 'error') ?? { detail: {} };
        return { code: detail.code, url: detail.url };
      });
      assert.deepEqual([code, new URL(url).pathname], ['http_status', '/none.json']);
      await page.evaluate(() => /** @type {any} */ (window).app.end());
      await noWorkers(page);
      assert.equal(await chat.count(), 0);
    }));
  }
}

for (const name of NAMES) {
  test(`in ${name}, the element of embed.js`, () => withApps(async (page) => {
    for (const order of /** @type {const} */ (['last', 'first'])) {
      await start(page, name);
      if (order === 'last') await define(page, '/embed.js');
      await told(page, 'ready');
      const chat = page.locator('spike-chat');
      const properties = () => chat.evaluate((one) => {
        const { load, maxTokens, placeholder, seed, temperature } = /** @type {SpikeChat} */ (one);
        return [load, maxTokens, placeholder, seed, temperature];
      });
      assert.deepEqual(await properties(), ['eager', 3, 'Why?', 7, 0.5], order);
      await chat.evaluate((one) => /** @type {SpikeChat} */ (one).send('Hello'));
      const tokens = () => page.evaluate(() => /** @type {any} */ (window).told
        .filter((/** @type {Event} */ { type }) => type === 'token').length);
      assert.equal(await tokens(), 3);
      await set(page, { maxTokens: 2, seed: undefined, order: ['chat', 'after'] });
      assert.deepEqual(await properties(), ['eager', 2, 'Why?', null, 0.5], order);
      await chat.evaluate((one) => /** @type {SpikeChat} */ (one).send('And now?'));
      assert.equal(await tokens(), 5);
      assert.equal(await chat.evaluate((one) =>
        /** @type {SpikeChat} */ (one).messages.length), 4);
      await page.evaluate(() => /** @type {any} */ (window).app.end());
    }
  }, { at: open }));
}

for (const order of /** @type {const} */ (['first', 'last'])) {
  test(`React mounts twice under StrictMode, the element defined ${order}`, () =>
    withApps(async (page) => {
      if (order === 'first') await define(page);
      const mounts = await page.evaluate(async ([tiny, early]) => {
        const [module, element] = ['/apps/react.js', '/spike-chat.js'];
        const { startStrict } = await import(module);
        // An app asks for the methods once they are there.
        if (early) await import(element);
        const root = document.createElement('div');
        document.body.append(root);
        /** @type {string[]} */
        const done = [];
        /** @type {Event[]} */
        const all = [];
        Object.assign(window, { told: all, app: startStrict(root, {
          model: tiny, tell: (/** @type {Event} */ event) => all.push(event), mounts: done,
        }) });
        return done;
      }, /** @type {const} */ ([TINY, order === 'last']));
      assert.deepEqual(mounts, ['mount', 'unmount', 'mount']);
      await told(page, 'ready');
      await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
      assert.equal(page.workers().length, 1);
      assert.equal(await page.evaluate(() => /** @type {any} */ (window).told.length), 1);
      await page.evaluate(() => /** @type {any} */ (window).app.end());
      await noWorkers(page);
    }, { kind: 'development' }));
}
