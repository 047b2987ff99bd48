// What the rows of the fault table do in a page: load the model, answer, look at what is kept. The
// functions that run in the page use nothing but their argument.

import { BLANK } from '../server.mjs';

/** @import { Engine } from '../../api/engine.js' */
/** @import { SpikeError } from '../../shared/errors.js' */
/** @import { Driver } from '../engines/driver.mjs' */
/** @import { FaultySite } from './site.mjs' */

/**
 * @typedef {object} Around what every row is given
 * @property {Driver} driver a browser
 * @property {FaultySite} site
 * @property {string} model the manifest's path
 * @property {Shard[]} shards of the model
 * @property {string} answer what the whole model answers
 * @property {(most: number) => number} random a whole number from 0, below most
 */

/** @typedef {{file: string, bytes: number, sha256: string}} Shard */

/** An answer in words, or the code of the error in its place. @typedef {{text: string} |
 *   {code: string}} Outcome */

/** The question that tells a right model from a wrong one: greedy, with its probabilities. */
const QUESTION = {
  messages: [{ role: /** @type {const} */ ('user'), content: 'Name three rivers of Europe.' }],
  max_tokens: 12, temperature: 0, logprobs: true,
};

/** @param {Pick<Around, 'driver' | 'site'>} around */
export const openBlank = ({ driver, site }) => driver.open(site.url + BLANK);

/**
 * Loads the model as a page does, and asks.
 * @param {Pick<Around, 'driver' | 'model'>} around
 * @returns {Promise<Outcome>}
 */
export function loadAndAsk({ driver, model }) {
  return driver.evaluate(async ({ model, question }) => {
    const module = '/engine.js';
    /** @type {typeof import('../../api/engine.js')} */
    const { createEngine } = await import(module);
    /** @type {Engine | null} */
    let engine = null;
    try {
      engine = await createEngine({ model });
      const answer = await engine.chat.completions.create(question);
      return { text: JSON.stringify(answer.choices[0].logprobs) };
    } catch (error) {
      return { code: String(/** @type {SpikeError} */ (error).code ?? error) };
    } finally {
      await engine?.unload();
    }
  }, { model, question: QUESTION });
}

/**
 * Forgets all that this browser keeps of the site.
 * @param {Pick<Around, 'driver'>} around
 */
export function empty({ driver }) {
  return driver.evaluate(async () => {
    for (const name of await caches.keys()) await caches.delete(name);
  });
}

/**
 * Reads what is kept with nothing of ours.
 * @param {Pick<Around, 'driver'>} around
 * @returns {Promise<{names: string[], wrong: number}>} the SHA-256 that shards are kept by, and how
 *   many are not what it says
 */
export function kept({ driver }) {
  return driver.evaluate(async () => {
    const names = [];
    let wrong = 0;
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const sha256 = /[0-9a-f]{64}$/.exec(new URL(request.url).pathname)?.[0];
        if (!sha256) continue;
        const bytes = await (await cache.match(request))?.arrayBuffer() ?? new ArrayBuffer(0);
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
        names.push(sha256);
        if ([...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') !== sha256) {
          wrong++;
        }
      }
    }
    return { names, wrong };
  });
}

/**
 * @param {Around} around
 * @param {Outcome} outcome
 */
export const isRight = ({ answer }, outcome) => 'text' in outcome && outcome.text === answer;

/**
 * How often shards came whole and right that had come so before.
 * @param {Pick<Around, 'site' | 'shards'>} around
 */
export async function fetchedAgain({ site, shards }) {
  /** @type {Map<string, number>} */
  const times = new Map();
  const sizes = new Map(shards.map(({ file, bytes }) => [file, bytes]));
  for (const { path, fault, bytes } of await site.served()) {
    const file = path.slice(path.lastIndexOf('/') + 1);
    if (fault === undefined && bytes === sizes.get(file)) {
      times.set(file, (times.get(file) ?? 0) + 1);
    }
  }
  return [...times.values()].reduce((sum, n) => sum + n - 1, 0);
}
