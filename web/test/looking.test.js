// Looking into the model, as a reader does: what is shown against what the engine says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CELL_WIDTH } from '../heatmap/plot.js';
import { chancesOf, countsOf, fromRest, isAsCounted, strongest } from '../neurons/figures.js';
import { bandsOf } from '../neurons/raster.js';
import { wordsOf } from '../neurons/words-of.js';
import en from '../words/en-looking.js';
import { inPage } from './harness.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */
/** @import { Spikes } from '../shared/spikes.js' */

const say = en.neurons;
const url = '/?model=tiny';
/** @typedef {{text: string, spike: Spikes}[]} Told what tokens told, by column */

/**
 * Loads the model, and keeps what tokens are told.
 * @param {Page} page
 */
async function start(page) {
  await page.evaluate(() => {
    const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    Object.assign(chat, { seed: 3, temperature: 0.8, maxTokens: 12 });
    /** @type {unknown[]} */
    const told = [];
    Object.assign(window, { told });
    chat.addEventListener('token', (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      if (detail.spike) told.push(detail);
    });
  });
  await page.getByRole('button', { name: /^Download/ }).click();
  await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
}

/** @param {Page} page @param {string} text */
async function ask(page, text) {
  await page.getByRole('textbox', { name: 'Your message' }).fill(text);
  await press(page, 'Send');
  await page.getByRole('button', { name: say.open }).last().waitFor();
  await page.getByRole('button', { name: 'Send' }).waitFor();
}

/** @param {Page} page @returns {Promise<Told>} */
const told = (page) => page.evaluate(() => /** @type {any} */ (window).told);

/** @param {Page} page @param {object} query @returns {Promise<any>} */
const inspect = (page, query) => page.evaluate(async (given) => {
  const { engine } = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
  for (;;) {
    try {
      return await engine?.inspect(/** @type {any} */ (given), {});
    } catch (error) {
      // The page is reading for itself.
      if (/** @type {any} */ (error).code !== 'busy') throw error;
      await new Promise((resolve) => { setTimeout(resolve, 10); });
    }
  }
}, query);

/** What the heatmap tells of a click on a cell. @param {Page} page @param {object} detail */
const select = (page, detail) => page.locator('spike-heatmap').evaluate((heatmap, given) =>
  heatmap.dispatchEvent(new CustomEvent('spike-select', { detail: given })), detail);

/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** @param {Page} page */
const look = (page) => page.locator('.look');

/** @param {Page} page @param {string} text */
const says = (page, text) => look(page).getByRole('status').filter({ hasText: text }).waitFor();

/** @param {Page} page @param {string} text */
const shows = (page, text) => look(page).getByText(text).first().waitFor();

/**
 * @param {Page} page
 * @param {string} table selector
 * @returns {Promise<string[][]>} its cells, without the head
 */
