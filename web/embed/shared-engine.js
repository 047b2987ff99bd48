// One worker with a model, and those who share it. Each has a port, and over it what it would have
// from a worker of its own: the messages of shared/protocol.js. Answers and inspections are given
// one after the other, in the order in which they were asked for.

import { refusedWorker, startWorker } from '../api/start-worker.js';
import { endWhileLoading, onGone } from '../api/worker-end.js';
import { SpikeError, toRecord } from '../shared/errors.js';

/** @import { AskMessage, FailedMessage, FromWorker } from '../shared/protocol.js' */
/** @import { InspectMessage, LoadMessage } from '../shared/protocol.js' */
/** @import { NoticeMessage, ProgressMessage, ReadyMessage } from '../shared/protocol.js' */
/** @import { ToWorker } from '../shared/protocol.js' */
/** @import { WaitingMessage } from './port-worker.js' */

// How long an answer that nobody wants any more may take to end, before the worker is taken for
// hung.
const STOP_MS = 10_000;
// How long a worker is kept for a frame that may only be being moved.
const KEEP_MS = 5000;

/** @typedef {(message: FromWorker | WaitingMessage, move?: Transferable[]) => void} Post */
/** @typedef {{post: Post}} Client */
/** @typedef {{client: Client, id: number}} Call by the client's own number */

/** The worker and its clients. */
export class SharedEngine {
  #ended;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Set<Client>} */
  #clients = new Set();
  /** @type {ProgressMessage | null} */
  #progress = null;
  /** @type {NoticeMessage[]} */
  #notices = [];
  /** @type {ReadyMessage | null} */
  #ready = null;
  /** Why the rest of a model that was ready early has not come. @type {FailedMessage | null} */
  #unfinished = null;
  /** @type {(Call & {message: AskMessage | InspectMessage})[]} not asked yet */
  #queue = [];
  /** @type {number | null} the answer, or inspection, being given */
  #answering = null;
  /** @type {Client | null} whose conversation the engine holds */
  #holder = null;
  /** @type {Map<number, Call>} answers and figures that the worker was asked for, by its numbers */
  #calls = new Map();
  #lastId = 0;
  #heard = false;
  #over = false;
  /** Fires when it is over. */
  #gone = new AbortController();

