// What a reader sees when delivery goes wrong: for each fault the words, that nothing half-loaded
// answers, and that the question asked meanwhile is answered once the fault is mended.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { DIST, inPage, noWorkers, site } from './harness.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { SpikeChat } from '../chat/element.js' */

const QUESTION = 'Is anybody there?';
const REAL = path.join(DIST, 'models/smollm2-135m-instruct');
const HTML = Buffer.from('<!doctype html><title>Home</title>');
// Chromium itself writes failed requests to the console.
const NETWORK = /Failed to load resource|^the engine ended/;

/** @typedef {import('./server.mjs').Fault} Fault */

/** @type {(end: string, broken: (body: Buffer, times: number) => ReturnType<Fault>) => Fault} */
const at =
  (end, broken) =>
  ({ path: name, body, times }) =>
    name.endsWith(end) ? broken(body, times) : null;

/**
 * One pattern that is too long for a line.
 * @param {...RegExp} parts
 */
const sequence = (...parts) => new RegExp(parts.map(({ source }) => source).join(''));

/** @param {Buffer} body */
function flipped(body) {
  const copy = Buffer.from(body);
  copy[copy.length >> 1] ^= 1;
  return copy;
}

/** The worker as it is, after a line of the test's. @param {string} line @returns {Fault} */
const inWorker = (line) =>
  at('/worker/worker.js', (body) => ({ body: Buffer.concat([Buffer.from(`${line}\n`), body]) }));

/** @param {string} from @param {string} to @returns {Fault} */
const inManifest = (from, to) => at('manifest.json', (body) => {
  const text = body.toString();
  assert.ok(text.includes(from));
  return { body: Buffer.from(text.replaceAll(from, to)) };
});

/**
 * Ends of a shard, one for each of five tries.
 * @type {((length: number) => number)[]}
 */
const CUTS = [
  () => 0,
  () => 1,
  (length) => length >> 1,
  (length) => Math.floor(Math.random() * length),
  (length) => length - 1,
];

// A hash and the length of the tiny model's one shard.
const SHARD = /[0-9a-f]{64}\.bin/;

/**
 * Faults that end loading.
 * @type {{name: string, fault: Fault, title: string, detail: RegExp, model?: string, args?:
 *   string[]}[]}
 */
