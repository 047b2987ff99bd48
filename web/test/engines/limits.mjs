// What every driver keeps to.

export const VIEWPORT = Object.freeze({ width: 1280, height: 800 });

/** How long a browser may take to be there, to open a page, and to end. */
export const START_MS = 120_000;
export const CLOSE_MS = 5_000;
/**
 * How long a function may run in the page: the plain build takes a minute for an answer in the
 * slowest engine.
 */
export const EVALUATE_MS = 600_000;

/**
 * Waits, but not for ever.
 * @template T
 * @param {string} what
 * @param {number} ms
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
export async function inTime(what, ms, promise) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([promise, /** @type {Promise<never>} */ (late)]);
  } finally {
    clearTimeout(timer);
  }
}
