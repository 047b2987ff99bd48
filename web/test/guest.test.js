// <spike-chat> as a guest of other people's pages: frameworks set its properties, the page moves
// it, hides it, types elsewhere, and has styles and shortcuts of its own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CELL_WIDTH, TICKS_HEIGHT } from '../heatmap/plot.js';
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
  await customElements.whenDefined('spike-heatmap');
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
      ['threads', 'threads', 2, '2', null],
      ['threads', 'threads', 'auto', 'auto', null],
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
    const standard = chat.model;
    chat.setAttribute('model', tiny);
    if (chat.model !== full) found.push(`model is ${chat.model}`);
    chat.model = '';
    if (chat.model !== standard) found.push(`without a name, model is ${chat.model}`);
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

test('an attribute that is taken back is as if it had never been there', () =>
  asGuest(async (page) => {
    await define(page);
    await put(page, '<spike-chat></spike-chat>');
    const shown = () => page.locator('spike-chat').evaluate((chat) =>
      [
        '[name=coding]:checked', '[name=steps]:checked', '#kernel', '#threads', '#temperature',
        '#seed',
      ].map((selector) => {
        const input = chat.shadowRoot?.querySelector(selector);
        return /** @type {HTMLInputElement} */ (input).value;
      }).concat(chat.shadowRoot?.querySelector('textarea')?.placeholder ?? ''));
    const change = (/** @type {Record<string, unknown>} */ values) =>
      page.locator('spike-chat').evaluate((chat, given) => { Object.assign(chat, given); }, values);
    const before = await shown();
    const given = {
      kernel: 'popcount', threads: 3, temperature: 1, seed: 9, placeholder: 'Ask', steps: 2,
    };
    await change({ ...given, preset: 'fewest' });
    assert.deepEqual(await shown(), ['fewest', 'quality', 'popcount', '3', '1', '9', 'Ask']);
    await change({ preset: null });
    assert.equal((await shown())[1], '2');
    await change(Object.fromEntries(Object.keys(given).map((name) => [name, undefined])));
    assert.deepEqual(await shown(), before);
    // As HTML has it that was written with the property's name.
    await put(page, '<spike-chat maxTokens="3"></spike-chat>');
    assert.deepEqual(await page.locator('spike-chat').evaluate((chat) => chat.outerHTML),
      '<spike-chat max-tokens="3"></spike-chat>');
  }));

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

/** What a host's field has been given. @param {Page} page */
const typed = (page) => page.locator('#search').inputValue();

test('the focus stays where it is when the model is ready, and when the page calls clear', () =>
  asGuest(async (page) => {
    await define(page);
    await put(page, `<input id="search">${eager()}`);
    await page.locator('#search').focus();
    await page.keyboard.type('before ');
    await ready(page);
    await page.keyboard.type('after ');
    await page.evaluate(() =>
      /** @type {SpikeChat} */ (document.querySelector('spike-chat')).clear());
    await page.keyboard.type('clear');
    assert.equal(await typed(page), 'before after clear');

    // Nobody has it: an element that nobody has pressed does not take it either.
    await put(page, eager());
    await ready(page);
    assert.equal(await page.evaluate(() => document.activeElement === document.body), true);

    // The reader pressed the button, and has gone on elsewhere since.
    await put(page, `<input id="search"><spike-chat model="${TINY}"></spike-chat>`);
    await page.getByRole('button', { name: /^Download|^Start/ }).click();
    await page.locator('#search').focus();
    await ready(page);
    await page.keyboard.type('mine');
    assert.equal(await typed(page), 'mine');

    // The reader pressed it and waits.
    await put(page, `<input id="search"><spike-chat model="${TINY}"></spike-chat>`);
    await page.getByRole('button', { name: /^Download|^Start/ }).click();
    await ready(page);
    await page.keyboard.type('Hello');
    const box = page.getByRole('textbox', { name: 'Your message' });
    assert.equal(await box.inputValue(), 'Hello');
    await page.getByRole('button', { name: 'New chat' }).click();
    await page.keyboard.type('!');
    assert.match(await box.inputValue(), /!/);
  }));

