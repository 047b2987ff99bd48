// The chat walked through as a reader uses it, with the tiny model, and with answers of our own
// where what they say matters.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { HOSTILE } from './hostile.mjs';
import { DIST, inPage } from './harness.mjs';
import { BLANK, serve } from './server.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */
/** @import { RecordedConversation } from '../record/types.js' */

const TRUSTED = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
  + "connect-src 'self'; style-src 'self'; img-src 'self' data:; "
  + "require-trusted-types-for 'script'; trusted-types spikechat";

/** @param {Page} page @param {Record<string, string>} [attributes] */
async function start(page, attributes = {}) {
  await page.evaluate(([all]) => {
    const chat = document.querySelector('spike-chat');
    for (const [name, value] of Object.entries(all)) chat?.setAttribute(name, value);
  }, [{ temperature: '0.8', 'max-tokens': '12', ...attributes }]);
  await page.getByRole('button', { name: /^(Download .* MB and start|Start)$/ }).click();
  await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
}

/** @param {Page} page @param {string} text */
async function ask(page, text) {
  const { length } = await messages(page);
  await page.getByRole('textbox', { name: 'Your message' }).fill(text);
  await page.keyboard.press('Enter');
  await answered(page, length + 2);
}

/** @param {Page} page @param {number} count */
const answered = (page, count) => page.waitForFunction((wanted) => {
  const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
  return chat.messages.length === wanted && !chat.shadowRoot?.querySelector('.send.stop');
}, count);

/** @param {Page} page */
const messages = (page) => page.evaluate(() =>
  /** @type {SpikeChat} */ (document.querySelector('spike-chat')).messages);

/** @param {Page} page @returns {Promise<RecordedConversation>} */
const record = (page) => page.evaluate(() =>
  /** @type {SpikeChat} */ (document.querySelector('spike-chat')).record);

/** What the two give again, apart from times. @param {RecordedConversation} chat */
const said = ({ turns }) => turns.map(({ question, answer }) => ({
  question, text: answer?.text, spikes: answer?.run?.spikes, tokens: answer?.run?.tokens,
}));

/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

const tinyUrl = '/?model=tiny';
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };
/** @param {Page} page */
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

const ELEMENTS = ('P H3 H4 H5 H6 BR HR EM STRONG S CODE PRE UL OL LI BLOCKQUOTE SPAN A DIV '
  + 'TABLE THEAD TBODY TR TH TD BUTTON').split(' ');
const ATTRIBUTES = ('class dir href rel target title tabindex role aria-label type scope '
  + 'start').split(' ');

