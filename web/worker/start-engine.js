// Starts Go in this worker: picks the build, compiles it, runs main until it waits for calls.

import { StallWatch, fetchNowhereElse } from '../delivery/fetch.js';
import { release } from '../delivery/release-buffer.js';
import { SpikeError, shown } from '../shared/errors.js';
import { BUILDS } from '../shared/contract.js';
import { blockedByPolicy } from '../shared/policy.js';
import { WasmEngine } from './wasm-engine.js';

/** @import { Build } from '../shared/contract.js' */
/** @import { ErrorCode } from '../shared/errors.js' */
/** @import { Crew, Exports } from './wasm-engine.js' */

/**
 * A module of one function: a module that holds an instruction which the browser lacks does not
 * validate, and Go cannot ask from inside.
 * @param {number[]} code leaves one vector
 */
const probe = (...code) => new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // magic, version
  1, 5, 1, 0x60, 0, 1, 0x7b, // type: () -> v128
  3, 2, 1, 0, // one function of it
  10, code.length + 4, 1, code.length + 2, 0, ...code, 11,
]);
const SPLAT = [0x41, 0, 0xfd, 15]; // i8x16.splat(0)

/**
 * What has to validate where a build is to run.
 * @type {Readonly<Record<Build, Uint8Array<ArrayBuffer>>>}
 */
const PROBES = Object.freeze({
  relaxed: probe(
    ...SPLAT, ...SPLAT, 0xfd, 0x80, 2, // i8x16.relaxed_swizzle
    ...SPLAT, 0xfd, 0x92, 2, // i16x8.relaxed_dot_i8x16_i7x16_s
    ...SPLAT, ...SPLAT, 0xfd, 0x93, 2, // i32x4.relaxed_dot_i8x16_i7x16_add_s
  ),
  simd: probe(...SPLAT, 0xfd, 98), // i8x16.popcnt
  plain: new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
});

/**
 * Written out, because bundlers look for such expressions, and put the address of their copy here.
 * @type {Readonly<Record<Build, URL>>}
 */
const MODULES = Object.freeze({
  relaxed: new URL('../spikechat-relaxed.wasm', import.meta.url),
  simd: new URL('../spikechat-simd.wasm', import.meta.url),
  plain: new URL('../spikechat.wasm', import.meta.url),
});

/**
 * What wasm_exec.js puts on the global object.
 * @typedef {{importObject: WebAssembly.Imports, run(instance: WebAssembly.Instance): Promise<void>,
 *   exit: (code: number) => void}} Go
 */

/**
 * Which build runs here: the fastest that can, or the one wanted.
 * @param {'auto' | Build} wanted
 * @returns {Build}
 * @throws {SpikeError} unsupported_browser, blocked_by_policy
 */
export function chooseBuild(wanted) {
  if (typeof WebAssembly !== 'object')
    throw new SpikeError('unsupported_browser', 'this browser has no WebAssembly');
  const build = BUILDS.find(
    (one) => (wanted === 'auto' || wanted === one) && WebAssembly.validate(PROBES[one]),
  );
  if (!build)
    throw new SpikeError('unsupported_browser', `this browser cannot run the ${wanted} build`);
  askPolicy();
  return build;
}

/**
 * Compiles an empty module. What it throws under a policy is what it throws for a damaged file, so
 * this is asked with a file that is known to be good.
 * @throws {SpikeError} blocked_by_policy
 */
function askPolicy() {
  try {
    new WebAssembly.Module(PROBES.plain);
  } catch (cause) {
    const message =
      'the content security policy that worker/worker.js is sent with refuses WebAssembly: ' +
      'its script-src must have \'wasm-unsafe-eval\'';
    throw blockedByPolicy(message, { cause });
  }
}

/**
 * Compiles and starts a build.
 * @param {Build} build
 * @param {(message: string) => void} notice called when the server sends wasm with a wrong type
 * @param {(crash: SpikeError) => void} oncrash called once, when Go ends by itself
 * @param {(module: WebAssembly.Module) => Promise<Crew | null>} [startCrew] starts the further
 *   threads
 * @returns {Promise<WasmEngine>}
 * @throws {SpikeError}
 */
export async function startEngine(build, notice, oncrash, startCrew = async () => null) {
  glue();
  const module = await compile(MODULES[build].href, notice);
  /** @type {WasmEngine} */
  let engine;
  const [crew, exports] = await Promise.all([
    startCrew(module),
    startGo(module, {
      share: (address, from, to, total) => engine.share(address, from, to, total),
    }, (crash) => {
      oncrash(engine ? engine.crashed(crash.message, crash) : crash);
    }),
  ]);
  engine = new WasmEngine(exports, crew);
  return engine;
}

/**
 * Starts Go with a module of ours.
 * @template [Own=Exports]
 * @param {WebAssembly.Module} module
 * @param {Record<string, (...args: number[]) => number>} spike what the module imports of us: the
 *   engine `share`, for which see meeting.js; a thread alone never calls it
 * @param {(crash: SpikeError) => void} oncrash called once, when Go ends by itself
 * @returns {Promise<Own>}
 * @throws {SpikeError}
 */
