// What figures of time depend on: the processor, and how fast it reads memory.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { ROOT } from './session.mjs';

/**
 * @typedef {object} Bandwidth of reading, in GB/s
 * @property {number} streams places that are read in turn by each thread
 * @property {number} threads
 * @property {number} median
 * @property {number} min
 * @property {number} max
 * @property {number} n passes
 */

/**
 * @typedef {object} Machine
 * @property {string} processor name, and what tells it from others of that name
 * @property {number} cpus that the process may use
 * @property {Bandwidth[]} bandwidth
 */

/** @returns {string} */
function processor() {
  const { model } = os.cpus()[0];
  const info = fs.existsSync('/proc/cpuinfo') ? fs.readFileSync('/proc/cpuinfo', 'utf8') : '';
  const numbers = ['cpu family', 'model', 'stepping']
    .map((field) => new RegExp(`^${field}\\s*: (\\d+)$`, 'm').exec(info)?.[1]);
  return numbers.includes(undefined) ? model : `${model}, ${numbers.join('-')}`;
}

/** @returns {Bandwidth[]} */
function bandwidth() {
  const said = execFileSync('go', ['run', './bench/bandwidth'], { cwd: ROOT, encoding: 'utf8' });
  process.stdout.write(said);
  const form = new RegExp('^BenchmarkRead/streams=(\\d+)/threads=(\\d+)\t(\\d+)\t.*\t' +
    '([\\d.]+) GB/s\t([\\d.]+) least-GB/s\t([\\d.]+) most-GB/s$', 'gm');
  return [...said.matchAll(form)].map((match) => {
    const [streams, threads, n, median, min, max] = match.slice(1).map(Number);
    return { streams, threads, median, min, max, n };
  });
}

/** @returns {Machine} */
export function machine() {
  return { processor: processor(), cpus: os.availableParallelism(), bandwidth: bandwidth() };
}

/**
 * @param {string} processor
 * @returns {string} it as the name of a file
 */
export function fileName(processor) {
  const words = processor.toLowerCase().replace(/\([a-z]+\)/g, ' ').match(/[a-z0-9]+/g);
  return `${(words ?? ['unknown']).join('-')}.json`;
}
