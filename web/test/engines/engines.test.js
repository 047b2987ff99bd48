// The built page in three browser engines, each with the fastest build that it takes and with the
// plain one: a reader loads the model, asks, sees the heatmap and stops. Words, logits and spikes
// are equal to the last bit in all of them. Arguments name some of the engines.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { COLORS } from '../../heatmap/colors.js';
import { answerOf } from '../in-page.mjs';
import { BLANK, ISOLATED, serve } from '../server.mjs';
import { tinyGguf } from '../tiny-gguf.mjs';
import { errorsOf, look, place, press, shown, stopAt, textsOf } from './chat.mjs';
import { pace } from './pace.mjs';
import { askOwnFile } from './own-file.mjs';
import { withThreads } from './threads.mjs';
import { ENGINES } from './driver.mjs';
import { KEYS } from './keys.mjs';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const DIST = path.resolve(process.env.DIST ?? path.join(ROOT, 'dist'));
/** Pictures of the page, to be looked at. */
const PICTURES = path.join(ROOT, 'build/engines');
const MODELS = ['tiny', 'smollm2-135m-instruct'];
const ONLY = process.argv.slice(2);

/**
 * @type {Record<string, {messages: {role: string, content: string}[], max_tokens: number, hash:
 *   string}>}
 */
const answers = JSON.parse(fs.readFileSync(path.join(ROOT, 'core/testdata/logits.json'), 'utf8'));

/**
 * The build that `auto` takes in each engine; WebKit has no relaxed SIMD.
 * @type {Record<string, string>}
 */
const FASTEST = { chromium: 'relaxed', firefox: 'relaxed', webkit: 'simd' };

/** @type {Map<string, unknown>} what the first engine and build said, by question */
const said = new Map();

/** @param {string} question @param {unknown} answer */
function agree(question, answer) {
  if (!said.has(question)) said.set(question, answer);
  assert.deepEqual(answer, said.get(question), `engines or builds do not agree: ${question}`);
}

/** @type {import('../server.mjs').Site} */
let site;

before(async () => {
  fs.mkdirSync(PICTURES, { recursive: true });
  site = await serve(DIST);
  site.added.set('/watch.js', fs.readFileSync(path.join(import.meta.dirname, 'watch.js')));
  site.added.set('/tiny.gguf', tinyGguf());
  site.fault = ({ path: name, body }) => {
    if (name !== '/index.html') return null;
    const watched = body.toString().replace('<head>', '<head>\n<script src="watch.js"></script>');
    return { body: Buffer.from(watched) };
  };
});

after(() => site.close());