export async function startGo(module, spike, oncrash) {
  const go = new (glue())();
  const instance = await instantiate(module, { ...go.importObject, spike });
  // main never returns, so any end is a crash. This hook runs inside the call that ended Go, before
  // its caller goes on.
  const words = lastWords();
  go.exit = (code) => {
    const why = words();
    oncrash(new SpikeError(
      why.startsWith('out of memory') ? 'out_of_memory' : 'engine_crashed',
      `the engine ended with code ${code}${why && `: ${why}`}`));
  };
  go.run(instance).catch((cause) =>
    oncrash(new SpikeError('engine_crashed', 'the engine ended by itself', { cause })),
  );
  return /** @type {Own} */ (/** @type {unknown} */ (instance.exports));
}

/**
 * Go's own glue, which make copies from the Go that built the module. Whoever imports this imports
 * wasm_exec.js as well, as worker.js does: with its other modules, and under the same policy. No
 * code of ours could ask for it without following a redirect.
 * @returns {new () => Go}
 * @throws {SpikeError} version_mismatch
 */
function glue() {
  const { Go } = /** @type {{Go?: new () => Go}} */ (/** @type {unknown} */ (globalThis));
  if (!Go) throw new SpikeError('version_mismatch', 'wasm_exec.js brings no Go');
  return Go;
}

/**
 * Listens to what Go writes to the console, for only that says why it ended.
 * @returns {() => string} the reason that it gave, or nothing
 */
function lastWords() {
  const { fs } = /** @type {{fs: {writeSync(fd: number, bytes: Uint8Array): number}}} */ (
    /** @type {unknown} */ (globalThis)
  );
  const write = fs.writeSync;
  const decoder = new TextDecoder();
  let said = '';
  fs.writeSync = (fd, bytes) => {
    // The reason comes before the traces of all goroutines.
    if (said.length < 4096) said += decoder.decode(bytes, { stream: true });
    return write.call(fs, fd, bytes);
  };
  return () => /^(?:fatal error|panic): (.*)$/m.exec(said)?.[1] ?? '';
}

/**
 * Compiles a module while it is downloaded, where the browser can.
 * @param {string} url
 * @param {(message: string) => void} notice
 * @returns {Promise<WebAssembly.Module>}
 * @throws {SpikeError}
 */
export async function compile(url, notice) {
  const watch = new StallWatch();
  try {
    const response = await fetchNowhereElse(url, { signal: watch.signal });
    touchWithBytes(response.clone(), watch);
    const type = (response.headers.get('content-type') ?? '').split(';')[0].trim().toLowerCase();
    // Streaming compiles while bytes come in, but browsers insist on the type. A server that has it
    // wrong costs time, not the answer.
    if (type === 'application/wasm' && WebAssembly.compileStreaming)
      return await WebAssembly.compileStreaming(response);
    if (type !== 'application/wasm') {
      const other = shown(type) || 'nothing';
      notice(`the server sends wasm as ${other}; application/wasm would start sooner`);
    }
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (cause) {
    if (cause instanceof SpikeError) throw cause;
    if (cause instanceof WebAssembly.CompileError)
      throw notStarted('unsupported_browser', url, cause);
    if (cause instanceof RangeError) throw notStarted('out_of_memory', url, cause);
    throw watch.failure(url, cause);
  } finally {
    watch.end();
  }
}

/**
 * Reads a copy of the response, because a compiler does not tell when bytes come. The compiler gets
 * the browser's own response: for one that was put together here no compiled code could be kept for
 * the next visit.
 * @param {Response} copy
 * @param {StallWatch} watch
 */
async function touchWithBytes(copy, watch) {
  try {
    const reader = copy.body?.getReader();
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      // Before its release: then it is empty.
      watch.touch(read.value.length);
      release(read.value);
    }
    // Compiling may take longer than a stall.
    watch.complete();
  } catch {
    // Whoever reads the response itself meets the same error and reports it.
  }
}

/**
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Imports} imports
 * @returns {Promise<WebAssembly.Instance>}
 * @throws {SpikeError}
 */
async function instantiate(module, imports) {
  try {
    return await WebAssembly.instantiate(module, imports);
  } catch (cause) {
    // What the module imports is not what wasm_exec.js of another Go offers: a LinkError, or a
    // TypeError where not even the name is there.
    throw notStarted(
      cause instanceof RangeError ? 'out_of_memory' : 'version_mismatch', undefined, cause);
  }
}

/**
 * @param {ErrorCode} code
 * @param {string | undefined} url
 * @param {unknown} cause
 */
function notStarted(code, url, cause) {
  return new SpikeError(
    code,
    `the engine did not start: ${cause instanceof Error ? cause.message : cause}`,
    { url, cause },
  );
}