test('hostile answers: nothing runs, nothing is asked for, and pieces give the same', async () => {
  assert.ok(new Set(HOSTILE).size >= 200);
  const at = await serve(DIST, TRUSTED);
  try {
    await inPage(async (page, seen) => {
      const before = seen.requests.length;
      const wrong = await page.evaluate(async ([texts, elements, attributes]) => {
        const module = '/markdown/renderer.js';
        /** @type {typeof import('../markdown/renderer.js')} */
        const { MarkdownRenderer } = await import(module);
        /** @type {string[]} */
        const found = [];
        // Numbers that look random and are the same each time.
        let seed = 1;
        const upTo = (/** @type {number} */ most) => {
          seed = (seed * 48271) % 0x7fffffff;
          return 1 + (seed % most);
        };
        const began = performance.now();
        for (const text of texts) {
          const [whole, even, uneven] = [() => Infinity, () => 3, () => upTo(9)].map((size) => {
            const root = document.createElement('div');
            const renderer = new MarkdownRenderer(root, { oncopy: () => {} });
            const characters = [...text];
            for (let i = 0, end = 0; i < characters.length; i = end) {
              end = i + size();
              renderer.write(characters.slice(i, end).join(''));
            }
            renderer.end();
            return root;
          });
          const tell = (/** @type {string} */ what) => found.push(`${what}: ${text.slice(0, 80)}`);
          for (const pieces of [even, uneven])
            if (whole.outerHTML !== pieces.outerHTML) tell('pieces give other elements');
          document.body.append(whole);
          for (const element of whole.querySelectorAll('*')) {
            if (!elements.includes(element.tagName)) tell(`<${element.tagName}>`);
            for (const { name } of element.attributes) if (!attributes.includes(name)) tell(name);
            if (element.tagName !== 'A') continue;
            const { protocol, rel, target } = /** @type {HTMLAnchorElement} */ (element);
            if (!['http:', 'https:', 'mailto:'].includes(protocol)) tell(protocol);
            if (rel !== 'noopener noreferrer nofollow' || target !== '_blank') tell('rel');
          }
        }
        // All of them, three times: on a quiet machine it is a second or two.
        const ms = performance.now() - began;
        if (ms > 30_000) found.push(`it takes ${ms} ms`);
        // What could run or be fetched has had its time.
        await new Promise((resolve) => { setTimeout(resolve, 300); });
        if ('executed' in window) found.push('something ran');
        return found;
      }, /** @type {const} */ ([HOSTILE, ELEMENTS, ATTRIBUTES]));
      assert.deepEqual(wrong, []);
      const others = seen.requests.slice(before)
        .filter((url) => !/\/(markdown|vendor|shared|words)\//.test(url));
      assert.deepEqual(others, []);
    }, { at, url: BLANK });

    // In the page itself, through all that an answer goes through; clicks on all but links do
    // nothing either.
    await inPage(async (page, seen) => {
      await page.getByRole('button', { name: /^Download/ }).waitFor();
      await page.evaluate(() =>
        /** @type {SpikeChat} */ (document.querySelector('spike-chat')).restore([
          { role: 'user', content: '?' }, { role: 'assistant', content: '!' }]));
      const before = seen.requests.length;
      const shown = await page.evaluate(async ([texts]) => {
        const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
        await chat.restore(texts.flatMap((text) => [
          { role: /** @type {const} */ ('user'), content: text },
          { role: /** @type {const} */ ('assistant'), content: text }]));
        const answers = chat.shadowRoot?.querySelectorAll('.message.model .text') ?? [];
        for (const part of chat.shadowRoot?.querySelectorAll('.message.model .text :not(a, a *)')
          ?? []) part.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
        await new Promise((resolve) => { setTimeout(resolve, 300); });
        return { answers: answers.length, executed: 'executed' in window,
          wide: document.documentElement.scrollWidth > innerWidth };
      }, /** @type {const} */ ([HOSTILE]));
      assert.deepEqual(shown, { answers: HOSTILE.length, executed: false, wide: false });
      assert.deepEqual(seen.requests.slice(before), []);
    }, { at, url: tinyUrl });
  } finally {
    await at.close();
  }
});

test('Markdown of any form takes a time that grows with its length', () => inPage(async (page) => {
  const found = await page.evaluate(async () => {
    const module = '/markdown/renderer.js';
    /** @type {typeof import('../markdown/renderer.js')} */
    const { MarkdownRenderer } = await import(module);
    /** @param {string} text */
    const render = (text) => {
      const root = document.createElement('div');
      const moves = new MutationObserver(() => {});
      moves.observe(root, { childList: true, subtree: true });
      const began = performance.now();
      const renderer = new MarkdownRenderer(root, { oncopy: () => {} });
      renderer.write(text);
      renderer.end();
      const ms = performance.now() - began;
      const removed = moves.takeRecords().filter(({ removedNodes }) => removedNodes.length > 0);
      return { root, ms, removed: removed.length };
    };
    const table = render(`|a|b|\n|-|-|\n${'|c|d|\n'.repeat(2000)}`);
    const open = render('[a]('.repeat(4000));
    const second = render('[a](x [b](https://example.org/)');
    return {
      slow: [table.ms, open.ms].filter((ms) => ms > 1500),
      rows: table.root.querySelectorAll('tbody > tr').length, removed: table.removed,
      text: open.root.textContent === '[a]('.repeat(4000),
      second: second.root.textContent,
      links: [...second.root.querySelectorAll('a')].map(({ href, textContent }) =>
        [href, textContent]),
    };
  });
  assert.deepEqual(found, {
    slow: [], rows: 2000, removed: 0, text: true,
    second: '[a](x b', links: [['https://example.org/', 'b']],
  });
}));

const SAMPLE = `# Title

Some **bold**, *slanted* and \`code\`, snake_case_name, array[0] and $5.

### Below it

- one
- two
  1. nested

\`\`\`python
print("<b>")
\`\`\`

| a | b |
| - | - |
| 1 | 2 |

> quoted

[link](https://example.org/x) ![picture](https://example.org/p.png) and [bad](javascript:alert(1))
`;

/**
 * Has the page's engine say something else: the element has only what came through its worker, so
 * the worker is one of ours.
 * @param {Page} page
 * @param {string[]} pieces
 */
const stub = (page, pieces) => page.evaluate((texts) => {
  const chat = document.querySelector('spike-chat');
  const Element = /** @type {any} */ (chat?.constructor);
  const info = {
    name: 'stub', license: '', layers: 1, heads: 1, hidden: 1, vocab: 1, context: 2048,
    populations: [], presets: ['best'], chat: { system: true, dates: false },
    bytes: 1, sha256: 'ab'.repeat(32), kernel: 'lookup',
    prompt_kernel: 'lookup', why: 'stub',
    simd: false, build: 'plain', precision: { planes: 8, of: 8 },
  };
  const chunk = (/** @type {any} */ more) => ({ choices: [], spike: { seed: 1 }, ...more });
  async function* answer() {
    for (const content of texts) {
      await new Promise((resolve) => { setTimeout(resolve, 4); });
      yield chunk({ choices: [{ delta: { content }, finish_reason: null }], spike: null });
    }
    yield chunk({ choices: [{ delta: {}, finish_reason: 'stop' }] });
    yield chunk({ usage: { total_tokens: 100 } });
  }
  Element.createEngine = async () => ({
    info,
    chat: { completions: { create: async () => answer() } },
    stats: async () => ({ kernel: 'lookup', prompt_kernel: 'lookup', why: 'stub' }),
    complete: async () => {},
    unload: async () => {},
  });
}, pieces);

test('Markdown while it comes: the same in the end, no shift, links and code', () =>
  inPage(async (page) => {
    await stub(page, SAMPLE.match(/[^]{1,5}/g) ?? []);
    await page.evaluate(() => {
      /** @type {string[]} */
      const shifts = [];
      new PerformanceObserver((list) => {
        for (const entry of /** @type {any[]} */ (list.getEntries())) {
          const places = entry.sources.map((/** @type {any} */ part) =>
            [part.previousRect, part.currentRect].map(({ x, y }) => `${x},${y}`).join(' -> '));
          shifts.push(`${entry.value}: ${places.join('; ')}`);
        }
      }).observe({ type: 'layout-shift' });
      Object.assign(window, { shifts });
    });
    await start(page);
    await page.evaluate(() => { /** @type {any} */ (window).shifts.length = 0; });
    await ask(page, 'Show me');
    const shifts = await page.evaluate(async () => {
      await new Promise((resolve) => { setTimeout(resolve, 100); });
      return /** @type {string[]} */ (/** @type {any} */ (window).shifts);
    });
    // One may be there: Chromium counts a space at the end of a line, which is not seen, as moved
    // when something comes after it.
    const sum = shifts.reduce((all, shift) => all + parseFloat(shift), 0);
    assert.ok(sum < 0.0005 && shifts.length <= 1, shifts.join('\n'));
    const same = await page.evaluate(async (text) => {
      const module = '/markdown/renderer.js';
      /** @type {typeof import('../markdown/renderer.js')} */
      const { MarkdownRenderer } = await import(module);
      const root = document.createElement('div');
      const renderer = new MarkdownRenderer(root, { oncopy: () => {} });
      renderer.write(text);
      renderer.end();
      const chat = document.querySelector('spike-chat');
      return [chat?.shadowRoot?.querySelector('.text')?.innerHTML, root.innerHTML];
    }, SAMPLE);
    assert.equal(same[0], same[1]);
    const text = page.locator('.text');
    assert.deepEqual(await text.locator('h3, h4').allInnerTexts(), ['Title', 'Below it']);
    assert.deepEqual(
      await text.locator('a').evaluateAll((links) =>
        links.map((a) => [a.textContent, a.getAttribute('href')])),
      [['link', 'https://example.org/x'], ['image: picture', 'https://example.org/p.png']]);
    assert.match((await text.textContent()) ?? '', /array\[0\] and \$5/);
    assert.match((await text.textContent()) ?? '', /\[bad\]\(javascript:alert\(1\)\)/);
    assert.equal(await text.locator('.language').textContent(), 'python');
    await press(page, 'Copy code');
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await clipboard(page), 'print("<b>")');
    await press(page, 'Copy');
    await page.getByRole('status').filter({ hasText: 'Copied.' }).waitFor();
    assert.equal(await clipboard(page), SAMPLE);

    // As the model wrote it.
    await press(page, 'Settings');
    await page.getByText('Details', { exact: true }).first().click();
    await page.getByLabel('Show answers as the model wrote them').check();
    await page.keyboard.press('Escape');
    await ask(page, 'Again');
    assert.equal(await text.nth(1).textContent(), SAMPLE);
  }, { context: CLIPBOARD }));

