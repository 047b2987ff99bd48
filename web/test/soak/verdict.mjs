// Whether what a page holds stays the same: the medians of an early and of the last quarter.

/** @import { Sample } from './page.mjs' */

/** How much more of each there may be at the end. */
export const MOST = Object.freeze({
  heap: 1.02, wasm: 1.02, resident: 1.02, workers: 1, nodes: 1.02, listeners: 1.02,
});

/**
 * @typedef {object} Verdict
 * @property {keyof Sample} name
 * @property {number} early median of the second quarter: in the first one code warms up, and what
 *   is made once is made
 * @property {number} late median of the last quarter
 * @property {boolean} flat
 */

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

/**
 * @param {readonly Sample[]} samples at least 4, in order
 * @param {Record<keyof Sample, number>} [most]
 * @returns {Verdict[]}
 */
export function verdicts(samples, most = MOST) {
  const quarter = Math.floor(samples.length / 4);
  return /** @type {(keyof Sample)[]} */ (Object.keys(MOST)).map((name) => {
    const values = samples.map((one) => one[name]);
    const early = median(values.slice(quarter, 2 * quarter));
    const late = median(values.slice(-quarter));
    return { name, early, late, flat: late <= early * most[name] };
  });
}
