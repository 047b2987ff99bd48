import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { SharedEngine } from '../../../embed/shared-engine.js';

/** @import { LoadMessage } from '../../../shared/protocol.js' */

/** A worker that does nothing by itself. */
class StillWorker {
  /** @type {StillWorker} */
  static last;
  /** @type {any[]} */
  heard = [];
  terminated = 0;
  /** @type {any} */
  onmessage = null;
  /** @type {any} */
  onerror = null;

  constructor() { StillWorker.last = this; }

  /** @param {unknown} message */
  postMessage(message) { this.heard.push(message); }

  terminate() { this.terminated++; }

  /** @param {unknown} data */
  say(data) { this.onmessage({ data }); }
}
Object.assign(globalThis, { Worker: StillWorker });

/** @type {LoadMessage} */
const LOAD = { type: 'load', model: 'http://x/', build: 'auto', kernel: 'auto', context: 8,
  threads: 'auto', useCache: true, early: false };
const READY = { type: 'ready' };

/** @type {SharedEngine} */
let engine;
let ended = 0;
/** @returns {{post: (message: any) => void, told: any[]}} */
const client = () => {
  /** @type {any[]} */
  const told = [];
  return { told, post: (message) => { told.push(message); } };
};
/** @param {number} id */
const ask = (id) => ({ type: /** @type {const} */ ('ask'), id, request: /** @type {any} */ ({}) });

beforeEach(() => {
  ended = 0;
  engine = new SharedEngine(LOAD, () => { ended++; });
});

test('who comes later is told what was told before', () => {
  const [a, b, c] = [client(), client(), client()];
  const { last } = StillWorker;
  assert.deepEqual(last.heard, [LOAD]);
  engine.join(a);
  last.say({ type: 'notice', code: 'x' });
  last.say({ type: 'progress', loaded: 1 });
  engine.join(b);
  last.say(READY);
  engine.join(c);
  const notice = { type: 'notice', code: 'x' };
  assert.deepEqual(a.told, [notice, { type: 'progress', loaded: 1 }, READY]);
  assert.deepEqual(b.told, [notice, { type: 'progress', loaded: 1 }, READY]);
  assert.deepEqual(c.told, [notice, READY]);
});

test('answers are given in turn, each to the one who asked, by its own number', () => {
  const [a, b] = [client(), client()];
  const { last } = StillWorker;
  for (const one of [a, b]) engine.join(one);
  engine.receive(a, ask(7));
  engine.receive(b, ask(7));
  assert.equal(last.heard.length, 2, 'the second waits');
  last.say({ type: 'token', id: last.heard[1].id, counts: new Uint32Array(2), text: 'x' });
  last.say({ type: 'done', id: last.heard[1].id });
  assert.deepEqual(a.told.map(({ type, id }) => [type, id]), [['token', 7], ['done', 7]]);
  assert.deepEqual([...new Set(b.told.map(({ type }) => type))], ['waiting']);
  assert.notEqual(last.heard[2].id, last.heard[1].id);
  last.say({ type: 'failed', id: last.heard[2].id, error: {} });
  assert.deepEqual(b.told.at(-1), { type: 'failed', id: 7, error: {} });
  engine.receive(a, ask(8));
  assert.equal(last.heard[3].type, 'ask');
});

test('a stop is for the asker\'s own answer, also one that waits', () => {
  const [a, b] = [client(), client()];
  const { last } = StillWorker;
  for (const one of [a, b]) engine.join(one);
  engine.receive(a, ask(1));
  engine.receive(b, ask(2));
  engine.receive(b, { type: 'stop', id: 1 });
  assert.equal(last.heard.length, 2, 'not another\'s');
  engine.receive(b, { type: 'stop', id: 2 });
  assert.equal(b.told[0].reason, 'abort');
  engine.receive(a, { type: 'stop', id: 1 });
  assert.deepEqual(last.heard[2], { type: 'stop', id: last.heard[1].id });
  last.say({ type: 'done', id: last.heard[1].id });
  assert.equal(last.heard.length, 3, 'nothing waits any more');
});

