// The engine's worker as a frame sees it that has none of its own: its messages
// (shared/protocol.js) go over a port to the frame that has the workers of all.

/** @import { FromWorker, ToWorker } from '../shared/protocol.js' */
/** @import { EngineWorker } from '../api/worker-link.js' */

/** @typedef {{type: 'leave'}} LeaveMessage the worker is not wanted any more */
/** @typedef {{type: 'waiting'}} WaitingMessage another's answer is being given first */

// The other frame comes from where this one came from. It may have been taken away since.
const SILENCE_MS = 20_000;

/** @implements {EngineWorker} */
export class PortWorker {
  /** @type {((event: MessageEvent) => unknown) | null} */
  onmessage = null;
  /** Never called: the other frame tells everything in messages. */
  onerror = null;
  /** @type {((event: MessageEvent) => unknown) | null} */
  onmessageerror = null;
  #port;
  /** @type {ReturnType<typeof setTimeout>} */
  #silence;

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port;
    this.#silence = setTimeout(() => this.#fail(), SILENCE_MS);
    port.onmessage = (event) => {
      clearTimeout(this.#silence);
      this.onmessage?.(event);
    };
    port.onmessageerror = (event) => this.onmessageerror?.(event);
  }

  /** @param {ToWorker} message */
  postMessage(message) {
    // Others may want what is being loaded; where nobody does, the other frame keeps what has come.
    if (message.type === 'cancel') this.#tell({ type: 'cancelled' });
    else this.#port.postMessage(message);
  }

  terminate() {
    clearTimeout(this.#silence);
    /** @type {LeaveMessage} */
    const message = { type: 'leave' };
    this.#port.postMessage(message);
    this.#port.close();
  }

  #fail() {
    const message = 'the frame that has the engine has not come';
    this.#tell({ type: 'crashed', error: { code: 'timeout', message, retryable: true } });
  }

  /** @param {FromWorker} data */
  #tell(data) {
    this.onmessage?.(new MessageEvent('message', { data }));
  }
}
