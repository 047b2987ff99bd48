// One file from the network: watched for stalls, of exact length where that is known, tried again
// where that may help.

import { SpikeError } from '../shared/errors.js';
import { policyAgainst } from '../shared/policy.js';
import { release } from './release-buffer.js';

const TRIES = 5;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
// A download must bring so many bytes in every such time: 137 a second, and as the page has four
// downloads under way at most, half a kilobyte a second for all. Less is as good as nothing: the
// model would take two days.
const STALL_MS = 30_000;
const LEAST_BYTES = 4096;
const OFFLINE_MS = 60_000;
// Where there is another way nobody waits that long for a server.
const HURRY_MS = 5000;

/**
 * @typedef {object} FetchOptions
 * @property {number} limit most bytes to accept
 * @property {number} [exact] the only length to accept
 * @property {(bytes: Uint8Array<ArrayBuffer>) => Promise<void>} [check] throws when the bytes are
 *   not the right ones
 * @property {(bytes: number) => void} [onbytes] bytes of this file so far; falls back to 0 when it
 *   starts again
 * @property {(waiting: boolean) => void} [onwaiting] the network is away, or back
 * @property {boolean} [revalidate] ask the server even when the browser has a copy
 * @property {boolean} [keeps] the caller keeps the file, or wants nobody to: the browser's cache is
 *   not to have it
 * @property {boolean} [hurry] there is another way: one try, and a short one
 * @property {AbortSignal} [signal] ends it with `aborted`
 */

/**
 * What has come of a file of known length before its connection broke.
 * @typedef {object} Part
 * @property {Uint8Array<ArrayBuffer>} bytes room for all of it
 * @property {number} length of what has come
 * @property {string | null} tag the strong entity tag of what it is of (RFC 9110, 8.8.3): only more
 *   of the same bytes is put behind it
 */

/**
 * Fetches a file into memory.
 * @param {string} url
 * @param {FetchOptions} options
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {SpikeError} the last try's error
 */
export async function fetchBytes(url, options) {
  const { signal, hurry = false, onbytes, onwaiting, check } = options;
  /** @type {Part} */
  const part = { bytes: new Uint8Array(), length: 0, tag: null };
  for (let tries = 1; ; tries++) {
    try {
      const bytes = await fetchOnce(url, options, tries, part);
      part.tag = null; // bytes that are not the right ones are not gone on with
      await check?.(bytes);
      return bytes;
    } catch (error) {
      if (signal?.aborted) throw stopped(url);
      const last = hurry || tries === TRIES;
      if (!(error instanceof SpikeError) || !error.retryable || last) throw error;
      onbytes?.(part.tag === null ? 0 : part.length);
      if (error.code === 'offline') await online(onwaiting, signal);
      await pause(waitOf(tries, error), signal);
      if (signal?.aborted) throw stopped(url);
    }
  }
}

/** @param {string} url */
const stopped = (url) => new SpikeError('aborted', 'it was cancelled', { retryable: true, url });

/**
 * @param {string} url
 * @param {FetchOptions} options
 * @param {number} tries
 * @param {Part} part that came before; what comes now is in it as well
 */
async function fetchOnce(url, options, tries, part) {
  const { limit, exact, onbytes, signal, hurry } = options;
  const watch = new StallWatch({ ms: hurry ? HURRY_MS : STALL_MS, signal });
  try {
    const how = { signal: watch.signal, cache: cacheModeOf(options, tries) };
    const response = await goOnOrBegin(url, how, part, exact);
    if (!response.body) throw truncated(url, 0, exact ?? limit);
    if (part.length === 0) part.bytes = new Uint8Array(exact ?? Math.min(limit, 64 << 10));
    for (const reader = response.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      watch.touch(value.length);
      const after = part.length + value.length;
      if (after > (exact ?? limit)) {
        part.tag = null;
        throw new SpikeError('shard_corrupt', `more than ${exact ?? limit} bytes`, {
          retryable: true,
          url,
        });
      }
      if (after > part.bytes.length)
        part.bytes = grown(part.bytes, Math.min(limit, Math.max(after, 2 * part.bytes.length)));
      part.bytes.set(value, part.length);
      release(value);
      part.length = after;
      onbytes?.(after);
    }
    if (exact !== undefined && part.length !== exact) throw truncated(url, part.length, exact);
    return part.bytes.subarray(0, part.length);
  } catch (cause) {
    throw cause instanceof SpikeError ? cause : watch.failure(url, cause);
  } finally {
    watch.end();
  }
}