test('an inspection waits its turn, and is of the asker\'s own conversation alone', () => {
  const [a, b] = [client(), client()];
  const { last } = StillWorker;
  for (const one of [a, b]) engine.join(one);
  const inspect = { type: /** @type {const} */ ('inspect'), id: 2, query: /** @type {any} */ ({}) };
  engine.receive(a, ask(1));
  engine.receive(b, { ...inspect });
  engine.receive(a, { ...inspect });
  assert.equal(last.heard.length, 2);
  last.say({ type: 'done', id: last.heard[1].id });
  assert.equal(b.told.at(-1).error.code, 'bad_request');
  assert.equal(last.heard[2].type, 'inspect');
  last.say({ type: 'inspecting', id: last.heard[2].id, read: 1, total: 2 });
  engine.receive(b, { ...inspect, id: 3 });
  engine.receive(b, { type: 'stop', id: 3 });
  assert.equal(b.told.at(-1).error.code, 'aborted');
  last.say({ type: 'inspected', id: last.heard[2].id, result: {} });
  assert.deepEqual(a.told.slice(-2).map(({ type, id }) => [type, id]),
    [['inspecting', 2], ['inspected', 2]]);
  engine.receive(b, ask(4));
  assert.equal(last.heard[3].type, 'ask');
});

test('figures come to the one who asked, also while another is answered', () => {
  const [a, b] = [client(), client()];
  const { last } = StillWorker;
  for (const one of [a, b]) engine.join(one);
  engine.receive(a, ask(1));
  engine.receive(b, { type: 'stats', id: 1 });
  last.say({ type: 'stats', id: last.heard[2].id, stats: {} });
  assert.deepEqual(b.told, [{ type: 'stats', id: 1, stats: {} }]);
  engine.receive(b, ask(2));
  assert.equal(last.heard.length, 3, 'the answer goes on');
});

test('who leaves is told nothing more, and the others go on', () => {
  const [a, b] = [client(), client()];
  const { last } = StillWorker;
  for (const one of [a, b]) engine.join(one);
  engine.receive(a, ask(1));
  engine.receive(b, ask(1));
  engine.leave(a, true);
  assert.deepEqual(last.heard[2], { type: 'stop', id: last.heard[1].id });
  last.say({ type: 'done', id: last.heard[1].id });
  assert.deepEqual(a.told, []);
  assert.equal(last.heard[3].type, 'ask');
  assert.equal(last.terminated, 0);
});

test('the worker ends with the last who leaves; who is moved finds it again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const [a, b] = [client(), client()];
  const { last } = StillWorker;
  engine.join(a);
  last.say(READY);
  engine.leave(a, true);
  t.mock.timers.tick(1000);
  engine.join(b);
  t.mock.timers.tick(10_000);
  assert.deepEqual([last.terminated, ended], [0, 0]);
  engine.leave(b, false);
  t.mock.timers.tick(1);
  assert.deepEqual([last.terminated, ended], [1, 1]);
});

test('a worker that does not stop for one who has left is ended, and the others told', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const [a, b] = [client(), client()];
  for (const one of [a, b]) engine.join(one);
  engine.receive(a, ask(1));
  engine.leave(a, true);
  t.mock.timers.tick(10_000);
  assert.deepEqual([StillWorker.last.terminated, ended], [1, 1]);
  assert.equal(b.told.at(-1).error.code, 'engine_crashed');
});

test('a load that fails and a worker that dies are told to all, once', async () => {
  for (const end of [
    (/** @type {StillWorker} */ worker) => worker.say({ type: 'failed', id: null, error: {} }),
    (/** @type {StillWorker} */ worker) => worker.say({ type: 'crashed', error: {} }),
    (/** @type {StillWorker} */ worker) =>
      worker.onerror({ message: 'x', preventDefault: () => {} }),
  ]) {
    ended = 0;
    engine = new SharedEngine(LOAD, () => { ended++; });
    const [a, b] = [client(), client()];
    for (const one of [a, b]) engine.join(one);
    await end(StillWorker.last);
    engine.leave(a, false);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    assert.deepEqual([a.told.length, b.told.length, ended, StillWorker.last.terminated],
      [1, 1, 1, 1]);
  }
});
