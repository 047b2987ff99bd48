// embed.js in pages of another site: 127.0.0.1 has the pages, localhost the chat.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launchProfile } from './browser.mjs';
import { DIST, TINY, inPage, noWorkers, site } from './harness.mjs';
import { serveHost } from './host.mjs';

/** @import { FrameLocator, Page } from 'playwright-core' */
/** @import { HostPage } from './host.mjs' */
/** @import { Site } from './server.mjs' */

const MODEL = `model="${TINY}" max-tokens="4"`;
const HEAD = `<!doctype html><meta charset="utf-8"><title>Host</title>
  <link rel="icon" href="data:,">`;
const script = (more = '', query = '') =>
  `<script type="module" src="${site.url}/embed.js${query}" ${more}></script>`;
/** Keeps what a page has on its window before any script of ours has run. */
const MARK = '<script>window.before = new Set(Object.getOwnPropertyNames(window))</script>';

/** @type {Record<string, () => HostPage>} */
const PAGES = {
  '/empty': () => ({ html: HEAD + MARK + script() }),
  '/plain': () => ({ html: HEAD }),
  '/inline': () => ({
    html: `${HEAD}${MARK}${script()}<spike-chat ${MODEL}>No chat.</spike-chat>`,
  }),
  '/below': () => ({
    html: `${HEAD}${script()}<p style="height: 3000px">x</p><spike-chat ${MODEL}></spike-chat>`,
  }),
  '/twice': () => ({
    html: `${HEAD}${script('data-auto')}${script('data-auto', '?again')}`,
  }),
  '/auto': () => ({
    html: `${HEAD}<body><main><p>Above</p>${script(
      `data-auto data-model="${TINY}" data-max-tokens="4" data-theme="dark"`)}<p>Below</p></main>`,
  }),
  '/early': () => ({
    html: `${HEAD}${script(`async data-auto data-mode="bubble" data-model="${TINY}"`)}<body><p>x`,
  }),
  '/bubble': () => ({
    html: `${HEAD}${MARK}${script()}<input id="search"><spike-chat mode="bubble" ${MODEL}>
      </spike-chat>`,
  }),
  '/coep': () => ({
    html: `${HEAD}${script()}<spike-chat ${MODEL}></spike-chat>`,
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  }),
  '/strict': () => ({
    html: `${HEAD}${script()}<spike-chat ${MODEL}></spike-chat>`,
    headers: {
      'Content-Security-Policy':
        `default-src 'none'; script-src ${site.url}; frame-src ${site.url}; img-src data:`,
    },
  }),
  '/types': () => ({
    html: `${HEAD}${script()}<spike-chat ${MODEL}></spike-chat>`,
    headers: {
      'Content-Security-Policy': 'require-trusted-types-for \'script\'; trusted-types \'none\'',
    },
  }),
  '/pinned': () => {
    const hash = createHash('sha384').update(fs.readFileSync(path.join(DIST, 'embed.js')));
    return {
      html: `${HEAD}${script(`crossorigin integrity="sha384-${hash.digest('base64')}"`)}
        <spike-chat ${MODEL}></spike-chat>`,
    };
  },
  '/refused': () => ({
    html: `${HEAD}${script()}<spike-chat ${MODEL}></spike-chat>`,
    headers: { 'Content-Security-Policy': `script-src ${site.url}; frame-src 'none'` },
  }),
  '/sandboxed': () => ({
    html: `${HEAD}${script()}<spike-chat ${MODEL}></spike-chat>`,
    headers: { 'Content-Security-Policy': 'sandbox allow-scripts' },
  }),
};

/** @type {Site} */
let host;
before(async () => {
  host = await serveHost((url) => PAGES[url]?.());
});
after(() => host?.close());

/**
 * @param {string} url of a page of PAGES
 * @param {(page: Page, seen: {requests: string[], errors: string[]}) => Promise<void>} body
 * @param {Parameters<typeof inPage>[1]} [options]
 */
const onHost = async (url, body, options) => {
  try {
    await inPage(body, { at: host, recorded: site, url, ...options });
  } finally {
    site.fault = null;
  }
};

/** @param {Page} page @param {number} [nth] @returns {FrameLocator} of one element */
const chatIn = (page, nth = 0) => page.locator('spike-chat').nth(nth).frameLocator('iframe');

/** @param {FrameLocator} chat */
const load = async (chat) => {
  await chat.getByRole('button', { name: /^Download|^Start/ }).click();
  await ready(chat);
};

