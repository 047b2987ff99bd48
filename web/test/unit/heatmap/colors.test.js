import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLORS, NO_SHADE, PIXELS, shadeOf } from '../../../heatmap/colors.js';

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

test('pixels are the colours, and what was not counted is transparent', () => {
  const bytes = new Uint8Array(PIXELS.buffer);
  for (const i of [0, 1, 128, 255])
    assert.equal(`#${Buffer.from(bytes.subarray(4 * i, 4 * i + 4)).toString('hex')}`,
      `${COLORS[i]}ff`);
  assert.equal(PIXELS.length, 257);
  assert.equal(PIXELS[NO_SHADE], 0);
});

test('the scale is fixed: what lies outside takes the colour of its end', () => {
  assert.equal(shadeOf(0, 0.5), 0);
  assert.equal(shadeOf(0.25, 0.5), 128);
  assert.equal(shadeOf(0.5, 0.5), 255);
  assert.equal(shadeOf(9, 0.5), 255);
  assert.equal(shadeOf(-1, 0.5), 0);
  assert.equal(shadeOf(NaN, 0.5), NO_SHADE);
});
