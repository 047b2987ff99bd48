import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnpackedShards, taken } from '../../../worker/unpacked.js';

const shard = (/** @type {number} */ length, /** @type {number} */ value) =>
  new Uint8Array(length).fill(value);

test('memory of a shard is used again when all threads have loaded it, and not before', () => {
  const shards = new UnpackedShards(2);
  const first = shards.share(shard(1000, 1)), second = shards.share(shard(1000, 2));
  assert.ok(first.buffer instanceof SharedArrayBuffer);
  assert.notEqual(first.buffer, second.buffer);
  taken(first);
  assert.notEqual(shards.share(shard(10, 3)).buffer, first.buffer);
  assert.deepEqual([...first], [...shard(1000, 1)]);
  taken(first);
  const again = shards.share(shard(1001, 4));
  assert.equal(again.buffer, first.buffer);
  assert.deepEqual([...again], [...shard(1001, 4)]);
  assert.deepEqual([...second], [...shard(1000, 2)]);
});

test('a larger shard has memory of its own', () => {
  const shards = new UnpackedShards(1);
  const small = shards.share(shard(1000, 1));
  taken(small);
  const large = shards.share(shard(5000, 2));
  assert.equal(large.length, 5000);
  taken(large);
  // The small one's is given up.
  assert.equal(shards.share(shard(4000, 3)).buffer, large.buffer);
});

test('shards begin at a whole word', () => {
  assert.equal(new UnpackedShards(1).share(shard(9, 1)).byteOffset % 8, 0);
});
