// <spike-chat> on any page: <script type="module" src="https://HOST/embed.js"></script>
//
// The chat runs in a frame of the origin that this file came from, because a page may not start a
// worker of another origin. Attributes, properties, calls and events pass as they are, over the
// channel that embed/messages.js describes; what comes later the frame tells. This file imports
// nothing, so that one hash covers it, and the site has it minified.
//
// Beside what web/chat/element.js has: mode (inline, bubble), open() and close() for the bubble,
// and the events open and close. `engine` passes on every call: engine.chat.completions.create(…).
// With data-auto the script inserts an element, whose attributes are its other data-….

const BASE = new URL('.', import.meta.url);
/** Seconds in which a frame can be seen and says nothing. */
const SILENCE = 10;
/** How long the engines stay when no element is left: one may only be being moved. */
const KEEP_MS = 5000;

// Without line breaks of its own: they would be part of what is downloaded.
const SHEET = `:host{display:block;position:relative;height:40rem;max-height:100vh}\
:host([hidden]),summary{display:none}\
details,div,iframe{border-radius:inherit}\
div,iframe{position:absolute;inset:0;border:0}\
div{padding:1rem;color:CanvasText}\
iframe{width:100%;height:100%}\
:host([mode=bubble]){position:fixed;inset:auto 1rem 1rem auto;z-index:99999;height:auto}\
:host([mode=bubble]) summary{display:grid;place-content:center;position:relative;\
width:3.5rem;height:3.5rem;border-radius:50%;cursor:pointer;\
background:var(--spike-accent,#14695f);color:var(--spike-on-accent,#fff)}\
summary::before{content:"";border:solid;border-width:.5rem .75rem;\
border-radius:.5rem .5rem .5rem 0}\
:host([mode=bubble]) div{position:fixed;background:Canvas;border-radius:.75rem;\
inset:max(1rem,100vh - 46rem) 1rem 1rem max(1rem,100vw - 27rem);outline:1px solid #888}\
.live[open]>summary{display:none}\
@media(max-width:30rem),(max-height:30rem){:host([mode=bubble]) .live div{inset:0;border-radius:0}}\
`;

/** @typedef {Record<string, any>} Message of embed/messages.js */

/** What is there before the frame tells: methods, and attributes as properties with defaults. */
const SURFACE = {
  methods: ['abort', 'clear', 'send', 'start', 'unload'],
  properties: /** @type {Record<string, unknown>} */ ({
    build: 'auto', kernel: 'auto', load: 'click', maxTokens: null, mode: 'inline', model: '',
    placeholder: '', preset: null, seed: null, steps: null, system: '', temperature: null,
    theme: 'auto', threads: null,
  }),
};

/** @param {Message} record @returns {Error} */
const toError = (record) => Object.assign(Error(record.message), { name: 'SpikeError' }, record);

/**
 * A frame of our origin and the channel to it.
 * @param {string} path
 * @param {() => Message | void} opening what the frame begins with, each time that it loads
 * @param {(message: Message, ports: readonly MessagePort[]) => void} receive
 */
function makeFrame(path, opening, receive) {
  const element = document.createElement('iframe');
  Object.assign(element, {
    title: 'SpikeChat', src: new URL(path, BASE), allow: 'clipboard-write;cross-origin-isolated',
    sandbox: 'allow-scripts allow-same-origin allow-downloads allow-popups '
      + 'allow-popups-to-escape-sandbox',
  });
  /** @type {MessageChannel | null} messages wait in it until the frame has come */
  let channel = null;
  let told = false;
  const open = () => {
    if (!channel) {
      channel = new MessageChannel();
      channel.port1.onmessage = ({ data, ports }) => receive(data, ports);
    }
    return channel;
  };
  /** @param {MessageEvent} event */
  const hear = ({ source, origin, data }) => {
    const { contentWindow } = element;
    if (!source || source !== contentWindow || origin !== BASE.origin) return;
    if (data?.spikechat !== 'hello') return;
    // A frame that loads anew needs another.
    if (told) channel = null;
    told = true;
    contentWindow.postMessage({ spikechat: 'open', ...opening() }, origin, [open().port2]);
  };
  addEventListener('message', hear);
  return {
    element,
    /** @param {[message: Message, ports?: any]} sent */
    post(...sent) {
      open().port1.postMessage(...sent);
    },
    end() {
      removeEventListener('message', hear);
      element.remove();
    },
  };
}

/**
 * An object whose every property can be called, far away.
 * @param {(path: string[], values: any[]) => unknown} call
 * @param {string[]} path
 * @param {() => Record<string, unknown> | null} [here] gives properties that are not
 * @returns {any}
 */
const remote = (call, path, here) => new Proxy(() => {}, {
  apply: (_, __, values) => call(path, values),
  get: (_, name) => (typeof name === 'symbol' || name === 'then' ? undefined
    : here?.()?.[name] ?? remote(call, [...path, name])),
});