test('what is typed in the element is no shortcut of the page', () => asGuest(async (page) => {
  await define(page);
  await put(page, eager('max-tokens="3"'));
  await ready(page);
  await page.evaluate(() => {
    /** @type {string[]} */
    const taken = [];
    for (const target of [document, window]) {
      for (const type of ['keydown', 'keypress', 'keyup']) {
        target.addEventListener(type, (event) => {
          const { key } = /** @type {KeyboardEvent} */ (event);
          taken.push(key);
          if (/^[a-z]$/.test(key)) event.preventDefault();
        });
      }
    }
    Object.assign(window, { taken });
  });
  const taken = () =>
    page.evaluate(() => /** @type {string[]} */ (/** @type {any} */ (window).taken.splice(0)));
  const box = page.getByRole('textbox', { name: 'Your message' });
  await box.focus();
  await page.keyboard.type('jazz / kick');
  assert.equal(await box.inputValue(), 'jazz / kick');
  for (const key of ['Control+a', 'ArrowLeft', 'Shift+Enter', 'Enter'])
    await page.keyboard.press(key);
  await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.locator('summary').filter({ hasText: 'Details' }).click();
  await page.getByLabel('Seed').focus();
  await page.keyboard.type('12');
  await page.locator('spike-heatmap .viewport').focus();
  await page.keyboard.press('ArrowLeft');
  // The key goes down in one place and up in the other.
  assert.deepEqual((await taken()).filter((key) => key !== 'ArrowLeft'), []);
  // A page needs these wherever the focus is.
  await box.focus();
  await page.keyboard.press('Escape');
  assert.ok((await taken()).includes('Escape'));
}));

test('Escape is used by the answer or the settings first, and then by a dialog around', () =>
  asGuest(async (page) => {
    await define(page);
    await put(page, `<dialog>${eager()}</dialog>`);
    await page.evaluate(() => document.querySelector('dialog')?.showModal());
    await ready(page);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.keyboard.press('Escape');
    const open = () => page.evaluate(() => document.querySelector('dialog')?.open);
    assert.equal(await page.getByLabel('Seed').isVisible(), false);
    assert.equal(await open(), true);
    await page.keyboard.press('Escape');
    assert.equal(await open(), false);
  }));

for (const style of [
  'transform: scale(.5); transform-origin: 0 0', 'zoom: .5', 'zoom: 1.5', 'filter: blur(0)',
  'transform: translate(30px, 20px) scale(.8); filter: opacity(.9)',
]) {
  test(`under "${style}" the pointer is on the cell that the heatmap tells`, () =>
    asGuest(async (page) => {
      await define(page);
      await put(page, '<div id="around"><spike-heatmap></spike-heatmap></div>');
      await page.locator('#around').evaluate((around, css) => {
        /** @type {HTMLElement} */ (around).style.cssText = css;
        const populations = [{ name: 'qkv', neurons: 8, fan_out: 1 }];
        const counts = Array.from({ length: 10 }, (_, i) => i % 8);
        for (let position = 0; position < 40; position++) {
          const spikes = {
            populations, layers: 10, position, active: counts, strong: counts, spikes: counts,
            executed: counts, levels: counts, look_back: { spikes: 0, operations: 0, dense: 0 },
          };
          /** @type {any} */ (around.firstElementChild).push('x', spikes);
        }
      }, style);
      const canvas = page.locator('spike-heatmap .viewport canvas');
      await page.waitForFunction(() =>
        (document.querySelector('spike-heatmap')?.shadowRoot?.querySelector('canvas')?.offsetWidth
          ?? 0) > 100);
      const box = await canvas.boundingBox();
      assert.ok(box);
      const size = await canvas.evaluate((one) => {
        const { offsetWidth, offsetHeight } = /** @type {HTMLElement} */ (one);
        return { offsetWidth, offsetHeight };
      });
      const scale = box.width / size.offsetWidth;
      const cell = (size.offsetHeight - TICKS_HEIGHT) / 10;
      for (const [column, layer] of [[11, 4], [0, 9], [20, 0]]) {
        const x = box.x + scale * CELL_WIDTH * (column + 0.5);
        const y = box.y + scale * cell * (9 - layer + 0.5);
        await page.mouse.move(x, y);
        const tip = page.locator('spike-heatmap .tip');
        await tip.filter({ hasText: `token ${column + 1}, layer ${layer}` }).waitFor();
        const shown = await tip.boundingBox();
        assert.ok(shown);
        // Beside the cell: it neither covers it nor is far away.
        const gap = Math.max(shown.x - x, x - shown.x - shown.width);
        assert.ok(gap > 0 && gap < 40, `${gap} px beside the pointer`);
        assert.ok(shown.y <= y && shown.y + shown.height >= y, 'above or below it');
      }
    }));
}

