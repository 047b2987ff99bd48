// Runs the examples of docs/api.md. The model that they load is the tiny one, which answers in its
// place.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { DIST, TINY, site, withEngine } from './harness.mjs';
import { load } from './in-page.mjs';
import { BLOCKS, entries } from './reference.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { Entry } from './reference.mjs' */

const STANDARD = '/models/smollm2-135m-instruct';

/** Serves the tiny model at the standard one's address. */
function standIn() {
  const folder = path.join(DIST, path.dirname(TINY));
  for (const file of fs.readdirSync(folder)) {
    site.added.set(`${STANDARD}/${file}`, fs.readFileSync(path.join(folder, file)));
  }
}

/** @param {(page: Page, seen: {requests: string[], errors: string[]}) => Promise<void>} body */
const withExamples = (body) => withEngine(async (page, seen) => {
  standIn();
  await body(page, seen);
}, { errors: /404|blank\.html/ });

/**
 * Evaluates expressions in the page, one after the other.
 * @param {Page} page
 * @param {Entry[]} rows
 * @param {string} [before] statements
 * @returns {Promise<unknown[]>} what each gives, as text; undefined stays what it is
 */
const evaluate = (page, rows, before = '') => page.evaluate(`(async () => {
  ${before}
  const shown = (value) => (value === undefined ? undefined : String(value));
  const values = [];
  ${rows.map(({ example }) => `values.push(shown(await (${example})));`).join('\n')}
  return values;
})()`);

/** Methods may give nothing. @param {unknown[]} values */
const done = (values) => values.map((value) => value ?? 'done');

/** @param {string} heading @param {unknown[]} values */
function allThere(heading, values) {
  const rows = entries(heading);
  assert.equal(values.length, rows.length);
  rows.forEach(({ example }, i) => assert.notEqual(values[i], undefined, `${heading}: ${example}`));
}

const scripts = BLOCKS.filter(({ language }) => language === 'js');

