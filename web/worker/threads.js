// How many threads an engine gets.

import { THREADS_WHY } from '../shared/contract.js';

/** @import { Threads } from '../shared/contract.js' */

/**
 * What `auto` is where memory can be shared. More were measured on two cores alone (BENCHMARKS.md),
 * and cores that differ, as those of phones do, would wait for the slowest.
 * @param {number} _cores that the browser tells of (navigator.hardwareConcurrency)
 */
export const autoThreads = (_cores) => 1;

/**
 * @param {Threads} wanted
 * @param {object} place
 * @param {boolean} place.isolated crossOriginIsolated
 * @param {boolean} place.shares whether there is SharedArrayBuffer
 * @param {number} place.cores
 * @returns {{threads: number, threads_why: string}}
 */
export function chooseThreads(wanted, { isolated, shares, cores }) {
  const threads = wanted === 'auto' ? autoThreads(cores) : wanted;
  if (threads > 1 && !isolated) return { threads: 1, threads_why: THREADS_WHY.alone };
  if (threads > 1 && !shares) return { threads: 1, threads_why: THREADS_WHY.unshared };
  return { threads, threads_why: wanted === 'auto' ? THREADS_WHY.usual : THREADS_WHY.asked };
}