/** @param {FrameLocator} chat */
const ready = (chat) => chat.locator('.status').filter({ hasText: 'Ready.' }).waitFor();

/** @param {FrameLocator} chat @param {number} messages that are there again, and the engine */
const restored = async (chat, messages) => {
  await chat.locator('.message').nth(messages - 1).waitFor();
  await chat.locator('.loader').waitFor({ state: 'hidden' });
  assert.equal(await chat.locator('.message').count(), messages);
};

/** @param {FrameLocator} chat @param {string} text */
const ask = async (chat, text) => {
  const box = chat.getByRole('textbox', { name: 'Your message' });
  await box.fill(text);
  await box.press('Enter');
  await chat.locator('.status').filter({ hasText: 'Done' }).waitFor();
};

/**
 * Globals that the page did not have. The frame of the engines has an index in the window.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
const globals = (page) => page.evaluate(() => {
  const { before: known } = /** @type {{before: Set<string>}} */ (/** @type {any} */ (window));
  return Object.getOwnPropertyNames(window).filter(
    (name) => name !== 'before' && !/^\d+$/.test(name) && !known.has(name));
});

test('one line: the size first, then an answer; attributes, properties, calls and events', () =>
  onHost('/inline', async (page, seen) => {
    const chat = chatIn(page);
    const button = chat.getByRole('button', { name: /^Download 0\.2 MB and start/ });
    await button.waitFor();
    assert.ok(!seen.requests.some((url) => /\.(wasm|bin)$/.test(url)), 'nothing large before');
    const frame = await page.locator('iframe').first().evaluate((element) => {
      const { title, allow, loading, sandbox, src } = /** @type {HTMLIFrameElement} */ (element);
      return { title, allow, loading, sandbox: sandbox.value, src };
    });
    assert.deepEqual(frame, {
      title: 'SpikeChat', allow: 'clipboard-write;cross-origin-isolated', loading: 'auto',
      sandbox: 'allow-scripts allow-same-origin allow-downloads allow-popups '
        + 'allow-popups-to-escape-sandbox',
      src: `${site.url}/embed/`,
    });

    const result = await page.evaluate(async () => {
      const element = /** @type {any} */ (document.querySelector('spike-chat'));
      /** @type {[string, unknown][]} */
      const events = [];
      for (const name of ['ready', 'progress', 'token', 'message', 'conversation', 'error'])
        element.addEventListener(name, (/** @type {CustomEvent} */ event) => {
          const { detail, composed, bubbles } = event;
          if (!composed || bubbles) throw new Error('events are composed and do not bubble');
          events.push([name, detail]);
        });
      const early = await element.send('Too early').catch((/** @type {unknown} */ e) => e);
      const none = element.engine;
      element.maxTokens = 3;
      element.temperature = 0;
      await element.start();
      const first = element.send('Hello');
      const busy = await element.send('Again').catch((/** @type {unknown} */ e) => e);
      const answer = await first;
      const { engine } = element;
      const question = { messages: [{ role: 'user', content: 'Hello' }], max_tokens: 3 };
      const whole = await engine.chat.completions.create({ ...question, seed: 1 });
      const chunks = [];
      for await (const chunk of await engine.chat.completions.create({ ...question, stream: true }))
        chunks.push(chunk);
      // Left early, aborted, and aborted before.
      const left = await engine.chat.completions.create({ ...question, stream: true });
      for await (const _ of left) break;
      const abort = new AbortController();
      const reasons = [];
      const long = { ...question, max_tokens: 200, stream: true };
      for await (const { choices: [choice] } of await engine.chat.completions.create(
        long, { signal: abort.signal })) {
        abort.abort();
        reasons.push(choice.finish_reason);
      }
      const gone = await engine.chat.completions.create(question, { signal: abort.signal })
        .catch((/** @type {unknown} */ e) => e);
      const odd = await engine.chat.completions.create({ ...question, odd: 1 })
        .catch((/** @type {unknown} */ e) => e);
      const nothing = await engine.chat.nothing().catch((/** @type {unknown} */ e) => e);
      const uncloneable = await engine.chat.completions.create({ messages: () => {} })
        .catch((/** @type {unknown} */ e) => /** @type {any} */ (e).name);
      // A signal that lasts keeps nothing of calls that are over.
      const { signal: lasting } = new AbortController();
      let kept = 0;
      const listen = lasting.addEventListener.bind(lasting);
      lasting.addEventListener = (/** @type {any[]} */ ...[type, listener, options]) => {
        kept++;
        options.signal.addEventListener('abort', () => kept--);
        listen(type, listener, options);
      };
      const during = { signal: lasting };
      await engine.chat.completions.create(question, during);
      for await (const _ of await engine.chat.completions.create(
        { ...question, stream: true }, during));
      for await (const _ of await engine.chat.completions.create(
        { ...question, stream: true }, during)) break;
      await engine.chat.completions.create({ odd: 1 }, during).catch(() => {});
      const began = performance.now();
      const huge = await element.send('x'.repeat(50 << 20)).catch((/** @type {any} */ e) => e);
      const hugeMs = performance.now() - began;
      const stats = await engine.stats();
      const later = { maxTokens: element.maxTokens, attribute: element.getAttribute('max-tokens') };
      const messages = structuredClone(element.messages);
      await element.clear();
      const cleared = structuredClone(element.messages);
      const plain = (/** @type {any} */ error) => ({
        name: error.name, code: error.code, retryable: error.retryable, is: error instanceof Error,
      });
      return {
        names: [...new Set(events.map(([name]) => name))], none, answer, messages, cleared, later,
        early: plain(early), busy: plain(busy), gone: plain(gone), odd: plain(odd),
        nothing: plain(nothing), uncloneable, kept, huge: plain(huge), hugeMs,
        whole: [whole.object, whole.choices[0].finish_reason, whole.spike.seed],
        chunks: [chunks.length, chunks[0].choices[0].delta.role, chunks.at(-1).spike.seed >= 0],
        reasons: [reasons.at(-1), reasons.length < 100], stats: typeof stats.kernel,
        info: engine.info.name, same: engine === element.engine, thenable: typeof engine.then,
        theme: element.theme, load: element.load, preset: element.preset,
      };
    });
    const { answer, kept, huge, hugeMs, ...others } = result;
    assert.equal(answer.role, 'assistant');
    assert.equal(kept, 0);
    assert.equal(huge.code, 'bad_request');
    assert.ok(hugeMs < 5000, `${hugeMs} ms`);
    assert.notEqual(answer.content, '');
    assert.deepEqual(others, {
      names: ['progress', 'ready', 'token', 'conversation', 'message'],
      none: null,
      messages: [{ role: 'user', content: 'Hello' }, answer],
      cleared: [],
      later: { maxTokens: 3, attribute: '3' },
      early: { name: 'SpikeError', code: 'bad_request', retryable: false, is: true },
      busy: { name: 'SpikeError', code: 'busy', retryable: true, is: true },
      gone: { name: 'SpikeError', code: 'aborted', retryable: true, is: true },
      odd: { name: 'SpikeError', code: 'bad_request', retryable: false, is: true },
      nothing: { name: 'SpikeError', code: 'bad_request', retryable: false, is: true },
      uncloneable: 'DataCloneError',
      whole: ['chat.completion', 'length', 1],
      chunks: [4, 'assistant', true],
      reasons: ['abort', true],
      stats: 'string',
      info: 'tiny',
      same: true,
      thenable: 'undefined',
      theme: 'auto',
      load: 'click',
      preset: null,
    });
    assert.deepEqual(await globals(page), []);
  }));

