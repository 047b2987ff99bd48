// The table of RELIABILITY.md, from what was tried.

import fs from 'node:fs';
import path from 'node:path';
import { ROWS } from './rows.mjs';

/** @import { Result } from './campaign.mjs' */

/** @typedef {Result & {date: string, processor: string}} Record */

const DOCUMENT = path.resolve(import.meta.dirname, '../../../RELIABILITY.md');
const BEGIN = '<!-- written by web/test/faults/main.mjs --publish -->';
const END = '<!-- end of what web/test/faults/main.mjs wrote -->';

/**
 * What both have of a row in a browser.
 * @param {Record | undefined} before
 * @param {Record} now
 * @returns {Record}
 */
export function add(before, now) {
  if (!before) return now;
  const [tried, figures] = [before.tried + now.tried, [before.figure ?? 0, now.figure ?? 0]];
  const mean = (figures[0] * before.tried + figures[1] * now.tried) / tried;
  const figure = rowOf(now)?.beside?.of === 'mean' ? mean : Math.max(...figures);
  return {
    ...now, tried, figure, passed: before.passed + now.passed,
    failures: [...before.failures, ...now.failures], seconds: before.seconds + now.seconds,
  };
}

/** @param {Pick<Result, 'row'>} result */
const rowOf = ({ row }) => ROWS.find(({ name }) => name === row);

/** @param {Pick<Result, 'row' | 'figure'>} result @returns {string} the figure beside its counts */
export const besides = (result) => rowOf(result)?.beside?.say(result.figure ?? 0) ?? '';

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
    .map((record) => [name, record.browser, record.tried, record.passed, besides(record),
      record.date])
    .map((cells) => `| ${cells.join(' | ')} |`));
  const columns = ['fault', 'browser', 'tried', 'passed', 'beside', 'date'];
  return [`| ${columns.join(' | ')} |`, `| ${columns.map(() => '---').join(' | ')} |`, ...lines, '']
    .join('\n');
}
