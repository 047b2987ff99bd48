import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { startEngine } from '../../instantiate.js';

const WASM = 'application/wasm';
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
// Imports a function f of "go".
const IMPORTING = [...HEADER, 1, 4, 1, 0x60, 0, 0, 2, 8, 1, 2, 0x67, 0x6f, 1, 0x66, 0, 0];

Object.assign(globalThis, { Go: class { importObject = {}; exit = () => {}; run = async () => {}; } });
afterEach(() => {
  mock.restoreAll();
  mock.timers.reset();
});

/**
 * Starts an engine that comes as this body.
 * @param {BodyInit | ((signal: AbortSignal) => ReadableStream)} body
 * @param {string} type
 */
function start(body, type) {
  mock.method(globalThis, 'fetch', async (/** @type {string} */ _, /** @type {{signal: AbortSignal}} */ { signal }) =>
    new Response(typeof body === 'function' ? body(signal) : body, { headers: { 'content-type': type } }));
  return startEngine('plain', () => {}, () => {});
}

for (const type of [WASM, 'application/octet-stream']) {
  test(`a connection that breaks, ${type}: offline, and may be tried again`, async () => {
    await assert.rejects(start(() => new ReadableStream({
      start(controller) { controller.enqueue(new Uint8Array(HEADER)); },
      pull(controller) { controller.error(new TypeError('network error')); },
    }), type), { code: 'offline', retryable: true });
  });

  test(`a download that stalls, ${type}: timeout; bytes that come slowly are waited for`, async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    /** @type {ReadableStreamDefaultController | undefined} */
    let body;
    const started = start((signal) => new ReadableStream({
      start(controller) {
        body = controller;
        signal.addEventListener('abort', () => controller.error(signal.reason));
      },
    }), type);
    const settled = Promise.race([started.then(() => 'started', ({ code }) => code), turn(20).then(() => 'going on')]);
    for (const byte of HEADER.slice(0, 4)) {
      await turn(2);
      body?.enqueue(new Uint8Array([byte]));
      await turn(2);
      mock.timers.tick(20_000);
    }
    assert.equal(await settled, 'going on');
    mock.timers.tick(20_000);
    await assert.rejects(started, { code: 'timeout', retryable: true });
  });

  test(`bytes that are no module, ${type}: unsupported_browser`, async () => {
    await assert.rejects(start(new Uint8Array([...HEADER, 99, 99]), type), { code: 'unsupported_browser', retryable: false });
  });

  test(`a module of another Go, ${type}: version_mismatch`, async () => {
    await assert.rejects(start(new Uint8Array(IMPORTING), type), { code: 'version_mismatch', retryable: false });
  });
}

/** Lets streams go on, a number of times. @param {number} times */
async function turn(times) {
  for (let i = 0; i < times; i++) await new Promise((resolve) => { setImmediate(resolve); });
}
