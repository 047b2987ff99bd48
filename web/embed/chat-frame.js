// The chat in a frame of another site: what that site's embed.js says is done to one <spike-chat>,
// and what the element tells goes back.

import '../spike-heatmap.js';
import { createEngineOn } from '../api/engine.js';
import { SpikeChat } from '../chat/element.js';
import { REFLECTED, WRITTEN } from '../chat/reflecting-element.js';
import { h, setOrRemove } from '../shared/dom.js';
import { SpikeError, toRecord } from '../shared/errors.js';
import { onLanguage } from '../words/languages.js';
import { words } from '../words/words.js';
import { Calls } from './calls.js';
import { opened } from './hello.js';
import { isCall, isConversation, isToFrame } from './messages.js';
import { PortWorker } from './port-worker.js';

/** @import { FromFrame } from './messages.js' */
/** @import { Method } from './calls.js' */

/** Addresses of models are against the site's root, as in a page that lies there. */
const ROOT = new URL('../', import.meta.url);
const EVENTS = ['ready', 'progress', 'token', 'message', 'conversation', 'error'];

/** @param {string} name of a property @returns {string} of its attribute */
const attributeOf = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const ATTRIBUTES = REFLECTED.map(attributeOf);

const { port, attributes = [], lang = '', scheme = '', values = {} } = await opened;

// As if the element stood there.
document.documentElement.lang = lang;

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
  'engine.inspect': { call: (query, options) => engine().inspect(query, options), options: 1 },
  'engine.stats': { call: () => engine().stats() },
  'engine.unload': { call: () => chat.unload() },
};
const calls = new Calls(
  (path) => (Object.hasOwn(methods, path) ? methods[path] : undefined), post);

function engine() {
  if (chat.engine) return chat.engine;
  throw new SpikeError('aborted', 'the engine has gone', { retryable: true });
}

/** @param {any} shown messages, or a record, which the element checks itself */
async function restore(shown) {
  if (Array.isArray(shown) && !isConversation(shown))
    throw new SpikeError('bad_request', 'messages must be questions and answers');
  await chat.restore(shown);
}

const closeButton = h(
  'button',
  { slot: 'header', class: 'close', type: 'button', onclick: close },
  '×',
);
const nameButton = () => closeButton.setAttribute('aria-label', words.embed.close);
nameButton();
onLanguage(nameButton, true);

function close() {
  post({ type: 'close' });
}

/** @param {string} given @param {string | null} value */
function setAttribute(given, value) {
  const name = Object.hasOwn(WRITTEN, given) ? WRITTEN[given] : given;
  if (name === 'mode') {
    // A panel over the page is closed from inside as well.
    if (value === 'bubble') chat.append(closeButton);
    else closeButton.remove();
  }
  if (name === 'lang') setOrRemove(chat, name, value);
  if (!ATTRIBUTES.includes(name)) return;
  if (name === 'model' && value) setOrRemove(chat, name, toRootAddress(value));
  else if (name === 'theme') setOrRemove(chat, name, themeOf(value));
  else setOrRemove(chat, name, value);
}

/**
 * A page that has one scheme alone, whatever the reader prefers, has a chat in that scheme.
 * @param {string | null} theme
 */
function themeOf(theme) {
  if (theme === 'light' || theme === 'dark') return theme;
  const [light, dark] = ['light', 'dark'].map((name) => scheme.split(' ').includes(name));
  return light === dark ? theme : light ? 'light' : 'dark';
}

/** @param {string} model @returns {string} complete, or as it is: loading says what is wrong */
function toRootAddress(model) {
  try {
    return new URL(model, ROOT).href;
  } catch {
    return model;
  }
}

/** The reader has opened the panel. On a touch screen the keyboard would cover half of it. */
async function focus() {
  const touch = matchMedia('(pointer: coarse)').matches;
  const box = chat.shadowRoot?.querySelector('[part=input]');
  const target = /** @type {HTMLElement} */ (touch || !box ? closeButton : box);
  // Nothing can have it before the style sheets have come.
  for (let tries = 0; tries < 100 && document.activeElement === document.body; tries++) {
    target.focus();
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

// The element uses the key first: for its settings, and for an answer.
document.addEventListener('keydown', ({ key, isComposing }) => {
  if (key === 'Escape' && !isComposing && closeButton.isConnected) close();
});

/** Whether the reader, or the page, has consented to what is downloaded. */
let started = false;
/** Until then the page keeps what the frame before this one told. */
let restored = false;
/** Tells what a frame after this one is to begin with. */
function tellValues() {
  if (!restored) return;
  post({
    type: 'values',
    value: {
      messages: chat.messages, record: chat.record, started,
      engine: chat.engine && { info: chat.engine.info },
    },
  });
}

for (const name of EVENTS) {
  chat.addEventListener(name, (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    const before = started;
    if (name === 'progress') started = true;
    else if (name === 'error' && !chat.engine) started = false;
    if (started !== before || !['progress', 'token'].includes(name)) tellValues();
    if (detail instanceof SpikeError) post({ type: 'event', name, error: toRecord(detail) });
    else post({ type: 'event', name, detail });
  });
}

const properties = Object.fromEntries(REFLECTED.map((name) => [name, chat[name]]));
const own = Object.keys(methods).filter((path) => !path.includes('.'));
post({ type: 'surface', value: { methods: own, properties } });
setAttribute('theme', null);
for (const [name, value] of attributes) setAttribute(name, value);
document.getElementById('waiting')?.remove();
document.body.append(chat);
chat.addEventListener('ready', (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  import('../chat/offline.js').then(({ keepPage }) => keepPage(chat, detail)).catch(() => {});
});
// First: engines that nobody has any more are not kept for long.
if (values.started === true) chat.start();
if (isConversation(values.messages) && values.messages.length > 0) {
  const { messages } = values;
  // The record says more of each answer. Where it cannot be read, its words are shown.
  await restore(values.record ?? messages).catch(() => restore(messages));
}
restored = true;
tellValues();
// What was called meanwhile waits in the port: it is about the conversation that is back.
port.onmessage = async ({ data }) => {
  if (!isToFrame(data)) {
    // Whoever called waits for an answer.
    if (isCall(data)) calls.refuse(data.id);
    return;
  }
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
    case 'focus':
      focus();
      return;
  }
};
