// Bit-equality in the browser: the hash over all logits of an answer is the one that core's own
// test wants in every other build (core/testdata/logits.json).

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { BUILDS } from '../shared/contract.js';
import { inPage } from './harness.mjs';
import { BLANK } from './server.mjs';

/** @import { Build } from '../shared/contract.js' */

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
  { model: 'smollm2-135m-instruct', build: 'relaxed', kernel: 'lookup' },
  { model: 'smollm2-135m-instruct', build: 'simd', kernel: 'lookup' },
  { model: 'smollm2-135m-instruct', build: 'simd', kernel: 'popcount' },
  { model: 'smollm2-135m-instruct', build: 'plain', kernel: 'lookup' },
];

for (const configuration of CONFIGURATIONS) {
  const { model, build, kernel } = configuration;
  const { hash, ...question } = answers[model];
  test(`logits of ${model}, ${build}, ${kernel}`, () => inPage(async (page) => {
    const got = await page.evaluate(async (given) => {
      // Without the worker: it would only pass the hash on.
      const [instantiate, load] = ['/worker/start-engine.js', '/worker/load-model.js'];
      /** @type {typeof import('../worker/start-engine.js')} */
      const { startEngine } = await import(instantiate);
      /** @type {typeof import('../worker/load-model.js')} */
      const { loadModel } = await import(load);
      const ignore = () => {};
      const engine = await startEngine(/** @type {Build} */ (given.build), ignore, ignore);
      await loadModel(
        engine,
        new URL(`/models/${given.model}/manifest.json`, location.href).href,
        ignore,
        ignore,
      );
      engine.finish({ kernel: given.kernel, context: 128 });
      engine.begin(/** @type {any} */ ({ ...given.question, hash: true }));
      while (engine.prefill() > 0);
      for (let finish = 0; finish === 0;)
        finish = new DataView(engine.step().slice().buffer).getUint32(4, true);
      return engine.hash();
    }, { ...configuration, question });
    assert.equal(got, hash);
  }, { url: BLANK }));
}
