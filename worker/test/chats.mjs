// The page of a server, in a browser: it loads a model and answers, and the console has no error.

import assert from 'node:assert/strict';

/** @import { Browser } from 'playwright-core' */
/** @import { SpikeChat } from '../../web/chat/element.js' */

/**
 * @param {Browser} browser
 * @param {string} url of the page
 * @param {string} model address of a manifest
 */
export async function chats(browser, url, model) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', ({ message }) => errors.push(message));
  try {
    await page.goto(url);
    await page.evaluate((address) => {
      const chat = document.createElement('spike-chat');
      const attributes = { model: address, seed: '1', 'max-tokens': '5' };
      for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
      document.querySelector('spike-chat')?.replaceWith(chat);
    }, model);
    await page.getByRole('button', { name: /^Download/ }).click();
    await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    assert.ok(await page.locator('spike-chat').evaluate((element) =>
      /** @type {SpikeChat} */ (element).send('Hello?')));
    await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
    const text = await page.locator('.message.model .text').textContent();
    assert.ok(text && text.length > 0);
    assert.deepEqual(errors, []);
  } finally {
    await page.close();
  }
}
