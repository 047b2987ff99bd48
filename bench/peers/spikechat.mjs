// The built page's own engine, asked through createEngine as any page would.

import path from 'node:path';
import { answer, forget, load } from '../in-page.mjs';
import { ROOT, openPage } from './session.mjs';

const STEPS = 4;
const TRIES = 5;

/**
 * @param {string} engine the browser: a name of ENGINES
 * @param {number} threads
 * @returns {Promise<import('./session.mjs').Session>}
 */
export async function open(engine, threads) {
  const { page, close } = await openPage({ root: path.join(ROOT, 'dist'), threads, engine });
  await load(page, { kernel: 'auto', ...threads > 1 ? { threads } : {} });
  const { build, prompts, used } = await page.evaluate(() => {
    const { info } = /** @type {any} */ (window).engine;
    return { build: info.build, prompts: info.prompt_kernel, used: info.threads ?? 1 };
  });
  if (used !== threads) throw new Error(`the engine runs on ${used} threads`);
  return {
    about: `${page.version}, ${build} build, T=${STEPS}, kernel auto, prompts by ${prompts}`,
    async ask({ prompt, tokens, unique }) {
      for (let i = 0; i < TRIES; i++) {
        await forget(page, STEPS);
        const result = await answer(page,
          { steps: STEPS, prompt, tokens, unique: unique + 1000 * i });
        // The end of an answer cannot be masked here, so a question whose answer is too short makes
        // room for another.
        if (result.decoded === tokens - 1) return result;
      }
      throw new Error(`no answer of ${TRIES} was ${tokens} tokens long`);
    },
    close,
  };
}
