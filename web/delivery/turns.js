// One download for many tabs: who wants a shard that another tab is bringing waits until it is in
// the store they share, and hears meanwhile how far it is.

import { alone } from './locks.js';

/** Of the lock, and of the channel on which its holder tells the others. */
const NAME = 'spikechat-shard/';

// Whoever brings a shard says so in every such time, whether bytes come or not.
const TELL_MS = 1000;
// A tab that says nothing for so long has been stopped by its system, with the lock in its hands.
const SILENT_MS = 15_000;

/** @param {string} name @returns {BroadcastChannel | null} */
function openChannel(name) {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null; // not in every sandbox
  }
}

/**
 * Does work for a shard while no other tab does, or at once where the one that does has fallen
 * silent.
 * @template T
 * @param {string} sha256 of the shard
 * @param {object} told
 * @param {(bytes: number) => void} told.onbytes how much of it another tab has by now
 * @param {AbortSignal} [told.signal] ends waiting
 * @param {(tell: (bytes: number) => void) => Promise<T>} work tells how much it has by now
 * @returns {Promise<T>}
 */
export async function inTurn(sha256, { onbytes, signal }, work) {
  const channel = openChannel(NAME + sha256);
  const waiting = new AbortController();
  const stop = () => waiting.abort();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let silence;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let telling;
  const listen = () => {
    clearTimeout(silence);
    silence = setTimeout(stop, SILENT_MS);
  };
  if (channel) {
    channel.onmessage = ({ data }) => {
      listen();
      if (Number.isSafeInteger(data) && data >= 0) onbytes(data);
    };
  }
  let begun = false;
  const begin = () => {
    begun = true;
    clearTimeout(silence);
    if (channel) channel.onmessage = null;
    let have = 0;
    telling = setInterval(() => channel?.postMessage(have), TELL_MS);
    return work((bytes) => { have = bytes; });
  };
  signal?.addEventListener('abort', stop);
  listen();
  try {
    return await alone(NAME + sha256, begin, { signal: waiting.signal });
  } catch (error) {
    if (begun || signal?.aborted) throw error;
    return await begin();
  } finally {
    signal?.removeEventListener('abort', stop);
    clearTimeout(silence);
    clearInterval(telling);
    channel?.close();
  }
}
