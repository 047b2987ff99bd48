// Writes what web/recording/read.js reads.

/** @import { Recording } from '../recording/read.js' */

// All that JSON writes as one character and that no line ends with.
const LETTERS = Array.from({ length: 92 }, (_, i) => String.fromCharCode(35 + i))
  .filter((letter) => letter !== '\\');

/** @param {number} n whole @returns {string} */
export function letters(n) {
  const folded = n < 0 ? -2 * n - 1 : 2 * n;
  let text = LETTERS[folded % 64];
  for (let high = Math.floor(folded / 64); high > 0; high = Math.floor(high / 27))
    text = LETTERS[64 + (high % 27)] + text;
  return text;
}

/**
 * @param {readonly (readonly number[])[]} rows spikes by token, and layer and population
 * @param {number} populations
 */
function codedSpikes(rows, populations) {
  const usual = rows[0].map((_, i) =>
    Math.round(rows.reduce((sum, row) => sum + row[i], 0) / rows.length));
  const differences = usual.map((mean, i) => mean - (usual[i - populations] ?? 0));
  return [differences, ...rows.map((row) => row.map((n, i) => n - usual[i]))]
    .flat().map(letters).join('');
}

/** @param {Recording} recording @returns {string} JSON, the same for the same recording */
export function encodeRecording({ tokens, model, question, settings, machine }) {
  const [{ spikes: { layers, populations, position } }] = tokens;
  const fields = {
    format: 'spikechat-recording',
    version: 1,
    model, layers, populations, question, settings, machine, position,
    tokens: tokens.map(({ text }) => text),
    ms: tokens.map(({ ms }) => ms),
    checks: tokens.map(({ check }) => check),
    spikes: codedSpikes(tokens.map(({ spikes }) => spikes.spikes), populations.length),
  };
  const lines = Object.entries(fields)
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${lines.join(',\n')}}\n`;
}
