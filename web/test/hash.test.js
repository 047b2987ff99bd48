// Bit-equality in the browser: the hash over all logits of an answer is the one that core's own
// test wants in every other build (core/testdata/logits.json).

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { BUILDS } from '../shared/contract.js';
import { inPage } from './harness.mjs';
import { answerOf } from './in-page.mjs';
import { BLANK } from './server.mjs';

/**
 * @type {Record<string, {messages: {role: string, content: string}[], max_tokens: number, hash:
 *   string}>}
 */
const answers = JSON.parse(
  fs.readFileSync(path.join(import.meta.dirname, '../../core/testdata/logits.json'), 'utf8'),
);

const CONFIGURATIONS = [
  ...BUILDS.flatMap((build) =>
    ['lookup', 'popcount'].map((kernel) => ({ model: 'tiny', build, kernel })),
  ),
  // Prompts are multiplied by the first two of these alone.
  { model: 'tiny', build: 'relaxed', kernel: 'auto' },
  { model: 'smollm2-135m-instruct', build: 'relaxed', kernel: 'auto' },
  { model: 'smollm2-135m-instruct', build: 'relaxed', kernel: 'lookup' },
  { model: 'smollm2-135m-instruct', build: 'simd', kernel: 'lookup' },
  { model: 'smollm2-135m-instruct', build: 'simd', kernel: 'popcount' },
  { model: 'smollm2-135m-instruct', build: 'plain', kernel: 'lookup' },
];

for (const configuration of CONFIGURATIONS) {
  const { model, build, kernel } = configuration;
  const { hash, ...question } = answers[model];
  test(`logits of ${model}, ${build}, ${kernel}`, () => inPage(async (page) => {
    const got = await answerOf(page, { ...configuration, question });
    assert.equal(got.hash, hash);
  }, { url: BLANK }));
}