test('edit, another answer, stop and continue, by keyboard', () => inPage(async (page) => {
  // Another answer has a seed that is drawn: here always the same one.
  await page.evaluate(() => {
    crypto.getRandomValues = (array) => (array instanceof Uint32Array ? array.fill(11) : array);
  });
  await start(page, { seed: '5' });
  await ask(page, 'First');
  await ask(page, 'Second');
  const [first] = (await record(page)).turns;

  // Another answer: only under the last one, and with another seed.
  assert.equal(await page.getByRole('button', { name: 'Another answer' }).count(), 1);
  await page.getByRole('button', { name: 'Another answer' }).press('Enter');
  await page.waitForFunction(() => {
    const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    return chat.messages.length === 4 && chat.record.turns[1].answer?.run?.settings.seed !== 5;
  });
  await answered(page, 4);
  // The button that was pressed has gone: keys reach the chat as before.
  const log = page.getByRole('log');
  assert.ok(await log.evaluate((element) => element.matches(':focus')));

  // It was cut at 12 tokens, and goes on as if it had not been.
  const cut = (await record(page)).turns[1].answer;
  assert.equal(cut?.finish_reason, 'length');
  await page.getByRole('button', { name: 'Continue' }).press('Enter');
  assert.ok(await log.evaluate((element) => element.matches(':focus')));
  await page.waitForFunction(() =>
    (/** @type {SpikeChat} */ (document.querySelector('spike-chat')).record.turns[1].answer?.run
      ?.tokens ?? 0) > 12);
  await answered(page, 4);
  const on = (await record(page)).turns[1].answer;
  assert.equal(on?.run?.tokens, 24);
  assert.ok(on?.text.startsWith((cut?.text ?? '').replace(/\ufffd+$/, '')));
  const shown = await page.evaluate(async () => {
    const module = '/markdown/renderer.js';
    /** @type {typeof import('../markdown/renderer.js')} */
    const { MarkdownRenderer } = await import(module);
    const root = document.createElement('div');
    const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    const renderer = new MarkdownRenderer(root, { oncopy: () => {} });
    renderer.write(chat.messages[3].content);
    renderer.end();
    return [[...chat.shadowRoot?.querySelectorAll('.text') ?? []].pop()?.textContent,
      root.textContent];
  });
  assert.equal(shown[0], shown[1], 'what is shown is what was said');

  // A question put otherwise: what follows goes, and Escape changes nothing.
  await page.getByRole('button', { name: 'Edit' }).first().press('Enter');
  await page.getByRole('textbox', { name: 'Your question' }).press('Escape');
  assert.equal((await messages(page)).length, 4);
  await page.getByRole('button', { name: 'Edit' }).first().press('Enter');
  await page.getByRole('textbox', { name: 'Your question' }).fill('First, otherwise');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() =>
    /** @type {SpikeChat} */ (document.querySelector('spike-chat')).messages[0]?.content
      === 'First, otherwise');
  await answered(page, 2);
  assert.equal(await page.locator('.message.user').count(), 1);
  await page.getByRole('button', { name: 'Edit' }).press('Enter');
  await page.getByRole('textbox', { name: 'Your question' }).fill('First');
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.waitForFunction(() =>
    /** @type {SpikeChat} */ (document.querySelector('spike-chat')).messages[0]?.content
      === 'First');
  await answered(page, 2);
  assert.deepEqual(said(await record(page))[0].text, first.answer?.text, 'the seed is the same');

  // Without creativity there is no other answer, and the page says so.
  await press(page, 'Settings');
  await page.getByLabel('Temperature').fill('0');
  await page.keyboard.press('Escape');
  await press(page, 'Another answer');
  await page.getByRole('status').filter({ hasText: 'With creativity 0' }).waitFor();

  // Stopped at the third token, and gone on with from there.
  await page.evaluate(() => {
    const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    let tokens = 0;
    chat.addEventListener('token', () => { if (++tokens === 3) chat.abort(); });
  });
  await page.getByRole('textbox', { name: 'Your message' }).fill('Third');
  await page.keyboard.press('Enter');
  await page.locator('.foot').filter({ hasText: /^stopped/ }).waitFor();
  await answered(page, 4);
  assert.equal((await record(page)).turns[1].answer?.run?.tokens, 3);
  await press(page, 'Continue');
  await page.locator('.foot').nth(1).filter({ hasText: /^cut at the longest/ }).waitFor();
  assert.equal((await record(page)).turns[1].answer?.run?.tokens, 12);
}, { url: tinyUrl }));