const ENDS = [
  {
    name: 'a shard cut at its beginning, its end and between',
    fault: at('.bin', (body, times) => ({
      body: body.subarray(0, CUTS[(times - 1) % 5](body.length)),
    })),
    title: 'A part of the model came incomplete',
    detail: sequence(
      /^What was downloaded is kept\. Try again\. \(shard_truncated: \d+ bytes of \d+ at /,
      /[0-9a-f]{64}\.bin\)$/,
    ),
  },
  {
    name: 'a shard with a byte more',
    fault: at('.bin', (body) => ({ body: Buffer.concat([body, Buffer.from('x')]) })),
    title: 'A part of the model is damaged',
    detail: sequence(
      /^It was not used\. Try again; if it stays so, the server holds a damaged file\. /,
      /\(shard_corrupt: more than \d+ bytes at .*\.bin\)$/,
    ),
  },
  {
    name: 'a flipped bit',
    fault: at('.bin', (body) => ({ body: flipped(body) })),
    title: 'A part of the model is damaged',
    detail: /^It was not used\. Try again; .* \(shard_corrupt: the sha256 differs at .*\.bin\)$/,
  },
  {
    name: 'shards swapped',
    model: 'smollm2-135m-instruct',
    // The first two of the real model, each under the other's name.
    fault: ({ path: name }) => {
      /** @type {{shards: {file: string}[]}} */
      const { shards } = JSON.parse(fs.readFileSync(path.join(REAL, 'manifest.json'), 'utf8'));
      const i = shards.slice(0, 2).findIndex(({ file }) => name.endsWith(file));
      return i < 0 ? null : { body: fs.readFileSync(path.join(REAL, shards[1 - i].file)) };
    },
    // Whichever of the two fails first decides whether it is too short or too long.
    title: 'A part of the model came incomplete|A part of the model is damaged',
    detail: new RegExp(
      '\\((shard_truncated: \\d+ bytes of \\d+|' +
        'shard_corrupt: (more than \\d+ bytes|the sha256 differs)) at [0-9a-f]{64}\\.bin\\)$',
    ),
  },
  {
    name: 'a shard that was renamed',
    fault: at('.bin', () => ({ status: 404 })),
    title: 'The server refused a file',
    detail: sequence(
      /^What was downloaded is kept\. Try again in a while\. \(http_status: status 404 at /,
      /.*\.bin\)$/,
    ),
  },
  {
    name: 'a model that is not there',
    // The page has asked for the manifest before, to say how large the model is.
    fault: at('manifest.json', (_, times) => (times > 1 ? { status: 404 } : null)),
    title: 'There is no model of this name',
    detail: sequence(
      /^Nothing is at http:\/\/localhost:\d+\/models\/tiny\/manifest\.json: check how it is /,
      /spelled\. \(http_status: no model "tiny" \(status 404\) at manifest\.json\)$/,
    ),
  },
  {
    name: 'a manifest that names a shard otherwise',
    fault: inManifest('.bin"', '-1.bin"'),
    title: 'The model’s description is not valid',
    detail: sequence(
      /^The site seems to hold a damaged or foreign model\. \(manifest_invalid: manifest: /,
      /invalid model data: shard 0: file "[0-9a-f]{64}-1\.bin" is not named by its sha256 /,
      /.*\)$/,
    ),
  },
  {
    name: 'a web page instead of a shard',
    fault: at('.bin', () => ({ type: 'text/html; charset=utf-8', body: HTML })),
    title: 'The server sent a page instead of a file',
    detail: sequence(
      /^The site seems to be set up wrongly: a file of the model is missing\. /,
      /\(wrong_content_type: a web page came instead of the file at .*\.bin\)$/,
    ),
  },
  {
    name: 'a web page that says it is a shard',
    fault: at('.bin', () => ({ body: HTML })),
    title: 'A part of the model came incomplete',
    detail: /\(shard_truncated: \d+ bytes of \d+ at .*\.bin\)$/,
  },
  {
    name: 'a web page instead of the manifest',
    fault: at('manifest.json', () => ({ type: 'text/html', body: HTML })),
    title: 'The server sent a page instead of a file',
    detail: sequence(
      /\(wrong_content_type: no model "tiny" \(a web page came instead of the file\) /,
      /at manifest\.json\)$/,
    ),
  },
  {
    name: 'a manifest of a later version',
    fault: inManifest('"version": 2', '"version": 99'),
    title: 'Page and model do not fit together',
    detail: sequence(
      /^Reload the page to get the newer one\. \(version_mismatch: manifest: unsupported /,
      /model data: version 99, this build reads 1 to 5\)$/,
    ),
  },
  {
    name: 'a connection that breaks',
    fault: at('.bin', (body) => ({ cut: body.length >> 1 })),
    title: 'The network is away',
    detail: sequence(
      /^What was downloaded is kept\. Try again when you are online\. \(offline: the /,
      /connection failed at .*\.bin\)$/,
    ),
  },
  {
    name: 'a server in trouble',
    fault: at('.bin', () => ({ status: 503 })),
    title: 'The server refused a file',
    detail: /\(http_status: status 503 at .*\.bin\)$/,
  },
  {
    name: 'an engine that is a web page',
    fault: at('.wasm', () => ({ type: 'text/html', body: HTML })),
    title: 'The server sent a page instead of a file',
    detail: sequence(
      /\(wrong_content_type: a web page came instead of the file at /,
      /spikechat(-simd|-relaxed)?\.wasm\)$/,
    ),
  },
  {
    name: 'an engine cut short',
    fault: at('.wasm', (body) => ({ body: body.subarray(0, body.length >> 1) })),
    title: 'This browser cannot run the engine',
    detail: sequence(
      /^A current Firefox, Chrome, Edge or Safari can\. Where this is one, the server /,
      /holds a damaged file\. \(unsupported_browser: the engine did not start: .* at /,
      /spikechat(-simd|-relaxed)?\.wasm\)$/,
    ),
  },
  {
    name: 'a worker that is not there',
    fault: at('/worker/worker.js', () => ({ status: 404 })),
    title: 'The engine stopped',
    detail: sequence(
      /^Your chat is kept\. Start the engine again: the model need not be downloaded /,
      /again\. \(engine_crashed: the worker did not start\)$/,
    ),
  },
  {
    name: 'a browser without WebAssembly',
    fault: inWorker('delete globalThis.WebAssembly;'),
    title: 'This browser cannot run the engine',
    detail: sequence(
      /^A current Firefox, Chrome, Edge or Safari can\. .* \(unsupported_browser: this /,
      /browser has no WebAssembly\)$/,
    ),
  },
  {
    name: 'no memory to begin with',
    fault: () => null,
    args: ['--js-flags=--wasm-max-mem-pages=64'],
    title: 'Not enough memory',
    detail: sequence(
      /^What was downloaded is kept\. Close other tabs and try again\. \(out_of_memory: /,
      /the engine ended with code 2: out of memory\)$/,
    ),
  },
  {
    name: 'no memory half-way through the model',
    fault: () => null,
    args: ['--js-flags=--wasm-max-mem-pages=1000'],
    model: 'smollm2-135m-instruct',
    title: 'Not enough memory',
    detail: /\(out_of_memory: the engine ended with code 2: out of memory\)$/,
  },
];

