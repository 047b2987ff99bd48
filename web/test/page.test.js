// The page as a reader uses it, with the tiny model.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { COLORS } from '../heatmap/colors.js';
import { CELL_WIDTH, TICKS_HEIGHT } from '../heatmap/plot.js';
import { DIST, TINY, inPage, noWorkers, site } from './harness.mjs';
import { thinkingTiny } from './thinking-tiny.mjs';
import { unrankedTiny } from './unranked.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */

const ACTIVITY = path.join(DIST, 'models/tiny/activity.json');

/**
 * Opens the chat on the tiny model and loads it.
 * @param {Page} page
 * @param {Record<string, string>} [attributes]
 */
async function start(page, attributes = {}) {
  await page.evaluate((all) => {
    const chat = document.createElement('spike-chat');
    for (const [name, value] of Object.entries(all)) chat.setAttribute(name, value);
    document.querySelector('spike-chat')?.replaceWith(chat);
  }, { model: TINY, seed: '1', temperature: '0.8', 'max-tokens': '30', ...attributes });
  await page.getByRole('button', { name: /^Download .* MB and start$/ }).click();
  await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
}

/** @param {Page} page @param {string} text */
async function ask(page, text) {
  await page.getByRole('textbox', { name: 'Your message' }).fill(text);
  await page.keyboard.press('Enter');
}

/** @param {Page} page */
const done = (page) => page.getByRole('button', { name: 'Send' }).waitFor();

/** @param {Page} page */
const answers = (page) => page.locator('.message.model .text');

/**
 * Reads the colour in the middle of every cell that is drawn.
 * @param {Page} page
 * @param {number} layers
 * @returns {Promise<string[][]>} by column, then layer
 */
async function cells(page, layers) {
  // Drawing waits for a frame.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  return page.locator('spike-heatmap .viewport canvas').evaluate((canvas, [rows, ticks, width]) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error('not a canvas');
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no context');
    const scroll = canvas.closest('.viewport')?.scrollLeft ?? 0;
    const height = (canvas.clientHeight - ticks) / rows;
    const out = [];
    for (
      let column = Math.ceil(scroll / width);
      (column + 1) * width - scroll <= canvas.clientWidth;
      column++
    ) {
      const colors = [];
      for (let layer = 0; layer < rows; layer++) {
        const [r, g, b, a] = context.getImageData(
          Math.round((column + 0.5) * width - scroll),
          Math.round((rows - 0.5 - layer) * height),
          1,
          1,
        ).data;
        colors.push(
          a === 255
            ? `#${[r, g, b].map((v) => v.toString(16).padStart(2, '0')).join('')}`
            : 'clear',
        );
      }
      out.push(colors);
    }
    return out;
  }, [layers, TICKS_HEIGHT, CELL_WIDTH]);
}

test('nothing large is fetched before consent', () => inPage(async (page, seen) => {
  await page.getByRole('button', { name: /^Download/ }).waitFor();
  assert.deepEqual(seen.requests.filter((url) => /\.(wasm|bin)$/.test(url)), []);
}));