test('a link is shown, played after a click, and gives the same to the last spike', () =>
  inPage(async (page, seen) => {
    await start(page);
    await ask(page, 'What is a neuron?');
    await ask(page, 'و الآن؟');
    const before = said(await record(page));
    await press(page, 'Chats');
    await press(page, 'Copy link');
    await page.getByRole('status').filter({ hasText: 'Copied. Whoever opens' }).waitFor();
    const link = await clipboard(page);
    const [address, fragment] = link.split('#');
    assert.equal(address, page.url());
    assert.match(fragment, /^chat=1\.[\w-]+$/);
    assert.ok(fragment.length < 1500, `${fragment.length}`);
    for (const { text } of before) assert.ok(!fragment.includes(text ?? ''));

    await page.goto('about:blank');
    await page.goto(link);
    const card = page.getByRole('group', { name: 'Linked chat' });
    await card.getByText('What is a neuron?').waitFor();
    assert.equal(await card.getByRole('listitem').count(), 2);
    assert.deepEqual(await messages(page), []);
    const large = seen.requests.filter((url) => /\.wasm$/.test(url)).length;
    await page.waitForTimeout(100);
    assert.equal(seen.requests.filter((url) => /\.wasm$/.test(url)).length, large, 'not asked');
    await press(page, 'Start the model and play');
    await card.getByText('Played: the same, spike for spike').waitFor();
    assert.deepEqual(said(await record(page)), before);
    await press(page, 'Close');

    // Of another model, and damaged ones.
    const made = await page.evaluate(async (given) => {
      const module = '/record/link.js';
      /** @type {typeof import('../record/link.js')} */
      const { fromLink, toLink } = await import(module);
      const chat = await fromLink(given);
      const deflated = new Blob(['x'.repeat(1 << 20)]).stream()
        .pipeThrough(new CompressionStream('deflate-raw'));
      const bytes = new Uint8Array(await new Response(deflated).arrayBuffer());
      const base64 = btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, '');
      const latin = (/** @type {unknown} */ value) =>
        String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value)));
      const json = (/** @type {unknown} */ value) => `#chat=0.${btoa(latin(value))
        .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
      const [turn] = chat.turns;
      return {
        other: await toLink({ ...chat, model: { name: 'else', sha256: 'ab'.repeat(32) } }),
        wrong: await toLink({ ...chat, turns: [{ ...turn, spikes: turn.spikes + 1 }] }),
        bad: [
          '#chat=', '#chat=1.', '#chat=2.AAAA', '#chat=1.AAAA', '#chat=0.AAAA', given.slice(0, 60),
          `#chat=1.${base64}`, json({}), json({ ...chat, model: 1 }), json({ ...chat, x: 1 }),
          json({ ...chat, turns: [] }), json({ ...chat, turns: [{ ...turn, first_turn: 3 }] }),
          json({ ...chat, turns: [{ ...turn, settings: { ...turn.settings, temperature: 9 } }] }),
          json({ ...chat, turns: [{ ...turn, answer: 'put into its mouth' }] }),
          `#chat=0.${'A'.repeat(20_000)}`,
        ],
      };
    }, `#${fragment}`);
    /** @param {string} hash */
    const open = (hash) => page.evaluate((to) => { location.hash = to; }, hash);
    await open(made.other);
    await press(page, 'Play');
    await card.getByText('The link is of another model').waitFor();
    await press(page, 'Not now');
    await open(made.wrong);
    await card.getByText('A linked chat: 1 question').waitFor();
    await press(page, 'Play');
    await card.getByText('answer 1: other spikes than in the link').waitFor();
    await press(page, 'Close');
    for (const hash of made.bad) {
      await open('');
      await open(hash);
      await card.getByText('This link cannot be played').waitFor();
      await press(page, 'Close');
    }
  }, { url: tinyUrl, context: CLIPBOARD }));

