import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLORS, colorOf } from '../../../heatmap/colors.js';

/** @param {string} color */
function luminance(color) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test('the scale has 256 colours that grow lighter, from dark to light', () => {
  assert.equal(COLORS.length, 256);
  for (const color of COLORS) assert.match(color, /^#[0-9a-f]{6}$/);
  for (let i = 8; i < COLORS.length; i++)
    assert.ok(luminance(COLORS[i]) > luminance(COLORS[i - 8]), `colour ${i}`);
  assert.ok(luminance(COLORS[0]) < 25 && luminance(COLORS[255]) > 200);
});

test('the scale is fixed: what lies outside takes the colour of its end', () => {
  assert.equal(colorOf(0, 0.5), COLORS[0]);
  assert.equal(colorOf(0.25, 0.5), COLORS[128]);
  assert.equal(colorOf(0.5, 0.5), COLORS[255]);
  assert.equal(colorOf(9, 0.5), COLORS[255]);
  assert.equal(colorOf(-1, 0.5), COLORS[0]);
});