test('load, ask, stream, stop, ask again', () => inPage(async (page, seen) => {
  await start(page, { 'max-tokens': '1000' });
  // The tiny model is quicker than any test outside the page: so the page itself stops it, at the
  // third token.
  await page.evaluate(() => {
    const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    const log = chat.shadowRoot?.querySelector('[role=log]');
    const box = chat.shadowRoot?.querySelector('textarea');
    /** @type {{tokens: number, busy: (string | null | undefined)[]}} */
    const seen = { tokens: 0, busy: [] };
    chat.addEventListener('token', () => {
      seen.busy.push(log?.getAttribute('aria-busy'));
      if (++seen.tokens === 3)
        box?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
      if (seen.tokens === 6)
        /** @type {HTMLButtonElement | null | undefined} */ (
          chat.shadowRoot?.querySelector('.send')
        )?.click();
    });
    Object.assign(window, { seen });
  });
  const told = () =>
    page.evaluate(
      () => /** @type {{tokens: number, busy: string[]}} */ (/** @type {any} */ (window).seen),
    );
  const activity = () => seen.requests.filter((url) => url.endsWith('/tiny/activity.json'));
  const log = page.getByRole('log');
  assert.deepEqual(activity(), [], 'nobody needs it yet');
  await ask(page, 'Hello');
  await page.getByRole('status').filter({ hasText: /^Stopped, / }).waitFor();
  await done(page);
  assert.deepEqual(await told(), { tokens: 3, busy: ['true', 'true', 'true'] });
  const usual = await page.waitForFunction(() =>
    /** @type {any} */ (document.querySelector('spike-chat')?.shadowRoot
      ?.querySelector('spike-heatmap')).usual);
  const { tokens, codings } = JSON.parse(fs.readFileSync(ACTIVITY, 'utf8'));
  const best = codings.find((/** @type {{preset?: string}} */ { preset }) => preset === 'best');
  assert.deepEqual((await usual.jsonValue()).spikes,
    best.inputs.map((/** @type {number} */ spikes) => spikes / tokens), 'what packing has counted');
  assert.equal(await log.getAttribute('aria-busy'), 'false');
  await page.locator('.foot').filter({ hasText: /^stopped/ }).waitFor();

  await ask(page, 'And again?');
  await page.locator('.foot').nth(1).filter({ hasText: /^stopped/ }).waitFor();
  await done(page);
  assert.equal((await told()).tokens, 6, 'the Stop button');
  assert.equal(activity().length, 1, 'asked for once');
  assert.equal(await page.locator('.message.user').count(), 2);
  assert.equal(await answers(page).count(), 2);
  const messages = await page.evaluate(
    () => /** @type {SpikeChat} */ (document.querySelector('spike-chat')).messages,
  );
  assert.deepEqual(messages.map(({ role }) => role), ['user', 'assistant', 'user', 'assistant']);
  assert.equal(messages[1].content, await answers(page).first().textContent());

  await page.getByRole('button', { name: 'New chat' }).click();
  assert.equal(await answers(page).count(), 0);
  await page.getByRole('button', { name: 'What is a neuron?' }).click();
  await answers(page).first().locator('span').first().waitFor();
}));

test('a question sent before the model is there is answered when it is', () =>
  inPage(async (page, seen) => {
    await page.evaluate((model) => {
      const chat = document.createElement('spike-chat');
      chat.setAttribute('model', model);
      chat.setAttribute('max-tokens', '5');
      document.querySelector('spike-chat')?.replaceWith(chat);
    }, TINY);
    const box = page.getByRole('textbox', { name: 'Your message' });
    await ask(page, 'Too early');
    await page.getByRole('status').filter({ hasText: 'start it above' }).waitFor();
    assert.match((await page.locator('.message.user').textContent()) ?? '', /Too early$/);
    const large = () => seen.requests.filter((url) => /\.(wasm|bin)$/.test(url));
    assert.deepEqual(large(), [], 'no consent yet');
    await box.fill('And a second one');
    await box.press('Enter');
    assert.equal(await box.inputValue(), 'And a second one', 'the text is kept');
    const button = page.getByRole('button', { name: /^Download/ });
    await ask(page, '');
    await button.press('Enter');
    await page.locator('.message.model .text span').first().waitFor();
    assert.equal(await page.locator('.message.user').count(), 1);
  }));