test('chats are kept where the reader says so, by two tabs, and as files', () =>
  inPage(async (page) => {
    await start(page);
    await ask(page, 'Not kept');
    const names = () => page.evaluate(async () =>
      (await indexedDB.databases()).map(({ name }) => name));
    assert.ok(!(await names()).includes('spikechat-chats'), 'nothing is kept unasked');
    await press(page, 'Chats');
    await page.getByLabel('Keep my chats in this browser').check();
    const kept = page.locator('.kept li');
    await kept.filter({ hasText: 'Not kept' }).waitFor();
    await press(page, 'Rename');
    await page.getByRole('textbox', { name: 'Name' }).fill('A name');
    await page.keyboard.press('Enter');
    await kept.filter({ hasText: 'A name' }).waitFor();
    await page.keyboard.press('Escape');

    // A crash: the page goes while an answer comes, and what was said is there.
    await press(page, 'New chat');
    // Not each seed gives a long answer.
    await page.evaluate(() => Object.assign(/** @type {SpikeChat} */ (
      document.querySelector('spike-chat')), { maxTokens: 1500, seed: 1 }));
    await page.getByRole('textbox', { name: 'Your message' }).fill('Then it crashed');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => (/** @type {SpikeChat} */ (
      document.querySelector('spike-chat')).record.turns[0]?.answer?.text.length ?? 0) > 3);
    await page.waitForTimeout(1100);
    const other = await page.context().newPage();
    await other.goto(page.url());
    await press(other, 'Chats');
    const crashed = other.locator('.kept li').filter({ hasText: 'Then it crashed' });
    await crashed.waitFor();
    await other.getByRole('button', { name: /^Then it crashed/ }).click();
    assert.ok(((await messages(other))[1]?.content.length ?? 0) > 3);

    // Both go on with it: neither is lost.
    await page.evaluate(() =>
      /** @type {SpikeChat} */ (document.querySelector('spike-chat')).abort());
    await answered(page, 2);
    for (const tab of [page, other]) {
      if (tab === other) await start(tab);
      await tab.evaluate(() =>
        document.querySelector('spike-chat')?.setAttribute('max-tokens', '4'));
    }
    await ask(other, 'From the other tab');
    await other.waitForTimeout(700);
    // A page behind another is painted once a second, and a press waits for two paintings.
    await page.bringToFront();
    await ask(page, 'From this tab');
    await page.waitForTimeout(700);
    await press(page, 'Chats');
    await kept.nth(2).waitFor();
    const all = await page.evaluate(async () => {
      const module = '/record/store.js';
      /** @type {typeof import('../record/store.js')} */
      const { ChatStore } = await import(module);
      return (await new ChatStore().list()).map(({ conversation }) =>
        conversation.turns.map(({ question }) => question).join());
    });
    assert.deepEqual(all.sort(), [
      'Not kept', 'Then it crashed,From the other tab', 'Then it crashed,From this tab',
    ]);

    // Files.
    const [download] = await Promise.all([
      page.waitForEvent('download'), press(page, 'Save as JSON')]);
    const json = fs.readFileSync(await download.path(), 'utf8');
    const [text] = await Promise.all([
      page.waitForEvent('download'), press(page, 'Save as Markdown')]);
    const markdown = fs.readFileSync(await text.path(), 'utf8');
    assert.match(markdown, /## You\n\nThen it crashed\n/);
    assert.match(markdown, /> model tiny \([0-9a-f]{12}\) · preset best · temperature 0\.8 /);
    assert.match(markdown, /first token after [\d.]+ s/);
    await page.keyboard.press('Escape');
    const before = said(await record(page));
    await press(page, 'New chat');
    /** @param {string} content */
    const upload = async (content) => {
      await press(page, 'Chats');
      await page.getByLabel('Chat file').setInputFiles(
        { name: 'chat.json', mimeType: 'application/json', buffer: Buffer.from(content) });
    };
    const good = JSON.parse(json);
    for (const [content, words] of /** @type {[string, RegExp][]} */ ([
      ['{', /Not opened: the file is no JSON/],
      [JSON.stringify({ ...good, extra: 1 }), /Not opened: unknown field extra/],
      [JSON.stringify({ ...good, version: 2 }), /Not opened: version must be one of 1/],
      [JSON.stringify({ ...good, turns: [{ question: 1 }] }), /turns\[0\]\.question must be a str/],
    ])) {
      await upload(content);
      await page.locator('.popup .hint').filter({ hasText: words }).waitFor();
      await page.keyboard.press('Escape');
    }
    await upload(json);
    await answered(page, 4);
    assert.deepEqual(said(await record(page)), before);

    // Gone for good, after a second press.
    await press(page, 'Chats');
    await kept.first().waitFor();
    await press(page, 'Delete all');
    await press(page, 'Really delete all?');
    await page.getByText('All kept chats are deleted.').first().waitFor();
    assert.equal(await kept.count(), 0);
    await other.close();
  }, { url: tinyUrl }));

