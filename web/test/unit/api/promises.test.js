// Every promise of the engine settles under every way in which its worker may fail, with the code
// that says which: no one is left waiting.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngineOn } from '../../../api/engine.js';
import { toRecord, SpikeError } from '../../../shared/errors.js';

/** @import { TestContext } from 'node:test' */
/** @import { Engine } from '../../../api/engine.js' */
/** @import { EngineWorker } from '../../../api/worker-link.js' */

const population = { name: 'qkv', neurons: 1, fan_out: 1 };
const READY = {
  type: 'ready', build: 'plain',
  model: {
    name: 'm', license: '', layers: 1, heads: 1, hidden: 1, vocab: 1, context: 8,
    presets: ['best'], chat: { system: true, dates: false },
    shards: [], bytes: 1, sha256: '00', populations: [population], cache: [],
  },
  kernel: {
    kernel: 'lookup', prompt_kernel: 'lookup', why: '', context: 8, simd: false, threads: 1,
    threads_why: '', precision: { planes: 5, of: 8 },
  },
};
const QUESTION = { messages: [{ role: /** @type {const} */ ('user'), content: 'x' }] };

/** A worker that says only what a test has it say. */
class SilentWorker {
  /** @type {((event: any) => unknown) | null} */
  onmessage = null;
  /** @type {((event: any) => unknown) | null} */
  onerror = null;
  /** @type {((event: any) => unknown) | null} */
  onmessageerror = null;
  ended = false;
  asked = 0;

  /** @param {any} message */
  postMessage({ id }) {
    this.asked = id ?? this.asked;
  }

  terminate() {
    this.ended = true;
  }

  /** @param {unknown} data */
  says(data) {
    this.onmessage?.({ data });
  }
}

/** @typedef {(worker: SilentWorker, t: TestContext) => void} Happening */
/** @type {Record<string, {code: string, happens: Happening}>} */
const FAULTS = {
  'the worker says that it crashed': {
    code: 'engine_crashed',
    happens: (worker) => worker.says(
      { type: 'crashed', error: toRecord(new SpikeError('engine_crashed', 'it crashed')) }),
  },
  'memory is refused': {
    code: 'out_of_memory',
    happens: (worker) => worker.says(
      { type: 'crashed', error: toRecord(new SpikeError('out_of_memory', 'no room')) }),
  },
  'an error outside of any call': {
    code: 'engine_crashed',
    happens: (worker) => worker.onerror?.({ message: 'oh', preventDefault() {} }),
  },
  'a message that cannot be read': {
    code: 'engine_crashed', happens: (worker) => worker.onmessageerror?.({}),
  },
  'silence, for longer than a minute': {
    code: 'timeout',
    happens: (_, t) => { for (let s = 0; s < 65; s += 5) t.mock.timers.tick(5000); },
  },
};

/**
 * What a caller may wait for, of an engine that is not whole yet.
 * @type {Record<string, (engine: Engine, worker: SilentWorker) => Promise<unknown>>}
 */
const PROMISES = {
  'complete()': (engine) => engine.complete(),
  'create(), before the prompt is accepted': (engine) => engine.chat.completions.create(QUESTION),
  'create() of a seed, which waits for the model': (engine) =>
    engine.chat.completions.create({ ...QUESTION, seed: 1 }),
  'create(), the whole answer': (engine, worker) => {
    const whole = engine.chat.completions.create(QUESTION);
    begun(worker);
    return whole;
  },
  'next() of a stream': async (engine, worker) => {
    const asked = engine.chat.completions.create({ ...QUESTION, stream: true });
    begun(worker);
    return (await asked).next();
  },
  'next() of a stream that was stopped': async (engine, worker) => {
    const stop = new AbortController();
    const asked = engine.chat.completions.create(
      { ...QUESTION, stream: true }, { signal: stop.signal });
    begun(worker);
    const stream = await asked;
    stop.abort();
    return stream.next();
  },
  'inspect()': (engine) => engine.inspect({ kind: 'alternatives', position: 1 }),
  'stats()': (engine) => engine.stats(),
};

