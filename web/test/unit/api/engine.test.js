import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { createEngine } from '../../../api/engine.js';

/** @import { Progress, ReadyMessage } from '../../../shared/protocol.js' */

/** @type {ReadyMessage} */
const READY = {
  type: 'ready',
  build: 'plain',
  kernel: { kernel: 'lookup', prompt_kernel: 'lookup', why: '', context: 8, simd: false,
    threads: 1, threads_why: '', precision: { planes: 8, of: 8 } },
  model: {
    name: 'm',
    license: '',
    layers: 1,
    heads: 1,
    hidden: 1,
    vocab: 1,
    context: 8,
    populations: [], cache: [],
    presets: ['best'], chat: { system: true, dates: false },
    shards: [],
    bytes: 1, sha256: '00',
  },
};

/** A worker that is ready at once. */
class QuickWorker {
  static terminated = 0;
  /** @type {((event: {data: unknown}) => void) | null} */
  onmessage = null;

  postMessage() {
    queueMicrotask(() => this.onmessage?.({ data: READY }));
  }

  terminate() {
    QuickWorker.terminated++;
  }
}

Object.assign(globalThis, { Worker: QuickWorker, document: { baseURI: 'http://localhost/' } });
afterEach(() => { QuickWorker.terminated = 0; });

test('an engine that is ready is given', async () => {
  assert.equal((await createEngine()).info.name, 'm');
  assert.equal(QuickWorker.terminated, 0);
});

test('a signal that fires when the engine is ready still ends it', async () => {
  const abort = new AbortController();
  const onprogress = (/** @type {Progress} */ { phase }) => {
    if (phase === 'ready') abort.abort();
  };
  await assert.rejects(createEngine({ signal: abort.signal, onprogress }), { code: 'aborted' });
  assert.equal(QuickWorker.terminated, 1);
});

test('a model that is no address is refused before a worker is started', async () => {
  await assert.rejects(createEngine({ model: 'http://[' }), {
    code: 'bad_request',
    message: 'model is not an address',
  });
  assert.equal((await createEngine({ model: './models/m/manifest.json' })).info.name, 'm');
});
