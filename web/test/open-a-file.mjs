// Makes docs/open-a-file.png, what becomes of a GGUF file that is dropped on the page, from the
// built site and the file that its model is packed of: node web/test/open-a-file.mjs [dist] [png]

import path from 'node:path';
import { launch } from './browser.mjs';
import { serve } from './server.mjs';
import { withStandardGguf } from './standard-gguf.mjs';
import { opening } from './states.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DIST = path.resolve(process.argv[2] ?? process.env.DIST ?? path.join(ROOT, 'dist'));
const PNG = path.resolve(process.argv[3] ?? path.join(ROOT, 'docs/open-a-file.png'));
const MAX_BYTES = 200_000;
const VIEWPORT = { width: 1280, height: 800 };
const PART = { width: 740, height: 400 };

/**
 * What is shown, by its state (states.mjs): the part of the page, and what is said of it.
 * @type {Record<string, {x: number, y: number, words: string}>}
 */
const PARTS = {
  'a file held over the page': { x: 0, y: 400, words: '1 A GGUF file is dropped on the page.' },
  'a file being packed': { x: 0, y: 400, words: '2 The page packs it, on this machine.' },
  'its answer': { x: 0, y: 0, words: '3 It answers.' },
  'its place on the shelf':
    { x: 540, y: 350, words: '4 It stays in this browser until it is deleted.' },
};

const site = await serve(DIST);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: VIEWPORT, colorScheme: 'light' });
  await page.goto(site.url);
  /** @type {string[]} */
  const parts = [];
  await withStandardGguf((file) => opening(page, async (state) => {
    if (!(state in PARTS)) return;
    const { words, ...corner } = PARTS[state];
    const picture = (await page.screenshot({ clip: { ...corner, ...PART } })).toString('base64');
    parts.push(`<figure><figcaption>${words}</figcaption>`
      + `<img src="data:image/png;base64,${picture}"></figure>`);
  }, file));
  await page.setViewportSize({ width: 2 * PART.width + 48, height: 600 });
  await page.goto('about:blank');
  await page.setContent(`<style>
    body { display: grid; grid-template-columns: auto auto; gap: 16px; margin: 14px; }
    body { background: #fff; color: #1b1f24; font: 600 18px system-ui; }
    figure { margin: 0; }
    figcaption { padding-bottom: 6px; }
    img { display: block; border: 1px solid #c9ccd1; }
  </style>${parts.join('')}`);
  const bytes = await page.screenshot({ path: PNG, fullPage: true });
  if (parts.length < Object.keys(PARTS).length) throw new Error(`${parts.length} pictures`);
  if (bytes.length > MAX_BYTES)
    throw new Error(`${PNG}: ${bytes.length} bytes, at most ${MAX_BYTES}`);
  console.log(`${PNG}: ${bytes.length} bytes`);
} finally {
  await browser.close();
  await site.close();
}
