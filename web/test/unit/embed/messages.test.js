import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isConversation, isForWorker, isOpen, isToEngines, isToFrame } from
  '../../../embed/messages.js';

const around = /** @type {any} */ ({});
const [port] = /** @type {any[]} */ ([{}]);

/** What stands for anything that a page may send. */
const ODD = [
  undefined, null, 0, NaN, '', 'open', true, [], [[]], {}, { type: null }, { type: 'none' },
  { type: 'toString' }, { type: '__proto__' }, new Map(), new Date(0), Symbol.iterator, 1n,
];

test('only the window around opens the channel, with one port and a message of its form', () => {
  const data = { spikechat: 'open', attributes: [['load', 'click']], values: {}, scheme: 'dark',
    lang: 'de' };
  assert.ok(isOpen({ source: around, data, ports: [port] }, around));
  assert.ok(isOpen({ source: around, data: { spikechat: 'open' }, ports: [port] }, around));
  for (const [name, event] of Object.entries({
    'another window': { source: /** @type {any} */ ({}), data, ports: [port] },
    'no window': { source: null, data, ports: [port] },
    'no port': { source: around, data, ports: [] },
    'two ports': { source: around, data, ports: [port, port] },
    ...Object.fromEntries([
      { spikechat: 'hello' }, { ...data, attributes: {} }, { ...data, attributes: [['load']] },
      { ...data, attributes: [['load', null]] }, { ...data, attributes: ['load'] },
      { ...data, attributes: [['a', 'b', 'c']] }, { ...data, values: [] },
      { ...data, values: 'x' }, { ...data, scheme: 1 }, { ...data, scheme: {} },
      { ...data, lang: null }, { ...data, lang: ['de'] }, ...ODD,
    ].map((odd, i) => [`odd ${i}`, { source: around, data: odd, ports: [port] }])),
  })) assert.equal(isOpen(event, around), false, name);
});

test('messages to a frame have their form', () => {
  const call = { type: 'call', id: 1, path: ['send'], values: ['x'], aborted: false };
  for (const good of [
    call, { type: 'attribute', name: 'load', value: null }, { type: 'stop', id: 1 },
    { type: 'attribute', name: 'load', value: 'click' }, { type: 'focus' },
  ]) assert.equal(isToFrame(good), true, JSON.stringify(good));
  for (const odd of [
    ...ODD, { ...call, id: '1' }, { ...call, id: 1.5 }, { ...call, path: 'send' },
    { ...call, path: [1] }, { ...call, path: Array(9).fill('a') }, { ...call, values: {} },
    { ...call, values: Array(9) }, { ...call, aborted: undefined }, { type: 'stop' },
    { type: 'attribute', name: 'load' }, { type: 'attribute', name: 1, value: '' },
    { type: 'attribute', name: 'load', value: 1 },
  ]) assert.equal(isToFrame(odd), false, String(odd));
});

test('messages to the engines\' frame, and through it, have their form', () => {
  for (const type of ['client', 'gone']) assert.ok(isToEngines({ type, element: 1 }));
  for (const odd of [...ODD, { type: 'client' }, { type: 'gone', element: '1' }, { element: 1 }])
    assert.equal(isToEngines(odd), false, String(odd));
  for (const good of [
    { type: 'load' }, { type: 'leave' }, { type: 'stop', id: 1 }, { type: 'stats', id: 1 },
    { type: 'ask', id: 1, request: {} },
  ]) assert.ok(isForWorker(good), good.type);
  for (const odd of [
    ...ODD, { type: 'ask', id: 1 }, { type: 'ask', request: {} },
    { type: 'ask', id: 1, request: [] },
    { type: 'stop', id: null }, { type: 'stats', id: Infinity },
  ]) assert.equal(isForWorker(odd), false, String(odd));
});

test('a conversation is questions and answers, in text', () => {
  const user = { role: 'user', content: 'x' };
  assert.ok(isConversation([]) && isConversation([user, { role: 'assistant', content: '' }]));
  for (const odd of [
    ...ODD.filter((one) => !Array.isArray(one)), [null], [[]], [{ role: 'system', content: 'x' }],
    [{ role: 'user' }], [{ role: 'user', content: [user] }], { length: 1, 0: user },
  ]) assert.equal(isConversation(odd), false, String(odd));
});
