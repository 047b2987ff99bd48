// The frame that is not seen: it has the engines of all elements of the page around, so that they
// share one, and so that none ends with an element that is removed or moved. Each client is a port,
// which the element's frame has made and the page passed on.

import { checkEngineOptions } from '../api/request.js';
import { toRecord } from '../shared/errors.js';
import { opened } from './hello.js';
import { isForWorker, isToEngines } from './messages.js';
import { SharedEngine } from './shared-engine.js';

/** @import { LoadMessage } from '../shared/protocol.js' */
/** @import { Client } from './shared-engine.js' */

/** @type {Map<string, SharedEngine>} by what they were loaded with */
const engines = new Map();
/** @type {Map<number, Set<() => void>>} by element, what is to be done when it has gone */
const leaving = new Map();

/**
 * @param {LoadMessage} given
 * @returns {SharedEngine}
 * @throws {import('../shared/errors.js').SpikeError} bad_request
 */
function engineFor({ type, ...given }) {
  const { model, build, kernel, context, threads, useCache } = checkEngineOptions(given);
  const load = /** @type {LoadMessage} */ (
    { type, model, build, kernel, context, threads, useCache });
  const key = JSON.stringify(load);
  const engine = engines.get(key) ?? new SharedEngine(load, () => engines.delete(key));
  engines.set(key, engine);
  return engine;
}

/**
 * @param {number} element
 * @param {MessagePort} port
 */
function add(element, port) {
  /** @type {Client} */
  const client = { post: (message, move = []) => port.postMessage(message, move) };
  /** @type {SharedEngine | null} */
  let engine = null;
  const all = leaving.get(element) ?? new Set();
  leaving.set(element, all);
  const end = (moved = true) => {
    all.delete(end);
    port.close();
    engine?.leave(client, moved);
  };
  all.add(end);
  port.onmessage = ({ data }) => {
    if (!isForWorker(data)) return;
    if (data.type === 'leave') {
      end(false);
    } else if (data.type !== 'load') {
      engine?.receive(client, data);
    } else if (!engine) {
      try {
        engine = engineFor(data);
        engine.join(client);
      } catch (error) {
        client.post({ type: 'failed', id: null, error: toRecord(error) });
      }
    }
  };
}

const { port } = await opened;
port.onmessage = ({ data, ports }) => {
  if (!isToEngines(data)) return;
  if (data.type === 'gone') for (const end of leaving.get(data.element) ?? []) end();
  else if (ports.length === 1) add(data.element, ports[0]);
};
