// How many threads an engine gets.

/** @import { Threads } from '../shared/contract.js' */

/**
 * @param {Threads} wanted
 * @param {boolean} isolated whether memory can be shared (crossOriginIsolated)
 * @returns {{threads: number, threads_why: string}}
 */
export function chooseThreads(wanted, isolated) {
  // More were measured on two cores alone (BENCHMARKS.md), and cores that differ, as those of
  // phones do, would wait for the slowest.
  if (wanted === 'auto') return { threads: 1, threads_why: 'the usual one' };
  if (wanted === 1 || isolated) return { threads: wanted, threads_why: 'asked for' };
  return { threads: 1, threads_why: 'the page is not isolated: threads cannot share memory' };
}