test('two on one page, one in a shadow root and one moved, each answer for themselves', () =>
  asGuest(async (page) => {
    await define(page);
    await put(page, `<div id="a">${eager('max-tokens="3"')}</div><div id="b"></div>`);
    await page.evaluate((html) => {
      const [, b] = document.querySelectorAll('div');
      b.attachShadow({ mode: 'open' }).innerHTML = html;
    }, eager('max-tokens="3"'));
    await page.locator('.status').filter({ hasText: 'Ready.' }).nth(1).waitFor();
    for (const index of [0, 1]) {
      const chat = page.locator('spike-chat').nth(index);
      await chat.getByRole('textbox', { name: 'Your message' }).fill(`Hello ${index}`);
      await page.keyboard.press('Enter');
      await chat.getByRole('status').filter({ hasText: 'Done' }).waitFor();
    }
    await page.evaluate(() => {
      const [a, b] = document.querySelectorAll('div');
      b.shadowRoot?.append(a.firstElementChild ?? '');
    });
    const moved = page.locator('spike-chat').nth(1);
    await moved.getByRole('textbox', { name: 'Your message' }).fill('Moved');
    await page.keyboard.press('Enter');
    await moved.locator('.message.model').nth(1).waitFor();
    assert.deepEqual(
      await moved.locator('.message.user').allInnerTexts(), ['You:\nHello 0', 'You:\nMoved']);
    assert.equal(await page.locator('spike-chat').first().locator('.message.user').count(), 1);
  }));

test('styles of the page around do not come in, and ours do not go out', () =>
  asGuest(async (page) => {
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`
        body { letter-spacing: 3px; text-transform: uppercase; text-align: right; color: red;
          word-spacing: 9px; text-indent: 2em; white-space: pre; font: italic 40px serif; }
        button, textarea, .app, header, main { display: none !important; }`);
      document.adoptedStyleSheets = [sheet];
    });
    await define(page);
    await put(page, '<header>x</header><p>y</p><spike-chat></spike-chat>');
    const button = page.getByRole('button', { name: 'What is a neuron?' });
    await button.waitFor();
    const style = await button.evaluate((one) => {
      const { letterSpacing, textTransform, textIndent, whiteSpace, fontStyle } =
        getComputedStyle(one);
      return [letterSpacing, textTransform, textIndent, whiteSpace, fontStyle];
    });
    assert.deepEqual(style, ['normal', 'none', '0px', 'normal', 'normal']);
    assert.equal(
      await page.locator('p').first().evaluate((one) => getComputedStyle(one).fontSize), '40px');
  }));