/** @param {SilentWorker} worker */
function begun(worker) {
  // After the question was sent, in the next microtask.
  queueMicrotask(() => queueMicrotask(() => worker.says({
    type: 'begun', id: worker.asked, prompt_tokens: 1, cached_tokens: 0,
    precision: { planes: 5, of: 8 },
  })));
}

/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => { setImmediate(resolve); });

/** @param {Promise<unknown>} promise @returns {Promise<string | undefined>} code of its error */
const codeOf = (promise) => promise.then(() => 'none', ({ code }) => code);

/**
 * An engine whose worker waits for the test, as do its timers.
 * @param {TestContext} t
 * @param {number} [planes] of eight that have come
 */
async function silentEngine(t, planes = 5) {
  t.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
  const worker = new SilentWorker();
  const loading = createEngineOn(() => /** @type {EngineWorker} */ (worker), {});
  await settle();
  const ready = structuredClone(READY);
  ready.kernel.precision.planes = planes;
  worker.says(ready);
  return { worker, engine: await loading };
}

for (const [fault, { code, happens }] of Object.entries(FAULTS)) {
  test(`while it loads: ${fault}`, async (t) => {
    t.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
    const worker = new SilentWorker();
    const loading = codeOf(createEngineOn(() => /** @type {EngineWorker} */ (worker), {}));
    await settle();
    happens(worker, t);
    assert.equal(await loading, code);
    assert.equal(worker.ended, true);
  });

  for (const [name, ask] of Object.entries(PROMISES)) {
    test(`${name}: ${fault}`, async (t) => {
      const { worker, engine } = await silentEngine(t);
      const waiting = codeOf(ask(engine, worker));
      await settle();
      happens(worker, t);
      assert.equal(await waiting, code);
      assert.equal(worker.ended, true);
      // Whoever asks later is told the same at once.
      assert.equal(await codeOf(engine.stats()), code);
      assert.equal(await codeOf(engine.chat.completions.create(QUESTION)), code);
      assert.equal(await codeOf(engine.complete()), code);
    });
  }
}

test('a silence in which nobody waits ends nothing', async (t) => {
  const { worker, engine } = await silentEngine(t, 8);
  const figures = engine.stats();
  await settle();
  worker.says({ type: 'stats', id: worker.asked, stats: {} });
  await figures;
  for (let s = 0; s < 600; s += 5) t.mock.timers.tick(5000);
  assert.equal(worker.ended, false);
});

test('a sleep of an hour is no silence', async (t) => {
  const { worker, engine } = await silentEngine(t, 8);
  let clock = 0;
  t.mock.method(performance, 'now', () => clock);
  t.mock.method(Date, 'now', () => clock);
  const answer = codeOf(engine.chat.completions.create(QUESTION));
  await settle();
  const pass = (/** @type {number} */ ms) => {
    clock += ms;
    t.mock.timers.tick(5000);
  };
  for (const ms of [5000, 3_600_000, 5000, 5000, 3_600_000, 5000, 5000]) pass(ms);
  assert.equal(worker.ended, false);
  // Whoever is silent awake is silent.
  for (let ticks = 0; ticks < 5; ticks++) pass(5000);
  assert.equal(await answer, 'timeout');
});

test('who keeps asking for figures does not put off the end of a silence', async (t) => {
  const { worker, engine } = await silentEngine(t);
  const answer = codeOf(engine.chat.completions.create(QUESTION));
  await settle();
  const figures = [];
  for (let s = 0; s < 65 && !worker.ended; s += 5) {
    figures.push(codeOf(engine.stats()));
    t.mock.timers.tick(5000);
    await settle();
  }
  assert.equal(worker.ended, true);
  assert.equal(await answer, 'timeout');
  assert.deepEqual(new Set(await Promise.all(figures)), new Set(['timeout']));
});