test('10,000 forged messages change nothing and hold nobody up', () =>
  onHost('/inline', async (page) => {
    const chat = chatIn(page);
    await chat.getByRole('button', { name: /^Download/ }).waitFor();
    const took = await page.evaluate(async (origin) => {
      /** @type {string[]} */
      const taken = [];
      const element = /** @type {any} */ (document.querySelector('spike-chat'));
      for (const name of ['ready', 'error', 'forged', 'open', 'close'])
        element.addEventListener(name, () => taken.push(name));
      const other = document.createElement('iframe');
      document.body.append(other);
      const [frame] = [...element.shadowRoot.querySelectorAll('iframe')];
      const forged = [
        { spikechat: 'hello' }, { spikechat: 'open', attributes: [['theme', 'dark']] },
        { type: 'event', name: 'forged' }, { spikechat: 'hello', type: 'values', value: null },
        null, 0, 'hello', [], { spikechat: { toString: null } },
      ];
      const began = performance.now();
      const { contentWindow } = other;
      const from = /** @type {any} */ (contentWindow);
      for (let i = 0; i < 5000; i++) {
        const data = forged[i % forged.length];
        // To the page, from another window than the frame's; and with the frame's window, but from
        // another origin, which only a page that plays the browser can do.
        if (i % 2) from.eval('(w, data) => w.postMessage(data, "*")')(window, data);
        else window.dispatchEvent(new MessageEvent('message', {
          data, origin: i % 4 ? origin : 'https://example.com',
          source: i % 4 ? null : frame.contentWindow,
        }));
        // To the frame: from a window that is not the one around it, with a port that nobody reads.
        const { port1, port2 } = new MessageChannel();
        from.eval('(w, data, port) => w.postMessage(data, "*", [port])')(
          frame.contentWindow, data, port2);
        port1.close();
      }
      await new Promise((resolve) => { setTimeout(resolve, 0); });
      other.remove();
      return { ms: performance.now() - began, taken };
    }, site.url);
    assert.deepEqual(took.taken, []);
    assert.ok(took.ms < 5000, `${took.ms} ms`);
    // The one channel still works, and nothing of what was forged has come in.
    assert.equal(await chat.locator('spike-chat').getAttribute('theme'), null);
    await load(chat);
    await ask(chat, 'Hello');
    assert.equal(await page.evaluate(() =>
      /** @type {any} */ (document.querySelector('spike-chat')).messages.length), 2);
  }));

