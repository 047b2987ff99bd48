// Records an answer of the standard model for the first screen, from the built site in a real
// Chromium: node web/test/record.mjs [file]. FORMAT.md says what the file holds.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkOf } from '../recording/read.js';
import { launch } from './browser.mjs';
import { loaded, stream } from './in-page.mjs';
import { encodeRecording } from './recording-file.mjs';
import { BLANK, serve } from './server.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DIST = path.resolve(process.env.DIST ?? path.join(ROOT, 'dist'));
const FILE = path.resolve(process.argv[2] ?? path.join(ROOT, 'web/recording/recording.json'));

const QUESTION = 'How does the brain work? Answer in one sentence.';
const SETTINGS = {
  preset: /** @type {const} */ ('best'), temperature: 0.2, top_p: 0.9, seed: 3, max_tokens: 48,
};
// The code of an engine that has just been loaded is not yet compiled to the end.
const WARM_UP = { messages: [{ role: /** @type {const} */ ('user'), content: 'Hello' }] };

const site = await serve(DIST);
const browser = await launch();
try {
  const page = await (await browser.newContext()).newPage();
  await page.goto(site.url + BLANK);
  const { info } = await loaded(page, {});
  await stream(page, { ...WARM_UP, max_tokens: 64 });
  const { pieces, spikes, times } = await stream(
    page, { messages: [{ role: 'user', content: QUESTION }], ...SETTINGS });
  const { model } = os.cpus()[0];
  fs.writeFileSync(FILE, encodeRecording({
    model: { name: info.name, sha256: info.sha256 },
    question: QUESTION,
    settings: SETTINGS,
    machine: `${model.replaceAll(/\((R|TM)\)/g, '')}, ${os.cpus().length} processors`,
    tokens: spikes.map((counted, t) => ({
      text: pieces[t],
      ms: Math.round(times[t]) - Math.round(times[t - 1] ?? 0),
      check: checkOf(counted),
      spikes: counted,
    })),
  }));
  console.log(`${FILE}: ${JSON.stringify(pieces.join(''))}`);
} finally {
  await browser.close();
  await site.close();
}
