// What readers expect without having been told: what they typed is there after a reload, a press of
// the wrong button is taken back, and their data is theirs to spend.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TINY, inPage } from './harness.mjs';
import { BLANK } from './server.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */

const tinyUrl = '/?model=tiny';

/** @param {Page} page */
const box = (page) => page.getByRole('textbox', { name: 'Your message' });

/** @param {Page} page */
const messages = (page) => page.evaluate(() =>
  /** @type {SpikeChat} */ (document.querySelector('spike-chat')).messages);

/** @param {Page} page @param {string} text */
async function ask(page, text) {
  const { length } = await messages(page);
  await box(page).fill(text);
  await page.keyboard.press('Enter');
  await page.waitForFunction((wanted) => {
    const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    return chat.messages.length === wanted && !chat.shadowRoot?.querySelector('.send.stop');
  }, length + 2);
}

/** @param {Page} page */
async function start(page) {
  await page.evaluate(() => document.querySelector('spike-chat')?.setAttribute('max-tokens', '4'));
  await page.getByRole('button', { name: /^(Download .* MB and start|Start)$/ }).click();
  await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
}

test('what is typed outlives a reload, until it is sent; and no other tab has it', () =>
  inPage(async (page) => {
    await box(page).pressSequentially('Half a quest');
    await page.reload();
    assert.equal(await box(page).inputValue(), 'Half a quest');
    const other = await page.context().newPage();
    await other.goto(page.url());
    assert.equal(await box(other).inputValue(), '');
    await other.close(); // the page behind it would be painted once a second
    // A second element of the page neither has it nor takes it away.
    await page.evaluate(() => {
      const second = document.createElement('spike-chat');
      second.id = 'second';
      document.body.append(second);
    });
    const boxes = page.locator('spike-chat').getByRole('textbox', { name: 'Your message' });
    assert.equal(await boxes.nth(1).inputValue(), '');
    await boxes.nth(1).fill('Something else');
    await page.reload();
    assert.equal(await box(page).inputValue(), 'Half a quest');
    await start(page);
    await ask(page, 'A whole question');
    await page.reload();
    assert.equal(await box(page).inputValue(), '');
    assert.deepEqual(await page.evaluate(() => Object.keys({ ...sessionStorage })), []);
  }, { url: tinyUrl }));

test('a chat that is kept nowhere is brought back after a press of New chat, or an edit', () =>
  inPage(async (page) => {
    await start(page);
    const back = page.getByRole('button', { name: 'Bring it back' });
    await page.getByRole('button', { name: 'New chat' }).click();
    assert.equal(await back.isVisible(), false, 'there was nothing');
    await ask(page, 'One');
    await ask(page, 'Two');
    const before = await messages(page);
    await page.getByRole('button', { name: 'New chat' }).click();
    assert.deepEqual(await messages(page), []);
    await back.click();
    assert.deepEqual(await messages(page), before);
    assert.equal(await back.isVisible(), false);

    // What followed an edited question.
    await page.getByRole('button', { name: 'Edit' }).first().click();
    await page.getByRole('textbox', { name: 'Your question' }).fill('One, otherwise');
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.waitForFunction(() => {
      const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
      return chat.messages.length === 2 && chat.messages[0].content !== 'One'
        && !chat.shadowRoot?.querySelector('.send.stop');
    });
    const edited = await messages(page);
    await back.click();
    assert.deepEqual(await messages(page), before);
    // And the other way round; then the reader goes on.
    await back.click();
    assert.deepEqual(await messages(page), edited);
    await ask(page, 'On');
    assert.equal(await back.isVisible(), false);

    // One that is kept is in the list.
    await page.getByRole('button', { name: 'Chats' }).click();
    await page.getByLabel('Keep my chats in this browser').check();
    await page.locator('.kept li').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'New chat' }).click();
    assert.equal(await back.isVisible(), false);
  }, { url: tinyUrl }));

test('where data is saved nothing large is fetched unasked, and what is small is', () =>
  inPage(async (page, seen) => {
    await page.context().addInitScript(() =>
      Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
    for (const load of ['eager', 'visible']) {
      await page.goto(`${new URL(page.url()).origin}${BLANK}`);
      await page.evaluate(async (how) => {
        const module = '/spike-chat.js';
        await import(module);
        const chat = /** @type {SpikeChat} */ (document.createElement('spike-chat'));
        chat.setAttribute('load', how);
        document.body.append(chat);
      }, load);
      await page.getByRole('button', { name: /^Download 85 MB and start$/ }).waitFor();
      await page.waitForTimeout(150);
      assert.deepEqual(seen.requests.filter((url) => /\.(bin|wasm)$/.test(url)), []);
      await page.evaluate((model) => {
        document.querySelector('spike-chat')?.setAttribute('model', model);
      }, TINY);
      await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
      seen.requests.length = 0;
    }
  }, { url: BLANK }));

test('a keyboard over the page leaves the text box in view', () => inPage(async (page) => {
  // As Safari on iOS tells it: of the page's own height nothing changes.
  const bottom = () => box(page).evaluate((element) => element.getBoundingClientRect().bottom);
  const before = await bottom();
  await page.evaluate(() => {
    const seen = window.visualViewport;
    if (!seen) return;
    Object.defineProperty(seen, 'height', { value: 400, configurable: true });
    seen.dispatchEvent(new Event('resize'));
  });
  assert.ok(await bottom() < 400, `${await bottom()}`);
  await page.evaluate(() => {
    const seen = /** @type {any} */ (window.visualViewport);
    delete seen.height;
    seen.dispatchEvent(new Event('resize'));
  });
  assert.equal(await bottom(), before);
}, { url: tinyUrl, context: { viewport: { width: 360, height: 740 }, hasTouch: true,
  isMobile: true } }));

test('on paper there is the whole conversation alone', () => inPage(async (page) => {
  await page.evaluate(() =>
    /** @type {SpikeChat} */ (document.querySelector('spike-chat')).restore(
      Array.from({ length: 60 }, (_, i) => (
        { role: i % 2 ? 'assistant' : 'user', content: `Words of turn ${i}. `.repeat(20) }))));
  await page.emulateMedia({ media: 'print' });
  const { log, chat, buttons } = await page.evaluate(() => {
    const element = document.querySelector('spike-chat');
    const root = element?.shadowRoot;
    return {
      log: root?.querySelector('.log')?.scrollHeight ?? 0, chat: element?.clientHeight ?? 0,
      buttons: [...root?.querySelectorAll('button, textarea') ?? []]
        .filter((one) => one.checkVisibility()).map(({ textContent }) => textContent),
    };
  });
  assert.ok(log > 3000 && chat >= log, `${log} of ${chat}`);
  assert.deepEqual(buttons, []);
}, { url: tinyUrl }));