for (const [name, launch] of Object.entries(ENGINES)) {
  if (ONLY.length > 0 && !ONLY.includes(name)) continue;
  describe(name, () => {
    /** @type {import('./driver.mjs').Driver} */
    let driver;
    before(async () => { driver = await launch(); });
    after(() => driver?.close());

    for (const build of ['auto', 'plain']) {
      test(`a reader loads, asks, looks and stops: ${build}`, async (t) => {
        t.diagnostic(driver.version);
        await driver.open(site.url);
        await place(driver, { build, temperature: '0', 'max-tokens': '10' });
        // The second build finds the model in the browser's store. Before its size is known the
        // button says something else, and lies elsewhere.
        const offer = '^Download 85 MB and start$|^Start$';
        const { x, y } = await shown(driver, '.loader button.primary', offer);
        await driver.click(x, y);
        await shown(driver, '.status', '^Ready');
        // Typed where the focus is, as a reader would.
        await driver.type(`What is 2 + 2?${KEYS.enter}`);
        await shown(driver, '.status', '^Done');
        const seen = await look(driver);
        await driver.screenshot(path.join(PICTURES, `${name}-${build}.png`));
        assert.equal(seen.build, build === 'auto' ? FASTEST[name] : build);
        assert.equal(seen.simd, build === 'auto');
        assert.equal(seen.focus, 'question');
        assert.equal(seen.notices, '');
        assert.match(seen.answer, /\b4\b/);
        assert.ok(seen.tokens.length > 3);
        agree('words of the page', seen.answer);
        agree('spikes of the page', seen.tokens);
        const cells = seen.colors.filter((color) => COLORS.includes(color));
        assert.ok(cells.length > 3, `the heatmap is even: ${seen.colors}`);

        await stopAt(driver, 3);
        await driver.type(`Tell me a story.${KEYS.enter}`);
        await shown(driver, '.status', '^Stopped, ');
        const { tokens, stats, errors } = await look(driver);
        assert.equal(tokens.length, 3, 'tokens came after the stop');
        const last = /** @type {{completion_tokens: number}} */ (stats?.last_answer);
        const made = last.completion_tokens;
        // A few more are computed while the stop is on its way: each takes about 10 ms.
        assert.ok(made <= 10, `${made} tokens were made, 3 were read before the stop`);
        assert.deepEqual(errors, []);

        // The recording of the first screen, made in Chromium, is given again.
        if (build !== 'auto') return;
        const again = await shown(driver, 'header > button:nth-of-type(2)', '^New chat$');
        await driver.click(again.x, again.y);
        const compare = await shown(driver, '.recording-tools :last-child', '^Compare');
        await driver.click(compare.x, compare.y);
        await shown(driver, '.recording-label', 'reproduced it bit for bit: 23 tokens');
      });
    }

    test('a reader looks inside, takes the tour and compares', async () => {
      await driver.open(site.url);
      await place(driver, {
        model: './models/tiny/manifest.json', load: 'eager', temperature: '0', 'max-tokens': '8',
      });
      await shown(driver, '.status', '^Ready');
      const { x, y } = await shown(driver, 'textarea', '');
      await driver.click(x, y);
      await driver.type(`Hello there${KEYS.enter}`);
      await shown(driver, '.status', '^Done');

      await press(driver, 'Look inside');
      await shown(driver, '.look .chances', '%');
      agree('words that might have come', await textsOf(driver, '.look .chances tr'));
      await press(driver, 'Neurons');
      await shown(driver, '.look .neuron', 'fires');
      agree('the neurons of a layer', await textsOf(driver, '.look .population .hint'));
      agree('a neuron', await textsOf(driver, '.look .neuron tr'));
      await press(driver, 'What excites this neuron?');
      await shown(driver, '.look .strongest', '.');
      agree('what excites a neuron', await textsOf(driver, '.look .strongest li'));
      await press(driver, 'Close');

      await press(driver, 'Take the tour');
      // The words come first; the picture, and what it tells, once the engine has read the token.
      await shown(driver, '.tour canvas', '');
      for (let step = 1; step <= 6; step++) {
        await shown(driver, '.tour-progress', `^${step} of 6$`);
        agree(`step ${step} of the tour`, await textsOf(driver, '.tour-text p'));
        await press(driver, step < 6 ? 'Next' : 'Done');
      }

      await press(driver, 'Compare');
      await press(driver, 'Compare now');
      await shown(driver, '.status', '^The comparison is done');
      const compared = await textsOf(
        driver, '.column :is(.text, .foot, dl > :not(:last-child) dd)');
      assert.ok(new Set(compared).size > 3, `${compared}`);
      agree('answers side by side', compared);
      await driver.screenshot(path.join(PICTURES, `${name}-compared.png`));
      await press(driver, 'Close');
      await shown(driver, '.message.model', '.');
      // The heatmap that comes back has no size yet, so its picture cannot be read.
      assert.deepEqual(await errorsOf(driver), []);
    });

    test('a file that is opened answers as the model that was packed of it does', async () => {
      await driver.open(site.url + BLANK);
      const { own, told: [file, packed] } = await askOwnFile(driver, '/tiny.gguf', 'tiny');
      assert.equal(own, 'own:my-file');
      assert.deepEqual(file, packed);
      agree('answer of a file', file);
    });

    test('threads answer as one does, where memory can be shared', async () => {
      await driver.open(site.url + ISOLATED);
      const one = await withThreads(driver, 1);
      assert.deepEqual([one.threads, one.why], [1, 'asked for']);
      agree('answers of threads', one.told);
      for (const threads of [2, 3]) {
        const several = await withThreads(driver, threads);
        if (one.shares) {
          assert.deepEqual([several.threads, several.why], [threads, 'asked for']);
        } else {
          assert.equal(several.threads, 1);
          assert.match(several.why, /no SharedArrayBuffer/);
        }
        agree('answers of threads', several.told);
      }
      assert.equal(one.shares, name !== 'webkit');
      await driver.open(site.url + BLANK);
      const { threads, why, told } = await withThreads(driver, 2);
      assert.equal(threads, 1);
      assert.match(why, /not isolated/);
      agree('answers of threads', told);
    });

    test('auto comes to the faster kernel', async (t) => {
      await driver.open(site.url + BLANK);
      /** @type {Record<string, Awaited<ReturnType<typeof pace>>>} */
      const paces = {};
      for (const kernel of ['auto', 'lookup', 'popcount']) {
        paces[kernel] = await pace(driver, kernel);
        const { runs, why, ms } = paces[kernel];
        t.diagnostic(`${kernel}: ${runs} (${why}), ${ms.toFixed(1)} ms a token`);
      }
      const { auto, lookup, popcount } = paces;
      assert.match(auto.why, /^measured: lookup .*, popcount /);
      const faster = lookup.ms < popcount.ms ? 'lookup' : 'popcount';
      // Where they are this near to each other, either is right.
      if (Math.max(lookup.ms, popcount.ms) > 1.25 * Math.min(lookup.ms, popcount.ms)) {
        assert.equal(auto.runs, faster);
      }
    });

    for (const model of MODELS) {
      for (const build of [FASTEST[name], 'plain']) {
        test(`logits and spikes of ${model}, ${build}`, async () => {
          const { hash, ...question } = answers[model];
          await driver.open(site.url + BLANK);
          const kernel = build === 'plain' ? 'lookup' : 'auto'; // which multiplies prompts
          const got = await answerOf(driver, { model, build, kernel, question });
          assert.equal(got.hash, hash);
          assert.equal(got.tokens.length, question.max_tokens);
          agree(`tokens of ${model}`, got.tokens);
        });
      }
    }
  });
}
