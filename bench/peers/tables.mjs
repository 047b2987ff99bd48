// Writes the tables of BENCHMARKS.md that compare runtimes, from the results of each processor in
// bench/results, side by side:
//   node bench/peers/tables.mjs [--check]
// --check writes nothing, and fails where they are not those of the results.

import fs from 'node:fs';
import path from 'node:path';
import { FIGURES } from './results.mjs';
import { ROOT } from './session.mjs';

/** @import { Comparison, Figures } from './results.mjs' */
/** @import { Machine } from './machine.mjs' */

/**
 * @typedef {object} Result what bench/results has of a processor
 * @property {Machine} machine
 * @property {string} date
 * @property {string} commit
 * @property {string} [notes] what else a reader must know
 * @property {Record<string, string>} about of each runtime
 * @property {Record<string, Figures>} comparisons
 */

export const RESULTS = path.join(ROOT, 'bench/results');
const DOCUMENT = path.join(ROOT, 'BENCHMARKS.md');
const BEGIN = '<!-- written by bench/peers/tables.mjs -->';
const END = '<!-- end of what bench/peers/tables.mjs wrote -->';
const WORDS = { decode: 'decode', prompt256: 'prompt of 256', prompt32: 'prompt of 32' };
/** @type {Record<string, string>} */
const PEERS = {
  ours: 'ours on one thread',
  firefox: 'ours in Firefox',
  webkit: 'ours in WebKit',
  wllama2: 'wllama 2.4.0, same file (Q4_1)',
  wllama3: 'wllama 3.8.1, same file (Q4_1)',
  ort: 'onnxruntime-web 1.30.0, int8',
  native: 'native llama.cpp, same file (Q4_1)',
  'native-q4_0': 'native llama.cpp, Q4_0',
};

/** @param {string} peer as compare names it */
function describe(peer) {
  const [runtime, threads] = peer.split(' threads=');
  const name = PEERS[runtime] ?? runtime;
  return threads === undefined || runtime === 'ours' ? name : `${name}, ${threads} threads`;
}

/** @param {Comparison | undefined} comparison */
function cells(comparison) {
  if (!comparison) return ['', '', ''];
  const { ours, theirs, ratio, min, max } = comparison;
  return [ours.toFixed(1), theirs.toFixed(1),
    `${ratio.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`];
}

/** @param {Result} result @param {number} at */
function headline({ machine, date, commit, notes, comparisons }, at) {
  const counts = Object.values(comparisons).flatMap((figures) => Object.values(figures));
  const rounds = new Set(counts.map(({ n }) => n));
  const bandwidth = machine.bandwidth.map(({ streams, threads, median, min, max }) =>
    `${median.toFixed(1)} (${min.toFixed(1)} to ${max.toFixed(1)}) GB/s with ${streams} ` +
    `stream${streams === 1 ? '' : 's'} on ${threads} thread${threads === 1 ? '' : 's'}`);
  const disturbed = counts.filter((one) => one.disturbed > 0).length;
  const lines = [
    `${'ABCDEFGH'[at]}: ${machine.processor}, ${machine.cpus} CPUs; ${date}, commit ${commit}`,
    `rounds: ${[...rounds].sort((a, b) => a - b).join(' or ')}`,
    `read bandwidth: ${bandwidth.join(', ') || 'not measured'}`,
    ...disturbed ? [`others were busy in some round of ${disturbed} of ${counts.length} figures`]
      : [],
    ...notes ? [notes] : [],
  ];
  return wrap(`- ${lines.join('; ')}.`);
}

/** @param {string} text @returns {string} in lines of at most 100 columns, of a list */
function wrap(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    if (line && line.length + 1 + word.length > 100) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.join('\n');
}

/**
 * @param {Result[]} results
 * @returns {string} Markdown
 */
export function tables(results) {
  const peers = new Set(Object.keys(PEERS).flatMap((runtime) => [
    ...results.flatMap(({ comparisons }) => Object.keys(comparisons)),
  ].filter((peer) => peer.split(' threads=')[0] === runtime)));
  const one = [...peers].filter((peer) => !peer.includes('threads='));
  const several = [...peers].filter((peer) => peer.includes('threads='));
  const columns = results.flatMap((_, at) =>
    ['ours', 'theirs', 'ours/theirs'].map((word) => `${'ABCDEFGH'[at]}: ${word}`));
  const head = [
    `| beside | figure | ${columns.join(' | ')} |`,
    `| --- | --- | ${columns.map(() => '---:').join(' | ')} |`,
  ];
  /** @param {string[]} some */
  const body = (some) => some.flatMap((peer) => FIGURES.map((figure, i) => `| ${[
    i === 0 ? describe(peer) : '', WORDS[figure],
    ...results.flatMap(({ comparisons }) => cells(comparisons[peer]?.[figure])),
  ].join(' | ')} |`));
  return [
    ...results.map(headline), '',
    'One thread each:', '', ...head, ...body(one),
    ...several.length === 0 ? [] : ['', 'Two threads each:', '', ...head, ...body(several)],
  ].join('\n');
}

/**
 * Puts the tables of all results into BENCHMARKS.md.
 * @param {boolean} [check] only looks whether they are there
 */
export function writeTables(check = false) {
  const results = fs.readdirSync(RESULTS).filter((name) => name.endsWith('.json')).sort()
    .map((name) => JSON.parse(fs.readFileSync(path.join(RESULTS, name), 'utf8')));
  const text = fs.readFileSync(DOCUMENT, 'utf8');
  const begin = text.indexOf(BEGIN), end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`BENCHMARKS.md has no place for tables: ${BEGIN}`);
  const written = `${text.slice(0, begin)}${BEGIN}\n\n${tables(results)}\n\n${text.slice(end)}`;
  if (!check) fs.writeFileSync(DOCUMENT, written);
  else if (written !== text) {
    console.error('BENCHMARKS.md: its tables are not those of bench/results: ' +
      'run node bench/peers/tables.mjs');
    process.exitCode = 1;
  }
}

if (process.argv[1] === import.meta.filename) writeTables(process.argv[2] === '--check');
