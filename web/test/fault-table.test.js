// The fault table of RELIABILITY.md in a short form: each row a few times, in Chromium, with the
// real model. `make faults` tries all of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { tryRows } from './faults/campaign.mjs';
import { ROWS } from './faults/rows.mjs';
import { serveFaulty } from './faults/site.mjs';
import { DIST } from './harness.mjs';

/** @import { FaultySite } from './faults/site.mjs' */

/** @type {FaultySite} */
let site;
before(async () => { site = await serveFaulty(DIST); });
after(() => site?.close());

test('each row of the fault table', async () => {
  const results = await tryRows({
    site, browser: 'chromium', model: '/models/smollm2-135m-instruct/manifest.json',
    seed: Date.now(), count: ({ short }) => short, wanted: () => true,
  });
  assert.equal(results.length, ROWS.length);
  for (const { row, tried, passed, failures } of results) {
    assert.equal(passed, tried, `${row}: ${failures.join('; ')}`);
  }
});
