// The recording of the first screen: it plays before anything is downloaded, with mouse, keyboard
// and touch, and the real model gives the same answer again, token for token and count for count.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inPage, site } from './harness.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */

/** @param {Page} page */
const card = (page) => page.getByRole('group', { name: 'A recorded answer' });
/** @param {Page} page @param {string} name */
const tool = (page, name) => card(page).getByRole('button', { name, exact: true });
/** @param {Page} page @returns {Promise<number>} words that are shown */
const shown = (page) => page.locator('.recording-answer span:not(.coming)').count();
/** @param {Page} page @returns {Promise<number>} */
const columns = (page) => page.locator('spike-heatmap').evaluate(
  (heatmap) => /** @type {import('../heatmap/element.js').SpikeHeatmap} */ (heatmap).length);
const label = '.recording-label';

/**
 * @param {Page} page
 * @param {string} name of a button
 * @returns {Promise<boolean>} whether all of it is in the window
 */
const inWindow = async (page, name) => {
  const box = await page.getByRole('button', { name }).boundingBox();
  const size = page.viewportSize();
  return box !== null && size !== null && box.x >= 0 && box.y >= 0
    && box.x + box.width <= size.width && box.y + box.height <= size.height;
};

test('it plays at once, can be paused, and this machine gives the same', () =>
  inPage(async (page, seen) => {
    await card(page).waitFor();
    const places = () => page.evaluate(() => {
      const root = document.querySelector('spike-chat')?.shadowRoot;
      return [...root?.querySelectorAll('.greeting *, .dock *, spike-heatmap') ?? []]
        .filter((one) => !one.closest('.recording-tools'))
        .map((one) => Object.values(one.getBoundingClientRect().toJSON()));
    });
    const before = await places();
    assert.equal(
      await page.locator(label).textContent(), 'Recorded earlier; nothing has been downloaded.');
    assert.match(await page.locator('.recording-note').textContent() ?? '',
      /^smollm2-135m-instruct · [\d.]+ tokens\/s on .+/);
    await page.waitForFunction(() => {
      const root = document.querySelector('spike-chat')?.shadowRoot;
      return (root?.querySelectorAll('.recording-answer span:not(.coming)').length ?? 0) > 3;
    });
    assert.deepEqual(await places(), before, 'something moved while it played');
    await tool(page, 'Pause').click();
    const paused = await shown(page);
    const all = await page.locator('.recording-answer span').count();
    assert.ok(paused < all, 'it was at its end already');
    assert.equal(await columns(page), paused);
    await page.waitForTimeout(600);
    assert.equal(await shown(page), paused);
    // By keyboard: on, and to the end.
    await tool(page, 'Play').press('Enter');
    await page.waitForFunction((before) => {
      const root = document.querySelector('spike-chat')?.shadowRoot;
      return (root?.querySelectorAll('.recording-answer span:not(.coming)').length ?? 0) > before;
    }, paused);
    await tool(page, 'Skip').press('Space');
    assert.equal(await shown(page), all);
    assert.equal(await columns(page), all);
    assert.ok(await tool(page, 'Play again').evaluate((button) => button.matches(':focus')));
    // Words and columns light each other.
    await page.locator('.recording-answer span').nth(1).hover();
    assert.equal(await page.locator('.recording-answer span.lit').textContent(), ' brain');
    assert.deepEqual(seen.requests.filter((url) => /\.(bin|wasm)$/.test(url)), []);

    // A question while it is compared goes first.
    await page.evaluate(() => {
      const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
      chat.setAttribute('max-tokens', '3');
      chat.addEventListener('ready', () => setTimeout(() => {
        Object.assign(window, { told: chat.shadowRoot?.querySelector('.recording-label')
          ?.textContent, answer: chat.send('What is 2 + 2?') });
      }, 50));
    });
    await page.getByRole('button', { name: /^Download/ }).click();
    await page.getByText('Recorded earlier, to watch while the model comes.').waitFor();
    await page.getByRole('status').filter({ hasText: /^Done/ }).waitFor({ timeout: 120_000 });
    assert.equal(
      await page.evaluate(() => /** @type {any} */ (window).told),
      'Your machine gives the same answer again …');
    assert.match(
      await page.evaluate(async () => (await /** @type {any} */ (window).answer).content), /\S/);
    assert.equal(await columns(page), 3, 'the picture is of the answer alone');
    assert.equal(await page.getByRole('heading', { name: 'Recorded' }).count(), 0);
    assert.equal(seen.requests.filter((url) => url.endsWith('/activity.json')).length, 1,
      'recording and answer share the usual levels');

    await page.getByRole('button', { name: 'New chat' }).first().click();
    assert.equal(await page.locator(label).textContent(), 'Not compared to the end.');
    await tool(page, 'Compare with this machine').click();
    await page.getByText(/reproduced it bit for bit/).waitFor({ timeout: 60_000 });
    assert.equal(
      await page.locator(label).textContent(),
      `Your machine reproduced it bit for bit: ${all} tokens, ${(all * 783).toLocaleString('en')} `
        + 'counts.');
    assert.deepEqual(await page.evaluate(
      () => /** @type {SpikeChat} */ (document.querySelector('spike-chat')).messages), []);
    await tool(page, 'Play again').click();
    await tool(page, 'Skip').click();
    assert.equal(await columns(page), all);
  }));