test('parts of the element can be styled from outside, those of its heatmap too', () =>
  asGuest(async (page) => {
    await define(page);
    await put(page, '<spike-chat></spike-chat>');
    await page.getByRole('button', { name: /^Download/ }).waitFor();
    const parts = await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      const names = ['panel', 'header', 'log', 'input', 'send', 'progress', 'heatmap', 'legend'];
      sheet.replaceSync(
        names.map((name, i) => `spike-chat::part(${name}) { outline-width: ${i + 1}px }`).join(''));
      document.adoptedStyleSheets = [sheet];
      const root = document.querySelector('spike-chat')?.shadowRoot;
      const inner = root?.querySelector('spike-heatmap')?.shadowRoot;
      return names.map((name) => {
        const one = [root, inner].map((r) => r?.querySelector(`[part=${name}]`)).find(Boolean);
        return one ? getComputedStyle(one).outlineWidth : 'not there';
      });
    });
    assert.deepEqual(parts, ['1px', '2px', '3px', '4px', '5px', '6px', '7px', '8px']);
  }));

test('colours and type come from variables of the page, in both schemes', () =>
  asGuest(async (page) => {
    await define(page);
    await put(page, '<spike-chat></spike-chat>');
    const chat = page.locator('spike-chat');
    await page.getByRole('button', { name: /^Download/ }).waitFor();
    const style = () => chat.evaluate((one) => {
      const { backgroundColor, color, fontFamily } = getComputedStyle(one);
      const heatmap = one.shadowRoot?.querySelector('spike-heatmap');
      const same = heatmap && getComputedStyle(heatmap).fontFamily === fontFamily;
      return [backgroundColor, color, same && fontFamily];
    });
    const themes = /** @type {const} */ (['light', 'dark']);
    const plain = [];
    for (const theme of themes) {
      await chat.evaluate((one, name) => one.setAttribute('theme', name), theme);
      plain.push((await style())[0]);
    }
    assert.deepEqual(plain, ['rgb(250, 250, 248)', 'rgb(15, 18, 21)']);
    await page.evaluate(() => {
      const { style: outer } = document.body;
      outer.setProperty('--spike-ground', 'rgb(1, 2, 3)');
      outer.setProperty('--spike-ink', 'rgb(4, 5, 6)');
      outer.setProperty('--spike-font', 'monospace');
      // Names that pages have for themselves.
      outer.setProperty('--ground', 'red');
      outer.setProperty('--ink', 'red');
    });
    for (const theme of themes) {
      await chat.evaluate((one, name) => one.setAttribute('theme', name), theme);
      assert.deepEqual(await style(), ['rgb(1, 2, 3)', 'rgb(4, 5, 6)', 'monospace'], theme);
    }
  }));

test('a heatmap takes every chunk of an answer', () => asGuest(async (page) => {
  const columns = await page.evaluate(async () => {
    const module = '/spike-heatmap.js';
    await import(module);
    const heatmap = /** @type {any} */ (document.createElement('spike-heatmap'));
    document.body.append(heatmap);
    // As the chunk that finishes an answer has it, and one with steps 0.
    return [heatmap.push('', { seed: 7 }), heatmap.push('a', null), heatmap.length];
  });
  assert.deepEqual(columns, [null, null, 0]);
}));

test('the heatmap is drawn anew when the colours around it change', () => asGuest(async (page) => {
  /** Lightness of the plot's ground, 0 to 255. */
  const ground = () => page.evaluate(() => {
    const chat = /** @type {HTMLElement} */ (document.querySelector('spike-chat'));
    const heatmap = chat.shadowRoot?.querySelector('spike-heatmap');
    const canvas = /** @type {HTMLCanvasElement} */ (heatmap?.shadowRoot?.querySelector('canvas'));
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    return context.getImageData(canvas.width - 4, 4, 1, 1).data[0];
  });
  await page.emulateMedia({ colorScheme: 'light' });
  await define(page);
  await put(page, eager());
  await ready(page);
  const light = await ground();
  const until = async (/** @type {(now: number) => boolean} */ right) => {
    for (let tries = 0; !right(await ground()); tries++) {
      assert.ok(tries < 50, `the ground is ${await ground()}, in a light page ${light}`);
      await page.waitForTimeout(50);
    }
  };
  assert.ok(light > 200, `light: ${light}`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await until((now) => now < 80);
  await page.evaluate(() => document.querySelector('spike-chat')?.setAttribute('theme', 'light'));
  await until((now) => now === light);
}));
