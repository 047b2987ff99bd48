import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { fetchBytes, fetchNowhereElse } from '../../../delivery/fetch.js';
import { SpikeError } from '../../../shared/errors.js';

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

test('a redirect is refused once and for all, and not called offline', async () => {
  /** @type {RequestInit[]} */
  const asked = [];
  mock.method(
    globalThis,
    'fetch',
    async (/** @type {string} */ _, /** @type {RequestInit} */ init) => {
      asked.push(init);
      // As a browser gives it where redirects are manual.
      const { headers, body } = new Response();
      return { type: 'opaqueredirect', status: 0, ok: false, headers, body };
    },
  );
  await assert.rejects(fetchBytes('http://x/file', { limit: 100 }), {
    code: 'http_status',
    message: 'the server redirects it, and redirects are not followed',
    retryable: false,
    url: 'http://x/file',
  });
  assert.deepEqual(asked.map(({ redirect }) => redirect), ['manual']);
});

/**
 * Fetches a file that comes in pieces, on a clock of the test's.
 * @param {number} piece bytes
 * @param {number} everyMs
 * @param {number} exact bytes of the file
 * @returns {Promise<{code: string, message: string, ms: number}>} how it ended, and after how long
 */
async function trickle(piece, everyMs, exact) {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true });
  /** @type {ReadableStreamDefaultController | null} */
  let body = null;
  mock.method(
    globalThis,
    'fetch',
    async (/** @type {string} */ _, /** @type {RequestInit} */ init) =>
      new Response(
        new ReadableStream({
          start(controller) {
            body = controller;
            init.signal?.addEventListener('abort', () => {
              if (body === controller) body = null;
              controller.error(new Error('aborted'));
            });
          },
        }),
      ),
  );
  /** @type {{code: string, message: string} | null} */
  let end = null;
  fetchBytes('http://x/file', { limit: exact, exact }).then(
    () => { end = { code: 'came', message: '' }; },
    ({ code, message }) => { end = { code, message }; });
  let ms = 0;
  for (let sent = 0; !end && ms < 3_600_000; ms += everyMs) {
    for (let i = 0; i < 5; i++) await new Promise((resolve) => { setImmediate(resolve); });
    const to = /** @type {ReadableStreamDefaultController | null} */ (body);
    if (to && sent < exact) {
      to.enqueue(new Uint8Array(Math.min(piece, exact - sent)));
      sent += piece;
      if (sent >= exact) to.close();
    }
    for (let i = 0; i < 5; i++) await new Promise((resolve) => { setImmediate(resolve); });
    mock.timers.tick(everyMs);
  }
  return { code: 'goes on', message: '', .../** @type {object | null} */ (end), ms };
}

test('a byte every 1.5 s is a stall', async () => {
  const { code, message, ms } = await trickle(1, 1500, 1 << 20);
  assert.equal(code, 'timeout');
  assert.match(message, /^only \d+ bytes in 30 s$/);
  // Five tries of 30 s, and the waits between them.
  assert.ok(ms > 150_000 && ms < 200_000, `${ms} ms`);
});

test('4 KiB in every 30 s are no stall, and the last piece may be small', async () => {
  assert.equal((await trickle(4096, 29_000, 40 * 4096 + 1)).code, 'came');
  assert.equal((await trickle(4095, 29_000, 40 * 4096)).code, 'timeout');
});

test('nothing at all is a stall, and says so', async () => {
  const { code, message } = await trickle(0, 40_000, 1 << 20);
  assert.deepEqual({ code, message }, { code: 'timeout', message: 'no byte for 30 s' });
});

/**
 * A browser whose HTTP cache answers 404 unless it is passed by.
 * @returns {(RequestCache | undefined)[]} the modes that were asked with
 */