test('on a phone nothing is pushed away, and a finger can stop it', () => inPage(async (page) => {
  await card(page).waitFor();
  for (const name of ['Download', 'Send']) assert.ok(await inWindow(page, name), name);
  const pause = tool(page, 'Pause');
  const box = await pause.boundingBox();
  assert.ok(box && box.width >= 44 && box.height >= 44, JSON.stringify(box));
  await pause.tap();
  const paused = await shown(page);
  await page.waitForTimeout(400);
  assert.equal(await shown(page), paused);
  await page.setViewportSize({ width: 320, height: 480 });
  for (const name of ['Download', 'Send']) assert.ok(await inWindow(page, name), `${name}, small`);
  assert.ok(await page.evaluate(
    () => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  await page.getByRole('button', { name: 'What is a neuron?' }).tap();
  assert.equal(await columns(page), 0, 'the picture of the recording has gone');
}, { context: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } }));

test('with reduced motion it stands at its end until it is played', () => inPage(async (page) => {
  await tool(page, 'Play again').waitFor();
  const all = await shown(page);
  assert.ok(all > 10);
  assert.equal(await columns(page), all);
  await tool(page, 'Play again').click();
  await tool(page, 'Pause').click();
  assert.ok(await shown(page) < all);
}, { context: { reducedMotion: 'reduce' } }));

test('there is none of another model, and none where the file is damaged', () =>
  inPage(async (page) => {
    let served = '';
    for (const [url, damage] of /** @type {[string, (text: string) => string][]} */ ([
      ['/?model=tiny', (text) => text],
      ['/', (text) => text.slice(0, 900)],
      ['/', (text) => text.replace(/"spikes":".{40}/, '"spikes":"')],
      ['/', (text) => text.replace(/"sha256":"./, '"sha256":"x')],
      ['/', () => ''],
    ])) {
      site.fault = ({ path, body }) => {
        if (!path.endsWith('recording.json')) return null;
        served = damage(body.toString());
        return { body: Buffer.from(served) };
      };
      const asked = page.waitForResponse(/recording\.json$/);
      await page.goto(site.url + url);
      await asked;
      await page.getByRole('button', { name: /^Download [\d.]+ MB and start$/ }).waitFor();
      await page.locator('.recorded-place:not(.expected)').waitFor({ state: 'attached' });
      assert.equal(await card(page).count(), 0, `${url} ${served.slice(0, 20)}`);
      assert.ok(await page.getByRole('button', { name: 'What is a neuron?' }).isVisible());
    }
  }, { url: '/blank.html' }));
