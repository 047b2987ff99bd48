// All counts as a file for spreadsheets and programs: a line for each token, layer and population.

import { MEASURE_NAMES, activity, layerCount, placeOf } from './measures.js';

/** @import { Column } from './columns.js' */

/** What a line has, in the words of docs/api.md. */
export const FIELDS = Object.freeze([
  'answer', 'token', 'text', 'position', 'layer', 'population', 'neurons', 'fan_out',
  'spike_count', 'usual_spike_count', 'active_count', 'strong_count', 'operation_count',
  ...MEASURE_NAMES,
]);
// About a hundred lines each: some are made before anybody else has to wait.
const SLICE_MS = 12;

/**
 * A token's text as a JSON string in a CSV field. It begins with a quotation mark, so no
 * spreadsheet takes it for a formula; line breaks are escaped, and so are semicolons and bars, at
 * which spreadsheets of some languages would begin another field.
 * @param {string} text
 */
export const quoted = (text) => `"${
  JSON.stringify(text).replaceAll(';', '\\u003b').replaceAll('|', '\\u007c').replaceAll('"', '""')
}"`;

/** @param {number} value */
const number = (value) => (Number.isNaN(value) ? '' : String(Number(value.toPrecision(6))));

/**
 * The lines of one token.
 * @param {Column} column
 * @param {number} index
 * @returns {string}
 */
export function linesOf(column, index) {
  const { spikes, usual, text, answer } = column;
  const begin = `${answer + 1},${index + 1},${quoted(text)},${spikes.position}`;
  const sets = [spikes, ...(spikes.cache ? [spikes.cache] : [])];
  let lines = '';
  for (let layer = 0; layer < spikes.layers; layer++) {
    for (const { name, fan_out } of sets.flatMap(({ populations }) => populations)) {
      const place = placeOf(spikes, name);
      if (!place) continue;
      const { set, index: at, cached } = place;
      const levels = cached ? usual.cache?.spikes : usual.spikes;
      const sum = (/** @type {readonly number[]} */ counts, weighted = false) =>
        layerCount(set.populations, counts, layer, at, weighted).count;
      // A recording has the spikes alone.
      const counted = (/** @type {readonly number[]} */ counts) =>
        (counts.length === 0 ? '' : sum(counts));
      lines += [
        begin, layer, name, layerCount(set.populations, set.spikes, layer, at).neurons, fan_out,
        sum(set.spikes), levels ? number(sum(levels)) : '', counted(set.active),
        counted(set.strong),
        sum(set.spikes, true),
        ...MEASURE_NAMES.map((measure) => number(activity(column, layer, name, measure))),
      ].join() + '\r\n';
    }
  }
  return lines;
}

/**
 * The file, made without keeping the page from anything else.
 * @param {readonly Column[]} columns
 * @returns {Promise<Blob>}
 */
export async function toCsv(columns) {
  // Spreadsheets know by the first character that this is UTF-8.
  const parts = [`\ufeff${FIELDS.join()}\r\n`];
  const all = columns.slice();
  let began = performance.now();
  for (const [index, column] of all.entries()) {
    parts.push(linesOf(column, index));
    if (performance.now() - began < SLICE_MS) continue;
    await new Promise((resolve) => { setTimeout(resolve); });
    began = performance.now();
  }
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}
