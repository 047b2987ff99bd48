// <spike-chat> on any page: <script type="module" src="https://HOST/embed.js"></script>
//
// The chat runs in a frame of the origin that this file came from, because a page may not start a
// worker of another origin. Attributes, properties, calls and events pass as they are, over the
// channel that embed/messages.js describes; what comes later the frame tells. This file imports
// nothing, so that one hash covers it. The site has it without these comments.

const BASE = new URL('.', import.meta.url);
/** Seconds in which a frame can be seen and says nothing. */
const SILENCE = 10;

const SHEET = `
:host { display: block; height: 40rem; max-height: 100vh; max-height: 100dvh }
:host([hidden]) { display: none }
details, div, iframe { display: block; width: 100%; height: 100%; border: 0; border-radius: inherit }
summary { display: none }
p { margin: 0; padding: 1rem; color: CanvasText; font: 1rem/1.5 system-ui, sans-serif }`;

/**
 * @typedef {Record<string, any>} Message of embed/messages.js
 * @typedef {{take: (message: Message) => void, fail: (error: Error) => void}} Call
 */

/**
 * What the chat has today: methods, and the properties that are attributes, with what they are
 * where there is none; null for one that may be a number.
 */
const SURFACE = {
  methods: ['abort', 'clear', 'send', 'start', 'unload'],
  properties: {
    build: 'auto', kernel: 'auto', load: 'click', maxTokens: null, mode: 'inline', model: '',
    placeholder: '', preset: null, seed: null, steps: null, system: '', temperature: null,
    theme: 'auto',
  },
};

/** @param {Message} record @returns {Error} */
const toError = (record) => Object.assign(new Error(record.message), { name: 'SpikeError' }, record);

/** A frame of our origin and the channel to it. */
class Frame {
  element = document.createElement('iframe');
  quiet = () => {};
  /** @type {MessageChannel | undefined} messages wait in it until the frame has come */
  #channel;

  /**
   * @param {string} path
   * @param {() => Message} opening what the frame begins with, each time that it loads
   * @param {(message: Message, ports: readonly MessagePort[]) => void} receive
   * @param {() => void} fail it can be seen and is silent
   */
  constructor(path, opening, receive, fail) {
    this.opening = opening;
    this.receive = receive;
    this.fail = fail;
    Object.assign(this.element, {
      title: 'SpikeChat', src: new URL(path, BASE),
      allow: 'clipboard-write; cross-origin-isolated',
      sandbox: 'allow-scripts allow-same-origin allow-downloads allow-popups',
    });
  }

  /** Waits for the frame, which is being inserted. @param {Element} shown can be seen if it can */
  listen(shown) {
    let seen = false;
    let seconds = 0;
    const observer = new IntersectionObserver((all) => { seen = all[all.length - 1].isIntersecting; });
    observer.observe(shown);
    const clock = setInterval(() => {
      if (seen && !document.hidden && ++seconds === SILENCE) this.fail();
    }, 1000);
    this.quiet = () => {
      observer.disconnect();
      clearInterval(clock);
    };
    addEventListener('message', this);
  }

  unlisten() {
    this.quiet();
    removeEventListener('message', this);
    this.#channel = undefined;
  }

