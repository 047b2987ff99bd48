// What threads gain: the engine with several of them and with one, in turns, in isolated pages of
// one Chromium, in Go's benchmark format, and then the ratios:
//   node bench/threads.mjs [--threads 2] [--rounds 5] [--context 2000] [--no-bandwidth]
// Loads are from the browser's store. Memory is what a page's renderer holds of its own after an
// answer, above that of a blank page. Ratios are of pairs of one round; above 1 is for the threads.

import path from 'node:path';
import { parseArgs } from 'node:util';
import { ISOLATED, serve } from '../web/test/server.mjs';
import { launchBare } from './bare.mjs';
import { printHeader, printLine } from './go-format.mjs';
import { answer, forget, load } from './in-page.mjs';
import { machine } from './peers/machine.mjs';
import { median } from './peers/results.mjs';
import { rendererMemory } from './processes.mjs';

/** @typedef {Awaited<ReturnType<Awaited<ReturnType<typeof launchBare>>['newPage']>>} Page */

const { values: options } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
    context: { type: 'string', default: '2000' },
    'no-bandwidth': { type: 'boolean', default: false },
    dist: { type: 'string', default: path.resolve(import.meta.dirname, '../dist') },
  },
});
const many = Number(options.threads), rounds = Number(options.rounds);
const SHORT = 32, LONG = 256, TOKENS = 64, STEPS = 4;
// What a closed page held is given back a little later.
const CLOSED_MS = 1000;

/** @type {Map<string, Record<number, number[]>>} a figure's values by threads, in rounds */
const figures = new Map();

/**
 * @param {string} name
 * @param {number} threads
 * @param {number} value milliseconds of a token, of a prompt or of loading; or bytes
 * @param {number} [n] tokens that it is the mean of
 */
function tell(name, threads, value, n = 1) {
  const all = figures.get(name) ?? {};
  figures.set(name, all);
  (all[threads] ??= []).push(value);
  printLine(`${name}/threads=${threads}`, n,
    name === 'Memory' ? { 'own-bytes': value } : { 'ns/op': value * 1e6 });
}

/**
 * In turns: which of the two comes first changes from round to round.
 * @param {(threads: number, round: number) => Promise<void>} measure
 */
async function inTurns(measure) {
  for (let round = 0; round < rounds; round++) {
    for (const threads of round % 2 === 0 ? [1, many] : [many, 1]) await measure(threads, round);
  }
}

/**
 * @param {{newPage: () => Promise<Page>}} browser
 * @param {string} url
 * @param {number} threads
 * @returns {Promise<{page: Page, ms: number}>} a page with a loaded engine
 */
async function open(browser, url, threads) {
  const page = await browser.newPage();
  await page.goto(url + ISOLATED);
  const ms = await load(page, { kernel: 'lookup', threads });
  const run = await page.evaluate(() => {
    const { threads, threads_why: why } = /** @type {any} */ (window).engine.info;
    return { threads, why };
  });
  if (run.threads !== threads) throw new Error(`${run.threads} threads run: ${run.why}`);
  return { page, ms };
}

/** @param {string} url */
async function measureAll(url) {
  const browser = await launchBare();
  try {
    // The store is filled, and the browser has compiled the engine once.
    await (await open(browser, url, 1)).page.close();
    const blank = await browser.newPage();
    await blank.goto(url + ISOLATED);
    await blank.waitForTimeout(CLOSED_MS);
    const { own: without } = rendererMemory();
    await blank.close();
    await inTurns(async (threads) => {
      const { page, ms } = await open(browser, url, threads);
      tell('Load/store=full', threads, ms);
      await answer(page, { steps: STEPS, prompt: SHORT, tokens: TOKENS, unique: 1 });
      tell('Memory', threads, rendererMemory().own - without);
      await page.close();
      await blank.waitForTimeout(CLOSED_MS);
    });

    /** @type {Record<number, Page>} */
    const pages = {};
    for (const threads of [1, many]) pages[threads] = (await open(browser, url, threads)).page;
    // The first answers run on code that the browser has not optimised yet.
    for (const threads of [1, many])
      await answer(pages[threads], { steps: STEPS, prompt: SHORT, tokens: TOKENS, unique: 0 });
    await inTurns(async (threads, round) => {
      const page = pages[threads];
      for (const [prompt, tokens] of [[SHORT, TOKENS], [LONG, 2]]) {
        await forget(page, STEPS);
        const result = await answer(page, { steps: STEPS, prompt, tokens, unique: 10 + round });
        if (prompt === LONG) tell(`First/prompt=${LONG}`, threads, result.first);
        else decode('context=64', threads, result);
      }
    });
    const context = Number(options.context);
    if (context === 0) return;
    const question = { steps: STEPS, prompt: context - TOKENS / 2, tokens: TOKENS, unique: 2 };
    for (const threads of [1, many]) await answer(pages[threads], question, true);
    await inTurns(async (threads) =>
      decode(`context=${context}`, threads, await answer(pages[threads], question, true)));
  } finally {
    await browser.close();
  }
}

/**
 * @param {string} where
 * @param {number} threads
 * @param {import('./in-page.mjs').Answer} result
 */
function decode(where, threads, { decode, decoded }) {
  tell(`Decode/${where}`, threads, decode / decoded, decoded);
}

function printRatios() {
  console.log(`\none thread / ${many} threads, ratio (median, least to most), n`);
  for (const [name, { 1: one, [many]: several }] of figures) {
    const ratios = one.map((value, round) => value / several[round]);
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
    const unit = name === 'Memory' ? 'MB' : 'ms', scale = name === 'Memory' ? 1e-6 : 1;
    console.log(`${name}: ${shown(one, scale)} / ${shown(several, scale)} ${unit}, `
      + `${median(ratios).toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)}), ${one.length}`);
  }
}

/**
 * @param {number[]} values
 * @param {number} scale
 */
function shown(values, scale) {
  const texts = [median(values), Math.min(...values), Math.max(...values)]
    .map((value) => (value * scale).toPrecision(4));
  return `${texts[0]} (${texts[1]} to ${texts[2]})`;
}

if (!(many > 1)) throw new Error(`--threads ${options.threads}: it must be above 1`);
printHeader();
if (!options['no-bandwidth']) {
  const { processor, cpus } = machine();
  console.log(`processor: ${processor}; ${cpus} cores`);
}
const site = await serve(options.dist);
try {
  await measureAll(site.url);
} finally {
  await site.close();
}
printRatios();
