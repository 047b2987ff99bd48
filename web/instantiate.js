// Starts Go in this worker: picks the build, compiles it, runs main until it waits for calls.

import { Boundary } from './boundary.js';
import { SpikeError } from './errors.js';

// One function: i8x16.popcnt(i8x16.splat(0)). A module that holds v128 does not validate where SIMD is missing, and
// Go cannot ask from inside, hence two builds and this test.
const SIMD_PROBE = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // magic, version
  1, 5, 1, 0x60, 0, 1, 0x7b, // type: () -> v128
  3, 2, 1, 0, // one function of it
  10, 10, 1, 8, 0, 0x41, 0, 0xfd, 15, 0xfd, 98, 11,
]);

/** What wasm_exec.js puts on the global object. @typedef {{importObject: WebAssembly.Imports, run(instance: WebAssembly.Instance): Promise<void>, exit: (code: number) => void}} Go */

/**
 * Which build runs here.
 * @param {import('./protocol.js').Build} wanted
 * @returns {'simd' | 'plain'}
 * @throws {SpikeError} unsupported_browser
 */
export function chooseBuild(wanted) {
  if (typeof WebAssembly !== 'object') throw new SpikeError('unsupported_browser', 'this browser has no WebAssembly');
  const simd = WebAssembly.validate(SIMD_PROBE);
  if (wanted === 'simd' && !simd) throw new SpikeError('unsupported_browser', 'this browser has no WebAssembly SIMD');
  return wanted === 'auto' ? (simd ? 'simd' : 'plain') : wanted;
}

/**
 * Compiles and starts a build.
 * @param {'simd' | 'plain'} build
 * @param {(message: string) => void} notice called when the server sends wasm with a wrong type
 * @param {(crash: SpikeError) => void} oncrash called once, when Go ends by itself
 * @returns {Promise<Boundary>}
 * @throws {SpikeError}
 */
export async function startEngine(build, notice, oncrash) {
  const url = new URL(build === 'simd' ? './spikechat-simd.wasm' : './spikechat.wasm', import.meta.url).href;
  const go = new (/** @type {{Go: new () => Go}} */ (/** @type {unknown} */ (globalThis)).Go)();
  const instance = await instantiate(url, go.importObject, notice);
  const boundary = new Boundary(/** @type {import('./boundary.js').Exports} */ (/** @type {unknown} */ (instance.exports)));
  const ended = (/** @type {string} */ message, /** @type {unknown} */ cause) => oncrash(boundary.crashed(message, cause));
  // main never returns, so any end is a crash. This hook runs inside the call that ended Go, before its caller goes on.
  go.exit = (code) => ended(`the engine ended with code ${code}`, undefined);
  go.run(instance).catch((cause) => ended('the engine ended by itself', cause));
  return boundary;
}

/**
 * @param {string} url
 * @param {WebAssembly.Imports} imports
 * @param {(message: string) => void} notice
 * @returns {Promise<WebAssembly.Instance>}
 */
async function instantiate(url, imports, notice) {
  let response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new SpikeError('offline', 'the engine could not be fetched', { retryable: true, url, cause });
  }
  if (!response.ok) {
    throw new SpikeError('http_status', `status ${response.status} for the engine`, { retryable: response.status >= 500, url });
  }
  const type = (response.headers.get('content-type') ?? '').split(';')[0].trim().toLowerCase();
  if (type === 'text/html') throw new SpikeError('wrong_content_type', 'a web page came instead of the engine', { url });
  try {
    // Streaming compiles while bytes come in, but browsers insist on the type. A server that has it wrong costs time,
    // not the answer.
    if (type === 'application/wasm' && WebAssembly.instantiateStreaming) {
      return (await WebAssembly.instantiateStreaming(response, imports)).instance;
    }
    if (type !== 'application/wasm') notice(`the server sends wasm as ${type || 'nothing'}; application/wasm would start sooner`);
    return (await WebAssembly.instantiate(await response.arrayBuffer(), imports)).instance;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SpikeError(startCode(cause), `the engine did not start: ${message}`, { url, cause });
  }
}

/** @param {unknown} cause @returns {import('./errors.js').ErrorCode} */
function startCode(cause) {
  if (cause instanceof RangeError) return 'out_of_memory';
  // What the module imports is not what wasm_exec.js of another Go offers.
  if (cause instanceof WebAssembly.LinkError) return 'version_mismatch';
  return 'unsupported_browser';
}