/**
 * Asks for the rest of a file, and for the whole of it where the server does not give just that.
 * @param {string} url
 * @param {{signal: AbortSignal, cache: RequestCache}} how
 * @param {Part} part emptied where the whole file comes
 * @param {number} [exact] length of the file
 * @returns {Promise<Response>}
 */
async function goOnOrBegin(url, how, part, exact) {
  if (part.tag !== null && exact !== undefined && part.length > 0 && part.length < exact) {
    // Without If-Range, which pages of other origins may not send unasked: tags are compared here.
    const headers = { range: `bytes=${part.length}-` };
    const rest = await fetchNowhereElse(url, { ...how, headers }, [416]);
    const range = `bytes ${part.length}-${exact - 1}/${exact}`;
    const more = rest.headers.get('content-range') === range && strongTagOf(rest) === part.tag;
    if (rest.status === 206 && more) return rest;
    part.length = 0;
    part.tag = strongTagOf(rest);
    if (rest.status === 200) return rest;
    await rest.body?.cancel();
  }
  part.length = 0;
  const response = await fetchNowhereElse(url, how);
  part.tag = exact === undefined ? null : strongTagOf(response);
  return response;
}

/**
 * @param {Response} response
 * @returns {string | null} null where the tag is weak, or of coded bytes, or cannot be seen
 */
function strongTagOf({ headers }) {
  const tag = headers.get('etag');
  return tag !== null && /^"[^"]*"$/.test(tag) && !headers.get('content-encoding') ? tag : null;
}

/**
 * @param {FetchOptions} options
 * @param {number} tries
 * @returns {RequestCache}
 */
function cacheModeOf({ revalidate = false, keeps = false }, tries) {
  if (keeps) return 'no-store';
  // A second try must not be given the same bad copy from the browser's own cache.
  if (tries > 1) return 'reload';
  return revalidate ? 'no-cache' : 'default';
}

