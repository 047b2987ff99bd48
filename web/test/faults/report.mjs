// The table of RELIABILITY.md, from what was tried.

import fs from 'node:fs';
import path from 'node:path';
import { ROWS } from './rows.mjs';

/** @import { Result } from './campaign.mjs' */

/** @typedef {Result & {date: string, processor: string}} Record */

const DOCUMENT = path.resolve(import.meta.dirname, '../../../RELIABILITY.md');
const BEGIN = '<!-- written by web/test/faults/main.mjs --publish -->';
const END = '<!-- end of what web/test/faults/main.mjs wrote -->';

/** @param {readonly Record[]} records */
export function publish(records) {
  const text = fs.readFileSync(DOCUMENT, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${DOCUMENT} has no place for the table`);
  const whole = `${text.slice(0, from + BEGIN.length)}\n${tableOf(records)}${text.slice(to)}`;
  fs.writeFileSync(DOCUMENT, whole);
}

/** @param {readonly Record[]} records */
export function tableOf(records) {
  const lines = ROWS.flatMap(({ name }) => records
    .filter(({ row }) => row === name)
    .map(({ browser, tried, passed, note = '', date }) =>
      `| ${name} | ${browser} | ${tried} | ${passed} | ${note} | ${date} |`));
  const columns = ['fault', 'browser', 'tried', 'passed', 'beside', 'date'];
  return [`| ${columns.join(' | ')} |`, `| ${columns.map(() => '---').join(' | ')} |`, ...lines, '']
    .join('\n');
}
