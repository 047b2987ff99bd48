// Chromium, by playwright.

import { launch } from '../browser.mjs';
import { KEYS } from './keys.mjs';
import { EVALUATE_MS, START_MS, VIEWPORT, inTime } from './limits.mjs';

/** Playwright's names. @type {Map<string, string>} */
const NAMES = new Map([[KEYS.enter, 'Enter'], [KEYS.escape, 'Escape']]);

/** @returns {Promise<import('./driver.mjs').Driver>} */
export async function launchChromium() {
  const browser = await launch();
  const page = await browser.newPage({ viewport: VIEWPORT });
  return {
    version: `Chromium ${browser.version()}`,
    async open(url) { await page.goto(url, { timeout: START_MS }); },
    evaluate: (run, given) => inTime('a function in the page', EVALUATE_MS,
      page.evaluate(/** @type {any} */ (run), /** @type {any} */ (given))),
    async type(keys) {
      for (const key of keys) await page.keyboard.press(NAMES.get(key) ?? key);
    },
    click: (x, y) => page.mouse.click(x, y),
    async screenshot(file) { await page.screenshot({ path: file }); },
    // Playwright ends the browser's processes, also when this one is ended.
    close: () => browser.close(),
  };
}
