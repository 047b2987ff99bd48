// Records an answer of the standard model for the first screen, from the built site in a real
// Chromium: node web/test/record.mjs [file]. FORMAT.md says what the file holds.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkOf, countsIn } from '../recording/read.js';
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
// The code of an engine that has just been loaded is not yet compiled to the end, and others may
// have had the processor for a while: of so many runs the fastest is kept.
const RUNS = 5;

const site = await serve(DIST);
const browser = await launch();
try {
  const page = await (await browser.newContext()).newPage();
  await page.goto(site.url + BLANK);
  const { info } = await loaded(page, {});
  const runs = [];
  for (let run = 0; run < RUNS; run++) {
    // Another question between them, or the next would not have to read its own.
    await stream(page, { messages: [{ role: 'user', content: 'Hello' }], max_tokens: 64 });
    runs.push(await stream(page, { messages: [{ role: 'user', content: QUESTION }], ...SETTINGS }));
  }
  const lasted = (/** @type {number[]} */ times) => times[times.length - 1];
  const { pieces, spikes, times } = runs.reduce(
    (best, run) => (lasted(run.times) < lasted(best.times) ? run : best));
  const { model } = os.cpus()[0];
  fs.writeFileSync(FILE, encodeRecording({
    model: { name: info.name, sha256: info.sha256 },
    question: QUESTION,
    settings: SETTINGS,
    machine: `${model.replaceAll(/\((R|TM)\)/g, '')}, ${os.cpus().length} processors`,
    tokens: spikes.map((counted, t) => ({
      text: pieces[t],
      ms: Math.round(times[t]) - Math.round(times[t - 1] ?? 0),
      check: checkOf(countsIn(counted)),
      spikes: counted,
    })),
  }));
  console.log(`${FILE}: ${JSON.stringify(pieces.join(''))}`);
} finally {
  await browser.close();
  await site.close();
}
