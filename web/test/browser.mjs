// Finds the system's Chromium and starts it, quiet and offline but for our own server.

import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

/** @import { BrowserContext } from 'playwright-core' */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
/** For every browser that is started here. */
export const ARGS = [
  '--no-sandbox', // tests run as root in containers
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-quic',
  '--no-first-run',
  '--disable-dev-shm-usage',
];

/** @returns {string} path of the browser @throws {Error} when there is none */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  for (const name of NAMES) {
    const found = folders
      .map((folder) => path.join(folder, name))
      .find((file) => fs.existsSync(file));
    if (found) return found;
  }
  throw new Error(`no Chromium: set CHROMIUM, or put one of ${NAMES.join(', ')} on the PATH`);
}

/**
 * Gives answers that no seed was given for the same seeds in every run. What a drawn seed makes of
 * the tiny model may be an answer without a character, or a token far from the likely ones.
 * @param {BrowserContext} context
 */
export const drawTheSame = (context) => context.addInitScript(() => {
  const real = crypto.getRandomValues.bind(crypto);
  let drawn = 0;
  crypto.getRandomValues = (array) =>
    (array instanceof Uint32Array && array.length === 1 ? array.fill(++drawn) : real(array));
});

/** @param {string[]} [more] arguments for the browser */
export function launch(more = []) {
  return chromium.launch({ executablePath: findChromium(), args: [...ARGS, ...more] });
}

/**
 * Starts a browser with a profile of its own, which partitions what frames of other sites keep, as
 * browsers do and playwright's own choice of features does not.
 * @param {string} folder where the profile is to be
 * @param {object} preferences of the profile
 */
export async function launchProfile(folder, preferences) {
  const own = path.join(folder, 'Default');
  fs.mkdirSync(own, { recursive: true });
  fs.writeFileSync(path.join(own, 'Preferences'), JSON.stringify(preferences));
  // Of two lists the browser reads the last.
  const features = '--disable-features=HttpsUpgrades,OptimizationHints,NetworkTimeServiceQuerying';
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: findChromium(), args: [...ARGS, features],
  });
  await drawTheSame(context);
  return context;
}
