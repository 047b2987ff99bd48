// What shapes.mjs has measured, and the tables of it in BENCHMARKS.md.

import fs from 'node:fs';
import path from 'node:path';
import { OURS, median } from '../results.mjs';
import { ROOT } from '../session.mjs';
import { SHAPES, TYPES } from './models.mjs';

/**
 * @typedef {object} Figures of one run
 * @property {string} about
 * @property {number} decode tokens a second
 * @property {number} prompt tokens a second: its length over the time to the first token
 * @property {number} load milliseconds
 * @property {number} renderer bytes that the page's process has held at most
 * @property {number} browser bytes that all of the browser's processes have held at most
 * @property {boolean} disturbed whether others were busy during the answer
 */

/**
 * @typedef {object} Round every runtime in turn, with one model
 * @property {string} shape
 * @property {string} type
 * @property {number} bytes of the GGUF file
 * @property {number} packed bytes of the shards
 * @property {Record<string, Figures>} runs by runtime
 */

const DOCUMENT = path.join(ROOT, 'BENCHMARKS.md');
const BEGIN = '<!-- written by bench/peers/shapes.mjs --publish -->';
const END = '<!-- end of what bench/peers/shapes.mjs wrote -->';
/** @type {Record<string, string>} */
const NAMES = { wllama2: 'wllama 2.4.0', wllama3: 'wllama 3.8.1' };

/** @param {number[]} values @param {number} digits */
function spread(values, digits) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = values.length > 1 ? ` (${least.toFixed(digits)} to ${most.toFixed(digits)})` : '';
  return median(values).toFixed(digits) + range;
}

/**
 * @typedef {object} Pairs
 * @property {string} name of the model, its type, and of the peer
 * @property {Round[]} rounds
 * @property {(of: (run: Figures, round: Round) => number, digits: number) => string} ours
 * @property {(of: (run: Figures, round: Round) => number, digits: number) => string} theirs
 * @property {(of: (run: Figures) => number) => string} ratio of pairs, ours over theirs
 */

/** @param {readonly Round[]} rounds @returns {Pairs[]} in the order of the tables */
function pairsOf(rounds) {
  const peers = [...new Set(rounds.flatMap(({ runs }) => Object.keys(runs)))]
    .filter((name) => name !== OURS);
  return Object.entries(SHAPES).flatMap(([shape, { name }]) => TYPES.flatMap((type) =>
    peers.flatMap((peer) => {
      const some = rounds.filter((one) => one.shape === shape && one.type === type &&
        one.runs[OURS] && one.runs[peer]);
      if (some.length === 0) return [];
      /** @type {(runtime: string) => Pairs['ours']} */
      const column = (runtime) => (of, digits) =>
        spread(some.map((round) => of(round.runs[runtime], round)), digits);
      return [{
        name: `${name} | ${type.toUpperCase()} | ${NAMES[peer]}`, rounds: some,
        ours: column(OURS), theirs: column(peer),
        ratio: (/** @type {(run: Figures) => number} */ of) =>
          spread(some.map(({ runs }) => of(runs[OURS]) / of(runs[peer])), 2),
      }];
    })));
}

/** @param {readonly Round[]} rounds @returns {string} */
export function tables(rounds) {
  const all = pairsOf(rounds);
  const speed = all.map(({ name, ours, theirs, ratio, rounds: some }) => [
    name, ours(({ decode }) => decode, 1), theirs(({ decode }) => decode, 1),
    ratio(({ decode }) => decode), ratio(({ prompt }) => prompt), some.length,
    some.filter(({ runs }) => Object.values(runs).some(({ disturbed }) => disturbed)).length,
  ]);
  const mb = (/** @type {number} */ bytes) => bytes / 1e6;
  const memory = all.map(({ name, ours, theirs }) => [
    name, ours((_, { packed }) => mb(packed), 0).replace(/ .*/, ''),
    theirs((_, { bytes }) => mb(bytes), 0).replace(/ .*/, ''),
    ours(({ renderer }) => mb(renderer), 0), theirs(({ renderer }) => mb(renderer), 0),
    ours(({ browser }) => mb(browser), 0), theirs(({ browser }) => mb(browser), 0),
    ours(({ load }) => load / 1e3, 1), theirs(({ load }) => load / 1e3, 1),
  ]);
  return [
    table(['shape', 'type', 'beside', 'decode, ours', 'theirs', 'ours/theirs',
      'prompt of 32, ours/theirs', 'n', 'disturbed'], speed),
    table(['shape', 'type', 'beside', 'shards, MB', 'file, MB', 'renderer at most, ours, MB',
      'theirs', 'browser at most, ours, MB', 'theirs', 'load, ours, s', 'theirs'], memory),
  ].join('\n\n');
}

/** @param {string[]} head @param {(string | number)[][]} rows */
function table(head, rows) {
  const words = 3;
  return [
    head, head.map((_, i) => (i < words ? '---' : '---:')), ...rows,
  ].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {readonly Round[]} rounds */
export function publish(rounds) {
  const text = fs.readFileSync(DOCUMENT, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${DOCUMENT} has no place for the tables`);
  fs.writeFileSync(DOCUMENT,
    `${text.slice(0, from + BEGIN.length)}\n\n${tables(rounds)}\n\n${text.slice(to)}`);
}
