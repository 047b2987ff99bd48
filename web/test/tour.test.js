// The tour of the last answer, with mouse, keyboard and touch: what it shows against what the
// engine says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { totals } from '../heatmap/measures.js';
import { neuronOf, tokenOf } from '../tour/readings.js';
import en from '../words/en-looking.js';
import { formatPercent, formatShort } from '../shared/format.js';
import { inPage } from './harness.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */
/** @import { Column } from '../neurons/types.js' */

const say = en.tour;
const url = '/?model=tiny';
const NAMES = /** @type {const} */ (
  ['neuron', 'spikes', 'thresholds', 'choice', 'additions', 'honesty']);

/** @param {Page} page @param {Record<string, string>} [attributes] */
async function start(page, attributes = {}) {
  await page.evaluate((given) => {
    const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    Object.assign(chat, { seed: 3, temperature: 0.8, maxTokens: 12, ...given });
    /** @type {unknown[]} */
    const told = [];
    Object.assign(window, { told });
    chat.addEventListener('token', (event) => {
      const { text, spike } = /** @type {CustomEvent} */ (event).detail;
      if (spike) told.push({ text, spikes: spike });
    });
  }, attributes);
  await page.getByRole('button', { name: /^Download/ }).click();
  await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
}

/** @param {Page} page @param {string} text */
async function ask(page, text) {
  await page.getByRole('textbox', { name: 'Your message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('status').filter({ hasText: /^Done/ }).waitFor();
}

/** @param {Page} page */
const tour = (page) => page.locator('.tour');
/** @param {Page} page @param {string} name */
const press = (page, name) => tour(page).getByRole('button', { name, exact: true });
/** @param {Page} page */
const title = (page) => tour(page).getByRole('heading').textContent();
/** @param {Page} page */
const text = async (page) => (await tour(page).locator('.tour-text').textContent()) ?? '';
/** @param {Page} page */
const pointed = (page) => page.evaluate(() => {
  const root = document.querySelector('spike-chat')?.shadowRoot;
  return [...root?.querySelectorAll('.pointed') ?? []].map((one) =>
    (one.matches('spike-heatmap, .figures') ? one.localName : one.textContent));
});

test('six steps tell what the engine says of the last answer', () => inPage(async (page) => {
  await start(page);
  assert.equal(await page.getByRole('button', { name: say.open }).filter({ visible: true }).count(),
    0, 'there is no answer yet');
  await ask(page, 'Hello');
  await ask(page, 'And again?');
  const opener = page.getByRole('log').getByRole('button', { name: say.open }).last();
  await opener.click();
  await tour(page).locator('canvas').waitFor();

  /** @type {Column[]} */
  const columns = await page.evaluate(() => /** @type {any} */ (window).told);
  const column = tokenOf(columns);
  assert.ok(column >= 12, 'it is of the last answer');
  const { spikes } = columns[column];
  const { populations, layers, position } = spikes;
  const at = populations.findIndex(({ name }) => name === 'gate_up');
  const counts = Array.from(
    { length: layers }, (_, l) => spikes.spikes[l * populations.length + at]);
  const layer = counts.indexOf(Math.max(...counts));
  /** @param {object} query @returns {Promise<any>} */
  const inspect = (query) => page.evaluate((given) =>
    /** @type {SpikeChat} */ (document.querySelector('spike-chat')).engine?.inspect(
      /** @type {any} */ (given)), query);
  const place = { layer, population: 'gate_up', position: position - 1 };
  const all = await inspect({ kind: 'population', ...place });
  const neuron = neuronOf(all);
  const trace = await inspect({ kind: 'neuron', ...place, neuron });

  assert.equal(await title(page), say.neuron.title);
  assert.ok(await press(page, say.back).isDisabled());
  assert.match(await text(page), new RegExp(
    `neuron ${neuron} of layer ${layer} .* potential of ${trace.potentials[0]}, fired in 4 steps`));
  const seen = [await text(page)];
  /** @type {unknown[]} */
  const marks = [await pointed(page)];
  for (const [i, name] of NAMES.entries()) {
    if (i === 0) continue;
    await press(page, say.next).click();
    assert.equal(await title(page), say[name].title);
    assert.equal(await tour(page).locator('.tour-progress').textContent(), `${i + 1} of 6`);
    assert.ok((await tour(page).getByRole('img').getAttribute('aria-label'))?.length);
    seen.push(await text(page));
    marks.push(await pointed(page));
  }
  const from = trace.code - trace.rest;
  assert.ok(seen[1].includes(`${from} together`), seen[1]);
  const ratio = Math.max(...all.thresholds) / Math.min(...all.thresholds);
  assert.ok(seen[2].includes(`${ratio.toFixed(1)} times`), seen[2]);
  assert.match(seen[3], /all \d+ groups of layer \d+ had 4 steps/);
  const { operations, dense, silent } = totals(spikes);
  assert.ok(seen[4].includes(
    `${formatShort(operations)} additions, and would take ${formatShort(dense)}`), seen[4]);
  assert.equal(
    await tour(page).getByRole('img').getAttribute('aria-label'),
    say.honesty.silent(formatPercent(silent, 1)));
  assert.deepEqual(
    marks, [columns[column].text, 'spike-heatmap', 'spike-heatmap', 'Settings', 'div', 'div']
      .map((mark) => [mark]));
  await press(page, say.done).click();
  assert.ok(await tour(page).isHidden());
  assert.deepEqual(await pointed(page), []);
  assert.ok(await opener.evaluate((button) => button.matches(':focus')), 'focus is back');

  // By keyboard, from the panel. Escape ends the tour alone.
  const other = page.getByRole('complementary').getByRole('button', { name: say.open });
  await other.press('Enter');
  await tour(page).locator('canvas').waitFor();
  assert.ok(await tour(page).getByRole('heading').evaluate((one) => one.matches(':focus')));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  assert.ok(await press(page, say.next).evaluate((button) => button.matches(':focus')));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  assert.equal(await title(page), say.thresholds.title);
  await press(page, say.back).press('Enter');
  await press(page, say.back).press('Enter');
  assert.equal(await title(page), say.neuron.title);
  assert.ok(await press(page, say.next).evaluate((button) => button.matches(':focus')),
    'the focus is not lost with a disabled button');
  await page.keyboard.press('Escape');
  assert.ok(await tour(page).isHidden());
  assert.ok(await other.evaluate((button) => button.matches(':focus')));

  // Where something else was read meanwhile, the words stay and the figures do not come.
  await page.evaluate(() =>
    /** @type {SpikeChat} */ (document.querySelector('spike-chat')).engine?.chat.completions.create(
      { messages: [{ role: 'user', content: 'Another' }], max_tokens: 2 }));
  await opener.click();
  await tour(page).getByText(say.gone).waitFor();
  for (const name of NAMES.slice(1)) {
    await press(page, say.next).click();
    assert.equal(await title(page), say[name].title);
    assert.ok((await text(page)).includes(say[name].text[0]));
  }
  // A question ends it, and so does a new chat.
  await ask(page, 'A third?');
  assert.ok(await tour(page).isHidden());
  // Who writes on meanwhile is not taken away from there.
  await other.click();
  await tour(page).locator('canvas').waitFor();
  const box = page.getByRole('textbox', { name: 'Your message' });
  await box.fill('A fourth?');
  await box.press('Enter');
  await tour(page).waitFor({ state: 'hidden' });
  await page.getByRole('status').filter({ hasText: /^Done/ }).waitFor();
  assert.ok(await box.evaluate((one) => one.matches(':focus')));
  // A comparison covers what it points at.
  await page.getByRole('log').getByRole('button', { name: say.open }).last().click();
  await tour(page).locator('canvas').waitFor();
  await page.getByRole('button', { name: en.compare.button, exact: true }).last().click();
  await page.getByRole('heading', { name: en.compare.title }).waitFor();
  assert.ok(await tour(page).isHidden());
  await page.keyboard.press('Escape');
  await page.getByRole('log').getByRole('button', { name: say.open }).last().click();
  await tour(page).locator('canvas').waitFor();
  await page.getByRole('button', { name: 'New chat' }).first().click();
  assert.ok(await tour(page).isHidden());
}, { url }));

test('on a phone, with a preset that chooses', () => inPage(async (page) => {
  await start(page, { preset: 'balanced' });
  await ask(page, 'Hello');
  await page.getByRole('log').getByRole('button', { name: say.open }).tap();
  await tour(page).locator('canvas').waitFor();
  for (const name of NAMES) {
    assert.equal(await title(page), say[name].title);
    for (const button of [say.back, name === 'honesty' ? say.done : say.next, say.close]) {
      const box = await press(page, button).boundingBox();
      assert.ok(box && box.height >= 44 && box.y >= 0 && box.y + box.height <= 740
        && box.x >= 0 && box.x + box.width <= 320, `${name}: ${button} ${JSON.stringify(box)}`);
    }
    if (name === 'choice')
      assert.match(await text(page), /layer \d of this answer \d+ groups? had 4 steps/);
    await press(page, name === 'honesty' ? say.done : say.next).tap();
  }
  assert.ok(await tour(page).isHidden());
}, {
  url, context: { viewport: { width: 320, height: 740 }, hasTouch: true, isMobile: true },
}));
