// Every state of the page, one after the other: screenshots.mjs takes a picture of each, and
// accessible.test.js looks at each with axe. A new state is a line or two in walk.

/** @import { Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */

/** An answer with all that Markdown can have. */
const FORMATTED = [
  '# A title', 'Some **bold**, *slanted*, ~~struck~~ and `code`, with a [link](https://a.example).',
  '## Below it', '- one\n- two\n  1. nested\n  2. and on', '> What somebody said', '---',
  '```python\ndef add(a, b):\n    return a + b  # a line that is too long for a narrow page\n```',
  '| layer | spikes |\n| - | - |\n| 0 | 1,024 |\n| 1 | 998 |', '### The end', 'عصبون هو خلية.',
].join('\n\n');

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

/** @param {Page} page */
const compared = (page) => page.getByRole('status')
  .filter({ hasText: /^The comparison is done/ }).waitFor({ timeout: 300_000 });

/**
 * Goes through the states of a chat.
 * @param {Page} page of the site, with nothing kept
 * @param {(name: string) => Promise<void>} picture
 */
export async function walk(page, picture) {
  await page.getByRole('button', { name: /^Download/ }).waitFor();
  await page.evaluate(() =>
    Object.assign(document.querySelector('spike-chat') ?? {}, { seed: 1, maxTokens: 150 }));
  await picture('first screen');
  await ask(page, 'Write a Python function that adds two numbers.');
  await picture('question before the model');
  let release = () => {};
  const held = new Promise((resolve) => { release = () => resolve(undefined); });
  await page.context().route(/\.bin$/, (route) => held.then(() => route.continue()));
  await page.getByRole('button', { name: /^Download/ }).click();
  await page.locator('.loader-title').filter({ hasText: 'Downloading' }).waitFor();
  await picture('loading');
  release();
  await page.locator('.message.live').waitFor({ timeout: 120_000 });
  await page.workers()[0].evaluate(() => { setTimeout(() => { // a small model would be done
    for (const end = performance.now() + 1500; performance.now() < end;);
  }); });
  await picture('answering');
  await done(page);
  await picture('answer with code');
  await page.getByRole('log').getByRole('button', { name: 'Take the tour' }).click();
  await page.locator('.tour canvas').waitFor({ timeout: 60_000 });
  await picture('tour: a neuron');
  for (const step of ['spikes', 'thresholds', 'time steps', 'additions', 'honestly']) {
    await press(page, 'Next');
    await picture(`tour: ${step}`);
  }
  await press(page, 'Done');
  await press(page, 'Look inside');
  await page.locator('.look .chosen').waitFor({ timeout: 60_000 });
  await picture('inside: other words');
  await press(page, 'Neurons');
  await page.locator('.look .neuron table').waitFor({ timeout: 60_000 });
  await page.getByText('As a table').click();
  await page.getByText('In exact terms').click();
  await picture('inside: neurons');
  await press(page, 'What excites this neuron?');
  await page.locator('.look .strongest').waitFor({ timeout: 60_000 });
  await picture('inside: what excites a neuron');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await press(page, 'Edit');
  await picture('editing');
  await press(page, 'Cancel');
  await press(page, 'Settings');
  await picture('settings');
  await page.locator('.settings summary').first().click();
  await picture('settings with details');
  await page.locator('.settings summary').first().click();
  await page.getByText('Models', { exact: true }).click();
  await page.locator('[data-model]').first().waitFor();
  await picture('shelf of models');
  await press(page, 'Settings');
  await page.locator('input[accept=".gguf"]').setInputFiles(
    { name: 'a novel.gguf', mimeType: '', buffer: Buffer.from('It was a dark night.') });
  await page.locator('.loader.work.failed').waitFor({ timeout: 60_000 });
  await picture('a file that is no model');
  await press(page, 'Close');
  await press(page, 'Compare');
  await press(page, 'Compare now');
  await page.locator('.column.live .text').filter({ hasText: /./ }).or(
    page.getByRole('status').filter({ hasText: /^The comparison is done/ })).waitFor();
  await picture('comparing');
  await compared(page);
  await picture('compared');
  await page.getByText('Damage', { exact: true }).click();
  await press(page, 'All thresholds × 8');
  await picture('damage');
  await press(page, 'Compare now');
  await compared(page);
  await page.locator('.column').last().scrollIntoViewIfNeeded();
  await picture('damaged');
  await press(page, 'Close');
  await press(page, 'Chats');
  await page.getByLabel('Keep my chats in this browser').check();
  await page.locator('#chats .kept li').waitFor();
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

  await page.evaluate((text) =>
    /** @type {SpikeChat} */ (document.querySelector('spike-chat')).restore([
      { role: 'user', content: 'Show me all forms' }, { role: 'assistant', content: text }]),
  FORMATTED);
  await page.locator('.text th').first().waitFor();
  await picture('all forms of Markdown');

  await page.evaluate(() =>
    document.querySelector('spike-chat')?.setAttribute('max-tokens', '40'));
  await ask(page, 'اكتب جملة قصيرة عن البحر');
  await done(page);
  await picture('right to left, cut');
  await page.evaluate(() => {
    const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    const record = chat.record;
    const run = record.turns[1].answer?.run;
    if (run) Object.assign(run, { context: 1700, first_turn: 0 });
    record.turns.shift();
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

/** The chat. @param {Page} page */
const app = (page) => page.locator('.app');

/**
 * Goes through what becomes of a file that is dropped on the chat.
 * @param {Page} page of the site, with nothing kept
 * @param {(name: string) => Promise<void>} picture
 * @param {string} file a model's
 */
export async function opening(page, picture, file) {
  await page.getByRole('button', { name: /^Download/ }).waitFor();
  await page.evaluate(() => document.querySelector('spike-chat')?.setAttribute('seed', '1'));
  await page.context().route('**/packing/*', (route) => route.abort());
  await page.locator('input[accept=".gguf"]').setInputFiles(file);
  await page.locator('.loader.work.failed').waitFor({ timeout: 60_000 });
  await picture('what packs does not come');
  await page.context().unroute('**/packing/*');
  await press(page, 'Close');
  // A browser lets programs drop what a field for files has.
  await page.evaluate(() => document.body.append(Object.assign(
    document.createElement('input'), { type: 'file', id: 'dropped', hidden: true })));
  await page.locator('#dropped').setInputFiles(file);
  const transfer = await page.evaluateHandle(() => {
    const field = /** @type {HTMLInputElement} */ (document.getElementById('dropped'));
    const made = new DataTransfer();
    for (const one of field.files ?? []) made.items.add(one);
    field.remove();
    return made;
  });
  // It is said again and again, as long as the file is held there.
  while (!await app(page).evaluate(({ classList }) => classList.contains('dropping')))
    await page.getByRole('log').dispatchEvent('dragover', { dataTransfer: transfer });
  await picture('a file held over the page');
  await page.getByRole('log').dispatchEvent('drop', { dataTransfer: transfer });
  const work = page.locator('.loader.work');
  // A small one is packed before anybody sees it.
  await work.filter({ hasText: /planes · [4-9]\d%/ }).or(
    page.getByRole('status').filter({ hasText: /^Ready/ })).waitFor({ timeout: 300_000 });
  await picture('a file being packed');
  await page.getByRole('status').filter({ hasText: /^Ready/ }).waitFor({ timeout: 300_000 });
  await picture('a file that became a model');
  await ask(page, 'What is a neuron?');
  await done(page);
  await picture('its answer');
  await press(page, 'Settings');
  await page.getByText('Models', { exact: true }).click();
  await page.waitForTimeout(500); // it is shown anew
  const own = page.locator('[data-model^="own:"]');
  await own.getByRole('button').last().scrollIntoViewIfNeeded();
  await picture('its place on the shelf');
  await own.getByRole('button', { name: /^Delete/ }).click();
  await picture('asked before it is deleted');
  await own.getByRole('button', { name: /^Really delete/ }).click();
  await own.waitFor({ state: 'detached' });
  await press(page, 'Settings');
  const { origin } = new URL(page.url());
  await page.goto(`${origin}/?model=own:gone`);
  await page.getByText('There is no model of this name').waitFor();
  await picture('a model that this browser has not');
}

/**
 * Goes through the page in languages that are written otherwise.
 * @param {Page} page of the site, with nothing kept
 * @param {(name: string) => Promise<void>} picture
 */
export async function languages(page, picture) {
  for (const [code, name] of [['ja', 'Japanese'], ['ar', 'Arabic']]) {
    await page.evaluate((lang) => {
      document.documentElement.lang = lang;
      document.querySelector('spike-chat')?.setAttribute('lang', lang);
    }, code);
    await page.locator(`.app[lang=${code}]`).waitFor();
    await page.locator('.loader button').filter({ hasText: /\d/ }).waitFor();
    await picture(`in ${name}`);
    const settings = page.locator('[aria-controls=settings]');
    await settings.click();
    await page.locator('.settings details > summary').first().click();
    await page.locator('.settings details > summary').last().click();
    await page.locator('[data-model]').first().waitFor();
    await picture(`in ${name}, settings`);
    await settings.click();
  }
}

/** Pages of other sites, with the chat in them, by their path. @type {Record<string, string>} */
const HOSTS = {
  '/inline-host': '<main><h1>A page</h1><p>Words.</p><spike-chat></spike-chat></main>',
  '/bubble-host': '<main><h1>A page</h1><p>Words.</p></main>'
    + '<spike-chat mode="bubble"></spike-chat>',
};
/** @param {string} path */
const hostPage = (path) => '<!doctype html><html lang="en"><meta name="viewport" '
  + 'content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
  + '<title>Host</title><link rel="icon" href="data:,">'
  + `<script type="module" src="/embed.js"></script><body>${HOSTS[path]}`;

/**
 * Goes through the states that are no chat, or in pages of others.
 * @param {Page} page of the site
 * @param {(name: string) => Promise<void>} picture
 */
export async function others(page, picture) {
  const { origin } = new URL(page.url());
  /** @param {string} path */
  const go = (path) => page.goto(origin + path);
  await page.context().route(/\.bin$/, (route) => route.fulfill({ status: 404 }));
  await page.getByRole('button', { name: /^Download/ }).click();
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  await picture('error at load');
  await page.context().unroute(/\.bin$/);
  await go('/');
  await page.getByRole('button', { name: 'Play again' }).waitFor({ timeout: 60_000 });
  await picture('recorded answer');
  await go('/404.html');
  await picture('not found');
  await go('/?model=../x');
  await picture('no name of a model');
  await page.context().route(/page\.js$/, (route) => route.abort());
  await go('/');
  await page.locator('#waiting').waitFor();
  await page.waitForTimeout(1200); // it is shown late
  await picture('modules do not come');
  await go('/embed/');
  await page.waitForTimeout(1200);
  await picture('frame by itself');

  await page.context().route(/-host$/, (route) => route.fulfill({
    contentType: 'text/html', body: hostPage(new URL(route.request().url()).pathname),
  }));
  const framed = page.locator('spike-chat').frameLocator('iframe');
  await go('/inline-host');
  await framed.getByRole('button', { name: /^Download|^Start/ }).waitFor();
  await picture('inline in another page');
  await go('/bubble-host');
  await page.locator('summary').waitFor();
  await picture('bubble');
  await page.locator('summary').click();
  await framed.getByRole('button', { name: /^Download|^Start/ }).waitFor();
  await picture('bubble open');
}