test('the heatmap is drawn in the colours of its scale, and linked with the words', () =>
  inPage(async (page) => {
    await start(page);
    await ask(page, 'Hello');
    await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
    const layers = await page.evaluate(
      () =>
        /** @type {SpikeChat} */ (document.querySelector('spike-chat')).engine?.info.layers ?? 0,
    );
    const scale = new Set(COLORS);
    /** @type {Record<string, string>} */
    const pictures = {};
    for (const measure of ['unusual', 'strong', 'spikes', 'active']) {
      await page.getByLabel('Measure').selectOption(measure);
      const drawn = (await cells(page, layers)).slice(0, 20);
      assert.equal(drawn.length, 20);
      const colors = drawn.flat();
      for (const color of colors) assert.ok(scale.has(color), `${color} is not of the scale`);
      if (measure !== 'active')
        assert.ok(new Set(colors).size > 3, `${measure}: cells do not differ`);
      pictures[measure] = colors.join();
    }
    assert.equal(new Set(Object.values(pictures)).size, 4, 'measures do not differ');

    const plot = page.locator('spike-heatmap .viewport');
    await plot.hover({ position: { x: 4 * CELL_WIDTH + 3, y: 10 } });
    assert.match((await page.locator('spike-heatmap .tip').textContent()) ?? '', /token 5, layer/);
    const lit = page.locator('.text .lit');
    await lit.waitFor();
    await page.mouse.move(5, 5);
    assert.equal(await lit.count(), 0);
    const before = (await cells(page, layers)).join();
    await page.locator('.text span').nth(3).hover();
    assert.equal(await lit.count(), 1);
    const canvas = await plot.screenshot();
    await page.mouse.move(5, 5);
    assert.equal((await cells(page, layers)).join(), before, 'the light stays on');
    assert.notDeepEqual(await plot.screenshot(), canvas, 'no column was lit');

    await plot.focus();
    for (const key of ['End', 'ArrowLeft', 'ArrowUp']) await page.keyboard.press(key);
    await page
      .locator('spike-heatmap [aria-live]')
      .filter({ hasText: /^Token \d+, .*layer 1:/ })
      .waitFor({ state: 'attached' });
    await page
      .locator('spike-heatmap #summary')
      .filter({ hasText: /^\d+ tokens, \d+ layers\./ })
      .waitFor({ state: 'attached' });
  }));

/**
 * Chooses a radio button by its label, which is what a reader sees of it.
 * @param {Page} page
 * @param {string} group
 * @param {string} name
 */
const choose = (page, group, name) =>
  page.getByRole('radiogroup', { name: group }).getByText(name, { exact: true }).click();

/** @param {Page} page @param {string} name */
const coding = (page, name) =>
  page.getByRole('radiogroup', { name: 'Quality' }).getByRole('radio', { name });

test('settings: presets of the coding', () => inPage(async (page) => {
  await start(page, { 'max-tokens': '12' });
  await page.evaluate(() => {
    const seen = { spikes: 0 };
    document.querySelector('spike-chat')?.addEventListener('token', (event) => {
      const { spike } = /** @type {CustomEvent} */ (event).detail;
      for (const n of spike?.spikes ?? []) seen.spikes += n;
    });
    Object.assign(window, { seen });
  });
  /** Asks in a chat of its own. @param {string} title */
  const asked = async (title) => {
    await page.getByRole('button', { name: 'New chat' }).click();
    await page.getByRole('button', { name: 'Settings' }).click();
    if (title === 'T = 4') await choose(page, 'Time steps T', '4');
    else await choose(page, 'Quality', title);
    await page.keyboard.press('Escape');
    await page.evaluate(() => { /** @type {any} */ (window).seen.spikes = 0; });
    await ask(page, 'Hello');
    const end = title === 'T = 4' ? title : title.toLowerCase();
    await page.locator('.foot').filter({ hasText: `${end} · seed 1` }).waitFor();
    return {
      text: await answers(page).first().textContent(),
      spikes: await page.evaluate(
        () => /** @type {number} */ (/** @type {any} */ (window).seen.spikes),
      ),
    };
  };
  const [best, balanced, fewest] = [
    await asked('Best quality'),
    await asked('Balanced'),
    await asked('Fewest spikes'),
  ];
  assert.ok(
    best.spikes > balanced.spikes && balanced.spikes > fewest.spikes && fewest.spikes > 0,
    JSON.stringify({ best, balanced, fewest }),
  );
  assert.deepEqual(
    [await asked('Best quality'), await asked('Fewest spikes'), await asked('Balanced')],
    [best, fewest, balanced],
    'switching there and back',
  );
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByText('Details', { exact: true }).first().click();
  await page.keyboard.press('Escape');
  assert.ok((await asked('T = 4')).spikes > 0);

  // Another coding in the middle of a chat, and by keyboard.
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByText('Overruled by the time steps below.').waitFor();
  await coding(page, 'Balanced').focus();
  await page.keyboard.press('ArrowRight');
  assert.ok(await coding(page, 'Fewest spikes').isChecked());
  await page.getByText('Answers are rougher').waitFor();
  await page.keyboard.press('Escape');
  await ask(page, 'And now?');
  await page.locator('.foot').nth(1).filter({ hasText: 'fewest spikes' }).waitFor();
}));

