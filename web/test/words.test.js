// The page in other languages: which one it is in, whether it has room for its words, and what
// happens when it changes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import ar from '../words/ar.js';
import de from '../words/de.js';
import en from '../words/en-looking.js';
import { TINY, inPage, site } from './harness.mjs';
import { serveHost } from './host.mjs';
import { cutOff } from './looks.mjs';
import { BLANK } from './server.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */
/** @import { Words } from '../words/words.js' */

const PAGE = '/?model=tiny';

/** @param {Page} page @param {string} name */
const button = (page, name) => page.getByRole('button', { name, exact: true });

/** @param {Page} page */
const chat = (page) => page.locator('spike-chat').first();

/** @param {Page} page @param {Words} words */
async function start(page, words) {
  await chat(page).evaluate((element) => {
    for (const [name, value] of Object.entries({ seed: '1', 'max-tokens': '20' }))
      element.setAttribute(name, value);
    return /** @type {SpikeChat} */ (element).start();
  });
  await page.getByRole('status').filter({ hasText: words.chat.ready }).waitFor();
}

/** @param {Page} page @param {Words} words @param {string} text */
async function ask(page, words, text) {
  await page.getByRole('textbox', { name: words.chat.yourMessage }).fill(text);
  await button(page, words.chat.send).click();
  await button(page, words.answer.another).waitFor();
}

/**
 * Goes through what a reader opens, at widths of the window.
 * @param {Page} page
 * @param {Words} words
 * @param {string} when
 */
async function nothingTooWide(page, words, when) {
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 });
    const look = async (/** @type {string} */ what) =>
      assert.deepEqual(await page.evaluate(cutOff, ''), [], `${when}, ${what}, ${width} px`);
    await look('itself');
    await button(page, words.settings.name).click();
    const closed = page.locator('.settings details:not([open]) > summary');
    while (await closed.count() > 0) await closed.first().click();
    await page.locator('[data-model]').first().waitFor();
    await look('settings');
    await button(page, words.chats.name).click();
    await page.getByLabel(words.chats.keep).waitFor();
    await look('chats');
    await button(page, words.chats.name).click();
    const more = page.locator('.activity > .more');
    if (!await more.isVisible()) continue;
    await more.click();
    await look('activity');
    await more.click();
  }
}

/** @param {Page} page @param {string} selector @returns {Promise<number>} px from the left */
const middle = (page, selector) => page.locator(selector).first().evaluate((element) => {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
});

test('in Arabic the page stands the other way round, with room for all', () =>
  inPage(async (page) => {
    await button(page, ar.settings.name).waitFor();
    assert.deepEqual(
      await chat(page).evaluate((element) => {
        const app = /** @type {HTMLElement} */ (element.shadowRoot?.querySelector('.app'));
        return [document.documentElement.lang, app.lang, getComputedStyle(app).direction];
      }), ['ar', 'ar', 'rtl']);
    await nothingTooWide(page, ar, 'first screen');
    await page.setViewportSize({ width: 1280, height: 800 });
    await start(page, ar);
    await ask(page, ar, 'Hello');
    assert.ok(await middle(page, '.mark') > 1000, 'the mark begins the head');
    assert.ok(await middle(page, '.activity') < 640, 'the activity is behind the conversation');
    assert.ok(await middle(page, '.composer .send') < await middle(page, '.composer textarea'));
    // Tokens go from left to right, as in every language's pictures.
    assert.ok(
      await middle(page, 'spike-heatmap .axis') < await middle(page, 'spike-heatmap canvas'));
    assert.equal(await page.locator('.message.user').getAttribute('dir'), 'auto');
    await nothingTooWide(page, ar, 'answer');
  }, { url: PAGE, context: { locale: 'ar' } }));

test('in German nothing is cut, however long the words', () => inPage(async (page) => {
  await button(page, de.settings.name).waitFor();
  await nothingTooWide(page, de, 'first screen');
  await start(page, de);
  await ask(page, de, 'Hello');
  await nothingTooWide(page, de, 'answer');
}, { url: PAGE, context: { locale: 'de-AT' } }));