  get #open() {
    if (!this.#channel) {
      this.#channel = new MessageChannel();
      this.#channel.port1.onmessage = ({ data, ports }) => this.receive(data, ports);
    }
    return this.#channel;
  }

  /** @param {MessageEvent} event */
  handleEvent({ source, origin, data }) {
    const { contentWindow } = this.element;
    if (!contentWindow || source !== contentWindow || origin !== BASE.origin) return;
    if (data?.spikechat !== 1 || data.type !== 'hello') return;
    this.quiet();
    const open = { spikechat: 1, type: 'open', ...this.opening() };
    contentWindow.postMessage(open, origin, [this.#open.port2]);
  }

  /** @param {Message} message @param {readonly MessagePort[]} [ports] */
  post(message, ports = []) {
    this.#open.port1.postMessage(message, [...ports]);
  }
}

/**
 * An object whose every property can be called, far away.
 * @param {(path: string[], values: any[]) => unknown} call
 * @param {string[]} path
 * @param {Record<string, unknown>} here properties that are not
 * @returns {any}
 */
const remote = (call, path, here) => new Proxy(() => {}, {
  apply: (_, __, values) => call(path, values),
  get: (_, name) => (typeof name === 'symbol' || name === 'then' ? undefined
    : Object.hasOwn(here, name) ? here[name] : remote(call, [...path, name], {})),
});

class SpikeChat extends HTMLElement {
  /** @type {Frame | undefined} */
  #frame;
  /** @type {Map<number, Call>} */
  #calls = new Map();
  #id = 0;
  /** What the frame has last told of itself: one that is loaded anew begins with it. */
  #values = /** @type {Message} */ ({ messages: [] });
  #engine = null;
  #root = this.attachShadow({ mode: 'open' });
  #changes = new MutationObserver((records) => this.#change(records));

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    this.#root.adoptedStyleSheets = [sheet];
    this.#changes.observe(this, { attributes: true });
    this.#takeOver(SURFACE);
  }

  connectedCallback() {
    if (this.#frame) this.#frame.listen(this.#frame.element);
    else this.#begin();
  }

  connectedMoveCallback() {}

  disconnectedCallback() {
    this.#frame?.unlisten();
    this.#abandon(toError({ code: 'aborted', message: 'the element was removed' }));
  }

  get messages() {
    return this.#values.messages;
  }

  get engine() {
    return this.#engine;
  }

  #begin() {
    const frame = this.#frame = new Frame(
      'embed/', () => ({
        values: this.#values,
        attributes: Object.fromEntries([...this.attributes].map(({ name, value }) => [name, value])),
      }), (message, ports) => this.#receive(message, ports), () => this.#fail());
    this.#root.replaceChildren(frame.element);
    frame.listen(frame.element);
  }

  /** Says in the frame's place that there is none. */
  #fail() {
    this.#frame?.unlisten();
    this.#frame = undefined;
    const message = `SpikeChat has not come: ${BASE.host} was silent for ${SILENCE} s. It may be `
      + 'away, or the policy of this page does not have it in frame-src.';
    const words = document.createElement('p');
    words.textContent = message;
    this.#root.replaceChildren(words);
    const error = toError({ code: 'timeout', message, retryable: true });
    this.#abandon(error);
    this.#tell('error', error);
  }

  /** @param {Error} error */
  #abandon(error) {
    for (const { fail } of this.#calls.values()) fail(error);
    this.#calls.clear();
  }

  /** @param {Message} message @param {readonly MessagePort[]} _ports */
  #receive(message, _ports) {
    const { type, id, name, values, error, detail } = message;
    if (type === 'surface') {
      define(values);
      this.#takeOver(values);
    } else if (type === 'values') {
      Object.assign(this.#values, values);
      if ('engine' in values)
        this.#engine = values.engine
          && remote((path, given) => this.call(path, given), ['engine'], values.engine);
    } else if (type === 'event') {
      this.#tell(name, error ? toError(error) : detail);
    } else {
      this.#calls.get(id)?.take(message);
    }
  }

  /** @param {string} name @param {unknown} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, composed: true }));
  }

  /** @param {MutationRecord[]} records */
  #change(records) {
    for (const { attributeName: name } of records)
      this.#frame?.post({ type: 'attribute', name, value: this.getAttribute(`${name}`) });
  }

  /**
   * Hands to setters what was put on the element before they were there.
   * @param {typeof SURFACE} surface
   */
  #takeOver({ properties }) {
    const own = /** @type {any} */ (this);
    for (const name in properties) {
      if (!Object.hasOwn(own, name)) continue;
      const value = own[name];
      delete own[name];
      own[name] = value;
    }
  }

  /**
   * Calls what the frame has under this path.
   * @param {string[]} path
   * @param {any[]} given a `signal` in one of them aborts the call
   * @returns {Promise<any>} an async iterable where the frame has one
   */
  call(path, given) {
    if (!this.#frame) this.#begin();
    this.#change(this.#changes.takeRecords());
    const id = ++this.#id;
    /** @param {string} type */
    const post = (type) => this.#calls.has(id) && this.#frame?.post({ type, id });
    /** @type {AbortSignal[]} */
    const signals = [];
    const values = given.map((one) => {
      if (!one?.signal) return one;
      const { signal, ...rest } = one;
      signals.push(signal);
      return rest;
    });
    return new Promise((resolve, reject) => {
      const aborted = signals.some((signal) => signal.aborted);
      this.#frame?.post({ type: 'call', id, path, values, aborted });
      /** @type {any[]} messages of a stream that were not read yet */
      const chunks = [];
      let wake = () => {};
      /** @param {Message} message */
      const take = (message) => {
        if (message.type === 'stream') resolve(this.#read(chunks, (next) => { wake = next; }, post));
        else chunks.push(message);
        if (message.type === 'end') {
          this.#calls.delete(id);
          if (message.error) reject(toError(message.error));
          else resolve(message.value);
        }
        wake();
      };
      this.#calls.set(id, { take, fail: (error) => take({ type: 'end', error }) });
      for (const signal of signals) signal.addEventListener('abort', () => post('stop'));
    });
  }

  /**
   * @param {Message[]} chunks
   * @param {(wake: () => void) => void} wait
   * @param {(type: string) => unknown} post
   */
  async* #read(chunks, wait, post) {
    let over = false;
    const next = async () => {
      while (!chunks.length) await new Promise((wake) => { wait(() => wake(0)); });
      const { type, value, error } = /** @type {Message} */ (chunks.shift());
      over = type === 'end';
      if (error) throw toError(error);
      return value;
    };
    try {
      for (;;) {
        const value = await next();
        if (over) return;
        yield value;
      }
    } finally {
      post('leave');
      while (!over) await next();
    }
  }
}

/** @param {typeof SURFACE} surface */
function define({ methods, properties }) {
  const { prototype } = SpikeChat;
  for (const name of methods.filter((one) => !(one in prototype))) {
    /** @param {any[]} values @this {SpikeChat} */
    const value = function (...values) {
      const promise = this.call([name], values);
      // Who does not wait for it has the event `error`.
      promise.catch(() => {});
      return promise;
    };
    Object.defineProperty(prototype, name, { configurable: true, value });
  }
  for (const [name, otherwise] of Object.entries(properties)) {
    if (name in prototype) continue;
    const attribute = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    Object.defineProperty(prototype, name, {
      configurable: true,
      /** @this {SpikeChat} */
      get() {
        const text = this.getAttribute(attribute);
        return text === null ? otherwise
          : otherwise === null && text.trim() && isFinite(+text) ? +text : text;
      },
      /** @this {SpikeChat} @param {unknown} value */
      set(value) {
        if (value === null || value === undefined) this.removeAttribute(attribute);
        else this.setAttribute(attribute, `${value}`);
      },
    });
  }
}

define(SURFACE);
if (!customElements.get('spike-chat')) customElements.define('spike-chat', SpikeChat);