function lyingCache() {
  /** @type {(RequestCache | undefined)[]} */
  const modes = [];
  mock.method(
    globalThis,
    'fetch',
    async (/** @type {string} */ _, /** @type {RequestInit} */ { cache }) => {
      modes.push(cache);
      const kept = cache === 'default' || cache === undefined;
      return kept ? new Response('no', { status: 404 }) : new Response('yes');
    },
  );
  return modes;
}

test('"not found" from the browser\'s own cache is asked again, once and at once', async () => {
  const modes = lyingCache();
  const bytes = await fetchBytes('http://x/file', { limit: 100 });
  assert.equal(new TextDecoder().decode(bytes), 'yes');
  assert.deepEqual(modes, ['default', 'reload']);
});

test('a module that is streamed is asked again too', async () => {
  const modes = lyingCache();
  const { signal } = new AbortController();
  assert.equal(await (await fetchNowhereElse('http://x/file', { signal })).text(), 'yes');
  assert.deepEqual(modes, [undefined, 'reload']);
});

for (const [name, options, modes] of /** @type {const} */ ([
  ['from a cache perhaps', {}, ['default', 'reload']],
  ['of a server that was asked', { revalidate: true }, ['no-cache']],
  ['past the cache', { keeps: true }, ['no-store']],
])) {
  test(`"not found" ${name} is believed after ${modes.length} requests`, async () => {
    /** @type {unknown[]} */
    const asked = [];
    mock.method(
      globalThis,
      'fetch',
      async (/** @type {string} */ _, /** @type {RequestInit} */ { cache }) => {
        asked.push(cache);
        return new Response('no', { status: 404 });
      },
    );
    await assert.rejects(fetchBytes('http://x/file', { limit: 100, ...options }), {
      code: 'http_status',
      message: 'status 404',
      retryable: false,
    });
    assert.deepEqual(asked, modes);
  });
}

test('what the caller keeps is never put into the browser\'s cache, at no try', async () => {
  /** @type {unknown[]} */
  const asked = [];
  mock.method(
    globalThis,
    'fetch',
    async (/** @type {string} */ _, /** @type {RequestInit} */ { cache }) => {
      asked.push(cache);
      return new Response('short');
    },
  );
  mock.timers.enable({ apis: ['setTimeout'] });
  const fetched = fetchBytes('http://x/file', { limit: 100, exact: 100, keeps: true });
  const ended = assert.rejects(fetched, { code: 'shard_truncated' });
  for (let i = 0; i < 50; i++) {
    await new Promise((resolve) => { setImmediate(resolve); });
    mock.timers.tick(1000);
  }
  await ended;
  assert.deepEqual(asked, Array(5).fill('no-store'));
});

const BODY = Uint8Array.from({ length: 100 }, (_, i) => i);

/**
 * A server whose first answer breaks off after 60 bytes.
 * @param {string | null} tag of that answer
 * @param {(range: string | null) => Response} then what it answers later
 * @param {Record<string, string>} [more] headers of the first answer
 */
function breaksOff(tag, then, more = {}) {
  Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true });
  /** @type {(string | null)[]} ranges asked for */
  const ranges = [];
  mock.method(globalThis, 'fetch', async (/** @type {string} */ _, /** @type {any} */ how) => {
    const range = new Headers(how.headers).get('range');
    ranges.push(range);
    if (ranges.length > 1) return then(range);
    let pulls = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        if (pulls++ === 0) controller.enqueue(BODY.slice(0, 60));
        else controller.error(new TypeError('network error'));
      },
    });
    return new Response(body, { headers: { ...tag === null ? {} : { etag: tag }, ...more } });
  });
  return ranges;
}

/** @param {string} tag @param {string} [range] */
const rest = (tag, range = 'bytes 60-99/100') => new Response(BODY.slice(60), {
  status: 206, headers: { etag: tag, 'content-range': range },
});
const whole = () => new Response(BODY.slice());

/** @param {Promise<unknown>} promise goes on through all pauses */
async function throughPauses(promise) {
  let over = false;
  promise.then(() => { over = true; }, () => { over = true; });
  for (const began = performance.now(); !over && performance.now() - began < 5000;) {
    await new Promise((resolve) => { setImmediate(resolve); });
    mock.timers.tick(1000);
  }
  return promise;
}