test('another language goes on with the chat, and is kept', () => inPage(async (page) => {
  await start(page, en);
  await ask(page, en, 'Hello');
  const state = () => chat(page).evaluate((element) => {
    const { engine, messages, record } = /** @type {SpikeChat} */ (element);
    /** @type {{engines?: unknown[]}} */
    const { engines = [] } = /** @type {any} */ (window);
    engines.push(engine);
    Object.assign(window, { engines });
    const shown = element.shadowRoot?.querySelectorAll('.message.model .text') ?? [];
    return {
      messages, record: { ...record, changed: 0 }, same: engines.every((one) => one === engine),
      shown: [...shown].map(({ textContent }) => textContent),
    };
  });
  const before = await state();
  await page.evaluate(() => {
    Object.assign(window, { told: 0 });
    document.querySelector('spike-chat')?.addEventListener(
      'conversation', () => { /** @type {any} */ (window).told++; });
  });
  await page.getByRole('textbox', { name: en.chat.yourMessage }).fill('A draft');
  await button(page, en.settings.name).click();
  await page.getByLabel('Creativity').fill('0.7');
  await page.getByLabel(en.settings.language).selectOption({ label: 'Deutsch' });
  const menu = page.getByLabel(de.settings.language);
  await menu.waitFor();
  // The reader is where they were.
  assert.equal(await menu.evaluate((/** @type {Element} */ one) => one.matches(':focus')), true);
  assert.equal(await page.getByLabel(de.settings.creativity).inputValue(), '0.7');
  const box = page.getByRole('textbox', { name: de.chat.yourMessage });
  assert.equal(await box.inputValue(), 'A draft');
  assert.deepEqual(await state(), before);
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).told), 0, 'nothing was said');
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  await page.keyboard.press('Escape');
  await button(page, de.answer.another).waitFor();
  // The engine answers on, in words that stay as they are until it is done.
  await chat(page).evaluate((element) => element.addEventListener('token', () => {
    const select = /** @type {HTMLSelectElement | undefined} */ (
      element.shadowRoot?.querySelector('#language'));
    Object.assign(window, { locked: select?.disabled });
  }));
  await ask(page, de, 'And now?');
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).locked), true);
  assert.equal(await menu.isDisabled(), false);
  assert.equal((await state()).messages.length, 4);
  await page.reload();
  await button(page, de.settings.name).waitFor();
}, { url: PAGE }));

test('a language that the page changes takes nothing from the reader', () =>
  inPage(async (page) => {
    await start(page, en);
    await ask(page, en, 'Hello');
    await button(page, en.chat.newChat).first().click();
    await button(page, en.wayBack.bring).waitFor();
    const box = page.getByRole('textbox', { name: en.chat.yourMessage });
    await box.fill('A draft');
    await chat(page).evaluate((element) => element.setAttribute('lang', 'de'));
    const now = page.getByRole('textbox', { name: de.chat.yourMessage });
    await now.waitFor();
    assert.ok(await now.evaluate((one) => one.matches(':focus')), 'who writes writes on');
    await button(page, de.wayBack.bring).click();
    await button(page, de.answer.another).waitFor();
    assert.equal(await page.locator('.message.user').count(), 1);

    // In the middle of an answer: when it has ended the words are those that were asked for.
    await chat(page).evaluate((element) => {
      const { shadowRoot } = element;
      element.addEventListener('token', () => {
        element.setAttribute('lang', 'en');
        Object.assign(window, {
          during: shadowRoot?.querySelector('.send')?.textContent });
      });
    });
    await now.fill('And now?');
    await button(page, de.chat.send).click();
    await button(page, en.answer.another).waitFor();
    assert.equal(await page.evaluate(() => /** @type {any} */ (window).during), de.chat.stop);
    await button(page, en.chat.send).waitFor();
    assert.equal(await page.locator('.message.model').count(), 2);
  }, { url: PAGE }));

