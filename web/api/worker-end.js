// How a worker ends: by us, with time to keep what it has loaded, or by itself, which no event
// tells.

/** @import { CancelMessage } from '../shared/protocol.js' */

/**
 * What is used of a worker.
 * @typedef {object} Ending
 * @property {((event: MessageEvent) => unknown) | null} onmessage
 * @property {((event: ErrorEvent) => unknown) | null} onerror
 * @property {(message: CancelMessage) => void} postMessage
 * @property {() => void} terminate
 */

// What has been downloaded and compared is on the disk long before.
const KEEPING_MS = 2000;

/**
 * Ends a worker that is loading. It first keeps what it has verified, while its caller goes on.
 * @param {Ending} worker
 */
export function endWhileLoading(worker) {
  const end = () => {
    clearTimeout(timer);
    worker.terminate();
  };
  const timer = setTimeout(end, KEEPING_MS);
  worker.onmessage = ({ data }) => { if (data.type === 'cancelled') end(); };
  worker.onerror = end;
  worker.postMessage({ type: 'cancel' });
}

/**
 * Tells when a worker has gone.
 * @param {string} lock that it holds as long as it lives
 * @param {() => void} ongone
 * @param {AbortSignal} signal nobody wants to know any more
 */
export function onGone(lock, ongone, signal) {
  const wait = navigator.locks?.request(lock, { signal }, () => {
    if (!signal.aborted) ongone();
  });
  wait?.catch(() => {}); // by the signal
}
