// Measures the built page in Chromium and prints Go's benchmark format, which benchstat reads:
//   node bench/page.mjs [--runs 5] [--steps 1,2,4] [--kernels lookup,popcount] [--long]
// One line is one run. --long adds decoding at contexts of 512 and 2,000 tokens.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import zlib from 'node:zlib';
import { launch } from '../web/test/browser.mjs';
import { serve, BLANK } from '../web/test/server.mjs';
import { answer, load } from './in-page.mjs';
import { rendererPeak } from './memory.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    steps: { type: 'string', default: '1,2,4' },
    kernels: { type: 'string', default: 'lookup,popcount' },
    dist: { type: 'string', default: path.resolve(import.meta.dirname, '../dist') },
    long: { type: 'boolean', default: false },
  },
});
const runs = Number(options.runs);

/**
 * Prints one line of Go's benchmark format.
 * @param {string} name
 * @param {number} n
 * @param {Record<string, number>} metrics by unit
 */
function report(name, n, metrics) {
  const parts = Object.entries(metrics).map(([unit, value]) => `${Number(value.toPrecision(6))} ${unit}`);
  console.log(['Benchmark' + name, n, ...parts].join('\t'));
}

/**
 * @param {string} name
 * @param {{decode: number, decoded: number}} answer
 */
function reportDecode(name, { decode, decoded }) {
  if (decoded < 16) {
    console.error(`${name}: an answer ended after ${decoded} tokens, too few to measure; not counted`);
    return;
  }
  report(name, decoded, { 'ns/op': decode * 1e6 / decoded, 'tokens/s': decoded / decode * 1e3 });
}

/** What one visitor downloads before the model: the SIMD engine and all modules. */
function reportShipped() {
  const files = fs.readdirSync(options.dist).filter((name) => name.endsWith('.js') || name === 'spikechat-simd.wasm');
  const bodies = files.map((name) => fs.readFileSync(path.join(options.dist, name)));
  /** @param {(body: Buffer) => Buffer} pack */
  const total = (pack) => bodies.reduce((sum, body) => sum + pack(body).length, 0);
  report('Shipped', 1, {
    'raw-bytes': total((body) => body),
    'gzip-bytes': total((body) => zlib.gzipSync(body, { level: 9 })),
    'brotli-bytes': total((body) => zlib.brotliCompressSync(body)),
  });
}

console.log('goos: js\ngoarch: wasm\npkg: github.com/spikechat/spikechat/bench');
console.log(`cpu: ${os.cpus()[0].model}`);
reportShipped();
const site = await serve(options.dist);
const browser = await launch();
try {
  const context = await browser.newContext();
  for (const kernel of options.kernels.split(',')) {
    let page = await context.newPage();
    for (let run = 0; run <= runs; run++) {
      // A new page each time: what is warm is the browser's store. The first run fills it.
      await page.close();
      page = await context.newPage();
      await page.goto(site.url + BLANK);
      const ms = await load(page, { kernel });
      if (run > 0) report(`Load/kernel=${kernel}`, 1, { 'ns/op': ms * 1e6 });
    }
    let unique = 0;
    for (let run = 0; run < runs; run++) {
      for (const steps of options.steps.split(',').map(Number)) {
        const about = `kernel=${kernel}/steps=${steps}`;
        for (const prompt of [32, 256]) {
          const r = await answer(page, { steps, prompt, tokens: prompt === 32 ? 64 : 2, unique: unique++ });
          report(`First/${about}/prompt=${prompt}`, 1, { 'ns/op': r.first * 1e6, 'tokens/s': prompt / r.first * 1e3 });
          if (prompt === 32) reportDecode(`Decode/${about}/context=64`, r);
        }
        if (options.long && kernel === 'lookup') {
          for (const prompt of [512, 1980]) {
            reportDecode(`Decode/${about}/context=${prompt}`, await answer(page, { steps, prompt, tokens: 33, unique: unique++ }));
          }
        }
      }
    }
    report(`Memory/kernel=${kernel}`, 1, { 'peak-bytes': rendererPeak() });
    await page.close();
  }
} finally {
  await browser.close();
  await site.close();
}
