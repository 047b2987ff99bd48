import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { chooseBuild, startEngine } from '../../../worker/start-engine.js';

/** @import { SpikeError } from '../../../shared/errors.js' */

const WASM = 'application/wasm';
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
// Imports a function f of "go".
const IMPORTING = [...HEADER, 1, 4, 1, 0x60, 0, 0, 2, 8, 1, 2, 0x67, 0x6f, 1, 0x66, 0, 0];

/** @type {{exit: (code: number) => void} | undefined} the Go that was started last */
let go;
Object.assign(globalThis, {
  Go: class {
    constructor() {
      go = this;
    }
    importObject = {};
    exit = () => {};
    run = async () => {};
  },
  fs: { writeSync: (/** @type {number} */ _, /** @type {Uint8Array} */ bytes) => bytes.length },
});
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
  mock.method(
    globalThis,
    'fetch',
    async (/** @type {string} */ _, /** @type {{signal: AbortSignal}} */ { signal }) =>
      new Response(typeof body === 'function' ? body(signal) : body, {
        headers: { 'content-type': type },
      }),
  );
  return startEngine('plain', () => {}, () => {});
}

for (const type of [WASM, 'application/octet-stream']) {
  test(`a connection that breaks, ${type}: offline, and may be tried again`, async () => {
    await assert.rejects(start(() => new ReadableStream({
      start(controller) { controller.enqueue(new Uint8Array(HEADER)); },
      pull(controller) { controller.error(new TypeError('network error')); },
    }), type), { code: 'offline', retryable: true });
  });

  test(`a download that stalls, ${type}: timeout; slow ones are waited for`, async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    /** @type {ReadableStreamDefaultController | undefined} */
    let body;
    const started = start(
      (signal) =>
        new ReadableStream({
          start(controller) {
            body = controller;
            signal.addEventListener('abort', () => controller.error(signal.reason));
          },
        }),
      type,
    );
    const settled = Promise.race([
      started.then(
        () => 'started',
        ({ code }) => code,
      ),
      turn(20).then(() => 'going on'),
    ]);
    // A section of zeros that is longer than what comes.
    for (const piece of [[...HEADER, 0, 0xff, 0xff, 0x7f], [], [], []]) {
      await turn(2);
      body?.enqueue(Uint8Array.from({ length: 4096 }, (_, i) => piece[i] ?? 0));
      await turn(2);
      mock.timers.tick(20_000);
    }
    assert.equal(await settled, 'going on');
    // A byte now and then is none of this.
    body?.enqueue(new Uint8Array(1));
    await turn(2);
    mock.timers.tick(20_000);
    await assert.rejects(started, { code: 'timeout', retryable: true });
  });

  test(`bytes that are no module, ${type}: unsupported_browser`, async () => {
    await assert.rejects(start(new Uint8Array([...HEADER, 99, 99]), type), {
      code: 'unsupported_browser',
      retryable: false,
    });
  });

  test(`a module of another Go, ${type}: version_mismatch`, async () => {
    await assert.rejects(start(new Uint8Array(IMPORTING), type), {
      code: 'version_mismatch',
      retryable: false,
    });
  });
}

test('what Go says when it ends is the error', async () => {
  // A module that exports a memory.
  const MODULE = new Uint8Array([...HEADER, 5, 3, 1, 0, 1, 7, 7, 1, 3, 0x6d, 0x65, 0x6d, 2, 0]);
  const { fs } = /** @type {{fs: {writeSync(fd: number, bytes: Uint8Array): number}}} */ (
    /** @type {unknown} */ (globalThis)
  );
  for (const [said, code, message] of [
    [
      'runtime: out of memory: cannot allocate 4194304-byte block\n' +
        'fatal error: out of memory\n\ngoroutine 7',
      'out_of_memory',
      'the engine ended with code 2: out of memory',
    ],
    [
      'panic: index out of range\n\ngoroutine 1 [running]:\nmain.fatal error: x',
      'engine_crashed',
      'the engine ended with code 2: index out of range',
    ],
    ['', 'engine_crashed', 'the engine ended with code 2'],
  ]) {
    mock.method(
      globalThis,
      'fetch',
      async () => new Response(MODULE, { headers: { 'content-type': WASM } }),
    );
    /** @type {SpikeError[]} */
    const crashes = [];
    const boundary = await startEngine(
      'plain',
      () => {},
      (crash) => crashes.push(crash),
    );
    // In pieces, as they come.
    for (const byte of new TextEncoder().encode(said))
      assert.equal(fs.writeSync(2, new Uint8Array([byte])), 1);
    go?.exit(2);
    assert.deepEqual(
      crashes.map((crash) => [crash.code, crash.message]),
      [[code, message]],
    );
    assert.throws(() => boundary.stats(), { code, message });
  }
});

test('a type that is long is told in short', async () => {
  /** @type {string[]} */
  const notices = [];
  mock.method(globalThis, 'fetch', async () => new Response(new Uint8Array(HEADER), {
    headers: { 'content-type': `x/${'y'.repeat(1e5)}\xad` },
  }));
  // It goes no further than the module, which is empty.
  await assert.rejects(startEngine('plain', (message) => notices.push(message), () => {}));
  assert.match(notices[0], /^the server sends wasm as x\/y+…; application\/wasm would /);
  assert.ok(notices[0].length < 250);
});

test('without wasm_exec.js nothing starts, and nothing is fetched', async () => {
  const scope = /** @type {{Go?: unknown}} */ (globalThis);
  const { Go } = scope;
  delete scope.Go;
  try {
    await assert.rejects(start(new Uint8Array(HEADER), WASM), {
      code: 'version_mismatch',
      message: 'wasm_exec.js brings no Go',
    });
    assert.equal(/** @type {any} */ (globalThis.fetch).mock.callCount(), 0);
  } finally {
    scope.Go = Go;
  }
});

test('the fastest build that the browser can run, or the one that is wanted, or an error', () => {
  const { validate } = WebAssembly;
  /** @type {string[]} */
  let lacks = [];
  // Strict vector instructions are numbered in one byte, relaxed ones in two: 0x80, 2.
  mock.method(WebAssembly, 'validate', (/** @type {Uint8Array<ArrayBuffer>} */ bytes) => {
    const has = bytes.at(-2) === 2 ? 'relaxed' : bytes.includes(0xfd) ? 'simd' : 'plain';
    assert.ok(has === 'relaxed' || validate(bytes), has);
    return !lacks.includes(has);
  });
  /** @type {(wanted: Parameters<typeof chooseBuild>[0]) => string} */
  const chosen = (wanted) => {
    try {
      return chooseBuild(wanted);
    } catch (error) {
      return /** @type {SpikeError} */ (error).code;
    }
  };
  const wanted = /** @type {const} */ (['auto', 'relaxed', 'simd', 'plain']);
  assert.deepEqual(wanted.map(chosen), ['relaxed', 'relaxed', 'simd', 'plain']);
  lacks = ['relaxed'];
  assert.deepEqual(wanted.map(chosen), ['simd', 'unsupported_browser', 'simd', 'plain']);
  lacks = ['relaxed', 'simd'];
  assert.deepEqual(wanted.map(chosen), [
    'plain',
    'unsupported_browser',
    'unsupported_browser',
    'plain',
  ]);
});

/** Lets streams go on, a number of times. @param {number} times */
async function turn(times) {
  for (let i = 0; i < times; i++) await new Promise((resolve) => { setImmediate(resolve); });
}
