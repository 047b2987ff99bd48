// How many bytes a browser's profile takes when a model is kept, its HTTP cache, code caches and
// whatever else it has included:
//   node bench/disk.mjs [--browsers chromium,firefox] [--model smollm2-135m-instruct] [--visits 2]
//     [--plain]
// The whole folder is counted after the browser has ended, and what another one has after as many
// visits to a blank page is subtracted. The page is served as Cloudflare does it, pages and engine
// compressed; --plain is without that. Exits with 1 where the first visit left more than 1.05 times
// the model.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launchProfile } from '../web/test/browser.mjs';
import { launchFirefox } from '../web/test/engines/firefox.mjs';
import { BLANK, serve } from '../web/test/server.mjs';
import { asDeployed } from './as-deployed.mjs';

const MOST = 1.05;
// Browsers write what is new to the disk a little later, and some of it only then.
const WRITE_MS = 5000;
/** Parts of a profile that are named when they grew by so much. */
const NAMED_BYTES = 200_000;

const { values: options } = parseArgs({
  options: {
    browsers: { type: 'string', default: 'chromium,firefox' },
    model: { type: 'string', default: 'smollm2-135m-instruct' },
    visits: { type: 'string', default: '2' },
    plain: { type: 'boolean', default: false },
    dist: { type: 'string', default: path.resolve(import.meta.dirname, '../dist') },
  },
});

/**
 * Opens a page in a browser with this profile, does something there, and ends the browser.
 * @callback Visit
 * @param {string} folder
 * @param {string} url
 * @param {(() => Promise<void>) | null} run
 * @returns {Promise<void>}
 */

/** @type {Record<string, Visit>} */
const VISITS = {
  async chromium(folder, url, run) {
    const context = await launchProfile(folder, {});
    try {
      const [page] = context.pages();
      await page.goto(url);
      if (run) await page.evaluate(run);
      await page.waitForTimeout(WRITE_MS);
    } finally {
      await context.close();
    }
  },
  async firefox(folder, url, run) {
    const driver = await launchFirefox(folder);
    try {
      await driver.open(url);
      if (run) await driver.evaluate(run);
      await new Promise((resolve) => { setTimeout(resolve, WRITE_MS); });
    } finally {
      await driver.close();
    }
  },
};

/** Loads the page's model, kept as the page proposes it, and asks. Runs in the page. */
const chat = async () => {
  const element = /** @type {any} */ (document.querySelector('spike-chat'));
  await element.start();
  await element.engine.complete();
  await element.send('Name three rivers of Europe.');
};

/**
 * @param {string} folder
 * @returns {Map<string, number>} bytes of its files, by the first names of their path
 */
function bytesIn(folder) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const file of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const stat = fs.lstatSync(path.join(folder, file), { throwIfNoEntry: false });
    if (!stat?.isFile()) continue;
    const part = path.dirname(file).split(path.sep).slice(0, 3).join('/');
    found.set(part, (found.get(part) ?? 0) + stat.size);
  }
  return found;
}

/** @param {Map<string, number>} parts */
const sumOf = (parts) => [...parts.values()].reduce((sum, bytes) => sum + bytes, 0);

/** @param {number} bytes */
const mb = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;

/** @returns {number} bytes of the model's shards */
function modelBytes() {
  const file = path.join(options.dist, 'models', options.model, 'manifest.json');
  /** @type {{shards: {bytes: number}[]}} */
  const { shards } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return shards.reduce((sum, { bytes }) => sum + bytes, 0);
}

const site = await serve(options.dist);
if (!options.plain) site.fault = asDeployed();
const whole = modelBytes();
try {
  for (const name of options.browsers.split(',')) {
    const [folder, other] = [1, 2].map(() =>
      fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-profile-')));
    try {
      for (let visit = 1; visit <= Number(options.visits); visit++) {
        await VISITS[name](other, site.url + BLANK, null);
        await VISITS[name](folder, `${site.url}/?model=${options.model}`, chat);
        const [blank, now] = [other, folder].map(bytesIn);
        const more = sumOf(now) - sumOf(blank), times = more / whole;
        console.log(`${name}, visit ${visit}: ${mb(more)} more than the ${mb(sumOf(blank))} of a ` +
          `blank page, ${times.toFixed(3)} times the model's ${mb(whole)}`);
        for (const [part, bytes] of now) {
          const grown = bytes - (blank.get(part) ?? 0);
          if (grown >= NAMED_BYTES) console.log(`  ${mb(grown)} in ${part}`);
        }
        if (visit === 1 && times > MOST) process.exitCode = 1;
      }
    } finally {
      for (const own of [folder, other])
        fs.rmSync(own, { recursive: true, force: true, maxRetries: 5 });
    }
  }
} finally {
  await site.close();
}
