// A build against an earlier one: pages of one Chromium in turns, in Go's benchmark format, and
// then the ratios of pairs, above 1 where this one is faster:
//   node bench/versions.mjs --before FOLDER [--rounds 6] [--context 1900] [--threads 2]
// FOLDER is dist/ of another checkout, with its own model: `git worktree add FOLDER COMMIT`, and
// `make build` there. One thread each; --threads has this build run with more as well.

import path from 'node:path';
import { parseArgs } from 'node:util';
import { ISOLATED, serve } from '../web/test/server.mjs';
import { launchBare } from './bare.mjs';
import { printHeader, printLine } from './go-format.mjs';
import { answer, forget, load } from './in-page.mjs';
import { median } from './peers/results.mjs';

/** @typedef {Awaited<ReturnType<Awaited<ReturnType<typeof launchBare>>['newPage']>>} Page */

const { values: options } = parseArgs({
  options: {
    before: { type: 'string' },
    rounds: { type: 'string', default: '6' },
    context: { type: 'string', default: '0' },
    threads: { type: 'string', default: '1' },
    dist: { type: 'string', default: path.resolve(import.meta.dirname, '../dist') },
  },
});
if (!options.before) throw new Error('say with --before which build to compare with: its dist/');
const many = Number(options.threads), rounds = Number(options.rounds);
const STEPS = 4, TOKENS = 64, SHORT = 32, LONG = 256;

/** @type {Record<string, {dist: string, threads: number}>} */
const SIDES = {
  before: { dist: path.resolve(options.before), threads: 1 },
  now: { dist: options.dist, threads: 1 },
  ...(many > 1 ? { [`${many} threads`]: { dist: options.dist, threads: many } } : {}),
};

/** @type {Map<string, Record<string, number[]>>} a figure's milliseconds by side, in rounds */
const figures = new Map();

/** @param {string} figure @param {string} side @param {number} ms @param {number} [n] */
function tell(figure, side, ms, n = 1) {
  const all = figures.get(figure) ?? {};
  figures.set(figure, all);
  (all[side] ??= []).push(ms);
  printLine(`${figure}/build=${side.replace(' ', '-')}`, n, { 'ns/op': ms * 1e6 });
}

/** @param {Record<string, Page>} pages by side */
async function measure(pages) {
  const names = Object.keys(pages);
  const context = Number(options.context);
  const prompts = [SHORT, LONG, ...(context ? [context - TOKENS / 2] : [])];
  // The first answers run on code that the browser has not optimised yet.
  for (const name of names)
    await answer(pages[name], { steps: STEPS, prompt: SHORT, tokens: TOKENS, unique: 0 });
  for (let round = 0; round < rounds; round++) {
    // Which comes first changes from round to round.
    const order = names.map((_, i) => names[(i + round) % names.length]);
    for (const prompt of prompts) {
      for (const name of order) {
        await forget(pages[name], STEPS);
        const question = { steps: STEPS, prompt, tokens: TOKENS, unique: 10 + round };
        const { first, decode, decoded } = await answer(pages[name], question);
        tell(`First/prompt=${prompt}`, name, first);
        tell(`Decode/prompt=${prompt}`, name, decode / decoded, decoded);
      }
    }
  }
}

const format = (/** @type {number} */ value) => value.toFixed(2);
const browser = await launchBare();
/** @type {Record<string, Page>} */
const pages = {};
const sites = [];
try {
  for (const [name, { dist, threads }] of Object.entries(SIDES)) {
    const site = await serve(dist);
    sites.push(site);
    pages[name] = await browser.newPage();
    await pages[name].goto(site.url + ISOLATED);
    await load(pages[name], { kernel: 'auto', ...(threads > 1 ? { threads } : {}) });
  }
  printHeader();
  await measure(pages);
} finally {
  await browser.close();
  for (const site of sites) await site.close();
}
for (const [figure, by] of figures) {
  for (const [side, values] of Object.entries(by)) {
    const ratios = by.before.map((ms, round) => ms / values[round]);
    console.log(`${figure} ${side}: ${format(median(values))} ms, ${format(median(ratios))} `
      + `(${format(Math.min(...ratios))} to ${format(Math.max(...ratios))}), n = ${values.length}`);
  }
}