test('two elements share one engine, whichever of them is removed', () =>
  onHost('/empty', async (page) => {
    const downloads = site.served.filter((path) => path.endsWith('.wasm')).length;
    await page.evaluate((attributes) => {
      document.body.setHTMLUnsafe(`<spike-chat ${attributes} load="eager"></spike-chat>
        <spike-chat ${attributes} load="eager"></spike-chat>`);
    }, MODEL);
    const both = [chatIn(page, 0), chatIn(page, 1)];
    for (const chat of both) await ready(chat);
    assert.equal(page.workers().length, 1);
    // At once: one after the other, and neither is told that the engine is busy.
    const answers = await page.evaluate(async () => {
      const all = /** @type {any[]} */ ([...document.querySelectorAll('spike-chat')]);
      const given = await Promise.all(all.map((one, i) => one.send(`Hello ${i}`)));
      return given.map(({ role }) => role);
    });
    assert.deepEqual(answers, ['assistant', 'assistant']);
    // One goes while it is being answered.
    const left = await page.evaluate(async () => {
      const [first, second] = /** @type {any[]} */ ([...document.querySelectorAll('spike-chat')]);
      first.maxTokens = 400;
      const lost = first.send('On and on').catch((/** @type {any} */ error) => error.code);
      await new Promise((resolve) => { first.addEventListener('token', resolve, { once: true }); });
      first.remove();
      return [await lost, (await second.send('Still there?')).role];
    });
    assert.deepEqual(left, ['aborted', 'assistant']);
    assert.equal(page.workers().length, 1);
    // A new one finds the engine, and the old one may go.
    await page.evaluate((attributes) => {
      const holder = document.createElement('div');
      document.body.append(holder);
      holder.setHTMLUnsafe(`<spike-chat ${attributes} load="eager"></spike-chat>`);
    }, MODEL);
    await ready(chatIn(page, 1));
    await page.evaluate(() => document.querySelector('spike-chat')?.remove());
    await ask(chatIn(page), 'And now?');
    assert.equal(page.workers().length, 1);
    assert.equal(site.served.filter((path) => path.endsWith('.wasm')).length, downloads + 1);
    await page.evaluate(() => document.querySelector('spike-chat')?.remove());
    await noWorkers(page);
    assert.equal(await page.locator('iframe').count(), 0);
    assert.deepEqual(await globals(page), []);
  }));