/**
 * @type {[string, string | null, (range: string | null) => Response, (string | null)[],
 *   Record<string, string>?][]}
 */
const RESTS = [
  ['the same tag: only the rest comes', '"a"', () => rest('"a"'), ['bytes=60-']],
  ['another tag', '"a"', (range) => (range ? rest('"b"') : whole()), ['bytes=60-', null]],
  ['another range', '"a"',
    (range) => (range ? rest('"a"', 'bytes 61-99/100') : whole()), ['bytes=60-', null]],
  ['another length', '"a"',
    (range) => (range ? rest('"a"', 'bytes 60-99/101') : whole()), ['bytes=60-', null]],
  ['no ranges', '"a"', whole, ['bytes=60-']],
  ['a range that is refused', '"a"',
    (range) => (range ? new Response('', { status: 416 }) : whole()), ['bytes=60-', null]],
  ['a weak tag', 'W/"a"', whole, [null]],
  ['no tag', null, whole, [null]],
  ['bytes that are coded', '"a"', whole, [null], { 'content-encoding': 'gzip' }],
];
for (const [name, tag, then, asked, more] of RESTS) {
  test(`a connection that broke, and ${name}`, async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const ranges = breaksOff(tag, then, more);
    /** @type {number[]} */
    const seen = [];
    const got = await throughPauses(fetchBytes(
      'http://x/file', { limit: 100, exact: 100, onbytes: (n) => seen.push(n) }));
    assert.deepEqual(got, BODY);
    assert.deepEqual(ranges, [null, ...asked]);
    assert.equal(seen.at(-1), 100);
    const kept = seen[1];
    assert.equal(kept, tag === '"a"' && !more ? 60 : 0, 'what is gone on from');
  });
}

test('bytes that were wrong are not gone on from', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const ranges = breaksOff('"a"', (range) => (range ? rest('"a"') : whole()));
  let checks = 0;
  await throughPauses(fetchBytes('http://x/file', {
    limit: 100, exact: 100,
    check: async () => {
      if (++checks === 1) throw new SpikeError('shard_corrupt', 'differs', { retryable: true });
    },
  }));
  assert.deepEqual(ranges, [null, 'bytes=60-', null]);
});

test('a signal ends a download, a pause and waiting for the network', async () => {
  for (const when of ['download', 'pause', 'offline']) {
    Object.defineProperty(
      globalThis, 'navigator', { value: { onLine: when !== 'offline' }, configurable: true });
    globalThis.addEventListener ??= () => {};
    let asked = 0;
    mock.method(globalThis, 'fetch', async (/** @type {string} */ _, /** @type {any} */ how) => {
      asked++;
      if (when !== 'download') throw new TypeError('network error');
      return new Response(new ReadableStream({
        start: (c) => how.signal.addEventListener('abort', () => c.error(how.signal.reason)),
      }));
    });
    const abort = new AbortController();
    const got = fetchBytes('http://x/file', { limit: 100, signal: abort.signal });
    got.catch(() => {});
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    const began = performance.now();
    abort.abort();
    await assert.rejects(got, { code: 'aborted', retryable: true });
    assert.ok(performance.now() - began < 100, when);
    assert.equal(asked, 1);
    mock.restoreAll();
  }
});

test('where there is another way nobody waits', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let asked = 0;
  mock.method(globalThis, 'fetch', (/** @type {string} */ _, /** @type {any} */ how) => {
    asked++;
    return new Promise((__, reject) => {
      how.signal.addEventListener('abort', () => reject(how.signal.reason));
    });
  });
  const got = throughPauses(fetchBytes('http://x/file', { limit: 100, hurry: true }));
  await assert.rejects(got, { code: 'timeout', message: 'no byte for 5 s' });
  assert.equal(asked, 1);
});