/** @type {ReturnType<typeof makeFrame> | null} has the engines of all elements, is not seen */
let engines = null;
let elements = 0;
let last = 0;

class SpikeChat extends HTMLElement {
  /** @type {ReturnType<typeof makeFrame> | null} */
  #frame = null;
  /**
   * @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void,
   *   over: AbortController}>}
   */
  #calls = new Map();
  #id = ++last;
  /** What the frame has last told of itself: one that is loaded anew begins with it. */
  #values = /** @type {Message} */ ({ messages: [], engine: null });
  #engine = remote(this.call.bind(this), ['engine'], () => this.#values.engine);
  #root = this.attachShadow({ mode: 'open' });
  #details = document.createElement('details');
  #button = document.createElement('summary');
  #panel = document.createElement('div');
  #changes = new MutationObserver((records) => this.#change(records));
  #quiet = () => {};

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.append(this.#details);
    // In this order the button lies over the panel, as long as there is no other to close it with.
    this.#details.append(this.#panel, this.#button);
    this.#details.ontoggle = () => this.#toggled();
    this.#details.onkeydown = ({ key }) => { if (key === 'Escape') this.close(); };
    this.#button.ariaLabel = 'Chat';
    this.#changes.observe(this, { attributes: true });
    this.#takeOver();
  }

  connectedCallback() {
    elements++;
    this.#place();
  }

  connectedMoveCallback() {}

  disconnectedCallback() {
    elements--;
    setTimeout(() => {
      if (elements) return;
      engines?.end();
      engines = null;
    }, KEEP_MS);
    engines?.post({ type: 'gone', element: this.#id });
    this.#abandon();
  }

  get messages() {
    return this.#values.messages;
  }

  get engine() {
    return this.#values.engine && this.#engine;
  }

  open() {
    this.#details.open = true;
  }

  close() {
    const { activeElement } = this.#root;
    this.#details.open = /** @type {any} */ (this).mode !== 'bubble';
    if (activeElement) this.#button.focus();
  }

  #toggled() {
    this.#place();
    const { open } = this.#details;
    // Who has pressed the button goes on inside.
    if (open && this.#root.activeElement === this.#button) {
      this.#frame?.element.focus();
      this.#frame?.post({ type: 'focus' });
    }
    if (/** @type {any} */ (this).mode === 'bubble') this.#tell(open ? 'open' : 'close');
  }

  /** Shows what is no bubble, and makes the frame where it is needed. */
  #place() {
    if (/** @type {any} */ (this).mode !== 'bubble') this.open();
    if (this.#details.open || /** @type {any} */ (this).load === 'eager') this.#begin();
  }

  /** Makes the frame, and waits until it says hello. */
  #begin() {
    if (this.#frame) return;
    this.#frame = makeFrame('embed/', () => {
      this.#quiet();
      // What the frame was asked before it was loaded anew.
      if (this.#details.className) this.#reject();
      this.#details.className = 'live';
      return {
        values: this.#values,
        attributes: [...this.attributes].map(({ name, value }) => [name, value]),
        scheme: getComputedStyle(this).colorScheme,
        lang: /** @type {HTMLElement} */ (this.closest('[lang]') ?? document.documentElement).lang,
      };
    }, (message, ports) => this.#receive(message, ports));
    this.#panel.replaceChildren(this.#frame.element);
    let seen = false;
    let seconds = 0;
    const observer = new IntersectionObserver(([{ isIntersecting }]) => { seen = isIntersecting; });
    observer.observe(this.#panel);
    const clock = setInterval(() => {
      if (seen && !document.hidden && ++seconds === SILENCE)
        this.#fail('timeout', `${BASE.host} is away, or frame-src lacks it`);
    }, 1000);
    // No frame may be in such a page, whatever it answers.
    if (origin === 'null') setTimeout(() =>
      this.#fail('blocked_by_policy', 'the sandbox lacks allow-same-origin'));
    this.#quiet = () => {
      clearInterval(clock);
      observer.disconnect();
    };
  }

  /**
   * Says in the frame's place that there is none.
   * @param {string} code
   * @param {string} message
   */
  #fail(code, message) {
    const error = this.#abandon(code, message);
    this.#panel.append(message);
    this.#tell('error', error);
  }

  /**
   * Takes the frame away, and ends what waits for it.
   * @param {string} [code]
   * @param {string} [message]
   */
  #abandon(code, message) {
    this.#quiet();
    this.#frame?.end();
    this.#frame = null;
    this.#details.className = '';
    return this.#reject(code, message);
  }