test('blocks of code run', () => withExamples(async (page) => {
  /** @type {string[]} */
  let said = [];
  page.on('console', (message) => said.push(message.text()));
  const want = [
    ['The engine', /^.* \d+$/m], ['An engine', /^(abort|stop)$/m],
    ['Before all has come', /^true$/m], ['Logprobs', /\d.* \[/],
    ['Errors', /^http_status 404 /m], ['The heatmap', /^$/],
  ];
  assert.deepEqual(scripts.map(({ heading }) => heading), want.map(([heading]) => heading));
  for (const [i, { code, heading }] of scripts.entries()) {
    said = [];
    const name = `/example-${i}.js`;
    site.added.set(name, Buffer.from(code));
    await page.evaluate((module) => import(module), name);
    assert.match(said.join('\n'), /** @type {RegExp} */ (want[i][1]), heading);
  }
  assert.equal(await page.evaluate('document.querySelector("spike-heatmap").length > 0'), true);
}));

test('what an engine gives is as described', () => withExamples(async (page) => {
  await load(page, { model: TINY });
  const keys = await page.evaluate('Object.keys(engine.info).sort()');
  assert.deepEqual(keys, entries('info').map(({ name }) => name).toSorted());
  allThere('info', await evaluate(page, entries('info')));
  await page.evaluate(`(async () => {
    const messages = [{ role: 'user', content: 'Hello' }];
    const request = { messages, max_tokens: 8, logprobs: true, top_logprobs: 3 };
    const { createEngine, ...rest } = await import('/engine.js');
    const answer = await engine.chat.completions.create(request);
    const chunks = [];
    const options = { include_usage: true };
    for await (const chunk of await engine.chat.completions.create(
      { ...request, stream: true, stream_options: options })) chunks.push(chunk);
    let progress;
    const error = await createEngine({
      model: '${STANDARD}/none.json', onprogress: (now) => { progress = now; },
    }).catch((reason) => reason);
    Object.assign(window, {
      ...rest, createEngine, messages, answer, chunks, progress, error,
      spike: answer.spike.tokens[0],
      logprobs: answer.choices[0].logprobs,
    });
  })()`);
  for (const heading of [
    'A whole answer', 'Logprobs', 'The spikes of a token', 'Progress', 'Errors',
  ]) allThere(heading, await evaluate(page, entries(heading)));
  for (const heading of ['What engine.js exports', 'An engine'])
    allThere(heading, done(await evaluate(page, entries(heading))));
  for (const { example } of entries('A chunk')) {
    const found = await page.evaluate(`chunks.filter((chunk) => chunk.choices.length > 0
      || !${JSON.stringify(example)}.includes('choices')).some((chunk) => ${
      // The chunk with the finish_reason has no counts, and none has all fields.
      example} !== undefined)`);
    assert.equal(found, true, example);
  }
}));

test('the element does as described', () => withExamples(async (page) => {
  await page.evaluate('import("/spike-chat.js").then(() => {})');
  const attributes = await page.evaluate((rows) => rows.filter(({ name, example }) => {
    const holder = document.createElement('template');
    holder.innerHTML = `<spike-chat ${example}></spike-chat>`;
    const chat = /** @type {any} */ (document.importNode(holder.content, true).firstElementChild);
    const property = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
    const [, value] = /="(.*)"$/.exec(example) ?? [];
    const got = chat[property];
    const untouched = /** @type {any} */ (document.createElement('spike-chat'))[property];
    return got === untouched || (value !== undefined && !String(got).endsWith(value));
  }), entries('Attributes'));
  assert.deepEqual(attributes, [], 'an attribute without effect');

  const events = entries('Events');
  const seen = await page.evaluate(`(async () => {
    document.body.innerHTML = '<spike-chat model="${TINY}"></spike-chat>';
    const chat = Object.assign(window, { chat: document.querySelector('spike-chat') }).chat;
    ${events.map(({ example }) => `${example};`).join('\n')}
    const told = window.told = new Set();
    const parts = window.parts = new Set();
    const look = (root) => root.querySelectorAll('*').forEach((element) => {
      for (const part of element.part) parts.add(part);
      if (element.shadowRoot) look(element.shadowRoot);
    });
    const names = ${JSON.stringify(events.map(({ name }) => name))};
    for (const name of names) chat.addEventListener(name, () => {
      told.add(name);
      look(document);
    });
  })()`);
  assert.equal(seen, undefined);
  allThere(
    'Properties and methods', done(await evaluate(page, entries('Properties and methods'))));
  const told = await page.evaluate('[...told].sort()');
  // Nothing went wrong.
  const names = events.map(({ name }) => name).filter((name) => name !== 'error');
  assert.deepEqual(told, names.toSorted());
  const parts = await page.evaluate('[...parts].sort()');
  assert.deepEqual(parts, entries('Parts').map(({ name }) => name).toSorted());
}));

test('styles are as described', () => withExamples(async (page) => {
  const wrong = await page.evaluate(async ({ rows, variables }) => {
    const module = '/spike-chat.js';
    await import(module);
    const chat = document.createElement('spike-chat');
    document.body.append(chat);
    // Its sheets come a little later.
    for (let i = 0; i < 200 && !getComputedStyle(chat).getPropertyValue('--ground'); i++) {
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    const sheet = new CSSStyleSheet();
    const bad = rows.filter(({ name, example }) => {
      sheet.replaceSync(example);
      const [rule] = sheet.cssRules;
      return !(rule instanceof CSSStyleRule) || rule.style.length === 0 || !example.includes(name);
    }).map(({ example }) => example);
    for (const name of variables) {
      const font = name === '--spike-font';
      chat.style.setProperty(name, font ? 'monospace' : 'rgb(1, 2, 3)');
      const style = getComputedStyle(chat);
      const got = font ? style.fontFamily : style.getPropertyValue(name.replace('spike-', ''));
      if (!['monospace', 'rgb(1, 2, 3)'].includes(got)) bad.push(`${name}: ${got}`);
      chat.style.removeProperty(name);
    }
    return bad;
  }, {
    rows: [...entries('Parts'), ...entries('Variables')],
    variables: entries('Variables').map(({ name }) => name),
  });
  assert.deepEqual(wrong, []);
}));

test('the heatmap does as described', () => withExamples(async (page) => {
  const rows = [...entries('Events of the heatmap'), ...entries('Of the heatmap')];
  await evaluate(page, rows, `
    await import('/spike-heatmap.js');
    const heatmap = document.createElement('spike-heatmap');
    document.body.append(heatmap);`);
  assert.equal(await page.evaluate('document.querySelector("spike-heatmap").measure'), 'spikes');
}));

test('tags have attributes that are described', () => withExamples(async (page) => {
  const tags = BLOCKS.filter(({ language }) => language === 'html').map(({ code }) => code);
  const used = await page.evaluate((texts) => texts.flatMap((text) => {
    const { body, head } = new DOMParser().parseFromString(text, 'text/html');
    return [...body.querySelectorAll('spike-chat')].flatMap((chat) => chat.getAttributeNames())
      .concat([...head.querySelectorAll('script')].flatMap((script) => script.getAttributeNames()
        .filter((name) => name.startsWith('data-')).map((name) => name.slice(5))));
  }), tags);
  const known = [...entries('Attributes'), ...entries('embed.js')].map(({ name }) => name);
  assert.ok(used.length > 3);
  for (const name of used) assert.ok(name === 'auto' || known.includes(name), name);
}));
