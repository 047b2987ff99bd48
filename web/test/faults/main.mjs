// Tries the fault table at full size and writes build/faults.json:
//   node web/test/faults/main.mjs [--browsers chromium,firefox] [--share 1,0.1] [--rows REGEXP]
//     [--model /models/smollm2-135m-instruct/manifest.json] [--seed 1] [--append] [--publish]
//     [--file build/faults.json]
// --share is how much of each row a browser tries. Rows that were tried before stay in the file;
// --append adds to their counts, with another seed, so that a long campaign can be cut into parts.
// --publish puts what the file has into the table of RELIABILITY.md.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { tryRows } from './campaign.mjs';
import { add, besides, publish } from './report.mjs';
import { serveFaulty } from './site.mjs';

/** @import { Record } from './report.mjs' */

const ROOT = path.resolve(import.meta.dirname, '../../..');

const { values: options } = parseArgs({
  options: {
    browsers: { type: 'string', default: 'chromium,firefox' },
    share: { type: 'string', default: '1,0.1' },
    rows: { type: 'string', default: '' },
    model: { type: 'string', default: '/models/smollm2-135m-instruct/manifest.json' },
    seed: { type: 'string', default: '1' },
    dist: { type: 'string', default: path.join(ROOT, 'dist') },
    file: { type: 'string', default: path.join(ROOT, 'build/faults.json') },
    append: { type: 'boolean', default: false },
    publish: { type: 'boolean', default: false },
  },
});

/** @type {Record[]} */
let records = fs.existsSync(options.file)
  ? JSON.parse(fs.readFileSync(options.file, 'utf8')) : [];
const shares = options.share.split(',').map(Number);
const wanted = new RegExp(options.rows);
let failed = false;
const site = await serveFaulty(options.dist);
try {
  for (const [i, browser] of options.browsers.split(',').entries()) {
    const share = shares[i] ?? shares[shares.length - 1];
    const results = await tryRows({
      site, browser, model: options.model, seed: Number(options.seed),
      count: ({ full }) => Math.ceil(full * share),
      wanted: (name) => wanted.test(name),
      tell: ({ name }, { tried, passed }) => {
        if (!process.stderr.isTTY) return;
        process.stderr.write(`\r${browser}: ${name}: ${passed} of ${tried} `);
      },
    });
    if (process.stderr.isTTY) process.stderr.write('\n');
    for (const result of results) {
      const { row, tried, passed, failures, seconds } = result;
      const about = [`${passed} of ${tried}`, besides(result)].filter(Boolean).join(', ');
      console.log(`${result.browser}: ${row}: ${about} (${seconds} s)`);
      for (const failure of failures) console.log(`  ${failure}`);
      failed ||= passed < tried;
      const date = new Date().toISOString().slice(0, 10);
      const is = (/** @type {Record} */ one) => one.row === row && one.browser === result.browser;
      const now = { ...result, date, processor: os.cpus()[0].model };
      const before = options.append ? records.find(is) : undefined;
      records = [...records.filter((one) => !is(one)), add(before, now)];
    }
    fs.writeFileSync(options.file, `${JSON.stringify(records, null, 2)}\n`);
  }
} finally {
  await site.close();
}
if (options.publish) publish(records);
if (failed) process.exitCode = 1;
