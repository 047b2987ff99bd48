// What every runtime of the comparison looks like to main.mjs, and the page that the ones of the
// browser run in.

import path from 'node:path';
import { DEFAULT_CONTEXT } from '../../web/shared/contract.js';
import { ENGINES } from '../../web/test/engines/driver.mjs';
import { BLANK, ISOLATED, ISOLATION, serve } from '../../web/test/server.mjs';

export const ROOT = path.resolve(import.meta.dirname, '../..');
/** Packages and models of the peers, made by `make bench-peers`. */
export const BUILD = path.join(ROOT, 'build/peers');
export const CONTEXT = DEFAULT_CONTEXT;

/**
 * @typedef {object} Question
 * @property {number} prompt tokens of it, all of them new to the runtime
 * @property {number} tokens of the greedy answer, neither fewer nor more
 * @property {number} unique a number that no other question of the session has
 */

/** @typedef {import('../in-page.mjs').Answer} Answer on the clock of the page, or of the process */

/**
 * @typedef {object} Session a loaded runtime
 * @property {string} about version, and what tells which of its kernels run
 * @property {(question: Question) => Promise<Answer>} ask
 * @property {() => Promise<void>} close
 */

/**
 * Opens an empty page in a browser of its own. For one thread it is not isolated, so that nothing
 * in it can start more.
 * @param {object} options
 * @param {string} options.root of the site
 * @param {string} [options.policy] content security policy: the page's own, or '' for runtimes that
 *   it would stop
 * @param {number} options.threads
 * @param {string} [options.engine] the browser
 */
export async function openPage({ root, policy, threads, engine = 'chromium' }) {
  const site = await serve(root, policy);
  if (threads > 1) site.fault = () => ({ headers: ISOLATION });
  const page = await ENGINES[engine]();
  await page.open(site.url + (threads === 1 ? BLANK : ISOLATED));
  return {
    page,
    async close() {
      await page.close();
      await site.close();
    },
  };
}

/**
 * Refuses figures of other work than the question's.
 * @param {Question} question
 * @param {Answer & {used: number}} answer used: tokens of the prompt as the runtime counted them
 * @returns {Answer}
 */
export function checked({ prompt, tokens }, { used, ...answer }) {
  if (used !== prompt) throw new Error(`the prompt has ${used} tokens, not ${prompt}`);
  if (answer.decoded !== tokens - 1) {
    throw new Error(`the answer has ${answer.decoded + 1} tokens, not ${tokens}`);
  }
  return answer;
}