async function rows(page, table) {
  const last = look(page).locator(table).last();
  // It is made when it is unfolded.
  await last.waitFor();
  return last.locator('tbody tr').evaluateAll(
    (all) => all.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
}

/** @param {{fired: number[], potentials: number[]}} trace @returns {string[][]} */
const steps = ({ fired, potentials }) =>
  fired.map((spike, i) => [i + 1, potentials[i], spike, potentials[i + 1]].map(String));

/** @param {number} n */
const signed = (n) => (n > 0 ? `+${n}` : String(n).replace('-', '−'));

/** Waits until the membrane's table is that of a trace. @param {Page} page @param {any} trace */
async function isMembrane(page, trace) {
  const wanted = JSON.stringify(steps(trace));
  await page.waitForFunction(([text]) => JSON.stringify([...document.querySelector('spike-chat')
    ?.shadowRoot?.querySelectorAll('.neuron .part > table tbody tr') ?? []].map((row) =>
    [...row.children].map((cell) => cell.textContent))) === text, [wanted]);
}

test('a cell: raster, histogram and membranes are those of the engine', () =>
  inPage(async (page) => {
    await start(page);
    await ask(page, 'Grüße 🙂');
    const columns = await told(page);
    const [column, layer] = [3, 1];
    const { spike } = columns[column];
    const place = { layer, position: spike.position - 1 };

    // The mouse: a cell of all populations opens the first one.
    const box = await page.locator('spike-heatmap .viewport').boundingBox();
    const height = await page.locator('spike-heatmap canvas').first().evaluate((canvas) =>
      canvas.clientHeight - 20);
    assert.ok(box);
    await page.mouse.click(box.x + (column + 0.5) * CELL_WIDTH, box.y + height / 2);
    const first = await inspect(page, { kind: 'population', population: 'qkv', ...place });
    const counts = countsOf(first);
    assert.ok(isAsCounted(first, spike, layer, 'qkv'));
    await shows(page, say.summary(String(counts.neurons), String(counts.active),
      String(counts.spikes)));
    await isMembrane(page, await inspect(
      page, { kind: 'neuron', population: 'qkv', neuron: counts.busiest, ...place }));

    // Another part, and each dot of it.
    await look(page).getByLabel(say.population).selectOption('down');
    const all = await inspect(page, { kind: 'population', population: 'down', ...place });
    await shows(page, say.summary(String(all.codes.length), String(countsOf(all).active),
      String(countsOf(all).spikes)));
    const picture = look(page).locator('.picture').first();
    const width = await picture.locator('canvas').evaluate((canvas) => canvas.clientWidth);
    const neurons = all.codes.length;
    const { across, bandHeight, cell } = bandsOf(width, neurons, all.group_size, all.spikes.length);
    /** @param {number} neuron @param {number} step */
    const middle = (neuron, step) => [
      (neuron % across + 0.5) * cell,
      Math.floor(neuron / across) * bandHeight
        + (step + 0.5) * (bandHeight - 4) / all.spikes.length,
    ];
    const dots = all.spikes.flatMap((/** @type {number[]} */ fired, /** @type {number} */ step) =>
      fired.map((graded, neuron) => [...middle(neuron, step).map(Math.floor), Math.sign(graded)]));
    const drawn = await picture.locator('canvas').evaluate((element, places) => {
      const canvas = /** @type {HTMLCanvasElement} */ (element);
      const { data } = /** @type {ImageData} */ (
        canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height));
      return places.map(([x, y]) => {
        const at = 4 * (y * canvas.width + x);
        // Above rest is the accent, a green; below rest an orange.
        return data[at + 3] === 0 ? 0 : data[at + 1] > data[at] ? 1 : -1;
      });
    }, /** @type {number[][]} */ (dots));
    assert.deepEqual(drawn, dots.map((/** @type {number[]} */ dot) => dot[2]));
    assert.equal(new Set(drawn).size, 3);

    // Drawn anew where the colours are others.
    const painted = () => picture.locator('canvas').evaluate((canvas) =>
      /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
    const light = await painted();
    await page.emulateMedia({ colorScheme: 'dark' });
    for (let tries = 0; await painted() === light; tries++) {
      assert.ok(tries < 50, 'still in light colours');
      await page.waitForTimeout(50);
    }

    // The same as a table: all codes, and how many have which.
    await look(page).getByText(say.table).click();
    assert.deepEqual(await rows(page, '.folded table'), all.codes.map(
      (/** @type {number} */ code, /** @type {number} */ j) => [
        String(j), String(code), String(all.rest[Math.floor(j / all.group_size)]),
        signed(fromRest(all, j)),
        all.spikes.map((/** @type {number[]} */ step) => signed(step[j])).join(', '),
      ]));
    const bars = await look(page).locator('.folded table').first().locator('tbody tr')
      .evaluateAll((found) => found.map((row) => [...row.children].map((one) => one.textContent)));
    assert.deepEqual(bars, all.histogram.flatMap(
      (/** @type {number} */ n, /** @type {number} */ i) =>
        (n > 0 ? [[signed(all.lowest + i), String(n)]] : [])));

    // By mouse, by number, by keys.
    await picture.scrollIntoViewIfNeeded();
    const where = await picture.boundingBox();
    assert.ok(where);
    const pointed = across + 2;
    const [x, y] = middle(pointed, 0);
    await page.mouse.move(where.x + x, where.y + y);
    await shows(page, say.one(pointed, signed(fromRest(all, pointed)),
      all.spikes.map((/** @type {number[]} */ step) => signed(step[pointed])).join(', ')));
    await page.mouse.click(where.x + x, where.y + y);
    /** @param {number} neuron */
    const trace = (neuron) =>
      inspect(page, { kind: 'neuron', population: 'down', neuron, ...place });
    await shows(page, say.neuronTitle(pointed));
    await isMembrane(page, await trace(pointed));
    const number = look(page).getByLabel(say.neuron, { exact: true });
    await number.fill('7');
    await number.press('Enter');
    await shows(page, say.neuronTitle(7));
    await isMembrane(page, await trace(7));
    await number.fill('100000');
    await number.press('Enter');
    assert.equal(await number.inputValue(), '7', 'there is no such neuron');
    await picture.focus();
    for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'Enter'])
      await page.keyboard.press(key);
    await shows(page, say.neuronTitle(across + 1));
    await isMembrane(page, await trace(across + 1));
    const seen = await trace(across + 1);
    await look(page).getByText(say.exact).click();
    await shows(page, say.terms.value);
    const terms = await look(page).locator('dd').allTextContents();
    assert.deepEqual(terms.slice(1, 5), [seen.code, seen.rest, seen.code - seen.rest, seen.steps]
      .map((n, i) => (i === 2 ? signed(n) : String(n))));

    // Escape goes back to the heatmap, and to where the reader was.
    await page.keyboard.press('Escape');
    await look(page).waitFor({ state: 'hidden' });
    assert.ok(await page.locator('spike-heatmap').isVisible());

    // Where the activity is not shown, it is for as long as the reader looks inside.
    await press(page, 'Settings');
    await page.getByLabel(en.settings.activity).uncheck();
    await page.keyboard.press('Escape');
    await press(page, say.open);
    await look(page).waitFor();
    assert.ok(await page.locator('spike-heatmap').isHidden());
    await press(page, say.close);
    assert.ok(await page.locator('.activity').isHidden());
    await press(page, 'Settings');
    await page.getByLabel(en.settings.activity).check();
    await page.keyboard.press('Escape');

    // A question ends the looking, and leaves the reader where they write.
    await press(page, say.open);
    await look(page).waitFor();
    const question = page.getByRole('textbox', { name: 'Your message' });
    await question.fill('And now?');
    await question.press('Enter');
    await look(page).waitFor({ state: 'hidden' });
    assert.ok(await question.evaluate((one) => one.matches(':focus')));
  }, { url }));

