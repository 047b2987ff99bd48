// The chat in a frame of another site: what that site's embed.js says is done to one <spike-chat>,
// and what the element tells goes back.

import '../spike-heatmap.js';
import { createEngineOn } from '../api/engine.js';
import { SpikeChat } from '../chat/element.js';
import { REFLECTED } from '../chat/reflecting-element.js';
import { SpikeError, toRecord } from '../shared/errors.js';
import { Calls } from './calls.js';
import { opened } from './hello.js';
import { isConversation, isToFrame } from './messages.js';
import { PortWorker } from './port-worker.js';

/** @import { FromFrame } from './messages.js' */
/** @import { Method } from './calls.js' */

/** Addresses of models are against the site's root, as in a page that lies there. */
const ROOT = new URL('../', import.meta.url);
const EVENTS = ['ready', 'progress', 'token', 'message', 'conversation', 'error'];

/** @param {string} name of a property @returns {string} of its attribute */
const attributeOf = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const ATTRIBUTES = REFLECTED.map(attributeOf);

const { port, attributes = [], values = {} } = await opened;

/** @param {FromFrame} message @param {Transferable[]} [move] */
const post = (message, move = []) => port.postMessage(message, move);

function sharedWorker() {
  const { port1, port2 } = new MessageChannel();
  post({ type: 'engine' }, [port2]);
  return new PortWorker(port1);
}

/** The element with an engine of the frame that has those of all. */
class FramedChat extends SpikeChat {
  /** @override @type {typeof SpikeChat.createEngine} */
  static createEngine = (options = {}) => createEngineOn(sharedWorker, options);
}

customElements.define('spike-chat', FramedChat);
const chat = new FramedChat();

/** @type {Record<string, Method>} */
const methods = {
  abort: { call: () => chat.abort() },
  clear: { call: () => chat.clear() },
  restore: { call: restore },
  send: { call: (text, options) => chat.send(text, options), options: 1 },
  start: { call: () => chat.start() },
  unload: { call: () => chat.unload() },
  'engine.chat.completions.create': {
    call: (request, options) => engine().chat.completions.create(request, options), options: 1,
  },
  'engine.stats': { call: () => engine().stats() },
  'engine.unload': { call: () => chat.unload() },
};
const calls = new Calls(
  (path) => (Object.hasOwn(methods, path) ? methods[path] : undefined), post);

function engine() {
  if (chat.engine) return chat.engine;
  throw new SpikeError('aborted', 'the engine has gone', { retryable: true });
}

/** @param {unknown} messages */
function restore(messages) {
  if (!isConversation(messages))
    throw new SpikeError('bad_request', 'messages must be questions and answers');
  chat.restore(messages);
}

/** @param {string} name @param {string | null} value */
function setAttribute(name, value) {
  if (!ATTRIBUTES.includes(name)) return;
  if (value === null) {
    chat.removeAttribute(name);
  } else if (name === 'model' && URL.canParse(value, ROOT)) {
    chat.setAttribute(name, new URL(value, ROOT).href);
  } else {
    chat.setAttribute(name, value);
  }
}

/** Whether the reader, or the page, has consented to what is downloaded. */
let started = false;
/** Tells what a frame after this one is to begin with. */
function tellValues() {
  post({
    type: 'values',
    value: { messages: chat.messages, engine: chat.engine && { info: chat.engine.info }, started },
  });
}

for (const name of EVENTS) {
  chat.addEventListener(name, (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    if (name === 'progress') started = true;
    else if (name === 'error' && !chat.engine) started = false;
    if (name !== 'progress' && name !== 'token') tellValues();
    if (detail instanceof SpikeError) post({ type: 'event', name, error: toRecord(detail) });
    else post({ type: 'event', name, detail });
  });
}

port.onmessage = async ({ data }) => {
  if (!isToFrame(data)) return;
  switch (data.type) {
    case 'attribute':
      setAttribute(data.name, data.value);
      return;
    case 'call':
      await calls.call(data);
      if (data.path.at(-1) === 'unload') {
        started = false;
        tellValues();
      }
      return;
    case 'stop':
      calls.stop(data.id);
      return;
  }
};

const properties = Object.fromEntries(REFLECTED.map((name) => [name, chat[name]]));
const own = Object.keys(methods).filter((path) => !path.includes('.'));
post({ type: 'surface', value: { methods: own, properties } });
for (const [name, value] of attributes) setAttribute(name, value);
document.getElementById('waiting')?.remove();
document.body.append(chat);
if (isConversation(values.messages) && values.messages.length > 0) chat.restore(values.messages);
if (values.started === true) chat.start();
