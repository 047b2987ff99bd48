// <spike-chat> as a guest of other people's pages: frameworks set its properties, the page moves
// it, hides it, types elsewhere, and has styles and shortcuts of its own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TINY, inPage, noWorkers } from './harness.mjs';
import { BLANK } from './server.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */

/** @param {(page: Page) => Promise<void>} body */
const asGuest = (body) => inPage(body, { url: BLANK });

/** Defines the element in a page. @param {Page} page */
const define = (page) => page.evaluate(async () => {
  const module = '/spike-chat.js';
  await import(module);
});

/** Puts an element in. @param {Page} page @param {string} html */
const put = (page, html) => page.evaluate((text) => {
  document.body.innerHTML = text;
}, html);

/** @param {Page} page */
const ready = (page) => page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();

/** A tag that loads the tiny model at once. @param {string} [more] attributes */
const eager = (more = '') => `<spike-chat load="eager" model="${TINY}" ${more}></spike-chat>`;

test('every attribute is a property, both ways, and no method', () => asGuest(async (page) => {
  await define(page);
  const wrong = await page.evaluate((tiny) => {
    const full = new URL(tiny, location.href).href;
    const chat = /** @type {any} */ (document.createElement('spike-chat'));
    /** @type {string[]} */
    const found = [];
    for (const [name, attribute, value, text, none] of /** @type {any[][]} */ ([
      ['build', 'build', 'plain', 'plain', 'auto'],
      ['kernel', 'kernel', 'popcount', 'popcount', 'auto'],
      ['load', 'load', 'eager', 'eager', 'click'],
      ['maxTokens', 'max-tokens', 7, '7', null],
      ['placeholder', 'placeholder', 'Ask', 'Ask', ''],
      ['preset', 'preset', 'fewest', 'fewest', null],
      ['seed', 'seed', 9, '9', null],
      ['steps', 'steps', 2, '2', null],
      ['system', 'system', 'Be brief', 'Be brief', ''],
      ['temperature', 'temperature', 0.5, '0.5', null],
      ['theme', 'theme', 'dark', 'dark', 'auto'],
      ['model', 'model', full, full, chat.model],
    ])) {
      const same = (/** @type {unknown} */ got, /** @type {unknown} */ want) => {
        if (got !== want) found.push(`${name}: ${got}, want ${want}`);
      };
      same(chat[name], none);
      chat[name] = value;
      same(chat.getAttribute(attribute), text);
      same(chat[name], value);
      chat[name] = null;
      same(chat.hasAttribute(attribute), false);
      chat.setAttribute(attribute, text);
      same(chat[name], value);
      chat[name] = undefined;
      same(chat.hasAttribute(attribute), false);
      if (typeof chat[attribute] === 'function') found.push(`${attribute} is a method`);
    }
    chat.setAttribute('model', tiny);
    if (chat.model !== full) found.push(`model is ${chat.model}`);
    return found;
  }, TINY);
  assert.deepEqual(wrong, []);
}));

for (const [when, early] of /** @type {const} */ ([['first', false], ['last', true]])) {
  // As React, Vue and Preact do: a name that is in the element is set as a property.
  test(`properties of a framework count, the element defined ${when}`, () =>
    asGuest(async (page) => {
      if (!early) await define(page);
      await page.evaluate((model) => {
        const chat = document.createElement('spike-chat');
        const given = { model, load: 'eager', temperature: '0.5', seed: 7, placeholder: 'Why?' };
        Object.assign(chat, given, { maxTokens: 3, system: 'Be brief' });
        document.body.append(chat);
      }, TINY);
      if (early) await define(page);
      await ready(page);
      await page.locator('textarea[placeholder="Why?"]').fill('Hello');
      await page.keyboard.press('Enter');
      await page.locator('.foot').filter({ hasText: 'seed 7' }).waitFor();
      assert.deepEqual(
        await page.locator('spike-chat').evaluate((chat) => chat.getAttributeNames().sort()),
        ['load', 'max-tokens', 'model', 'placeholder', 'seed', 'system', 'temperature'],
      );
      // Set again later, as a framework does when what it shows has changed.
      await page.locator('spike-chat').evaluate((chat) => Object.assign(chat, { seed: 8 }));
      await page.locator('textarea[placeholder="Why?"]').fill('And now?');
      await page.keyboard.press('Enter');
      await page.locator('.foot').filter({ hasText: 'seed 8' }).waitFor();
      assert.equal(
        await page.locator('spike-chat').evaluate(
          (chat) => /** @type {SpikeChat} */ (chat).messages.length),
        4,
      );
    }));
}

test('a hidden element is not displayed, and neither is a hidden heatmap', () =>
  asGuest(async (page) => {
    await define(page);
    await put(page, '<spike-chat></spike-chat><spike-heatmap></spike-heatmap>');
    await page.getByRole('button', { name: /^Download/ }).waitFor();
    for (const name of ['spike-chat', 'spike-heatmap']) {
      const element = page.locator(name).first();
      const height = () => element.evaluate((one) => one.getBoundingClientRect().height);
      assert.ok(await height() > 0);
      await element.evaluate((one) => { /** @type {HTMLElement} */ (one).hidden = true; });
      assert.equal(await height(), 0, name);
    }
  }));

test('an element that is removed while loading, and put back after any number of turns, loads',
  () => asGuest(async (page) => {
    await define(page);
    for (const microtasks of [0, 1, 2, 3, 5, 10, 50]) {
      await put(page, eager());
      await page.evaluate(async (turns) => {
        const [chat] = document.querySelectorAll('spike-chat');
        chat.remove();
        for (let i = 0; i < turns; i++) await null;
        document.body.append(chat);
      }, microtasks);
      await ready(page);
    }
    for (const wait of [0, 1, 20, 100]) {
      await put(page, eager());
      await page.evaluate(async (ms) => {
        const [chat] = document.querySelectorAll('spike-chat');
        chat.remove();
        await new Promise((resolve) => { setTimeout(resolve, ms); });
        document.body.append(chat);
      }, wait);
      await ready(page);
    }
    assert.ok(page.workers().length > 0);
    await put(page, '');
    await noWorkers(page);
  }));

test('the text box has one focus ring', () => asGuest(async (page) => {
  await define(page);
  await put(page, '<spike-chat></spike-chat>');
  await page.getByRole('textbox', { name: 'Your message' }).focus();
  const rings = await page.locator('spike-chat .composer').evaluate((composer) => {
    const [box] = composer.querySelectorAll('textarea');
    return [getComputedStyle(box).outlineStyle, getComputedStyle(composer).boxShadow !== 'none'];
  });
  assert.deepEqual(rings, ['none', true]);
  await page.getByRole('textbox', { name: 'Your message' }).fill('x');
  await page.keyboard.press('Tab');
  const shadow = () =>
    page.locator('spike-chat .composer').evaluate((one) => getComputedStyle(one).boxShadow);
  assert.equal(await shadow(), 'none', 'the button has its own');
}));
