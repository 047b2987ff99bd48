// Reads docs/api.md: its tables and its blocks of code.

import fs from 'node:fs';
import path from 'node:path';

const TEXT = fs.readFileSync(path.join(import.meta.dirname, '../../docs/api.md'), 'utf8');

/** Names in a sentence that begins with these words. @param {string} words @returns {string[]} */
export const namesBehind = (words) => [
  ...(TEXT.split(words)[1]?.split(/\.\s/)[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name);

/** @typedef {{name: string, example: string}} Entry */

/** The rows of each heading's table. @type {Map<string, Entry[]>} */
export const TABLES = new Map();

/** The blocks of code, with the heading that they are under. */
export const BLOCKS = [...TEXT.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
  ({ 1: language, 2: code, index }) => {
    const heading = [...TEXT.slice(0, index).matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? '';
    return { language, code, heading };
  });

let heading = '';
for (const line of TEXT.split('\n')) {
  heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
  if (!line.startsWith('| ') || line.startsWith('| name |') || line.startsWith('| ---')) continue;
  const [, name, example] = /^\| `([^`|]+)` \| [^|]+ \| `([^`|]+)` \|$/.exec(line) ?? [];
  if (!name) throw new Error(`docs/api.md: no name, words and example: ${line}`);
  TABLES.set(heading, [...(TABLES.get(heading) ?? []), { name, example }]);
}

/** @param {string} of a heading @returns {Entry[]} */
export function entries(of) {
  const table = TABLES.get(of);
  if (!table) throw new Error(`docs/api.md has no table under "${of}"`);
  return table;
}
