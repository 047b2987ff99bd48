import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdicts } from '../../soak/verdict.mjs';

const ONE = { heap: 1000, wasm: 1000, resident: 1000, workers: 1, nodes: 100, listeners: 50 };
/** @param {Partial<typeof ONE>[]} changes by sample */
const growing = (changes) => verdicts(changes.map((change) => ({ ...ONE, ...change })))
  .filter(({ flat }) => !flat).map(({ name }) => name);

test('what stays within 2 % is flat, and of workers there may be no more at all', () => {
  assert.deepEqual(growing([{}, {}, {}, { heap: 1020 }]), []);
  assert.deepEqual(growing([{}, {}, {}, { heap: 1021 }]), ['heap']);
  assert.deepEqual(growing([{}, {}, {}, { listeners: 52, nodes: 102, workers: 2 }]),
    ['workers', 'listeners']);
  assert.deepEqual(growing([{}, {}, {}, { listeners: 49 }]), []);
});

test('warming up does not count, nor does one sample that stands out', () => {
  const warm = [{ heap: 500 }, { heap: 700 }, {}, {}, {}, {}, {}, {}];
  assert.deepEqual(growing(warm), []);
  const twelve = Array.from({ length: 12 }, (_, i) => (i === 10 ? { resident: 5000 } : {}));
  assert.deepEqual(growing(twelve), []);
  const leak = Array.from({ length: 12 }, (_, i) => ({ resident: 1000 + 10 * i }));
  assert.deepEqual(growing(leak), ['resident']);
});