test('a neuron: its code over the chat, the words that excite it, and its membrane at each', () =>
  inPage(async (page) => {
    await start(page);
    await ask(page, 'the in re the');
    await ask(page, 'at the re in');
    const [place, neuron] = [{ layer: 2, population: 'down' }, 5];
    const columns = await told(page);
    const { position } = columns[columns.length - 1].spike;
    await select(page, { column: columns.length - 1, ...place });
    await look(page).getByLabel(say.neuron, { exact: true }).fill(String(neuron));
    await page.keyboard.press('Enter');
    await shows(page, say.neuronTitle(neuron));
    await press(page, say.excites);
    await shows(page, say.historyOf(neuron, place.layer, 'Feed-forward hidden'));
    const history = await inspect(page, { kind: 'history', ...place, neuron });
    assert.equal(history.tokens.length, position);
    const messages = await page.evaluate(() =>
      /** @type {SpikeChat} */ (document.querySelector('spike-chat')).messages);
    const places = wordsOf(history.tokens, messages.map(({ content }) => content));
    const best = strongest(history, (at) => places[at] !== null
      && history.tokens[at].text.trim() !== '', 8);
    assert.ok(best.length > 0);
    const listed = look(page).locator('.strongest button');
    assert.deepEqual(await listed.allTextContents(), (await listed.locator('bdi').allTextContents())
      .map((word, i) => `${word} ${signed(best[i].code)}`));
    // They glow, in questions and answers.
    const glowing = await page.evaluate(() => [...CSS.highlights].flatMap(([name, highlight]) =>
      [...highlight].map((range) => `${name} ${range}`)));
    const strongestText = history.tokens[best[0].at].text.trim();
    assert.ok(glowing.includes(`spike-glow-3 ${strongestText}`), `${strongestText}: ${glowing}`);
    const questions = places.filter((spot, at) => spot && spot.message % 2 === 0
      && history.codes[at] - history.rest[at] > best[0].code / 3);
    assert.ok(questions.length === 0 || glowing.some((text) => / (the|in|re|at)$/.test(text)));

    // The table has every token; the chart goes by keys, and to the membrane there.
    await look(page).getByText(say.table).click();
    const all = await rows(page, '.folded table');
    assert.deepEqual(all.map((row) => row[2]), history.codes.map(
      (/** @type {number} */ code, /** @type {number} */ at) => signed(code - history.rest[at])));
    const chart = look(page).getByRole('group', { name: say.over });
    await chart.focus();
    for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter'])
      await page.keyboard.press(key);
    await shows(page, say.neuronTitle(neuron));
    await isMembrane(page, await inspect(page, { kind: 'neuron', ...place, neuron, position: 3 }));
    const focused = await page.evaluate(() =>
      document.querySelector('spike-chat')?.shadowRoot?.activeElement?.textContent);
    assert.equal(focused, say.neuronTitle(neuron));
    await press(page, say.back);
    await listed.first().click();
    await isMembrane(page, await inspect(
      page, { kind: 'neuron', ...place, neuron, position: best[0].at }));
    await press(page, say.back);
    await press(page, say.back);
    await shows(page, say.title);
    await press(page, say.close);
    assert.deepEqual(await page.evaluate(() => [...CSS.highlights].flatMap(([, all]) => [...all])),
      []);
  }, { url }));

