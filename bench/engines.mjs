// Measures how fast the built page decodes in Chromium, Firefox and WebKit with each kernel, and
// with `auto`, in Go's benchmark format:
//   node bench/engines.mjs [--engines chromium,firefox,webkit] [--kernels auto,lookup,popcount]
//     [--steps 4] [--build auto] [--runs 3] [--tokens 64] [--dist dist] [--table]
// One line is one answer, and T and the kernels take turns. SETTLED tokens are not counted: after
// them `auto` has chosen. Time from the first of them to the last is on the page's own clock.
// --table writes a table of medians at the end.

import path from 'node:path';
import { parseArgs } from 'node:util';
import { ENGINES } from '../web/test/engines/driver.mjs';
import { BLANK, serve } from '../web/test/server.mjs';
import { printHeader, printLine } from './go-format.mjs';
import { median } from './peers/results.mjs';
import { question } from './prompt.mjs';

/** @import { Engine } from '../web/api/engine.js' */
/** @import { Driver } from '../web/test/engines/driver.mjs' */

const { values: options } = parseArgs({
  options: {
    engines: { type: 'string', default: Object.keys(ENGINES).join() },
    kernels: { type: 'string', default: 'auto,lookup,popcount' },
    steps: { type: 'string', default: '4' },
    build: { type: 'string', default: 'auto' },
    runs: { type: 'string', default: '3' },
    tokens: { type: 'string', default: '64' },
    dist: { type: 'string', default: path.resolve(import.meta.dirname, '../dist') },
    table: { type: 'boolean', default: false },
  },
});
const engines = options.engines.split(','), kernels = options.kernels.split(',');
const allSteps = options.steps.split(',').map(Number);
const PROMPT = 32, SETTLED = 16, LEAST_DECODED = 8;
/** How many questions in a row may have an answer that ends too early. */
const TRIES = 20;

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
 * @param {number} steps
 * @param {number} unique
 */
function ask(driver, kernel, steps, unique) {
  const request = {
    messages: question(unique, PROMPT), steps, max_tokens: Number(options.tokens), stream: true,
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

/**
 * Asks each engine in turn, at each T, and gives their rates in tokens a second.
 * @param {string} name of the browser
 * @param {Driver} driver
 */
async function measure(name, driver) {
  /** @type {Record<string, number[]>} by row of the table */
  const rates = {};
  // All kernels give the same answer: where it is too short, none of them is asked.
  const unique = Object.fromEntries(allSteps.map((steps) => [steps, 0]));
  for (let run = 0; run < Number(options.runs); run++) {
    for (const steps of allSteps) {
      for (let tries = 0; !await measureQuestion(name, driver, steps, unique[steps]++, rates);) {
        if (++tries === TRIES) throw new Error(`T = ${steps}: ${TRIES} answers end too early`);
      }
    }
  }
  return rates;
}

/**
 * Asks each engine one question, and adds their rates.
 * @param {string} name of the browser
 * @param {Driver} driver
 * @param {number} steps
 * @param {number} unique
 * @param {Record<string, number[]>} rates
 * @returns {Promise<boolean>} whether the answer is long enough to count
 */
async function measureQuestion(name, driver, steps, unique, rates) {
  for (const kernel of kernels) {
    const { times, kernel: runs, why } = await ask(driver, kernel, steps, unique);
    const last = times.length - 1, decoded = last - SETTLED;
    if (decoded < LEAST_DECODED) return false;
    const ms = times[last] - times[SETTLED], rate = decoded / ms * 1e3;
    const late = Math.max(...times.map((time, i) => time - times[i - 1]).slice(1, SETTLED + 1));
    printLine(`Decode/engine=${name}/build=${options.build}/kernel=${kernel}/steps=${steps}`,
      decoded,
      { 'ns/op': ms * 1e6 / decoded, 'tokens/s': rate, 'slowest-of-first-ns': late * 1e6 });
    console.error(`${name}, ${kernel}: runs ${runs} (${why})`);
    (rates[row(kernel, steps)] ??= []).push(rate);
  }
  return true;
}

/** @param {string} kernel @param {number} steps */
function row(kernel, steps) {
  return `${kernel}, T = ${steps}`;
}

/**
 * Writes medians, with the smallest and largest, of tokens a second.
 * @param {Record<string, Record<string, number[]>>} all rates by browser and row
 */
function printTable(all) {
  console.log(`\n| tokens a second, n = ${options.runs} | ${Object.keys(all).join(' | ')} |`);
  console.log(`| --- |${' ---: |'.repeat(Object.keys(all).length)}`);
  for (const name of kernels.flatMap((kernel) => allSteps.map((steps) => row(kernel, steps)))) {
    const cells = Object.values(all).map(({ [name]: rates }) => `${median(rates).toFixed(1)} ` +
      `(${Math.min(...rates).toFixed(1)} to ${Math.max(...rates).toFixed(1)})`);
    console.log(`| ${[name, ...cells].join(' | ')} |`);
  }
}

printHeader();
const site = await serve(options.dist);
/** @type {Parameters<typeof printTable>[0]} */
const all = {};
try {
  for (const name of engines) {
    const driver = await ENGINES[name]();
    try {
      console.error(driver.version);
      await driver.open(site.url + BLANK);
      for (const kernel of kernels) await load(driver, kernel);
      all[driver.version] = await measure(name, driver);
    } finally {
      await driver.close();
    }
  }
  if (options.table) printTable(all);
} finally {
  await site.close();
}
