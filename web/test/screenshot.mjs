// Makes docs/screenshot.png from a real answer of the built site: node web/test/screenshot.mjs
// [dist] [png]

import fs from 'node:fs';
import path from 'node:path';
import { launch } from './browser.mjs';
import { serve } from './server.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DIST = path.resolve(process.argv[2] ?? process.env.DIST ?? path.join(ROOT, 'dist'));
const PNG = path.resolve(process.argv[3] ?? path.join(ROOT, 'docs/screenshot.png'));
const MAX_BYTES = 200_000;
const QUESTION = 'What is a neuron?';

const site = await serve(DIST);
const browser = await launch();
try {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 780 },
    colorScheme: 'light',
  });
  await page.goto(site.url);
  // A fixed seed: the picture shows the same answer each time.
  await page.evaluate(() => {
    const chat = document.createElement('spike-chat');
    chat.setAttribute('seed', '1');
    document.querySelector('spike-chat')?.replaceWith(chat);
  });
  await page.getByRole('button', { name: /^Download/ }).click();
  await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: QUESTION }).click();
  await page.getByRole('status').filter({ hasText: /^Done/ }).waitFor({ timeout: 300_000 });
  // A column and its word, lit together.
  const plot = await page.locator('spike-heatmap .viewport').boundingBox();
  if (plot) await page.mouse.move(plot.x + plot.width * 0.62, plot.y + plot.height * 0.3);
  await page.locator('spike-heatmap .tip').waitFor();
  fs.mkdirSync(path.dirname(PNG), { recursive: true });
  const bytes = await page.screenshot({ path: PNG });
  if (bytes.length > MAX_BYTES)
    throw new Error(`${PNG}: ${bytes.length} bytes, at most ${MAX_BYTES}`);
  console.log(`${PNG}: ${bytes.length} bytes`);
} finally {
  await browser.close();
  await site.close();
}
