// What a model takes on the disk: the profile of a browser that has ended is searched for its
// bytes.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { launchProfile } from './browser.mjs';
import { DIST, site } from './harness.mjs';
import { BLANK } from './server.mjs';
import { tinyInShards } from './tiny-in-shards.mjs';

const { manifest, files } = tinyInShards(DIST);
const shards = [...files].filter(([name]) => name.endsWith('.bin')).map(([, body]) => body);
/** So many bytes from the middle of a shard are found nowhere else. */
const SEEN_BYTES = 64;
// Browsers write what is new to the disk a little later.
const WRITE_MS = 500;

/**
 * @param {string} folder
 * @returns {number[]} by shard, how often its bytes are in a file of the folder
 */
function timesOnDisk(folder) {
  const parts = shards.map((body) => {
    const from = (body.length - SEEN_BYTES) >> 1;
    return body.subarray(from, from + SEEN_BYTES);
  });
  const times = parts.map(() => 0);
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(folder, name);
    if (!fs.lstatSync(file).isFile()) continue;
    const bytes = fs.readFileSync(file);
    parts.forEach((part, i) => {
      for (let at = bytes.indexOf(part); at >= 0; at = bytes.indexOf(part, at + 1)) times[i]++;
    });
  }
  return times;
}

/**
 * Loads the model in a browser of its own, and ends it.
 * @param {boolean} useCache
 * @returns {Promise<number[]>}
 */
async function loadedOnce(useCache) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-profile-'));
  try {
    const context = await launchProfile(folder, {});
    const [page] = context.pages();
    await page.goto(site.url + BLANK);
    await page.evaluate(async (given) => {
      const module = '/engine.js';
      /** @type {typeof import('../engine.js')} */
      const { createEngine } = await import(module);
      const engine = await createEngine(given);
      await engine.unload();
    }, { model: manifest, useCache });
    await page.waitForTimeout(WRITE_MS);
    await context.close();
    return timesOnDisk(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

test('a shard is on the disk once where it is kept, and nowhere where it is not', async () => {
  for (const [name, body] of files) site.added.set(name, body);
  // A server that lets the browser's own cache keep them for a year.
  site.fault = ({ path: name }) => (name.endsWith('.bin')
    ? { cache: 'public, max-age=31536000, immutable' } : null);
  try {
    assert.deepEqual(await loadedOnce(true), shards.map(() => 1));
    assert.deepEqual(await loadedOnce(false), shards.map(() => 0));
  } finally {
    site.fault = null;
    site.added.clear();
  }
});
