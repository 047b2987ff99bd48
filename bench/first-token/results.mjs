// What first-token.mjs has measured, and the table of it in BENCHMARKS.md.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** @typedef {{seconds: number, megabytes: number}} Figure megabytes: sent until the browser ends */

/**
 * @typedef {object} Round one visit by every runtime, in turn
 * @property {number} mbit
 * @property {string} visit
 * @property {Record<string, Figure>} figures by runtime
 * @property {string} date
 * @property {string} processor
 */

const DOCUMENT = path.resolve(import.meta.dirname, '../../BENCHMARKS.md');
const BEGIN = '<!-- written by bench/first-token.mjs --publish -->';
const END = '<!-- end of what bench/first-token.mjs wrote -->';
const OURS = 'ours';
/** @type {Record<string, string>} */
const NAMES = { wllama2: 'wllama 2.4.0', wllama3: 'wllama 3.8.1' };

/** @param {string} file @returns {Round[]} */
export const read = (file) =>
  (fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : []);

/**
 * Puts a figure into the first round of its kind that has none of this runtime yet, so that calls
 * for one runtime each, in turn, make rounds too.
 * @param {Round[]} rounds
 * @param {{mbit: number, visit: string, name: string, figure: Figure}} measured
 */
export function put(rounds, { mbit, visit, name, figure }) {
  let round = rounds.find((one) =>
    one.mbit === mbit && one.visit === visit && !one.figures[name]);
  if (!round) {
    const date = new Date().toISOString().slice(0, 10);
    round = { mbit, visit, figures: {}, date, processor: os.cpus()[0].model };
    rounds.push(round);
  }
  round.figures[name] = figure;
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

/** @param {number[]} values @param {number} digits */
function spread(values, digits) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = values.length > 1 ? ` (${least.toFixed(digits)} to ${most.toFixed(digits)})` : '';
  return median(values).toFixed(digits) + range;
}

/** @param {readonly Round[]} rounds @returns {string} */
export function table(rounds) {
  const lines = [
    '| line, Mbit/s | visit | beside | ours, s | theirs, s | ratio of pairs | n |',
    '| ---: | --- | --- | ---: | ---: | ---: | ---: |',
  ];
  const order = ['cold', 'interrupted', 'warm'];
  const sorted = rounds.toSorted((a, b) =>
    a.mbit - b.mbit || order.indexOf(a.visit) - order.indexOf(b.visit));
  const kinds = new Set(sorted.flatMap(({ mbit, visit, figures }) => Object.keys(figures)
    .filter((name) => name !== OURS)
    .map((name) => JSON.stringify([mbit, visit, name]))));
  for (const kind of kinds) {
    const [mbit, visit, name] = JSON.parse(kind);
    const pairs = rounds.filter((one) => one.mbit === mbit && one.visit === visit &&
      one.figures[name] && one.figures[OURS])
      .map(({ figures }) => [figures[OURS].seconds, figures[name].seconds]);
    if (pairs.length === 0) continue;
    const cells = [
      mbit, visit, NAMES[name] ?? name,
      spread(pairs.map(([ours]) => ours), 1), spread(pairs.map(([, theirs]) => theirs), 1),
      spread(pairs.map(([ours, theirs]) => ours / theirs), 2), pairs.length,
    ];
    lines.push(`| ${cells.join(' | ')} |`);
  }
  return `${lines.join('\n')}\n`;
}

/** @param {readonly Round[]} rounds */
export function publish(rounds) {
  const text = fs.readFileSync(DOCUMENT, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${DOCUMENT} has no place for the table`);
  fs.writeFileSync(DOCUMENT, `${text.slice(0, from + BEGIN.length)}\n${table(rounds)}` +
    text.slice(to));
}