test('storage that is blocked is told, and the chat goes on', () => inPage(async (page) => {
  await page.evaluate(() => {
    IDBFactory.prototype.open = () => { throw new DOMException('blocked', 'SecurityError'); };
  });
  await start(page);
  await press(page, 'Chats');
  await page.getByLabel('Keep my chats in this browser').click();
  await page.locator('.popup').getByText('does not let the page keep anything').waitFor();
  assert.ok(!await page.getByLabel('Keep my chats in this browser').isChecked());
  await page.keyboard.press('Escape');
  await ask(page, 'Hello');
}, { url: tinyUrl }));

test('a context that fills is met with a choice', () => inPage(async (page) => {
  await page.evaluate(() => {
    const chat = document.querySelector('spike-chat');
    const Element = /** @type {any} */ (chat?.constructor);
    const create = Element.createEngine;
    Element.createEngine = (/** @type {object} */ options) => create({ ...options, context: 600 });
  });
  await start(page, { 'max-tokens': '8' });
  const guard = page.getByRole('group', { name: 'Room left in this chat' });
  for (let i = 0; i < 30 && !(await guard.isVisible()); i++)
    await ask(page, `Question ${i} of some length, so that it fills`);
  await guard.getByText(/This chat fills \d+ of the 600 tokens/).waitFor();
  await press(page, 'Forget the oldest turns');
  await page.getByText('The model no longer reads what is above.').waitFor();
  assert.ok(await guard.isHidden());
  assert.ok(await page.getByRole('log').evaluate((element) => element.matches(':focus')));
  // Nor in another language.
  for (const [lang, settings] of [['de', 'Einstellungen'], ['en', 'Settings']]) {
    await page.evaluate((now) =>
      document.querySelector('spike-chat')?.setAttribute('lang', now), lang);
    await page.getByRole('button', { name: settings, exact: true }).waitFor();
  }
  await page.getByText('The model no longer reads what is above.').waitFor();
  await ask(page, 'And now?');
  const { turns } = await record(page);
  const run = turns.at(-1)?.answer?.run;
  assert.ok(run && run.first_turn > 0 && run.context < 600 * 0.65, JSON.stringify(run));

  for (let i = 0; i < 30 && !(await guard.isVisible()); i++)
    await ask(page, `Question ${i} of some length, so that it fills`);
  // A question that does not fit waits until the reader has chosen, and is answered then.
  const { length } = await messages(page);
  await page.getByRole('textbox', { name: 'Your message' }).fill('is '.repeat(130));
  await page.keyboard.press('Enter');
  await guard.getByText('It is sent when you have chosen.').waitFor();
  await press(page, 'Forget the oldest turns');
  await answered(page, length + 2);
}, { url: tinyUrl }));