/**
 * Between two tries the page waits for seconds; here it is served with less.
 * @param {Fault} fault
 * @returns {Fault}
 */
const quick = (fault) => (file) => {
  if (!file.path.endsWith('/delivery/fetch.js')) return fault(file);
  const text = file.body.toString();
  assert.match(text, /FIRST_WAIT_MS = 500;/);
  return { body: Buffer.from(text.replace('FIRST_WAIT_MS = 500;', 'FIRST_WAIT_MS = 5;')) };
};

/**
 * Opens the page on a model with a fault, and asks for the model and, meanwhile, a question.
 * @param {Page} page
 * @param {string} model
 * @param {Fault} fault
 * @param {string} [question]
 * @param {string} [most] tokens of an answer
 */
async function begin(page, model, fault, question = QUESTION, most = '3') {
  site.fault = quick(fault);
  await page.goto(`${site.url}/?model=${model}`);
  await page.getByRole('button', { name: /^Download/ }).waitFor();
  // In one step: some faults are met within a millisecond.
  await page.locator('spike-chat').evaluate((element, { question, most }) => {
    const chat = /** @type {SpikeChat} */ (element);
    if (most) chat.setAttribute('max-tokens', most);
    chat.start();
    chat.send(question);
  }, { question, most });
}

/** @param {Page} page */
const chatOf = (page) => page.evaluate(async () => {
  const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
  return {
    engine: chat.engine !== null,
    messages: chat.messages.length,
    // The first question waits still.
    refused: await chat.send('Hello?').catch(({ code }) => code),
  };
});

for (const { name, fault, title, detail, model = 'tiny', args } of ENDS) {
  test(name, (t) => inPage(async (page) => {
    await begin(page, model, fault);
    await page.locator('.loader.failed').waitFor();
    const words = {
      title: (await page.locator('.loader-title').textContent()) ?? '',
      detail: (await page.locator('.loader-detail').textContent()) ?? '',
    };
    t.diagnostic(`${words.title}: ${words.detail.replace(SHARD, '….bin')}`);
    assert.match(words.title, new RegExp(`^(${title})$`));
    assert.match(words.detail, detail);
    assert.equal(await page.locator('.status').textContent(), words.title);

    assert.deepEqual(
      await chatOf(page),
      { engine: false, messages: 0, refused: 'busy' },
      'something answers',
    );
    assert.equal(await page.locator('.message.model').count(), 0);
    await noWorkers(page);
    if (args) return; // this browser cannot be mended

    site.fault = quick(() => null);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
    assert.match(
      (await page.locator('.message.user').textContent()) ?? '',
      new RegExp(QUESTION.replace('?', '\\?')),
    );
    assert.deepEqual((await chatOf(page)).messages, 2);
  }, { url: '/blank.html', errors: NETWORK, args }));
}