test('the attributes preset and steps choose the coding', () => inPage(async (page) => {
  for (const [attributes, foot] of /** @type {[Record<string, string>, string][]} */ ([
    [{}, 'best quality'],
    [{ preset: 'fewest' }, 'fewest spikes'],
    [{ steps: '2' }, 'T = 2'],
    [{ preset: 'balanced', steps: '1' }, 'balanced'],
    [{ preset: 'none', steps: '3' }, 'best quality'],
  ])) {
    await page.reload();
    await page.evaluate(([all, model]) => {
      const chat = document.createElement('spike-chat');
      for (const [name, value] of Object.entries({
        model,
        load: 'eager',
        'max-tokens': '2',
        ...all,
      }))
        chat.setAttribute(name, value);
      document.querySelector('spike-chat')?.replaceWith(chat);
    }, /** @type {const} */ ([attributes, TINY]));
    await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
    await ask(page, 'Hello');
    await page.locator('.foot').filter({ hasText: foot }).waitFor();
  }
}));

test('a model without a ranking: its presets are not offered, and the page says why', () =>
  inPage(async (page) => {
    const { manifest, files } = unrankedTiny(DIST);
    for (const [path, body] of files) site.added.set(path, body);
    await start(page, { model: manifest, preset: 'fewest', 'max-tokens': '4' });
    await page.getByRole('button', { name: 'Settings' }).click();
    await page
      .getByText('Not with this model: Balanced and Fewest spikes. '
        + 'It has no ranking of its neurons.')
      .waitFor();
    assert.deepEqual(
      await Promise.all(
        ['Best quality', 'Balanced', 'Fewest spikes'].map((name) =>
          coding(page, name).isDisabled(),
        ),
      ),
      [false, true, true],
    );
    assert.ok(await coding(page, 'Best quality').isChecked(), 'what was asked for cannot be had');
    await page.keyboard.press('Escape');
    await ask(page, 'Hello');
    await page.locator('.foot').filter({ hasText: 'best quality' }).waitFor();
  }));

test('thinking can be switched where the model has the choice', () =>
  inPage(async (page) => {
    const { manifest, files } = thinkingTiny(DIST);
    for (const [path, body] of files) site.added.set(path, body);
    await start(page, { model: manifest, 'max-tokens': '4' });
    // Where the answer's first token is, the prompt ends.
    const promptOf = async () => {
      const first = page.locator('spike-chat').evaluate((element) => new Promise((resolve) => {
        element.addEventListener('token', (/** @type {any} */ { detail: { spike } }) =>
          resolve(spike.position), { once: true });
      }));
      return Number((await Promise.all([first, ask(page, 'Hello')]))[0]);
    };
    const box = page.getByLabel('Think before answering');
    const settings = page.getByRole('button', { name: 'Settings' });
    const on = await promptOf();
    await page.getByRole('button', { name: 'New chat' }).click();
    await settings.click();
    assert.ok(await box.isChecked(), 'as the model has it');
    await box.uncheck();
    await page.keyboard.press('Escape');
    const off = await promptOf();
    assert.ok(off > on, `${off} tokens that say not to think, ${on} without them`);
  }));

test('settings: steps and kernel', () => inPage(async (page) => {
  await start(page, { 'max-tokens': '6' });
  await page.getByRole('button', { name: 'Settings' }).click();
  assert.ok(await coding(page, 'Best quality').isChecked());
  assert.equal(await page.getByLabel('Think before answering').isVisible(), false);
  await page.getByText('Details', { exact: true }).first().click();
  await choose(page, 'Time steps T', '1');
  await page.getByLabel('Kernel').selectOption('popcount');
  await page.getByText(/^Running: popcount/).waitFor();
  await page.keyboard.press('Escape');
  await ask(page, 'Hello');
  // Kept by the engine's new start.
  await page.locator('.foot').filter({ hasText: 'T = 1 · seed 1' }).waitFor();
  await page.getByLabel('Measure').selectOption('strong');
  await page.getByText('With one step no neuron can pass 15').waitFor();
}));

