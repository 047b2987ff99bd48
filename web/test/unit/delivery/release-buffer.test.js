import assert from 'node:assert/strict';
import { test } from 'node:test';
import { release } from '../../../delivery/release-buffer.js';

test('what is released is empty at once', () => {
  const bytes = new Uint8Array(1 << 20);
  const view = bytes.subarray(8);
  release(bytes);
  assert.equal(bytes.buffer.byteLength, 0);
  assert.equal(view.length, 0);
  release(bytes);
});

test('bytes that share their buffer stay', () => {
  const all = new Uint8Array([1, 2, 3, 4]);
  release(all.subarray(2));
  assert.deepEqual([...all], [1, 2, 3, 4]);
});

test('what cannot be transferred is no error', () => {
  const { buffer } = new WebAssembly.Memory({ initial: 1 });
  release(new Uint8Array(buffer));
  assert.equal(buffer.byteLength, 65536);
});