/**
 * Faults that the reader is told of, and an answer is given.
 * @type {{name: string, fault: Fault, notice: RegExp, args?: string[]}[]}
 */
const GOES_ON = [
  {
    name: 'an engine of another content type',
    fault: at('.wasm', () => ({ type: 'application/octet-stream' })),
    notice: sequence(
      /^Note: The server sends wasm as application\/octet-stream; application\/wasm would /,
      /start sooner\.$/,
    ),
  },
  {
    name: 'an engine of no content type',
    fault: at('.wasm', () => ({ type: '' })),
    notice: /^Note: The server sends wasm as nothing; application\/wasm would start sooner\.$/,
  },
  {
    name: 'no room to keep the model',
    fault: inWorker(
      'const full = () => new DOMException("full", "QuotaExceededError");' +
        'Cache.prototype.put = async () => { throw full(); };',
    ),
    notice: /^Note: This browser does not keep the model: it is downloaded again next time\.$/,
  },
  {
    name: 'no storage at all',
    fault: inWorker('Object.defineProperty(globalThis, "caches", { value: undefined });'),
    notice: /^Note: This browser does not keep the model: it is downloaded again next time\.$/,
  },
  {
    // The flags take SIMD from V8 on x86; elsewhere the answer of the one test that the page makes
    // is changed.
    name: 'a browser without SIMD',
    fault: inWorker(process.arch === 'x64' ? '' : 'WebAssembly.validate = () => false;'),
    args: ['--js-flags=--no-enable-sse4-1 --no-enable-ssse3'],
    notice: sequence(
      /^Note: Answers come more slowly in this browser; /,
      /a current one is faster\.$/,
    ),
  },
];

for (const { name, fault, notice, args } of GOES_ON) {
  test(name, (t) => inPage(async (page) => {
    await begin(page, 'tiny', fault);
    await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
    const words = await page.locator('.notice').textContent() ?? '';
    t.diagnostic(words);
    assert.match(words, notice);
    assert.equal(await page.locator('.notice').count(), 1);
    assert.equal((await chatOf(page)).messages, 2);
  }, { url: '/blank.html', errors: NETWORK, args }));
}

// They grow with the conversation: the model itself has enough memory here.
for (const { name, question, most, answered } of [
  // A prompt asks for all that it takes before it is computed.
  { name: 'a prompt', question: 'one two '.repeat(700), most: '3', answered: /^Model: Not/ },
  // An answer without a bound asks at position 256, and its words are kept.
  {
    name: 'the rest of an answer',
    question: `Write a long story with these words: ${'one two '.repeat(90)}`,
    most: '',
    answered: /^Model: \w+ \w+ .*Not/s,
  },
])
  test(`no memory for keys and values of ${name}`, async (t) => {
    let said = '';
    // How much Go has free of what it took while loading differs from time to time.
    for (const pages of [1820, 1850, 1885]) {
      await inPage(async (page) => {
        await begin(page, 'smollm2-135m-instruct', () => null, question, most);
        const alert = page.getByRole('alert').filter({ hasText: 'out_of_memory' });
        await alert.waitFor();
        const words = await alert.textContent() ?? '';
        t.diagnostic(words);
        assert.match(words,
          /Not enough memory.*\(out_of_memory: the engine ended with code 2: out of memory\)/s);
        assert.equal(await page.locator('.message.user').count(), 1);
        said = await page.locator('.message.model').textContent() ?? '';
        await noWorkers(page);
      }, {
        url: '/blank.html', errors: NETWORK, args: [`--js-flags=--wasm-max-mem-pages=${pages}`],
      });
      if (answered.test(said)) break;
    }
    assert.match(said, answered);
  });