test('a question that waits for the model is answered in the language that comes meanwhile', () =>
  inPage(async (page) => {
    await page.getByRole('textbox', { name: en.chat.yourMessage }).fill('Hello');
    await button(page, en.chat.send).click();
    await chat(page).evaluate((element) => element.setAttribute('lang', 'de'));
    await button(page, de.chat.send).waitFor();
    await chat(page).evaluate((element) => {
      element.setAttribute('max-tokens', '5');
      return /** @type {SpikeChat} */ (element).start();
    });
    await button(page, de.answer.another).waitFor();
    assert.equal(await page.locator('.message.user').count(), 1);
  }, { url: PAGE }));

test('words that do not come leave the page in English and at work', () => inPage(async (page) => {
  await page.route('**/words/*.js', (route) =>
    (/\/(de|ja)\.js$/.test(route.request().url()) ? route.abort() : route.continue()));
  await page.reload();
  await button(page, en.settings.name).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await start(page, en);
  await ask(page, en, 'Hello');
  await button(page, en.settings.name).click();
  await page.getByLabel(en.settings.language).selectOption('ja');
  await page.getByRole('status').filter({ hasText: en.chat.languageMissing }).waitFor();
  assert.equal(await page.getByLabel(en.settings.language).inputValue(), 'en');
  assert.equal(await page.locator('.message.model').count(), 1);
}, { url: PAGE, context: { locale: 'de' }, errors: /Failed to load/ }));

test('where nothing can be kept, the language lasts as long as the page', () =>
  inPage(async (page) => {
    await page.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } });
    });
    await page.reload();
    await button(page, en.settings.name).click();
    await page.getByLabel(en.settings.language).selectOption('de');
    await button(page, de.settings.name).waitFor();
    await page.reload();
    await button(page, en.settings.name).waitFor();
  }, { url: PAGE }));

test('in a page of others it is in the language around it, in English at once', () =>
  inPage(async (page) => {
    const found = await page.evaluate(async (model) => {
      const module = '/spike-chat.js';
      await import(module);
      const read = () => element.shadowRoot?.querySelector('.send')?.textContent;
      /** @param {string} text */
      const until = async (text) => {
        for (let tries = 0; read() !== text && tries < 500; tries++)
          await new Promise((resolve) => { setTimeout(resolve, 20); });
        all.push(read());
      };
      /** @type {(string | null | undefined)[]} */
      const all = [];
      // In a component of the page, which does not say; the page around it says.
      const host = document.createElement('div');
      host.lang = 'fr';
      const root = host.attachShadow({ mode: 'open' });
      const element = document.createElement('spike-chat');
      element.setAttribute('model', model);
      root.append(element);
      document.body.append(host);
      all.push(read()); // at once
      element.lang = 'de-CH';
      await until('Senden');
      element.lang = 'en';
      all.push(read());
      host.lang = 'es';
      element.removeAttribute('lang');
      await until('Enviar');
      return all;
    }, TINY);
    assert.deepEqual(found, ['Send', 'Senden', 'Send', 'Enviar']);
  }, { url: BLANK }));

test('a frame in a page of another site is in the language of that page', async () => {
  const host = await serveHost(() => ({
    html: `<!doctype html><html lang="de"><title>x</title><link rel="icon" href="data:,">
      <script type="module" src="${site.url}/embed.js"></script>
      <spike-chat model="${TINY}"></spike-chat>`,
  }));
  try {
    await inPage(async (page) => {
      const frame = page.frameLocator('spike-chat iframe');
      await frame.getByRole('button', { name: de.settings.name }).waitFor();
      await chat(page).evaluate((element) => element.setAttribute('lang', 'ar'));
      await frame.getByRole('button', { name: ar.settings.name }).waitFor();
    }, { at: host, recorded: site });
  } finally {
    await host.close();
  }
});
