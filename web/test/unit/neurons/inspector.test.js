import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Inspector } from '../../../neurons/inspector.js';
import { SpikeError } from '../../../shared/errors.js';
import { makeWay } from '../../../shared/making-way.js';

/** @import { LookHost } from '../../../neurons/types.js' */

/** An engine that does one thing at a time, until it is told to stop. */
function slowEngine() {
  const engine = {
    busy: 0,
    /** @type {string[]} */
    log: [],
    /** @param {{position: number}} query @param {{signal: AbortSignal}} options */
    inspect: ({ position }, { signal }) => new Promise((resolve, reject) => {
      assert.equal(++engine.busy, 1, 'one at a time');
      const end = (/** @type {() => void} */ settle) => {
        engine.busy--;
        settle();
      };
      const stop = () => {
        clearTimeout(timer);
        // A batch is read to its end.
        setTimeout(() => end(() => reject(new SpikeError('aborted', 'stopped'))), 5);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop);
        end(() => resolve({ position }));
      }, 20);
      signal.addEventListener('abort', stop);
    }),
  };
  return engine;
}

/** @param {unknown} engine @param {boolean} [answering] @returns {LookHost} */
const host = (engine, answering = false) => /** @type {any} */ (
  { columns: [], engine: () => engine, answering: () => answering });

const spot = /** @type {const} */ (
  { position: 4, column: null, picked: false, layer: 0, population: 'qkv', neuron: 1 });

/** @param {Inspector} inspector */
const read = (inspector) => inspector.run((reading) => reading.neuron(spot)).then(
  (trace) => /** @type {any} */ (trace).position, ({ code }) => code);

test('what is asked for later ends what is under way, also where another asks', async () => {
  const engine = slowEngine();
  const [one, other] = [new Inspector(host(engine)), new Inspector(host(engine))];
  assert.equal(await read(one), 3);
  assert.deepEqual(await Promise.all([read(one), read(one)]), ['aborted', 3]);
  const under = read(one);
  await new Promise((resolve) => { setTimeout(resolve, 5); });
  assert.deepEqual(await Promise.all([under, read(other)]), ['aborted', 3]);
  assert.equal(await read(one), 3);
});

test('the engine is free once way is made, and nothing is asked while it answers', async () => {
  const engine = slowEngine();
  const inspector = new Inspector(host(engine));
  const under = read(inspector);
  await new Promise((resolve) => { setTimeout(resolve, 5); });
  assert.equal(engine.busy, 1);
  await makeWay(engine);
  assert.equal(engine.busy, 0);
  assert.equal(await under, 'aborted');
  await makeWay({});
  assert.equal(await read(new Inspector(host(engine, true))), 'busy');
  assert.equal(await read(new Inspector(host(null))), 'bad_request');
});
