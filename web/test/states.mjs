// Pictures of the page's states, to be looked at: node web/test/states.mjs [folder]. Each state in
// light, in dark and on a phone, from real answers of the built site.

import fs from 'node:fs';
import path from 'node:path';
import { launch } from './browser.mjs';
import { serve } from './server.mjs';

/** @import { BrowserContextOptions, Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */

const ROOT = path.resolve(import.meta.dirname, '../..');
const DIST = path.resolve(process.env.DIST ?? path.join(ROOT, 'dist'));
const FOLDER = path.resolve(process.argv[2] ?? path.join(ROOT, 'build/states'));

/** @type {Record<string, BrowserContextOptions>} */
const LOOKS = {
  light: { viewport: { width: 1280, height: 780 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 780 }, colorScheme: 'dark' },
  phone: {
    viewport: { width: 360, height: 740 }, colorScheme: 'light', hasTouch: true, isMobile: true,
    deviceScaleFactor: 2,
  },
};

/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** @param {Page} page @param {string} text */
async function ask(page, text) {
  await page.getByRole('textbox', { name: 'Your message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

/** @param {Page} page */
const done = (page) =>
  page.getByRole('status').filter({ hasText: /^Done/ }).waitFor({ timeout: 300_000 });

/**
 * Goes through the states, with a picture of each.
 * @param {Page} page
 * @param {(name: string) => Promise<void>} picture
 */
async function walk(page, picture) {
  await page.getByRole('button', { name: /^Download/ }).waitFor();
  await picture('first screen');
  await ask(page, 'Write a Python function that adds two numbers.');
  await picture('question before the model');
  await page.getByRole('button', { name: /^Download/ }).click();
  await page.locator('progress').waitFor();
  await picture('loading');
  await page.locator('.message.live').waitFor({ timeout: 120_000 });
  await picture('answering');
  await done(page);
  await picture('answer with code');
  await press(page, 'Edit');
  await picture('editing');
  await press(page, 'Cancel');
  await press(page, 'Settings');
  await picture('settings');
  await page.locator('.settings summary').click();
  await picture('settings with details');
  await press(page, 'Settings');
  await press(page, 'Chats');
  await page.getByLabel('Keep my chats in this browser').check();
  await page.locator('.kept li').waitFor();
  await picture('chats');
  await press(page, 'Chats');

  const chat = await page.evaluate(async () => {
    const link = '/record/link.js';
    /** @type {typeof import('../record/link.js')} */
    const { linkedChatOf, toLink } = await import(link);
    return toLink(linkedChatOf(
      /** @type {SpikeChat} */ (document.querySelector('spike-chat')).record));
  });
  await page.evaluate((hash) => { location.hash = hash; }, chat);
  await page.getByRole('group', { name: 'Linked chat' }).waitFor();
  await picture('linked chat');
  await press(page, 'Play');
  await page.getByText(/^Played: /).first().waitFor({ timeout: 300_000 });
  await picture('linked chat played');
  await press(page, 'Close');
  await page.evaluate(() => { location.hash = '#chat=1.AAAA'; });
  await page.getByText('This link cannot be played').waitFor();
  await picture('damaged link');
  await press(page, 'Close');

  await page.evaluate(() =>
    document.querySelector('spike-chat')?.setAttribute('max-tokens', '40'));
  await ask(page, 'اكتب جملة قصيرة عن البحر');
  await done(page);
  await picture('right to left, cut');
  await page.evaluate(() => {
    const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    const record = chat.record;
    const run = record.turns[0].answer?.run;
    if (run) run.context = 1700;
    record.turns.length = 1;
    return chat.restore(record);
  });
  await ask(page, 'And now in French, please, with an example for each of them. '.repeat(18));
  await page.getByRole('group', { name: 'Room left in this chat' }).waitFor();
  await picture('context nearly full');
  await press(page, 'Forget the oldest turns');
  await done(page);
  await picture('oldest turns forgotten');
  await page.workers()[0].evaluate(() => { setTimeout(() => { throw new Error('out'); }); });
  await ask(page, 'Hello?');
  await page.getByRole('alert').waitFor();
  await picture('engine stopped');
}

fs.mkdirSync(FOLDER, { recursive: true });
const site = await serve(DIST);
const browser = await launch();
try {
  for (const [look, context] of Object.entries(LOOKS)) {
    const page = await (await browser.newContext(context)).newPage();
    await page.goto(site.url);
    await page.evaluate(() => document.querySelector('spike-chat')?.setAttribute('seed', '1'));
    let number = 0;
    await walk(page, async (name) => {
      const file = `${String(++number).padStart(2, '0')} ${name} ${look}.png`.replaceAll(' ', '-');
      await page.screenshot({ path: path.join(FOLDER, file) });
    });
    await page.context().close();
  }
  console.log(`${FOLDER}: ${fs.readdirSync(FOLDER).length} pictures`);
} finally {
  await browser.close();
  await site.close();
}
