import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const SHEET = path.join(import.meta.dirname, '../../../chat/theme.css');

test('the dark palette is the same by the system and by the attribute, and complete', () => {
  const text = fs.readFileSync(SHEET, 'utf8');
  const palettes = [...text.matchAll(/\{((?:\s*--[\w-]+: [^;]+;)+)/g)].map(([, block]) =>
    block.trim().split(/\s*\n\s*/));
  const [light, dark, chosen, contrast] = palettes;
  assert.equal(palettes.length, 4);
  assert.deepEqual(chosen, dark);
  const names = (/** @type {string[]} */ lines) => lines.map((line) => line.split(':')[0]);
  assert.deepEqual(names(dark), names(light));
  for (const name of names(contrast)) assert.ok(names(light).includes(name), name);
});