test('an element that is moved goes on with its conversation, and asks for nothing again', () =>
  onHost('/inline', async (page, seen) => {
    const chat = chatIn(page);
    await load(chat);
    await ask(chat, 'Hello');
    const before = seen.requests.filter((url) => /\.(wasm|bin)$/.test(url)).length;
    const said = await page.evaluate(() => {
      const element = /** @type {any} */ (document.querySelector('spike-chat'));
      const holder = document.createElement('section');
      document.body.append(holder);
      holder.append(element);
      return element.messages;
    });
    await restored(chat, 2);
    await ask(chat, 'More');
    const messages = await page.evaluate(() =>
      /** @type {any} */ (document.querySelector('spike-chat')).messages);
    assert.deepEqual(messages.slice(0, 2), said);
    assert.equal(messages.length, 4);
    const after = seen.requests.filter((url) => /\.(wasm|bin)$/.test(url)).length;
    assert.equal(after, before);
    assert.equal(page.workers().length, 1);
    // moveBefore, where the browser has it, loads nothing anew.
    const frames = seen.requests.filter((url) => url.endsWith('/embed/')).length;
    const kept = await page.evaluate(() => {
      if (!('moveBefore' in document.body)) return false;
      /** @type {any} */ (document.body).moveBefore(document.querySelector('spike-chat'), null);
      return true;
    });
    if (kept) {
      await ask(chat, 'Once more');
      assert.equal(seen.requests.filter((url) => url.endsWith('/embed/')).length, frames);
    }
    // The frame alone is loaded anew, as a reader's browser can do.
    await chat.locator('spike-chat').evaluate(() => location.reload());
    await restored(chat, kept ? 6 : 4);
    await ask(chat, 'The last');
  }));

test('removed while loading, put back, and defined last', () => onHost('/empty', async (page) => {
  site.fault = () => null;
  const result = await page.evaluate(async (model) => {
    const element = /** @type {any} */ (document.createElement('spike-chat'));
    Object.assign(element, { model, load: 'eager', maxTokens: 2, theme: 'dark' });
    document.body.append(element);
    const once = (/** @type {string} */ name) => new Promise((resolve) => {
      element.addEventListener(name, resolve, { once: true });
    });
    await once('progress');
    const lost = element.start().catch((/** @type {any} */ error) => error.code);
    element.remove();
    const code = await lost;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    document.body.append(element);
    await once('ready');
    const { role } = await element.send('Hello');
    return { code, role };
  }, TINY);
  assert.deepEqual(result, { code: 'aborted', role: 'assistant' });
  assert.equal(page.workers().length, 1);
  assert.equal(await chatIn(page).locator('spike-chat').getAttribute('theme'), 'dark');
}));

test('properties set before the script has come are taken over', () =>
  inPage(async (page) => {
    const result = await page.evaluate(async ({ src, model }) => {
      const element = /** @type {any} */ (document.createElement('spike-chat'));
      Object.assign(element, { model, maxTokens: 2, placeholder: 'Early', mine: 1 });
      document.body.append(element);
      const tag = document.createElement('script');
      Object.assign(tag, { type: 'module', src });
      document.head.append(tag);
      await customElements.whenDefined('spike-chat');
      return [element.getAttribute('max-tokens'), element.maxTokens, element.mine];
    }, { src: `${site.url}/embed.js`, model: TINY });
    assert.deepEqual(result, ['2', 2, 1]);
    const box = chatIn(page).getByRole('textbox', { name: 'Your message' });
    await box.waitFor();
    assert.equal(await box.getAttribute('placeholder'), 'Early');
  }, { at: host, recorded: site, url: '/plain' }));

for (const url of ['/coep', '/strict', '/types']) {
  test(`answers in a page of another site: ${url.slice(1)}`, () => onHost(url, async (page) => {
    const chat = chatIn(page);
    await load(chat);
    await chat.getByRole('textbox', { name: 'Your message' }).fill('Hello');
    // Not by the key: in a sandbox without forms a button that submits one does nothing.
    await chat.getByRole('button', { name: 'Send' }).click();
    await chat.locator('.status').filter({ hasText: 'Done' }).waitFor();
    if (url !== '/coep') return;
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    assert.equal(await chat.locator('spike-chat').evaluate(() => crossOriginIsolated), true);
  }));
}

test('loaded twice it is there once, and inserts one element', () =>
  onHost('/twice', async (page) => {
    await chatIn(page).getByRole('button', { name: /^Download/ }).waitFor();
    assert.equal(await page.locator('spike-chat').count(), 1);
  }));

test('beside spike-chat.js it does nothing', async () => {
  await inPage(async (page) => {
    site.added.set('/both.html', Buffer.from(`${HEAD}
      <script type="module" src="spike-chat.js"></script>
      <script type="module" src="embed.js"></script><spike-chat ${MODEL}></spike-chat>`));
    await page.goto(`${site.url}/both.html`);
    await page.getByRole('button', { name: /^Download/ }).waitFor();
    assert.equal(await page.locator('iframe').count(), 0);
  }, { url: '/blank.html' });
});

