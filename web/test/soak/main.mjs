// A page that works for long: 100 loads and unloads, then 200 chats, and memory that stays within
// 2 %:
//   node web/test/soak/main.mjs [--loads 100] [--chats 200] [--tokens 24] [--every 5]
//     [--model NAME] [--file build/soak.json]
// What the page holds is counted with every fifth. Exits with 1 where something has grown.

import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { serve } from '../server.mjs';
import { chat, load, loadAndUnload, openSoak, sample } from './page.mjs';
import { verdicts } from './verdict.mjs';

/** @import { Page, Sample } from './page.mjs' */

const ROOT = path.resolve(import.meta.dirname, '../../..');
const { values: options } = parseArgs({
  options: {
    loads: { type: 'string', default: '100' },
    chats: { type: 'string', default: '200' },
    tokens: { type: 'string', default: '24' },
    every: { type: 'string', default: '5' },
    model: { type: 'string', default: 'smollm2-135m-instruct' },
    file: { type: 'string', default: path.join(ROOT, 'build/soak.json') },
    dist: { type: 'string', default: path.join(ROOT, 'dist') },
  },
});

/** @param {keyof Sample} name @param {number} value */
const shown = (name, value) => (['heap', 'wasm', 'resident'].includes(name)
  ? `${(value / 1e6).toFixed(2)} MB` : String(value));

/**
 * @param {string} what
 * @param {Page} page
 * @param {number} count
 * @param {(page: Page, times: number) => Promise<void>} run
 */
async function soak(what, page, count, run) {
  /** @type {Sample[]} */
  const samples = [];
  const every = Number(options.every);
  for (let done = every; done <= count; done += every) {
    await run(page, every);
    const now = await sample(page);
    samples.push(now);
    const parts = /** @type {(keyof Sample)[]} */ (Object.keys(now))
      .map((name) => `${name} ${shown(name, now[name])}`);
    console.log(`${done} of ${count} ${what}: ${parts.join(', ')}`);
  }
  const results = verdicts(samples);
  for (const { name, early, late, flat } of results) {
    const change = early === 0 ? '' : ` (${(100 * (late / early - 1)).toFixed(2)} %)`;
    console.log(`${what}: ${name}: ${shown(name, early)}, then ${shown(name, late)}${change}: ` +
      `${flat ? 'flat' : 'IT GROWS'}`);
    if (!flat) process.exitCode = 1;
  }
  return { what, count, samples, results };
}

const site = await serve(options.dist);
const parts = [];
try {
  for (const [what, count] of /** @type {const} */ ([
    ['loads and unloads', Number(options.loads)], ['chats', Number(options.chats)],
  ])) {
    if (count === 0) continue;
    const { page, close } = await openSoak(`${site.url}/?model=${options.model}`,
      Number(options.tokens));
    try {
      if (what === 'chats') await load(page);
      parts.push(await soak(what, page, count, what === 'chats' ? chat : loadAndUnload));
    } finally {
      await close();
    }
  }
} finally {
  await site.close();
}
fs.writeFileSync(options.file, `${JSON.stringify(parts, null, 2)}\n`);
console.log(process.exitCode ? 'soak: memory grows' : 'soak: memory is flat');