test('what auto has measured while answering is told', () => inPage(async (page) => {
  await start(page, { 'max-tokens': '30' });
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByText('Details', { exact: true }).first().click();
  await page.getByText(/^Running: lookup, .* \(the usual one, /).waitFor();
  await page.keyboard.press('Escape');
  await ask(page, 'Hello');
  await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByText(/^Running: \w+, .* \(measured: lookup .*, popcount .*\)\. /).waitFor();
}));

test('an engine that dies is told, and can be started again', () => inPage(async (page) => {
  await start(page);
  await page.workers()[0].evaluate(() => {
    setTimeout(() => {
      throw new Error('out of the blue');
    });
  });
  await ask(page, 'Hello');
  await page.getByRole('alert').filter({ hasText: 'engine_crashed' }).waitFor();
  await page.getByRole('button', { name: 'Start the engine again' }).click();
  await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
  assert.equal(await answers(page).count(), 1);
}, { errors: /out of the blue/ }));

test('after unload, and when it is connected again, the model is offered again', () =>
  inPage(async (page) => {
    await start(page, { 'max-tokens': '3' });
    const again = async () => {
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
      await ask(page, 'Hello');
      await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
    };
    await page.evaluate(() =>
      /** @type {SpikeChat} */ (document.querySelector('spike-chat')).unload(),
    );
    await noWorkers(page);
    await again();
    await page.evaluate(async () => {
      const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
      chat.remove();
      await new Promise((resolve) => {
        setTimeout(resolve);
      });
      document.body.append(chat);
    });
    await again();
    assert.equal(await answers(page).count(), 2, 'the chat is kept');

    await page.evaluate(() => document.body.append(document.querySelector('spike-chat') ?? ''));
    await ask(page, 'An element that was only moved goes on');
    await answers(page).nth(2).locator('span').first().waitFor();
  }));

test('an answer is tried again while nothing else is answered, and in its own chat', () =>
  inPage(
    async (page) => {
      await start(page);
      const kill = () =>
        page.workers()[0].evaluate(() => {
          setTimeout(() => {
            throw new Error('out of the blue');
          });
        });
      const alert = page.getByRole('alert');
      await kill();
      await ask(page, 'First');
      await alert.filter({ hasText: 'engine_crashed' }).waitFor();
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
      await page.evaluate(() => {
        const chat = document.querySelector('spike-chat');
        const click = () =>
          /** @type {HTMLElement | null | undefined} */ (
            chat?.shadowRoot?.querySelector('.foot button')
          )?.click();
        chat?.addEventListener('token', click, { once: true });
      });
      await ask(page, 'Second');
      await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
      assert.deepEqual(
        [await answers(page).count(), await alert.count()],
        [2, 1],
        'the first one waits',
      );
      assert.match((await alert.textContent()) ?? '', /engine_crashed/);

      await kill();
      await ask(page, 'Third');
      await alert.nth(1).waitFor();
      await page.evaluate(() => {
        const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
        /** @type {HTMLElement | null | undefined} */ (
          chat.shadowRoot?.querySelector('.message:last-child .foot button')
        )?.click();
        chat.clear();
      });
      await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
      assert.equal(await answers(page).count(), 0, 'the new chat is empty');
    },
    { errors: /out of the blue/ },
  ));

test('a model that is no address is told, and so is a name that is none', () =>
  inPage(async (page) => {
    for (const [model, words] of [
      ['http://[', 'bad_request: model is not an address'],
      ['data:application/json,{}', 'bad_request: model must be an address of http or https'],
      ['blob:http://localhost/1', 'bad_request: model must be an address of http or https'],
      ['file:///m.json', 'bad_request: model must be an address of http or https'],
      ['//user:word@localhost/m.json', 'bad_request: model must be an address without user name'],
    ]) {
      await page.evaluate((address) => {
        const chat = document.createElement('spike-chat');
        chat.setAttribute('model', address);
        document.querySelector('spike-chat')?.replaceWith(chat);
      }, model);
      await page.getByText(words).waitFor();
    }
    for (const name of ['..', 'a/b', '']) {
      await page.goto(`${new URL(page.url()).origin}/?model=${encodeURIComponent(name)}`);
      await page
        .getByRole('alert')
        .filter({ hasText: `“${name}” cannot be the name of a model.` })
        .waitFor();
      assert.equal(await page.locator('spike-chat').count(), 0);
    }
    await page.getByRole('link', { name: 'Open the standard model' }).click();
    await page.locator('spike-chat').waitFor();
  }));

test('the temperature is asked for as it is given, and the kernel stands while loading', () =>
  inPage(async (page) => {
    await page.evaluate(() => {
      /** @type {unknown[]} */
      const asked = [];
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (/** @type {any} */ message) {
        if (message.type === 'ask') asked.push(message.request.temperature);
        post.call(this, message);
      };
      /** @type {(boolean | undefined)[]} */
      const locked = [];
      document.addEventListener(
        'progress',
        (event) => {
          const [chat] = event.composedPath();
          if (chat instanceof HTMLElement)
            locked.push(
              /** @type {HTMLSelectElement | null | undefined} */ (
                chat.shadowRoot?.querySelector('#kernel')
              )?.disabled,
            );
        },
        { capture: true },
      );
      Object.assign(window, { asked, locked });
    });
    await start(page, { temperature: '0.35', 'max-tokens': '2' });
    await ask(page, 'Hello');
    await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page
      .locator('output')
      .filter({ hasText: /^0\.35$/ })
      .waitFor();
    assert.ok(await page.getByLabel('Kernel').isEnabled());
    await page.getByLabel('Temperature').fill('0.8');
    await ask(page, 'Hello');
    await page
      .getByRole('status')
      .filter({ hasText: 'Answering' })
      .or(page.getByRole('status').filter({ hasText: 'Done' }))
      .waitFor();
    await done(page);
    const { asked, locked } = await page.evaluate(() => {
      const { asked, locked } = /** @type {{asked: number[], locked: boolean[]}} */ (
        /** @type {any} */ (window)
      );
      return { asked, locked };
    });
    assert.deepEqual(asked, [0.35, 0.8]);
    assert.ok(locked.length > 0 && locked.every(Boolean));
  }));

test('what the model and the reader write is text', () => inPage(async (page) => {
  await start(page);
  const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
  await ask(page, hostile);
  await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
  assert.ok((await page.locator('.message.user').textContent())?.endsWith(hostile));
  assert.equal(await page.locator('.log img, .log script').count(), 0);
  assert.equal(await page.title(), 'SpikeChat');
}));

// Of the languages German has the most lines.
for (const locale of ['en', 'de']) {
  test(`what there is before a model fits 1280 by 780 pixels, ${locale}`, () =>
    inPage(async (page) => {
      await page.locator('.recording').waitFor();
      await page.locator('.loader .primary').filter({ hasText: /\d/ }).waitFor();
      const out = await page.locator('.log').evaluate((log) => log.scrollHeight - log.clientHeight);
      assert.ok(out <= 0, `${out} pixels are cut off`);
    }, { context: { viewport: { width: 1280, height: 780 }, locale } }));
}

test('at 320 pixels nothing is cut off, nor a menu at 840 to 1100', () => inPage(async (page) => {
  await start(page);
  await ask(page, 'Hello');
  await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
  for (const part of ['.app', 'header', '.dock', '.activity']) {
    const over = await page
      .locator(part)
      .evaluate((element) => element.scrollWidth - element.clientWidth);
    assert.equal(over, 0, part);
  }
  assert.ok(await page.locator('spike-heatmap canvas').first().isVisible());
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByText('Details', { exact: true }).first().click();
  for (const part of ['.popup:not([hidden])', '.settings .choices']) {
    for (const element of await page.locator(part).all()) {
      assert.equal(
        await element.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
        0,
        part,
      );
    }
  }
  // Where the panel has a column of its own, its menus show all their words.
  const widths = () => page.locator('spike-heatmap select').evaluateAll((menus) =>
    menus.map((menu) => menu.getBoundingClientRect().width));
  await page.setViewportSize({ width: 1600, height: 700 });
  const whole = await widths();
  for (const width of [840, 960, 1100]) {
    await page.setViewportSize({ width, height: 700 });
    assert.deepEqual(await widths(), whole, `${width} pixels`);
  }
}, { context: { viewport: { width: 320, height: 640 } } }));