test('data-auto inserts an element where the script is, with its options', () =>
  onHost('/auto', async (page) => {
    const element = page.locator('main > script + spike-chat');
    await chatIn(page).getByRole('button', { name: /^Download/ }).waitFor();
    assert.equal(await element.getAttribute('theme'), 'dark');
    assert.equal(await element.getAttribute('max-tokens'), '4');
    assert.equal(await chatIn(page).locator('spike-chat').getAttribute('theme'), 'dark');
    await page.goto(`${host.url}/early`);
    await page.locator('body > spike-chat[mode=bubble] summary').waitFor();
    assert.equal(await page.locator('iframe').count(), 0, 'the bubble has no frame before its use');
  }));

test('what waits for a frame that is loaded anew is told, and so is a stream of it', () =>
  onHost('/inline', async (page) => {
    await load(chatIn(page));
    const told = await page.evaluate(async () => {
      const element = /** @type {any} */ (document.querySelector('spike-chat'));
      const create = () => element.engine.chat.completions.create({
        messages: [{ role: 'user', content: 'x' }], stream: true, max_tokens: 40,
      });
      const stream = await create();
      await stream.next();
      const code = (/** @type {Promise<unknown>} */ promise) =>
        promise.then(() => 'done', ({ code: told }) => told);
      const waiting = code(element.call(['engine', 'stats'], []));
      // Moving an element loads its frame anew.
      const place = document.body.appendChild(document.createElement('section'));
      place.append(element);
      const sent = element.send('Still there?');
      const cut = await code(stream.next());
      const { role } = await sent;
      const deep = await code(element.call(Array(9).fill('x'), []));
      return { waiting: await waiting, cut, role, deep };
    });
    assert.deepEqual(told, {
      waiting: 'aborted', cut: 'aborted', role: 'assistant', deep: 'bad_request',
    });
  }));

test('a frame that is silent is taken away, with the reason, once it could be seen', () =>
  onHost('/below', async (page) => {
    site.fault = ({ path }) =>
      (path === '/embed/index.html' ? { body: Buffer.from('<!doctype html><p>Mute') } : null);
    await page.clock.install();
    await page.goto(`${host.url}/below`);
    await page.locator('iframe').waitFor({ state: 'attached' });
    await page.evaluate(() => document.querySelector('spike-chat')?.addEventListener(
      'error', (event) => {
        Object.assign(window, { told: /** @type {CustomEvent} */ (event).detail });
      }));
    await page.clock.runFor(60_000);
    assert.equal(await page.locator('iframe').count(), 1, 'nobody has seen it');
    await page.locator('spike-chat').scrollIntoViewIfNeeded();
    // The observer's word comes with a frame that is drawn.
    await page.waitForTimeout(200);
    await page.clock.runFor(8000);
    assert.equal(await page.locator('iframe').count(), 1, 'it has ten seconds');
    await page.clock.runFor(4000);
    assert.equal(await page.locator('iframe').count(), 0);
    const words = await page.locator('spike-chat').locator('details div').innerText();
    assert.match(words, /localhost:\d+ is away, or frame-src lacks it/);
    const told = await page.evaluate(() => {
      const { code, retryable, message } = /** @type {any} */ (window).told;
      return { code, retryable, message };
    });
    assert.deepEqual(told, { code: 'timeout', retryable: true, message: words });
    // The next call tries again.
    site.fault = null;
    await page.evaluate(() => {
      /** @type {any} */ (document.querySelector('spike-chat')).start();
    });
    await page.clock.resume();
    await ready(chatIn(page));
  }));

test('a policy that has no frame of ours is told', () =>
  onHost('/plain', async (page) => {
    await page.clock.install();
    await page.goto(`${host.url}/refused`);
    await page.waitForTimeout(200);
    await page.clock.runFor(11_000);
    await page.locator('details div').filter({ hasText: 'frame-src' }).waitFor();
  }, { errors: /frame-src/ }));

test('a page in a sandbox without allow-same-origin is told at once what is missing', () =>
  onHost('/sandboxed', async (page) => {
    const words = page.locator('details div').filter({ hasText: 'sandbox' });
    await words.waitFor({ timeout: 5000 });
    assert.equal(await words.innerText(), 'the sandbox lacks allow-same-origin');
    const code = await page.evaluate(() => /** @type {any} */ (
      document.querySelector('spike-chat')).start().catch((/** @type {any} */ e) => e.code));
    assert.equal(code, 'blocked_by_policy');
  }, { errors: /frame-ancestors/ }));

