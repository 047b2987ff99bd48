// Packs a GGUF file of the reader's into the store that shards are in, or ranks the neurons of a
// model there. One piece of work for each worker: who has no use for it any more ends the worker.

import { removeUnfinished, reserveName } from '../delivery/own-models.js';
import { hasRoom } from '../delivery/room.js';
import { ShardCache } from '../delivery/shard-cache.js';
import { SpikeError, toRecord } from '../shared/errors.js';
import { ownAddress } from '../shared/own-model.js';
import { Packer } from './packer.js';

// @ts-expect-error: make copies it into dist/ alone
import '../wasm_exec.js';

/** @import { FromPacker, PackingPhase, ToPacker } from './messages.js' */

/** @type {{readAsArrayBuffer(blob: Blob): ArrayBuffer}} what TypeScript has for workers alone */
const reader = new /** @type {any} */ (globalThis).FileReaderSync();

const scope = /** @type {{
 *   postMessage(message: FromPacker): void,
 *   onmessage: ((event: MessageEvent<ToPacker>) => void) | null,
 * }} */ (/** @type {unknown} */ (self));

scope.onmessage = ({ data }) => {
  const work = data.type === 'pack' ? pack(data.files, data.work) : rank(data.name);
  work.then(
    (name) => scope.postMessage({ type: 'done', name }),
    (error) => scope.postMessage({ type: 'failed', error: toRecord(error) }),
  );
};

/** @param {PackingPhase} phase @param {number} done @param {number} total */
const progress = (phase, done, total) =>
  scope.postMessage({ type: 'progress', phase, done, total });

/** @returns {SpikeError} where the store has no room for a shard, or is none */
const unkept = () => new SpikeError(
  'quota_exceeded', 'the browser has no room for the model, or lets nothing be stored here');

/**
 * Another tab may have removed some meanwhile: by deleting the model, or by cancelling its file.
 * @param {ShardCache} cache
 * @param {readonly string[]} hashes
 * @throws {SpikeError} where a shard is not kept
 */
async function checkWhole(cache, hashes) {
  if ((await cache.kept(hashes)).size < new Set(hashes).size) {
    throw new SpikeError('shard_corrupt', 'a part of the model was removed meanwhile, as by '
      + 'another tab: open the file again');
  }
}

/**
 * @param {readonly File[]} given one, or the parts of one
 * @param {string} work
 * @returns {Promise<string>} the name that the model is kept under
 */
async function pack(given, work) {
  // So that parts are read from the first on.
  const files = given.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const whole = new Blob(files);
  progress('start', 0, 0);
  const cache = new ShardCache();
  await removeUnfinished();
  // What is packed is about as large as what it is packed of.
  if (!await cache.keeps() || !await hasRoom(whole.size)) throw unkept();
  let rendered = false;
  const packer = await Packer.start((offset, n) =>
    new Uint8Array(reader.readAsArrayBuffer(whole.slice(offset, offset + n))), (on) => {
    if (!rendered) progress('template', 0, 0);
    rendered = true;
    scope.postMessage({ type: 'rendering', on });
  });
  packer.open(files);
  let title = '';
  let name = '';
  /** @type {string[]} */
  const hashes = [];
  try {
    for (;;) {
      const event = packer.next();
      const { kind, text, done, total } = event;
      if (kind === 'name') title = text;
      if (kind === 'read') progress('read', done, total);
      if (kind === 'tensor') progress('pack', done, total);
      if (kind === 'note') scope.postMessage({ type: 'note', text });
      if (kind === 'source') name = await reserveName(title, text, work);
      if (kind === 'shard') {
        // On the list before it is kept: what is on none is removed.
        const sha256 = text.replace(/\.bin$/, '');
        hashes.push(sha256);
        cache.expect(ownAddress(name), hashes);
        if (!await cache.put(sha256, packer.data.buffer)) throw unkept();
      }
      if (kind === 'done') {
        await checkWhole(cache, hashes);
        await cache.replace(ownAddress(name), hashes, packer.data);
        return name;
      }
    }
  } catch (error) {
    cache.release();
    await removeUnfinished(work);
    throw error;
  }
}

/**
 * Runs a model over a text, and keeps it with the ranking of its neurons.
 * @param {string} name
 * @returns {Promise<string>} the same
 */
async function rank(name) {
  progress('start', 0, 0);
  const address = ownAddress(name);
  const cache = new ShardCache();
  const manifest = await cache.manifest(address);
  if (!manifest) throw new SpikeError('bad_request', 'this browser has no such model');
  const packer = await Packer.start(null);
  packer.openPacked(new Uint8Array(manifest));
  /** @type {{shards: {sha256: string}[]}} */
  const { shards } = JSON.parse(new TextDecoder().decode(manifest));
  const hashes = shards.map(({ sha256 }) => sha256);
  for (const [i, hash] of hashes.entries()) {
    progress('load', i, hashes.length);
    const shard = await cache.get(hash);
    if (!shard) throw new SpikeError('shard_corrupt', 'this browser has lost a part of the model');
    packer.load(new Uint8Array(shard));
  }
  packer.rank();
  progress('measure', 0, 0);
  /** @type {string[]} */
  const added = [];
  try {
    const began = performance.now();
    for (;;) {
      const { kind, text, done, total } = packer.next();
      if (kind === 'ranked') {
        const seconds = ((performance.now() - began) / 1000) * (total / done);
        scope.postMessage({ type: 'progress', phase: 'rank', done, total, seconds });
      }
      if (kind === 'shard') {
        const sha256 = text.replace(/\.bin$/, '');
        added.push(sha256);
        cache.expect(address, [...added, ...hashes]);
        if (!await cache.put(sha256, packer.data.buffer)) throw unkept();
      }
      if (kind === 'done') {
        await checkWhole(cache, [...added, ...hashes]);
        await cache.replace(address, [...added, ...hashes], packer.data);
        return name;
      }
    }
  } finally {
    cache.release();
  }
}