  /**
   * @param {LoadMessage} load
   * @param {() => void} ended called once, when there is no worker any more
   */
  constructor(load, ended) {
    this.#ended = ended;
    try {
      const worker = this.#worker = startWorker();
      worker.onmessage = ({ data }) => this.#receive(data);
      worker.onerror = async (event) => {
        event.preventDefault();
        const { message } = event;
        const refused = !message && !this.#heard ? await refusedWorker() : null;
        this.#crash(refused ?? crashed(message || 'the worker did not start'));
      };
      worker.onmessageerror = () => this.#crash(crashed('a message could not be read'));
      worker.postMessage(load);
    } catch (error) {
      // Those who come are told in the same turn.
      queueMicrotask(() => this.#crash(error));
    }
  }

  /** @param {Client} client */
  join(client) {
    this.#clients.add(client);
    for (const notice of this.#notices) client.post(notice);
    if (this.#ready) client.post(this.#ready);
    else if (this.#progress) client.post(this.#progress);
    if (this.#unfinished) client.post(this.#unfinished);
  }

  /**
   * @param {Client} client
   * @param {ToWorker} message
   */
  receive(client, message) {
    switch (message.type) {
      case 'ask':
      case 'inspect':
        this.#queue.push({ client, id: message.id, message });
        this.#next();
        return;
      case 'stop':
        this.#stop(client, message.id);
        return;
      case 'resume':
        this.#unfinished = null;
        this.#worker?.postMessage(message);
        return;
      case 'stats':
        this.#worker?.postMessage({ ...message, id: this.#number({ client, id: message.id }) });
        return;
    }
  }

  /**
   * @param {Client} client
   * @param {boolean} moved it may come again
   */
  leave(client, moved) {
    this.#clients.delete(client);
    this.#queue = this.#queue.filter((one) => one.client !== client);
    const answering = this.#answering;
    if (answering !== null && this.#calls.get(answering)?.client === client) {
      this.#worker?.postMessage({ type: 'stop', id: answering });
      setTimeout(() => {
        if (this.#answering === answering) this.#crash(crashed('the worker does not stop'));
      }, STOP_MS);
    }
    setTimeout(() => {
      if (this.#clients.size === 0) this.#end(this.#ready === null);
    }, moved ? KEEP_MS : 0);
  }

  #next() {
    if (this.#answering !== null) return;
    const next = this.#queue.shift();
    if (!next) return;
    const { client, message } = next;
    if (message.type === 'ask') {
      this.#holder = client;
    } else if (this.#holder !== client) {
      const text = 'the engine holds another conversation: ask a question first';
      this.#refuse(next, new SpikeError('bad_request', text));
      this.#next();
      return;
    }
    const id = this.#answering = this.#number(next);
    this.#worker?.postMessage({ ...message, id });
  }

  /** @param {Call} call @returns {number} the worker's number for it */
  #number({ client, id }) {
    this.#calls.set(++this.#lastId, { client, id });
    return this.#lastId;
  }

  /**
   * @param {Client} client
   * @param {number} id
   */
  #stop(client, id) {
    const at = this.#queue.findIndex((one) => one.client === client && one.id === id);
    if (at >= 0) {
      const [call] = this.#queue.splice(at, 1);
      if (call.message.type === 'inspect')
        this.#refuse(call, new SpikeError('aborted', 'the inspection was stopped'));
      else
        client.post({
          type: 'done', id, reason: 'abort', completion_tokens: 0, prefill_ms: 0, decode_ms: 0,
        });
      return;
    }
    const answering = this.#answering;
    const call = answering === null ? undefined : this.#calls.get(answering);
    if (call?.client === client && call.id === id)
      this.#worker?.postMessage({ type: 'stop', id: answering });
  }

  /** @param {FromWorker} message */
  #receive(message) {
    this.#heard = true;
    switch (message.type) {
      case 'alive':
        onGone(message.lock, () => this.#crash(crashed('the browser ended the worker')),
          this.#gone.signal);
        return;
      case 'progress':
        this.#progress = message;
        this.#tell(message);
        return;
      case 'notice':
        this.#notices.push(message);
        this.#tell(message);
        return;
      case 'ready':
        this.#ready = message;
        this.#tell(message);
        return;
      case 'precision':
        if (this.#ready) {
          const { kernel } = this.#ready;
          this.#ready = { ...this.#ready, kernel: { ...kernel, precision: message.precision } };
        }
        this.#tell(message);
        return;
      case 'crashed':
        this.#tell(message);
        this.#end();
        return;
      case 'failed':
        if (message.id === null) {
          this.#tell(message);
          // What has come of the model goes on answering.
          if (this.#ready) this.#unfinished = message;
          else this.#end();
          return;
        }
    }
    const { id } = /** @type {{id: number}} */ (message);
    const call = this.#calls.get(/** @type {number} */ (id));
    if (call && this.#clients.has(call.client)) {
      const told = { ...message, id: call.id };
      call.client.post(told, told.type === 'token' ? [told.counts.buffer] : []);
    }
    // Whoever waits would take silence for a hung engine.
    for (const { client } of this.#queue) client.post({ type: 'waiting' });
    if (!['done', 'failed', 'inspected', 'stats'].includes(message.type)) return;
    this.#calls.delete(/** @type {number} */ (id));
    if (id !== this.#answering) return;
    this.#answering = null;
    this.#next();
  }

  /** @param {Call} call @param {SpikeError} error */
  #refuse({ client, id }, error) {
    client.post({ type: 'failed', id, error: toRecord(error) });
  }

  /** @param {FromWorker} message */
  #tell(message) {
    for (const { post } of this.#clients) post(message);
  }

  /** @param {unknown} error */
  #crash(error) {
    this.#tell({ type: 'crashed', error: toRecord(error) });
    this.#end();
  }

  /** @param {boolean} [loading] what has come is kept first */
  #end(loading = false) {
    if (this.#over) return;
    this.#over = true;
    this.#gone.abort();
    if (this.#worker) {
      this.#worker.onmessage = this.#worker.onerror = null;
      if (loading) endWhileLoading(this.#worker);
      else this.#worker.terminate();
      this.#worker = null;
    }
    this.#clients.clear();
    this.#ended();
  }
}

/** @param {string} message */
const crashed = (message) => new SpikeError('engine_crashed', message, { retryable: true });
