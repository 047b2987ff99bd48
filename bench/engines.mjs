// Measures how fast the built page decodes in Chromium, Firefox and WebKit with each kernel, and
// with `auto`, in Go's benchmark format:
//   node bench/engines.mjs [--engines chromium,firefox,webkit] [--kernels auto,lookup,popcount]
//     [--build auto] [--runs 3] [--tokens 64] [--dist dist]
// One line is one answer, and the kernels take turns. SETTLED tokens are not counted: after them
// `auto` has chosen. Time from the first of them to the last is on the page's own clock.

import path from 'node:path';
import { parseArgs } from 'node:util';
import { ENGINES } from '../web/test/engines/driver.mjs';
import { BLANK, serve } from '../web/test/server.mjs';
import { printHeader, printLine } from './go-format.mjs';
import { question } from './prompt.mjs';

/** @import { Engine } from '../web/api/engine.js' */
/** @import { Driver } from '../web/test/engines/driver.mjs' */

const { values: options } = parseArgs({
  options: {
    engines: { type: 'string', default: Object.keys(ENGINES).join() },
    kernels: { type: 'string', default: 'auto,lookup,popcount' },
    build: { type: 'string', default: 'auto' },
    runs: { type: 'string', default: '3' },
    tokens: { type: 'string', default: '64' },
    dist: { type: 'string', default: path.resolve(import.meta.dirname, '../dist') },
  },
});
const PROMPT = 32, SETTLED = 16;

/**
 * Loads an engine beside those that are there.
 * @param {Driver} driver
 * @param {string} kernel
 */
function load(driver, kernel) {
  return driver.evaluate(async (given) => {
    const module = '/engine.js';
    const { createEngine } = await import(module);
    const engines = (/** @type {any} */ (window).engines ??= {});
    engines[given.kernel] = await createEngine(given);
  }, { kernel, build: options.build });
}

/**
 * Asks one engine, and says how long each token took.
 * @param {Driver} driver
 * @param {string} kernel
 * @param {number} unique
 */
function ask(driver, kernel, unique) {
  const request = {
    messages: question(unique, PROMPT), max_tokens: Number(options.tokens), stream: true,
  };
  return driver.evaluate(async ({ kernel, request }) => {
    /** @type {Engine} */
    const engine = /** @type {any} */ (window).engines[kernel];
    const times = [];
    for await (const { spike } of await engine.chat.completions.create(
      /** @type {any} */ (request),
    )) {
      if (spike?.spikes) times.push(performance.now());
    }
    const stats = await engine.stats();
    return { times, kernel: stats.kernel, why: stats.why };
  }, { kernel, request });
}

printHeader();
const site = await serve(options.dist);
try {
  for (const name of options.engines.split(',')) {
    const driver = await ENGINES[name]();
    try {
      console.error(driver.version);
      await driver.open(site.url + BLANK);
      const kernels = options.kernels.split(',');
      for (const kernel of kernels) await load(driver, kernel);
      for (let run = 0; run < Number(options.runs); run++) {
        for (const kernel of kernels) {
          const { times, kernel: runs, why } = await ask(driver, kernel, run);
          const last = times.length - 1;
          const ms = times[last] - times[SETTLED];
          const steps = times.map((time, i) => time - times[i - 1]).slice(1);
          const late = Math.max(...steps.slice(0, SETTLED));
          const about = `engine=${name}/build=${options.build}/kernel=${kernel}`;
          printLine(`Decode/${about}`, last - SETTLED, {
            'ns/op': ms * 1e6 / (last - SETTLED),
            'tokens/s': (last - SETTLED) / ms * 1e3,
            'slowest-of-first-ns': late * 1e6,
          });
          console.error(`${name}, ${kernel}: runs ${runs} (${why})`);
        }
      }
    } finally {
      await driver.close();
    }
  }
} finally {
  await site.close();
}