test('a page may name the hash of the script', () => onHost('/pinned', async (page) => {
  await chatIn(page).getByRole('button', { name: /^Download/ }).waitFor();
}));

test('the consent says where the model is kept: not where the browser blocks storage', () =>
  onHost('/inline', (page) => chatIn(page).getByText('Not kept').waitFor()));

test('where the browser divides storage, the model is kept for the site around', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-profile-'));
  const context = await launchProfile(folder, { profile: { cookie_controls_mode: 0 } });
  try {
    const [page] = context.pages();
    await page.goto(`${host.url}/inline`);
    await chatIn(page).getByText('Keep it for this site').waitFor();
    await load(chatIn(page));
    await page.goto(`${host.url}/inline`);
    await chatIn(page).getByRole('button', { name: 'Start', exact: true }).waitFor();
    // For nobody else.
    await page.goto(`${site.url}/?model=tiny`);
    await page.getByText('Keep it in this browser').waitFor();
  } finally {
    await context.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test('the bubble: keyboard, focus, Escape, and the close button on a phone', () =>
  onHost('/bubble', async (page) => {
    const button = page.locator('spike-chat summary');
    assert.equal(await page.locator('iframe').count(), 0);
    await page.evaluate(() => {
      /** @type {string[]} */
      const told = [];
      for (const name of ['open', 'close'])
        document.querySelector('spike-chat')?.addEventListener(name, () => told.push(name));
      Object.assign(window, { told });
    });
    await page.locator('#search').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const chat = chatIn(page);
    const box = chat.getByRole('textbox', { name: 'Your message' });
    await chat.getByRole('button', { name: /^Download/ }).waitFor();
    await page.keyboard.type('typed at once');
    assert.equal(await box.inputValue(), 'typed at once');
    await page.keyboard.press('Escape');
    await page.locator('spike-chat details:not([open])').waitFor();
    assert.equal(await button.evaluate((one) => one.matches(':focus')), true);
    await page.keyboard.press('Space');
    await chat.getByRole('button', { name: 'Close' }).click();
    await page.locator('spike-chat details:not([open])').waitFor();
    assert.deepEqual(
      await page.evaluate(() => /** @type {any} */ (window).told),
      ['open', 'close', 'open', 'close']);
    // What the page does itself takes the focus from nowhere.
    await page.locator('#search').focus();
    await page.evaluate(() => /** @type {any} */ (document.querySelector('spike-chat')).open());
    await box.waitFor();
    await page.keyboard.type('mine');
    assert.equal(await page.locator('#search').inputValue(), 'mine');
    assert.equal(await box.inputValue(), 'typed at once', 'the frame is kept');
    const sizes = async () => {
      const { x = 0, y = 0, width = 0, height = 0 } =
        await page.locator('spike-chat iframe').boundingBox() ?? {};
      return [x, y, width, height].map(Math.round);
    };
    assert.deepEqual(await sizes(), [848, 64, 416, 720]);
    await page.setViewportSize({ width: 390, height: 844 });
    assert.deepEqual(await sizes(), [0, 0, 390, 844]);
    assert.equal(await button.isVisible(), false);
    const close = await chat.getByRole('button', { name: 'Close' }).boundingBox();
    assert.ok(close && close.width >= 24 && close.x + close.width <= 390, 'it is all there');
    await chat.getByRole('button', { name: 'Close' }).click();
    await button.waitFor();
    assert.deepEqual(
      (await globals(page)).filter((name) => name !== 'told'), []);
  }));

for (const [path, threads, why] of /** @type {[string, number, RegExp][]} */ ([
  ['/coep', 2, /^asked for$/],
  ['/inline', 1, /not isolated/],
])) {
  test(`threads in a frame: ${threads} in the page ${path}`, () => onHost(path, async (page) => {
    const told = await page.evaluate(async () => {
      const element = /** @type {any} */ (document.querySelector('spike-chat'));
      element.threads = 2;
      await element.start();
      const { threads, threads_why: reason } = element.engine.info;
      const answer = await element.send('Hello');
      return { own: crossOriginIsolated, threads, reason, answer: answer.content };
    });
    assert.deepEqual([told.own, told.threads], [threads > 1, threads]);
    assert.match(told.reason, why);
    assert.notEqual(told.answer, '');
  }));
}