test('a long chat is shown at once, with its end in view', () => inPage(async (page) => {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const layouts = async () => (await cdp.send('Performance.getMetrics')).metrics
    .find(({ name }) => name === 'LayoutCount')?.value ?? NaN;
  const before = await layouts();
  const fromEnd = await page.evaluate(async () => {
    const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    await chat.restore(Array.from({ length: 600 }, (_, i) => (
      { role: i % 2 ? 'assistant' : 'user', content: `Words **${i}** and \`code\`` })));
    const log = chat.shadowRoot?.querySelector('.log');
    return log ? log.scrollHeight - log.clientHeight - log.scrollTop : NaN;
  });
  // One for each turn would take time that grows with the square of their number.
  assert.ok(await layouts() - before < 50, `${await layouts() - before} layouts`);
  assert.ok(fromEnd < 2, `${fromEnd} px from the end`);
  assert.equal((await messages(page)).length, 600);
}, { url: tinyUrl }));

test('a question that another chat overtakes is aborted', () => inPage(async (page) => {
  await start(page, { 'max-tokens': '4' });
  const codes = await page.evaluate(async () => {
    const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    /** @param {Promise<unknown>} answer */
    const codeOf = (answer) => answer.then(() => 'answered', ({ code }) => code);
    const cleared = chat.send('One');
    chat.clear();
    const restored = chat.send('Two');
    const showing = chat.restore([
      { role: 'user', content: 'A' }, { role: 'assistant', content: 'B' }]);
    const found = [await codeOf(cleared), await codeOf(restored)];
    await showing;
    return [...found, await codeOf(chat.send('Three'))];
  });
  assert.deepEqual(codes, ['aborted', 'aborted', 'answered']);
  assert.deepEqual((await messages(page)).map(({ content }) => content).slice(0, 3),
    ['A', 'B', 'Three']);
}, { url: tinyUrl }));

