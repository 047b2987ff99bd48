// What is known of an answer whose engine dies within it: its seed only where the page drew it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNKNOWN_SEED, giveAnswer } from '../../../chat/answering.js';

/** @import { Engine } from '../../../api/engine.js' */
/** @import { Asked, Progressing } from '../../../chat/answering.js' */

/**
 * @param {number[]} planes of 8 that there are, each time that somebody asks
 * @returns {Promise<{asked: number | undefined, kept: Progressing}>} the seed that the engine was
 *   asked with, and what was known when it died
 */
async function cut(...planes) {
  /** @type {number | undefined} */
  let asked;
  let date;
  const engine = /** @type {Engine} */ (/** @type {unknown} */ ({
    get info() {
      return { precision: { planes: planes.shift(), of: 8 }, chat: { dates: true } };
    },
    chat: { completions: {
      create: async (/** @type {{seed?: number, spike: {date: string}}} */ { seed, spike }) => {
        asked = seed;
        date = spike.date;
        return (async function* chunks() {
          yield { choices: [{ delta: { content: 'a' }, finish_reason: null }] };
          throw new Error('it died');
        }());
      },
    } },
  }));
  /** @type {Progressing | null} */
  let kept = null;
  const settings = /** @type {Asked['settings']} */ ({ seed: null });
  await assert.rejects(giveAnswer(
    engine, { messages: [], settings, signal: new AbortController().signal },
    (_, __, so) => { kept = { ...so }; }));
  assert.match(String(date), /^\d{4}-\d\d-\d\d$/, 'the day is part of what is known');
  const known = /** @type {Progressing} */ (/** @type {unknown} */ (kept));
  assert.equal(known.date, date);
  return { asked, kept: known };
}

test('the seed of an answer that never ended is what it was asked with, or unknown', async () => {
  const whole = await cut(8, 8);
  assert.ok(whole.asked !== undefined && whole.asked === whole.kept.seed);
  const early = await cut(4, 4);
  assert.deepEqual([early.asked, early.kept.seed], [undefined, UNKNOWN_SEED]);
  // The rest came between the question and its answer: its precision does not tell.
  const between = await cut(7, 8);
  assert.deepEqual([between.asked, between.kept.seed], [undefined, UNKNOWN_SEED]);
  assert.equal(between.kept.precision, undefined);
});