  /**
   * Ends what waits for the frame.
   * @param {string} [code]
   * @param {string} [message]
   */
  #reject(code = 'aborted', message = 'the frame has gone') {
    const error = toError({ code, message, retryable: true });
    this.#calls.forEach(({ reject }) => reject(error));
    this.#calls.clear();
    return error;
  }

  /** @param {Message} message @param {readonly MessagePort[]} ports */
  #receive({ type, id, name, value, error, detail }, ports) {
    if (type === 'surface') {
      define(value);
      this.#takeOver();
    } else if (type === 'values') {
      this.#values = value;
    } else if (type === 'engine') {
      if (!engines?.element.isConnected) {
        engines = makeFrame('embed/engine/', () => {}, () => {});
        engines.element.style.display = 'none';
        // Beside the body, which some pages exchange.
        document.documentElement.append(engines.element);
      }
      engines.post({ type: 'client', element: this.#id }, ports);
    } else if (type === 'close') {
      this.close();
    } else if (type === 'event') {
      this.#tell(name, error ? toError(error) : detail);
    } else {
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      if (type === 'stream') {
        call?.resolve(this.#stream(id, call.over));
      } else {
        call?.over.abort();
        if (error) call?.reject(toError(error));
        else call?.resolve(value);
      }
    }
  }

  /**
   * @param {number} id of the call that gave it
   * @param {AbortController} over tells its end
   * @returns {AsyncIterableIterator<unknown>}
   */
  #stream(id, over) {
    /** @param {string} name */
    const step = async (name) => {
      const result = await this.call([name], [id]);
      if (result.done) over.abort();
      return result;
    };
    return {
      next: () => step('next'),
      return: () => step('return'),
      [Symbol.asyncIterator]() { return this; },
    };
  }

  /** @param {string} name @param {unknown} [detail] */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, composed: true }));
  }

  /** @param {MutationRecord[]} records */
  #change(records) {
    for (const { attributeName: name } of /** @type {Message[]} */ (records)) {
      this.#frame?.post({ type: 'attribute', name, value: this.getAttribute(name) });
    }
    if (this.isConnected) this.#place();
  }

  /** Hands to setters what was put on the element before they were there. */
  #takeOver() {
    const own = /** @type {any} */ (this);
    for (const name of Object.keys(own)) {
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
  async call(path, given) {
    this.#begin();
    this.#change(this.#changes.takeRecords());
    const id = ++last;
    let aborted = false;
    const over = new AbortController();
    const stop = () => {
      aborted = true;
      this.#frame?.post({ type: 'stop', id });
    };
    const values = given.map((one) => {
      if (!one?.signal) return one;
      const { signal, ...rest } = one;
      if (signal.aborted) stop();
      // A signal may live as long as the page: it is let go with the call, or its stream.
      signal.addEventListener('abort', stop, over);
      return rest;
    });
    return new Promise((resolve, reject) => {
      this.#frame?.post({ type: 'call', id, path, values, aborted });
      this.#calls.set(id, { resolve, reject, over });
    });
  }
}

/** @param {{methods: string[], properties: Record<string, unknown>}} surface */
function define({ methods, properties }) {
  const { prototype } = SpikeChat;
  /** @param {string} name @param {PropertyDescriptor} property */
  const add = (name, property) => {
    if (!(name in prototype)) Object.defineProperty(prototype, name, property);
  };
  for (const name of methods) {
    add(name, {
      /** @this {SpikeChat} @param {any[]} values */
      value(...values) {
        const promise = this.call([name], values);
        // Who does not wait for it has the event `error`.
        promise.catch(Boolean);
        return promise;
      },
    });
  }
  for (const name in properties) {
    const otherwise = properties[name];
    const attribute = name.replace(/[A-Z]/g, '-$&').toLowerCase();
    add(name, {
      /** @this {SpikeChat} */
      get() {
        if (otherwise === false) return this.hasAttribute(attribute);
        // A framework may have written the name itself before it was a property; and it may take a
        // property back by setting ''.
        const text = this.getAttribute(attribute) || this.getAttribute(name);
        if (!text) return otherwise;
        // Only numbers have none.
        return otherwise !== null || isNaN(+text) ? text : +text;
      },
      /** @this {SpikeChat} @param {any} value */
      set(value) {
        this.removeAttribute(name);
        this.removeAttribute(attribute);
        if (value !== null && value !== undefined && value !== false)
          this.setAttribute(attribute, value);
      },
    });
  }
}

function insert() {
  const script = [...document.scripts].find(({ src }) => src === import.meta.url);
  if (!script?.matches('[data-auto]') || document.querySelector('spike-chat[auto]')) return;
  const element = document.createElement('spike-chat');
  for (const { name, value } of script.attributes)
    if (name.startsWith('data-')) element.setAttribute(name.slice(5), value);
  if (script.closest('body')) script.after(element);
  else document.body.append(element);
}

define(SURFACE);
if (!customElements.get('spike-chat')) customElements.define('spike-chat', SpikeChat);
if (document.body) insert();
else addEventListener('DOMContentLoaded', insert);
