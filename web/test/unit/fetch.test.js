import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { fetchBytes } from '../../fetch.js';

afterEach(() => { mock.restoreAll(); });

for (const [name, response, code] of /** @type {const} */ ([
  ['a refused status', () => new Response('no', { status: 404 }), 'http_status'],
  ['a web page', () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }), 'wrong_content_type'],
])) {
  test(`${name}: what is left of it is not downloaded`, async () => {
    /** @type {AbortSignal | null | undefined} */
    let signal;
    mock.method(globalThis, 'fetch', async (/** @type {string} */ _, /** @type {RequestInit} */ init) => {
      ({ signal } = init);
      return response();
    });
    await assert.rejects(fetchBytes('http://x/file', { limit: 100 }), { code, retryable: false });
    assert.equal(signal?.aborted, true);
  });
}
