// Measures the built page in Chromium and prints Go's benchmark format, which benchstat reads:
//   node bench/page.mjs [--runs 3] [--steps 1,2,4] [--kernels lookup,popcount]
//     [--contexts 512,2000] [--build auto]
// One line is one run. Long contexts are measured with the lookup kernel and the largest T;
// --contexts '' leaves them out.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import zlib from 'node:zlib';
import { serve, BLANK } from '../web/test/server.mjs';
import { launchBare } from './bare.mjs';
import { printHeader, printLine } from './go-format.mjs';
import { answer, forget, load, unload } from './in-page.mjs';
import { rendererMemory } from './processes.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    steps: { type: 'string', default: '1,2,4' },
    kernels: { type: 'string', default: 'lookup,popcount' },
    contexts: { type: 'string', default: '512,2000' },
    build: { type: 'string', default: 'auto' },
    dist: { type: 'string', default: path.resolve(import.meta.dirname, '../dist') },
  },
});
/** @param {string} list */
const numbers = (list) => list.split(',').filter(Boolean).map(Number);
const runs = Number(options.runs), allSteps = numbers(options.steps);
const SHORT = 32, LONG = 256, TOKENS = 64;
const LEAST_DECODED = 16;
// What a terminated worker held is given back a little later.
const UNLOAD_MS = 2000;

/**
 * @param {string} name
 * @param {import('./in-page.mjs').Answer} answer
 */
function printDecode(name, { decode, decoded }) {
  if (decoded < LEAST_DECODED) {
    console.error(`${name}: an answer ended after ${decoded} tokens, too few to measure; ` +
      'not counted');
    return;
  }
  printLine(name, decoded, { 'ns/op': decode * 1e6 / decoded, 'tokens/s': decoded / decode * 1e3 });
}

/**
 * What one visitor downloads before the model: the engine with relaxed SIMD and the modules of the
 * first screen.
 */
function printShipped() {
  const modules = execFileSync('node',
    [path.resolve(import.meta.dirname, '../tools/setup/web-imports.mjs'), '--loaded'],
    { encoding: 'utf8' }).trim().split('\n');
  const files = ['spikechat-relaxed.wasm', 'wasm_exec.js', ...modules];
  const bodies = files.map((name) => fs.readFileSync(path.join(options.dist, name)));
  /** @param {(body: Buffer) => Buffer} pack */
  const total = (pack) => bodies.reduce((sum, body) => sum + pack(body).length, 0);
  printLine('Shipped', 1, {
    'raw-bytes': total((body) => body),
    'gzip-bytes': total((body) => zlib.gzipSync(body, { level: 9 })),
    'brotli-bytes': total((body) => zlib.brotliCompressSync(body)),
  });
}

/**
 * Loads with an empty store, then from the full one, each time in a new page.
 * @param {{newPage: () => Promise<import('playwright-core').Page>}} browser
 * @param {string} url
 * @param {string} kernel
 * @returns {Promise<import('playwright-core').Page>} the last page, loaded
 */
async function measureLoading(browser, url, kernel) {
  for (let run = 0; ; run++) {
    const page = await browser.newPage();
    await page.goto(url + BLANK);
    // Later pages would find the renderers of earlier ones.
    if (run === 0) {
      const { peak, own } = rendererMemory();
      printLine(`Memory/kernel=${kernel}/page=blank`, 1, { 'peak-bytes': peak, 'own-bytes': own });
    }
    const ms = await load(page, { kernel, build: options.build });
    const store = run === 0 ? 'empty' : 'full';
    printLine(`Load/kernel=${kernel}/store=${store}`, 1,
      { 'ns/op': ms * 1e6, 'peak-bytes': rendererMemory().peak });
    if (run === runs) return page;
    await page.close();
  }
}

/**
 * @param {import('playwright-core').Page} page with a loaded engine
 * @param {string} kernel
 */
async function measureAnswers(page, kernel) {
  let unique = 0;
  /** @param {number} steps @param {number} prompt @param {number} tokens */
  const ask = async (steps, prompt, tokens) => {
    await forget(page, steps);
    return answer(page, { steps, prompt, tokens, unique: unique++ });
  };
  // The first answers run on code that the browser has not optimised yet.
  for (const steps of allSteps) {
    const { first } = await ask(steps, SHORT, TOKENS);
    if (unique === 1) {
      printLine(`FirstEver/kernel=${kernel}/steps=${steps}/prompt=${SHORT}`, 1,
        { 'ns/op': first * 1e6 });
    }
  }
  for (let run = 0; run < runs; run++) {
    for (const steps of allSteps) {
      const about = `kernel=${kernel}/steps=${steps}`;
      for (const [prompt, tokens] of [[SHORT, TOKENS], [LONG, 2]]) {
        const result = await ask(steps, prompt, tokens);
        printLine(`First/${about}/prompt=${prompt}`, 1,
          { 'ns/op': result.first * 1e6, 'tokens/s': prompt / result.first * 1e3 });
        if (prompt === SHORT) printDecode(`Decode/${about}/context=64`, result);
      }
    }
  }
}

/**
 * Decodes around each context. The prompt is run once and known from then on.
 * @param {import('playwright-core').Page} page with a loaded engine
 * @param {string} kernel
 */
async function measureContexts(page, kernel) {
  const steps = Math.max(...allSteps);
  for (const context of numbers(options.contexts)) {
    const question = { steps, prompt: context - TOKENS / 2, tokens: TOKENS, unique: context };
    await answer(page, question, true);
    for (let run = 0; run < runs; run++) {
      printDecode(`Decode/kernel=${kernel}/steps=${steps}/context=${context}`,
        await answer(page, question, true));
    }
  }
}

printHeader();
printShipped();
const site = await serve(options.dist);
try {
  for (const kernel of options.kernels.split(',')) {
    const browser = await launchBare();
    try {
      const page = await measureLoading(browser, site.url, kernel);
      await measureAnswers(page, kernel);
      if (kernel === 'lookup') await measureContexts(page, kernel);
      const { peak, own } = rendererMemory();
      await unload(page);
      await page.waitForTimeout(UNLOAD_MS);
      printLine(`Memory/kernel=${kernel}/page=chat`, 1,
        { 'peak-bytes': peak, 'own-bytes': own, 'unloaded-bytes': rendererMemory().now });
    } finally {
      await browser.close();
    }
  }
} finally {
  await site.close();
}
