// Every architecture in the browser: a small model of each, whose logits without spikes are
// llama.cpp's, gives the logits that it gives natively (tools/pack/architectures).

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { BUILDS } from '../shared/contract.js';
import { inPage, site } from './harness.mjs';
import { answerOf } from './in-page.mjs';
import { BLANK } from './server.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const COMMAND = './tools/pack/architectures';

/** @type {{question: string, max_tokens: number, hashes: Record<string, string>}} */
const answers = JSON.parse(
  fs.readFileSync(path.join(ROOT, COMMAND, 'testdata/answers.json'), 'utf8'),
);

/** Packs the models for the site that the tests have. */
function addModels() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-architectures-'));
  try {
    execFileSync('go', ['run', COMMAND, folder], { cwd: ROOT });
    for (const name of Object.keys(answers.hashes)) {
      for (const file of fs.readdirSync(path.join(folder, name))) {
        site.added.set(`/models/${name}/${file}`, fs.readFileSync(path.join(folder, name, file)));
      }
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

test('logits of every architecture', () => inPage(async (page) => {
  addModels();
  const question = {
    messages: [{ role: 'user', content: answers.question }],
    max_tokens: answers.max_tokens,
  };
  for (const [model, hash] of Object.entries(answers.hashes)) {
    // All builds run the whole of these tests in Node; here the others run what has most in it.
    for (const build of model.startsWith('gemma3') ? BUILDS : BUILDS.slice(0, 1)) {
      const got = await answerOf(page, { model, build, kernel: 'lookup', question });
      assert.equal(got.hash, hash, `${model}, ${build}`);
    }
  }
}, { url: BLANK }));
