// How fast another model would answer here. A token reads nearly all of a model's weights, so its
// time goes with their bytes: how many the last answers read a second is kept. What a token costs
// whatever the size, counting and drawing for one, is taken to be the same for all.

/** @import { Engine } from '../api/engine.js' */

const KEY = 'spikechat-bytes-per-second';
// Fewer tokens, or those of a smaller model, say little.
const LEAST = { tokens: 8, bytes: 20e6 };
const TOKEN_SECONDS = 0.002;

/**
 * Looks at the last answer of an engine.
 * @param {Engine | null} engine
 * @returns {Promise<number>} bytes a second; 0 where no answer has told
 */
export async function bytesPerSecond(engine) {
  const stats = await engine?.stats().catch(() => null);
  const last = /** @type {{completion_tokens?: number, decode_ms?: number} | null | undefined} */ (
    stats?.last_answer);
  const { completion_tokens: tokens = 0, decode_ms: ms = 0 } = last ?? {};
  try {
    const reading = ms / 1000 / tokens - TOKEN_SECONDS;
    if (engine && tokens >= LEAST.tokens && engine.info.bytes >= LEAST.bytes && reading > 0)
      localStorage.setItem(KEY, String(Math.round(engine.info.bytes / reading)));
    return Number(localStorage.getItem(KEY)) || 0;
  } catch {
    return 0; // nothing is kept here
  }
}

/** @param {number} bytes of a model @param {number} speed see bytesPerSecond */
export const tokensPerSecond = (bytes, speed) => 1 / (bytes / speed + TOKEN_SECONDS);

// Of the text that neurons are ranked by, and how much longer than in an answer one of them takes:
// it goes through the model in float, forth and back (SmolLM2-135M-Instruct, Chromium, SIMD).
const RANKED = { tokens: 1088, times: 7 };

/** @param {number} bytes of a model @param {number} speed see bytesPerSecond */
export const rankingSeconds = (bytes, speed) =>
  RANKED.tokens * RANKED.times / tokensPerSecond(bytes, speed);

/** Beside what a model has as shards: the engine itself, a context, and what is not compressed. */
const EXTRA = { bytes: 60e6, share: 1.15 };

/** Addresses of 32 bits. */
export const MOST_MEMORY = 4 * 2 ** 30;

/** @param {number} bytes of the shards @returns {number} of memory, about */
export const memoryOf = (bytes) => bytes * EXTRA.share + EXTRA.bytes;

/** @returns {number | null} gigabytes of this device, as far as the browser tells */
export const deviceMemory = () =>
  /** @type {{deviceMemory?: number}} */ (navigator).deviceMemory ?? null;