/** Watches one download: its signal ends it when too few bytes have come for a while. */
export class StallWatch {
  #abort = new AbortController();
  #ms;
  #outer;
  /** Bytes since the timer was set. */
  #bytes = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {{ms?: number, signal?: AbortSignal}} [how] signal: ends the download as well */
  constructor({ ms = STALL_MS, signal } = {}) {
    this.#ms = ms;
    this.#outer = signal;
    signal?.addEventListener('abort', this.#stop);
    if (signal?.aborted) this.#stop();
    this.touch(LEAST_BYTES);
  }

  #stop = () => this.#abort.abort();

  /** For fetch. */
  get signal() {
    return this.#abort.signal;
  }

  /** @param {number} bytes that came */
  touch(bytes) {
    this.#bytes += bytes;
    if (this.#bytes < LEAST_BYTES) return;
    this.#bytes = 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#stop, this.#ms);
  }

  /**
   * The error of a download that broke off. To be asked before the end.
   * @param {string} url
   * @param {unknown} cause what fetch, or reading the body, threw
   */
  failure(url, cause) {
    const more = { retryable: true, url, cause };
    if (this.#outer?.aborted) return stopped(url);
    if (!this.signal.aborted) return new SpikeError('offline', 'the connection failed', more);
    const seconds = this.#ms / 1000;
    const message =
      this.#bytes > 0 ? `only ${this.#bytes} bytes in ${seconds} s` : `no byte for ${seconds} s`;
    return new SpikeError('timeout', message, more);
  }

  /** No more bytes are to come. */
  complete() {
    clearTimeout(this.#timer);
  }

  /** Ends watching, and the download where its body was not read: nobody wants the rest. */
  end() {
    this.complete();
    this.#outer?.removeEventListener('abort', this.#stop);
    this.#abort.abort();
  }
}

/**
 * Asks for a file at its own address alone: a redirect is refused before it is followed, so that no
 * other host hears of it, also where the server sends no policy that would bind a worker.
 * @param {string} url
 * @param {{signal: AbortSignal, cache?: RequestCache, headers?: Record<string, string>}} how
 * @param {readonly number[]} [also] what of HTTP is no refusal either
 * @returns {Promise<Response>} of the file
 * @throws {SpikeError} where what came is not the file; fetch's own error where nothing came
 */
export async function fetchNowhereElse(url, how, also = []) {
  /** @param {RequestCache} [cache] */
  const ask = async (cache = how.cache) => {
    try {
      return await fetch(url, { ...how, cache, redirect: 'manual' });
    } catch (cause) {
      throw (await policyAgainst(url, cause)) ?? cause;
    }
  };
  let response = await ask();
  // The browser may have kept the refusal from a moment when the file was not there, for as long as
  // a year, and gives it again after a reload of the page.
  if (response.status === 404 && (how.cache ?? 'default') === 'default') {
    await response.body?.cancel();
    response = await ask('reload');
  }
  if (response.type === 'opaqueredirect') {
    const message = 'the server redirects it, and redirects are not followed';
    throw new SpikeError('http_status', message, { url });
  }
  if (!also.includes(response.status)) refuseStatus(response, url);
  return response;
}

/**
 * Refuses a response that is not the file.
 * @param {Response} response
 * @param {string} url
 * @throws {SpikeError}
 */
function refuseStatus(response, url) {
  if (!response.ok) {
    const { status } = response;
    const retryable = status >= 500 || status === 408 || status === 429;
    const after = Number(response.headers.get('retry-after'));
    const error = new SpikeError('http_status', `status ${status}`, { retryable, url, status });
    throw Object.assign(
      error,
      Number.isFinite(after) && after > 0 ? { retryAfterMs: 1000 * after } : {},
    );
  }
  // A host that answers a missing file with its front page says 200; without this its HTML would be
  // taken for data.
  if ((response.headers.get('content-type') ?? '').toLowerCase().startsWith('text/html')) {
    throw new SpikeError('wrong_content_type', 'a web page came instead of the file', { url });
  }
}

/** @type {(url: string, got: number, want: number) => SpikeError} */
const truncated = (url, got, want) =>
  new SpikeError('shard_truncated', `${got} bytes of ${want}`, { retryable: true, url });

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} size
 */
function grown(bytes, size) {
  const larger = new Uint8Array(size);
  larger.set(bytes);
  return larger;
}

/**
 * Exponential, with jitter so that many readers do not come back at one instant.
 * @param {number} tries
 * @param {SpikeError & {retryAfterMs?: number}} error
 */
function waitOf(tries, error) {
  const wait =
    Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
  return Math.min(LONGEST_WAIT_MS, Math.max(wait, error.retryAfterMs ?? 0));
}

/**
 * @param {number} ms
 * @param {AbortSignal} [signal] ends it early
 * @returns {Promise<void>}
 */
const pause = (ms, signal) => new Promise((resolve) => {
  const end = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    resolve();
  };
  const timer = setTimeout(end, ms);
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
});

/**
 * Waits for the network, but not for ever.
 * @param {((waiting: boolean) => void) | undefined} onwaiting
 * @param {AbortSignal} [signal]
 */
async function online(onwaiting, signal) {
  if (navigator.onLine) return;
  onwaiting?.(true);
  await Promise.race([
    new Promise((resolve) => addEventListener('online', resolve, { once: true })),
    pause(OFFLINE_MS, signal),
  ]);
  onwaiting?.(false);
}
