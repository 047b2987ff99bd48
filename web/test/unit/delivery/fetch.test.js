import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { fetchBytes } from '../../../delivery/fetch.js';

afterEach(() => {
  mock.restoreAll();
  mock.timers.reset();
});

for (const [name, response, code] of /** @type {const} */ ([
  ['a refused status', () => new Response('no', { status: 404 }), 'http_status'],
  [
    'a web page',
    () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }),
    'wrong_content_type',
  ],
])) {
  test(`${name}: what is left of it is not downloaded`, async () => {
    /** @type {AbortSignal | null | undefined} */
    let signal;
    mock.method(
      globalThis,
      'fetch',
      async (/** @type {string} */ _, /** @type {RequestInit} */ init) => {
        ({ signal } = init);
        return response();
      },
    );
    await assert.rejects(fetchBytes('http://x/file', { limit: 100 }), { code, retryable: false });
    assert.equal(signal?.aborted, true);
  });
}

test('a body comes whole, also after a try that broke off; chunks are given back', async () => {
  const body = Uint8Array.from({ length: 1000 }, (_, i) => 1 + (i % 251));
  /** @type {Uint8Array[]} */
  const chunks = [];
  let tries = 0;
  mock.method(
    globalThis,
    'fetch',
    async () =>
      new Response(
        new ReadableStream({
          start(controller) {
            for (let at = 0, size = 1; at < body.length; at += size, size = 2 * size + 1) {
              // Its own copy: what is released must not be the body.
              chunks.push(body.slice(at, at + size));
              controller.enqueue(chunks.at(-1));
              if (tries === 0 && at > 100) return;
            }
            controller.close();
          },
          pull(controller) {
            if (tries++ === 0) controller.error(new TypeError('network error'));
          },
        }),
      ),
  );
  Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true });
  mock.timers.enable({ apis: ['setTimeout'] });
  for (const options of [{ limit: 2000 }, { limit: 1000, exact: 1000 }]) {
    tries = 0;
    chunks.length = 0;
    const fetched = fetchBytes('http://x/file', options);
    for (let i = 0; i < 50; i++) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      mock.timers.tick(1000);
    }
    assert.deepEqual([...(await fetched)], [...body]);
    assert.ok(tries > 0 && chunks.length > 10);
    assert.equal(
      chunks.slice(-9).reduce((sum, { length }) => sum + length, 0),
      0,
      'a chunk was kept',
    );
  }
});
