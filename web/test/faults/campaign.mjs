// Tries rows of the fault table in one browser.

import { ENGINES } from '../engines/driver.mjs';
import { ROWS } from './rows.mjs';
import { empty, loadAndAsk, openBlank } from './visit.mjs';

/** @import { FaultySite } from './site.mjs' */
/** @import { Row, Tally } from './rows.mjs' */

/**
 * @typedef {object} Result
 * @property {string} browser
 * @property {string} row
 * @property {number} tried
 * @property {number} passed
 * @property {string[]} failures
 * @property {number} [figure] see Tally
 * @property {number} seconds
 */

/**
 * @param {object} options
 * @param {FaultySite} options.site
 * @param {string} options.browser a name of ENGINES
 * @param {string} options.model the manifest's path
 * @param {number} options.seed of the places of faults
 * @param {(row: Row) => number} options.count how often a row is tried
 * @param {(name: string) => boolean} [options.wanted] which rows
 * @param {(row: Row, tally: Tally) => void} [options.tell] how far it is
 * @returns {Promise<Result[]>}
 */
export async function tryRows({ site, browser, model, seed, count, wanted, tell = () => {} }) {
  const driver = await ENGINES[browser]();
  try {
    await site.obey([]);
    const { shards } = await (await fetch(site.url + model)).json();
    const around = { driver, site, model, shards, answer: '', random: randomOf(seed) };
    await openBlank(around);
    await empty(around);
    const outcome = await loadAndAsk(around);
    if (!('text' in outcome)) throw new Error(`without a fault the page says ${outcome.code}`);
    around.answer = outcome.text;
    /** @type {Result[]} */
    const results = [];
    for (const row of ROWS.filter(({ name }) => wanted?.(name) ?? true)) {
      const began = performance.now();
      const tally = await row.run(around, count(row), (so) => tell(row, so));
      results.push({
        browser: driver.version, row: row.name, ...tally,
        seconds: Math.round((performance.now() - began) / 1e3),
      });
    }
    return results;
  } finally {
    await driver.close();
  }
}

/**
 * Whole numbers that are the same for the same seed.
 * @param {number} seed
 * @returns {(most: number) => number}
 */
function randomOf(seed) {
  let state = seed >>> 0;
  return (most) => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return Math.floor(((x ^ (x >>> 14)) >>> 0) / 2 ** 32 * most);
  };
}
