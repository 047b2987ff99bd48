// Time from a click to the first token of an answer over a slow line, ours beside wllama with the
// file that ours is packed from, in turns:
//   node bench/first-token.mjs [--lines 10,50,200] [--visits cold,warm,interrupted] [--rounds 1]
//     [--runtimes ours,wllama2] [--file build/first-token.json] [--append] [--publish]
// The line is tools/faults: all answers together get so many Mbit/s, engines included; it adds no
// latency. Files come as Cloudflare sends them. From the click on all is asked for: the runtime's
// modules, its engine, the model; then a question of 32 tokens. Every figure has a browser and a
// profile of its own: cold ones are empty; warm ones have loaded the model before and have been
// started anew; interrupted ones were left when half of the model had come, over a fast line.
// --append adds to the rounds that the file has; --publish writes the table of BENCHMARKS.md.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launchProfile } from '../web/test/browser.mjs';
import { standBefore } from '../web/test/faults/site.mjs';
import { BLANK, serve } from '../web/test/server.mjs';
import { asDeployed } from './as-deployed.mjs';
import * as results from './first-token/results.mjs';
import { RUNTIMES } from './first-token/runtimes.mjs';

/** @import { FaultySite } from '../web/test/faults/site.mjs' */
/** @import { Page } from 'playwright-core' */
/** @import { Runtime } from './first-token/runtimes.mjs' */

const ROOT = path.resolve(import.meta.dirname, '..');
/** Bytes a second of a megabit. */
const MBIT = 125_000;
// Browsers write what is new to the disk a little later.
const WRITE_MS = 2000;
const PATIENCE_MS = 300_000;

const { values: options } = parseArgs({
  options: {
    lines: { type: 'string', default: '10,50,200' },
    visits: { type: 'string', default: 'cold,warm,interrupted' },
    runtimes: { type: 'string', default: 'ours,wllama2' },
    rounds: { type: 'string', default: '1' },
    file: { type: 'string', default: path.join(ROOT, 'build/first-token.json') },
    append: { type: 'boolean', default: false },
    publish: { type: 'boolean', default: false },
  },
});

/**
 * @template T
 * @param {string} profile
 * @param {string} url
 * @param {(page: Page) => Promise<T>} run on a blank page of the site
 * @returns {Promise<T>}
 */
async function inBrowser(profile, url, run) {
  const context = await launchProfile(profile, {});
  try {
    const [page] = context.pages();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(url + BLANK);
    return await run(page);
  } finally {
    await context.close();
  }
}

/**
 * @param {Runtime} runtime
 * @param {FaultySite} site
 * @param {number} mbit
 * @param {string} visit
 * @returns {Promise<results.Figure>}
 */
async function measure(runtime, site, mbit, visit) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-profile-'));
  try {
    await site.obey([]);
    if (visit !== 'cold') {
      await inBrowser(profile, site.url, async (page) => {
        if (visit === 'warm') await runtime.firstToken(page);
        else await runtime.half(page);
        await page.waitForTimeout(visit === 'warm' ? WRITE_MS : 0);
      });
    }
    await site.obey([], mbit * MBIT);
    await site.forget();
    const seconds = await inBrowser(profile, site.url, (page) => runtime.firstToken(page)) / 1e3;
    const bytes = (await site.served()).reduce((sum, one) => sum + one.bytes, 0);
    return { seconds, megabytes: bytes / 1e6 };
  } finally {
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {string} name of a runtime @param {number} mbit @param {string} visit */
async function run(name, mbit, visit) {
  const runtime = RUNTIMES[name];
  const behind = await serve(path.join(ROOT, runtime.root), runtime.policy);
  behind.fault = asDeployed();
  try {
    // Compressing is not to be a part of it.
    for (const file of runtime.files) await (await fetch(behind.url + file)).arrayBuffer();
    const site = await standBefore(behind.url);
    try {
      return await measure(runtime, site, mbit, visit);
    } finally {
      await site.close();
    }
  } finally {
    await behind.close();
  }
}

const rounds = options.append ? results.read(options.file) : [];
for (let i = 0; i < Number(options.rounds); i++) {
  for (const mbit of options.lines.split(',').filter(Boolean).map(Number)) {
    for (const visit of options.visits.split(',')) {
      for (const name of options.runtimes.split(',')) {
        const figure = await run(name, mbit, visit);
        console.log(`${mbit} Mbit/s, ${visit}, ${name}: ${figure.seconds.toFixed(2)} s, ` +
          `${figure.megabytes.toFixed(2)} MB sent`);
        results.put(rounds, { mbit, visit, name, figure });
        fs.writeFileSync(options.file, `${JSON.stringify(rounds, null, 2)}\n`);
      }
    }
  }
}
console.log(`\n${results.table(rounds)}`);
if (options.publish) results.publish(rounds);