/** Of 44 pixels, or in a line of text. @param {Page} page */
const small = (page) => page.evaluate(() => {
  const root = document.querySelector('spike-chat')?.shadowRoot;
  return [...root?.querySelectorAll('button, input, select, summary, textarea') ?? []]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ element, box }) => box.width > 1 && !element.closest('.activity, .choices')
      && !element.matches('[type=range], [type=checkbox], [type=file]')
      && (box.height < 43.5 || box.width < 30))
    .map(({ element, box }) => `${element.textContent} ${box.width} x ${box.height}`);
});

test('on a phone: all of it by touch, nothing cut off, nothing too small', () =>
  inPage(async (page) => {
    await page.getByRole('textbox', { name: 'Your message' }).fill('Before the model');
    await page.getByRole('button', { name: 'Send' }).tap();
    await page.getByRole('button', { name: /^Download/ }).tap();
    await answered(page, 2);
    for (const name of ['Chats', 'Settings']) {
      await page.getByRole('button', { name, exact: true }).tap();
      if (name === 'Settings') await page.getByText('Details', { exact: true }).first().tap();
      else await page.getByText('Keep my chats').waitFor();
      assert.deepEqual(await small(page), []);
      const over = await page.locator('.popup:visible').evaluate((popup) =>
        popup.scrollWidth - popup.clientWidth);
      assert.equal(over, 0, name);
      await page.getByRole('button', { name, exact: true }).tap();
    }
    await page.getByRole('button', { name: 'Edit' }).tap();
    await page.getByRole('textbox', { name: 'Your question' }).fill('مرحبا');
    await page.getByRole('button', { name: 'Ask again' }).tap();
    await page.locator('.message.user').filter({ hasText: 'مرحبا' }).waitFor();
    await answered(page, 2);
    assert.equal(await page.locator('.message.user').getAttribute('dir'), 'auto');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  }, { url: tinyUrl, context: { viewport: { width: 360, height: 740 }, hasTouch: true,
    isMobile: true } }));
