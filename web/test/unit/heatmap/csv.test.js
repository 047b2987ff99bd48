import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELDS, linesOf, quoted, toCsv } from '../../../heatmap/csv.js';

/** @returns {any} */
const spikes = () => ({
  layers: 2, position: 41, populations: [{ name: 'a', neurons: 10, fan_out: 3 }],
  active: [5, 4], strong: [1, 0], spikes: [15, 4], executed: [9, 9], levels: [50, 9],
  look_back: { spikes: 0, operations: 0, dense: 0 },
  cache: {
    populations: [{ name: 'keys', neurons: 4, fan_out: 2 },
      { name: 'values', neurons: 4, fan_out: 2 }],
    active: [4, 3, 2, 1], strong: [0, 0, 0, 0], spikes: [8, 7, 6, 5],
  },
});
/** @param {string} text @returns {any} */
const column = (text) => ({
  text, spikes: spikes(), answer: 0, first: true,
  usual: { spikes: [10, 8], cache: { spikes: [8, 8, 8, 8] } },
});

/**
 * As RFC 4180 reads a line, or a program that takes another separator.
 * @param {string} line
 * @param {string} separator
 * @returns {string[]}
 */
function read(line, separator) {
  const fields = [];
  for (let at = 0; at <= line.length;) {
    let field = '';
    if (line[at] === '"') {
      for (at++; line[at] !== '"' || line[at + 1] === '"'; at++) {
        if (line[at] === '"') at++;
        field += line[at];
      }
      at++;
    }
    for (; at < line.length && line[at] !== separator; at++) field += line[at];
    fields.push(field);
    at++;
  }
  return fields;
}

test('a line has every field, in the order of the head', () => {
  const lines = linesOf(column(' word'), 6).split('\r\n');
  assert.equal(lines.length, 2 * 3 + 1);
  assert.equal(lines.at(-1), '');
  const told = (/** @type {string} */ line) =>
    Object.fromEntries(read(line, ',').map((value, i) => [FIELDS[i], value]));
  assert.deepEqual(told(lines[0]), {
    answer: '1', token: '7', text: '" word"', position: '41', layer: '0', population: 'a',
    neurons: '10', fan_out: '3', spike_count: '15', usual_spike_count: '10', active_count: '5',
    strong_count: '1', operation_count: '45',
    unusual: '0.5', spikes: '1.5', active: '0.5', operations: '1.5', strong: '0.1',
  });
  const values = told(lines[5]);
  assert.deepEqual([values.layer, values.population, values.spike_count, values.unusual],
    ['1', 'values', '5', '-0.375']);
});

test('what was not counted is left out', () => {
  const recorded = column('a');
  Object.assign(recorded.spikes, { active: [], strong: [], cache: null });
  const [line] = linesOf(recorded, 0).split('\r\n');
  const told = Object.fromEntries(read(line, ',').map((value, i) => [FIELDS[i], value]));
  assert.deepEqual(
    [told.spike_count, told.active_count, told.strong_count, told.active, told.strong, told.spikes],
    ['15', '', '', '', '', '1.5']);
});

test('a text comes back whole, and is no formula in any spreadsheet', () => {
  const texts = [
    '=HYPERLINK("https://x.example";"y")', '+1', '-1+2', '@SUM(A1)', '\t=1', '\r=1', '\n', '"', ',',
    ' ', '', '＝1', 'a;=1+1', '";=1+1;"', 'a|=1', 'a,=1', 'é🙂', '\ud83d', '\\',
    '\\u003b',
  ];
  for (const text of texts) {
    const [line] = linesOf(column(text), 0).split('\r\n');
    assert.equal(JSON.parse(read(line, ',')[2]), text);
    for (const separator of [',', ';', '\t', '|'])
      for (const field of read(line, separator))
        assert.doesNotMatch(field, /^\s*[=+@＝＋－＠]|^\s*-(?![\d.]+$)/, `${text}: ${field}`);
    assert.doesNotMatch(line, /[\r\n\t]/);
  }
  assert.equal(quoted('a'), '"""a"""');
});

test('a file has a head, a byte order mark, and a line for all of each token', async () => {
  const blob = await toCsv([column('a'), column('b')]);
  assert.deepEqual([...new Uint8Array(await blob.slice(0, 3).arrayBuffer())], [0xef, 0xbb, 0xbf]);
  const lines = (await blob.text()).replace('\ufeff', '').trimEnd().split('\r\n');
  assert.equal(lines.length, 1 + 2 * 6);
  assert.equal(lines[0], FIELDS.join());
  for (const line of lines) assert.equal(read(line, ',').length, FIELDS.length);
});