test('a word: what else might have come, by mouse and by keys', () => inPage(async (page) => {
  await start(page);
  await ask(page, 'Hello');
  const columns = await told(page);
  /** @param {number} column */
  const isChoice = async (column) => {
    const { position } = columns[column].spike;
    const wanted = chancesOf(await inspect(page, { kind: 'alternatives', position, top: 10 }));
    const marked = wanted.chances.findIndex(({ chosen }) => chosen);
    const where = await inspect(
      page, { kind: 'population', layer: 0, population: 'qkv', position: position - 1 });
    assert.equal(where.token.position, position - 1);
    await page.waitForFunction(([chance, row]) => {
      const root = document.querySelector('spike-chat')?.shadowRoot;
      const body = root?.querySelector('.chances tbody');
      const one = body?.children[Number(row)];
      return one?.className === 'chosen' && one.lastChild?.textContent === chance;
    }, [percent(wanted.chances[marked].chance), marked]);
    const shown = await rows(page, '.chances table');
    assert.deepEqual(shown.map((row) => row[2]),
      [...wanted.chances.map(({ chance }) => percent(chance)), percent(wanted.rest)]);
  };
  const words = page.locator('.message.model .text span[data-column]')
    .filter({ hasText: /\S/ });
  const column = Number(await words.first().getAttribute('data-column'));
  await words.first().click();
  await isChoice(column);
  assert.ok(await page.locator(`.text span.lit[data-column="${column}"]`).isVisible());
  await page.keyboard.press('Escape');

  // By keys alone: the button under the answer, then from token to token.
  await page.getByRole('button', { name: say.open }).focus();
  await page.keyboard.press('Enter');
  await isChoice(0);
  await look(page).getByRole('button', { name: say.next }).focus();
  await page.keyboard.press('Enter');
  await isChoice(1);
  await look(page).getByRole('button', { name: say.previous }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  // The token before the answer's first one has no column, and is read all the same.
  const { position } = columns[0].spike;
  const before = await inspect(page, { kind: 'alternatives', position: position - 1, top: 0 });
  await look(page).locator('.chosen').filter({ hasText: percent(Math.exp(before.logprob)) })
    .waitFor();
  await press(page, say.neurons);
  await shows(page, say.raster.slice(0, 6));
  await page.keyboard.press('Escape');
  // Whoever marks text to copy it does not open anything.
  await words.first().evaluate((word) => getSelection()?.selectAllChildren(word));
  await words.first().dispatchEvent('click');
  await page.waitForTimeout(50);
  assert.ok(await look(page).isHidden());
}, { url }));

/** @param {number} chance */
function percent(chance) {
  const share = 100 * chance;
  return share < 0.01 ? '< 0.01%' : `${share.toFixed(share < 1 ? 2 : 1)}%`;
}

test('questions come first, and what is not in memory any more is never shown', () =>
  inPage(async (page) => {
    await start(page);
    await ask(page, 'word '.repeat(150));
    // What is read is seen at its first batch.
    await page.evaluate(() => {
      const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
      const engine = /** @type {any} */ (chat.engine);
      const { inspect: real } = engine;
      engine.inspect = (/** @type {any} */ query, /** @type {any} */ { onprogress, ...options }) =>
        real(query, { ...options, onprogress: (/** @type {number} */ read,
          /** @type {number} */ total) => {
          onprogress?.(read, total);
          const { onread } = /** @type {any} */ (window);
          Object.assign(window, { onread: null });
          onread?.(chat);
        } });
    });
    const cell = { column: 2, layer: 0, population: 'qkv' };
    await select(page, cell);
    await shows(page, say.excites);
    await page.evaluate(() => Object.assign(window, { onread: (/** @type {SpikeChat} */ chat) => {
      const state = chat.shadowRoot?.querySelector('.look .state');
      const { value, max } = /** @type {HTMLProgressElement} */ (state?.querySelector('progress'));
      Object.assign(window, { state: `${state?.textContent} ${value} of ${max}` });
      state?.querySelector('button')?.click();
    } }));
    await press(page, say.excites);
    await says(page, say.stopped);
    const total = (await told(page)).at(-1)?.spike.position ?? NaN;
    assert.equal(await page.evaluate(() => /** @type {any} */ (window).state),
      `${say.readingAll}${say.cancel} 16 of ${total}`);
    await press(page, say.again);
    await shows(page, say.strongest);
    // A cell that is not there opens nothing.
    await press(page, say.close);
    await select(page, { ...cell, column: 1000 });
    await page.waitForTimeout(50);
    assert.ok(await look(page).isHidden());
    await select(page, cell);
    await shows(page, say.excites);
    await press(page, say.excites);
    await shows(page, say.strongest);
    await press(page, say.back);

    // A question that comes while it is read wins.
    await shows(page, say.excites);
    await page.evaluate(() => Object.assign(window, { onread: (/** @type {SpikeChat} */ chat) => {
      const sent = chat.send('And now?');
      Object.assign(window, { sent });
    } }));
    await press(page, say.excites);
    const answer = await page.evaluate(async () => {
      for (;;) {
        const { sent } = /** @type {any} */ (window);
        if (sent) return (await sent).role;
        await new Promise((resolve) => { setTimeout(resolve, 10); });
      }
    });
    assert.equal(answer, 'assistant');
    await look(page).waitFor({ state: 'hidden' });

    // What is picked while an answer comes waits for it.
    await page.evaluate(() => {
      const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
      chat.maxTokens = 200;
      const heatmap = chat.shadowRoot?.querySelector('spike-heatmap');
      chat.addEventListener('token', () => heatmap?.dispatchEvent(
        new CustomEvent('spike-select', { detail: { column: 0, layer: 0, population: null } })),
      { once: true });
      chat.send('At once');
    });
    await says(page, say.answering);
    await page.getByRole('button', { name: 'Send' }).waitFor();
    await shows(page, say.excites);
    await press(page, say.close);

    // The first answer is still what was read first; another answer to the last question is not
    // what its columns have counted.
    await select(page, { ...cell, column: 0 });
    await shows(page, say.excites);
    await page.evaluate(() => Object.assign(
      /** @type {SpikeChat} */ (document.querySelector('spike-chat')), { maxTokens: 12 }));
    const { length } = await told(page);
    await page.getByRole('button', { name: 'Another answer' }).last().click();
    await page.waitForFunction((before) =>
      /** @type {any} */ (window).told.length >= before + 12, length);
    await page.getByRole('button', { name: 'Send' }).waitFor();
    const columns = await told(page);
    for (const column of [length - 1, length - 100, length + 3]) {
      const { spike } = columns[column];
      const there = await inspect(page, {
        kind: 'population', layer: 2, population: 'down', position: spike.position - 1,
      }).then((all) => isAsCounted(all, spike, 2, 'down'), () => false);
      assert.equal(there, column >= length, `column ${column}`);
      await select(page, { column, layer: 2, population: 'down' });
      if (there) await shows(page, say.excites);
      else await says(page, say.gone);
      assert.equal(await look(page).locator('.picture').first().isVisible(), there);
    }

    // Lesions and other codings: what was counted under them is what is seen, and nothing else.
    for (const other of [{ preset: 'fewest' }, { spike: { lesions: { dropped_planes: 2 } } }]) {
      const same = await page.evaluate(async (given) => {
        const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
        const engine = /** @type {any} */ (chat.engine);
        const answered = await engine.chat.completions.create(
          { messages: [{ role: 'user', content: 'x' }], max_tokens: 3, ...given });
        const spike = answered.spike.tokens[2];
        return { spike, all: await engine.inspect({
          kind: 'population', layer: 2, population: 'down', position: spike.position - 1,
        }, {}) };
      }, other);
      assert.ok(isAsCounted(same.all, same.spike, 2, 'down'), JSON.stringify(other));
      await select(page, { column: length + 3, layer: 2, population: 'down' });
      await says(page, say.gone);
      await page.locator('.message.model').last().locator('.text span').first().click();
      await says(page, say.gone);
    }

    // Without an engine there is a way on.
    await page.evaluate(() =>
      /** @type {SpikeChat} */ (document.querySelector('spike-chat')).unload());
    await select(page, cell);
    await says(page, say.unloaded);
    await press(page, say.start);
    await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    await select(page, cell);
    await says(page, say.gone);
    await page.getByRole('button', { name: 'New chat' }).click();
    assert.ok(await look(page).isHidden());
  }, { url }));

test('on a phone: a sheet over the chat, by touch, with a way back', () => inPage(async (page) => {
  await start(page);
  await ask(page, 'the in re');
  await page.locator('.message.model .text span[data-column]').filter({ hasText: /\S/ }).last()
    .tap();
  await look(page).locator('.chosen').waitFor();
  const log = await page.locator('.log').boundingBox();
  const sheet = await page.locator('.activity').boundingBox();
  assert.ok(log && sheet && sheet.y <= log.y && sheet.height >= log.height, 'it covers the chat');
  await look(page).getByRole('button', { name: say.neurons, exact: true }).tap();
  await shows(page, say.excites);
  const picture = await look(page).locator('.picture').first().boundingBox();
  assert.ok(picture);
  await page.touchscreen.tap(picture.x + picture.width / 2, picture.y + 4);
  await look(page).getByRole('button', { name: say.excites }).tap();
  await shows(page, say.over);
  const wrong = await look(page).evaluate((element) => {
    const found = [...element.querySelectorAll('button, input, select, summary')]
      .filter((one) => one instanceof HTMLElement && one.offsetParent)
      .map((one) => ({ text: one.textContent, ...one.getBoundingClientRect().toJSON() }))
      .filter(({ width, height }) => width < 24 || height < 43.5);
    const panel = element.parentElement;
    if (!panel || panel.scrollWidth > panel.clientWidth) found.push({ text: 'too wide' });
    return found;
  });
  assert.deepEqual(wrong, []);
  await look(page).getByRole('button', { name: say.inChat }).tap();
  assert.ok(await page.locator('.message.user').isVisible());
  const small = await page.locator('.activity').boundingBox();
  assert.ok(small && small.height < 100 && small.y > 200, JSON.stringify(small));
  assert.ok(await page.evaluate(() => [...CSS.highlights].some(([, all]) => all.size > 0)));
  await look(page).getByRole('button', { name: say.back }).tap();
  await shows(page, say.over);
  await look(page).getByRole('button', { name: say.close }).tap();
  assert.ok(await look(page).isHidden());
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
}, { url, context: { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true } }));
