// Pictures of the page's states, to be looked at: node web/test/screenshots.mjs [folder]. Each is
// there in light, in dark and on a phone, from real answers of the built site and the file that its
// model is packed of.

import fs from 'node:fs';
import path from 'node:path';
import { launch } from './browser.mjs';
import { serve } from './server.mjs';
import { withStandardGguf } from './standard-gguf.mjs';
import { languages, opening, others, walk } from './states.mjs';

/** @import { BrowserContextOptions, Page } from 'playwright-core' */

const ROOT = path.resolve(import.meta.dirname, '../..');
const DIST = path.resolve(process.env.DIST ?? path.join(ROOT, 'dist'));
const FOLDER = path.resolve(process.argv[2] ?? path.join(ROOT, 'build/screenshots'));

/** @type {Record<string, BrowserContextOptions>} */
const LOOKS = {
  light: { viewport: { width: 1280, height: 780 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 780 }, colorScheme: 'dark' },
  phone: {
    viewport: { width: 360, height: 740 }, colorScheme: 'light', hasTouch: true, isMobile: true,
    deviceScaleFactor: 2,
  },
};

fs.mkdirSync(FOLDER, { recursive: true });
const site = await serve(DIST);
const browser = await launch();
try {
  await withStandardGguf(async (file) => {
    for (const [look, context] of Object.entries(LOOKS)) {
      let number = 0;
      const picture = async (/** @type {Page} */ page, /** @type {string} */ name) => {
        const words = name.replaceAll(/[^a-z]+/gi, '-');
        const file = `${String(++number).padStart(2, '0')}-${words}-${look}.png`;
        await page.screenshot({ path: path.join(FOLDER, file) });
      };
      /** @type {(typeof others)[]} */
      const all = [walk, (page, take) => opening(page, take, file), others, languages];
      for (const states of all) {
        const page = await (await browser.newContext(context)).newPage();
        await page.goto(site.url);
        await states(page, (name) => picture(page, name));
        await page.context().close();
      }
    }
    console.log(`${FOLDER}: ${fs.readdirSync(FOLDER).length} pictures`);
  });
} finally {
  await browser.close();
  await site.close();
}
