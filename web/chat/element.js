// <spike-chat>: the whole chat over engine.js.
//
// Attributes, by when they are read. Each is a property as well (max-tokens is maxTokens).
//   when the element is first connected, and when they change: preset (best, balanced, fewest), or
//   steps (T of all neurons alike), kernel, temperature, seed, placeholder. What the reader chooses
//   in the settings panel later counts in their place
//   whenever it is connected, and when it changes: load (click; visible: as soon as it can be seen;
//   eager)
//   whenever a model is loaded: model (the manifest's address), build
//   for every answer: system, max-tokens
//   always: theme (auto, light, dark), hidden
//   when chats are shown: links (boolean: the page hands its fragment to openLink, so that links to
//   a chat can be made of its address)
// A number that the engine would refuse counts as left out, and one that is taken back as if it had
// never been there.
// Styles: ::part of panel, header, log, bubble-user, bubble-model, input, send, stop, progress,
// heatmap, legend; --spike-font, and --spike-NAME of every colour NAME of theme.css.
// Methods: start() loads the model, send(text, {signal}) asks and gives a promise of the answer,
// abort(), clear(), restore(messages, or a record), openLink(fragment), unload().
// Properties beside the attributes: engine, messages, record (all that is known of the
// conversation: web/record/conversation.js).
// Events (CustomEvent): ready, progress, token {text, spike}, message {role, content}, conversation
// (all messages, whenever they are others), error {code, message, retryable}.
// Elements with slot="header" are put at the end of its head.

import { createEngine } from '../api/engine.js';
import { toAddress } from '../api/address.js';
import { downloadSize } from '../delivery/download-size.js';
import { keeping } from '../delivery/keeping.js';
import { fillShadow, h } from '../shared/dom.js';
import { SpikeError, asSpikeError } from '../shared/errors.js';
import { plural } from '../shared/format.js';
import { PRESETS, STEPS } from '../shared/contract.js';
import { newConversation, turnsOf } from '../record/conversation.js';
import { ActivityPanel } from './activity-panel.js';
import { kit, prepareKit } from './answer-kit-loader.js';
import { codingFields } from './coding-choice.js';
import { Composer } from './composer.js';
import { Conversation } from './conversation.js';
import { greeting } from './greeting.js';
import { keepsChats } from './keeping.js';
import { keepKeys } from './keys.js';
import { LoadingCard } from './loading-card.js';
import { Popup } from './popup.js';
import { ReflectingElement, WRITTEN, rename } from './reflecting-element.js';
import { SettingsPanel } from './settings-panel.js';
import { StatusLine } from './status-line.js';
import { Transcript } from './transcript.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { RecordedConversation } from '../record/types.js' */
/** @import { Message } from '../shared/protocol.js' */
/** @import { Chats } from './chats.js' */
/** @import { SpikeChatEvents } from './events.js' */
/** @import { Settings } from './settings-panel.js' */

// What the model's makers advise for chat (model card of SmolLM2-135M-Instruct).
const TEMPERATURE = 0.2;
const TOP_P = 0.9;
/** @type {Readonly<Settings>} */
const STANDARD = Object.freeze({
  coding: 'best', steps: 4, kernel: 'auto', temperature: TEMPERATURE, seed: null,
});

// In this order: later sheets may go beyond earlier ones.
// Written out, because bundlers look for such expressions.
const SHEETS = [
  new URL('./theme.css', import.meta.url),
  new URL('./layout.css', import.meta.url),
  new URL('./transcript.css', import.meta.url),
  new URL('./dock.css', import.meta.url),
  new URL('./activity-panel.css', import.meta.url),
  new URL('./settings-panel.css', import.meta.url),
  new URL('./chats-panel.css', import.meta.url),
  new URL('./markdown.css', import.meta.url),
].map(({ href }) => href);

/**
 * @typedef {object} Question
 * @property {string} text
 * @property {AbortSignal} [signal]
 * @property {(message: Message) => void} [resolve]
 * @property {(error: SpikeError) => void} [reject]
 */

/** @param {string} message */
const aborted = (message) => new SpikeError('aborted', message, { retryable: true });

/** The element. Registered by spike-chat.js. */
export class SpikeChat extends ReflectingElement {
  /** Another where the engine runs elsewhere. */
  static createEngine = createEngine;

  static observedAttributes = [
    'kernel', 'load', 'model', 'placeholder', 'preset', 'seed', 'steps', 'temperature',
    ...Object.keys(WRITTEN),
  ];

  /** @type {Engine | null} */
  #engine = null;
  /** @type {Promise<void> | null} */
  #loading = null;
  /** @type {AbortController | null} */
  #loadAbort = null;
  /** @type {Promise<void> | null} the engine, or its loading, is being ended */
  #ending = null;
  /** @type {Question | null} waits for the model; it is in the conversation already */
  #queued = null;
  /** Waits until the element can be seen. @type {IntersectionObserver | null} */
  #sight = null;
  /** @type {Promise<Chats | null> | null} */
  #chats = null;
  #keeps = keepsChats();
  #built = false;
  /** The reader pressed the button that loads, so that what follows may move the focus. */
  #pressed = false;

  #loader = new LoadingCard(
    () => {
      this.#pressed = true;
      this.start();
    },
    () => this.#loadAbort?.abort(),
  );
  #settings = new SettingsPanel(STANDARD, () => this.#restart());
  #settingsPopup = new Popup('Settings', 'settings', this.#settings.element);
  #chatsPopup = new Popup('Chats', 'chats', h('p', { class: 'hint' }, 'One moment.'),
    () => this.#withChats().then((chats) => chats?.showPanel()));
  #guardPlace = h('div');
  #linkPlace = h('div');
  #composer = new Composer(
    (text) => this.#take({ text }),
    () => this.abort(),
  );
  #line = new StatusLine();
  #activity = new ActivityPanel((column) => this.#transcript.highlight(column));
  #transcript = new Transcript(
    greeting((question) => {
      if (!this.#take({ text: question })) this.#composer.text = question;
    }),
    (column) => {
      this.#transcript.highlight(column);
      this.#activity.highlight(column);
    },
  );
  #conversation = new Conversation({
    transcript: this.#transcript,
    activity: this.#activity,
    line: this.#line,
    composer: this.#composer,
    guardPlace: this.#guardPlace,
    engine: () => this.#engine,
    settings: () => {
      const { coding, steps, temperature, seed } = this.#settings.value;
      const { system, maxTokens } = this;
      return {
        ...codingFields({ coding, steps }),
        temperature,
        top_p: TOP_P,
        seed,
        ...(maxTokens ? { max_tokens: maxTokens } : {}),
        ...(system ? { system } : {}),
      };
    },
    plain: () => this.#settings.plain,
    send: (text) => this.#take({ text }),
    load: () => this.start(),
    lost: () => {
      this.#engine = null;
      this.#offer();
    },
    clear: () => this.#newChat(),
    changed: (record) => this.#keep(record),
    tell: (name, detail) => {
      this.#tell(name, detail);
      if (name === 'message') this.#showRunning();
    },
  });

  constructor() {
    super();
    const mark = h(
      'span',
      { class: 'mark', 'aria-hidden': 'true' },
      ...Array.from({ length: 9 }, () => h('i')),
    );
    const newChat = h(
      'button',
      { class: 'quiet', type: 'button', onclick: () => this.#newChat() },
      'New chat',
    );
    const content = h(
      'div',
      {
        class: 'app',
        part: 'panel',
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          const { key, isComposing } = event;
          const open = this.#popups.find((popup) => popup.open);
          if (key !== 'Escape' || isComposing || !(open || this.#conversation.answering)) return;
          // It has been used: a dialog around the element is not to close as well.
          event.preventDefault();
          event.stopPropagation();
          if (open) {
            open.toggle(false);
            open.button.focus();
          } else {
            this.abort();
          }
        },
        onpointerdown: (/** @type {PointerEvent} */ event) => {
          const path = event.composedPath();
          for (const popup of this.#popups) if (!popup.isIn(path)) popup.toggle(false);
        },
      },
      h(
        'header',
        { part: 'header' },
        mark,
        h('h1', {}, 'SpikeChat'),
        this.#chatsPopup.button,
        newChat,
        this.#settingsPopup.button,
        h('slot', { name: 'header' }),
        this.#chatsPopup.element,
        this.#settingsPopup.element,
      ),
      h('main', {}, this.#transcript.element),
      h(
        'section',
        { class: 'dock', 'aria-label': 'Your message' },
        this.#linkPlace,
        this.#loader.element,
        this.#line.notices,
        this.#guardPlace,
        this.#composer.element,
        this.#line.element,
      ),
      this.#activity.element,
    );
    const root = this.attachShadow({ mode: 'open' });
    fillShadow(root, SHEETS, content);
    keepKeys(root);
  }

  connectedCallback() {
    if (!this.#built) {
      this.#built = true;
      this.#readSettings(SpikeChat.observedAttributes);
    }
    // An element that was only moved keeps its engine. One whose engine is being ended begins again
    // when that is done.
    if (this.#engine || this.#loading || this.#ending) return;
    this.#begin();
  }

  get #popups() {
    return [this.#settingsPopup, this.#chatsPopup];
  }

  /** Moved by moveBefore: nothing has to end. */
  connectedMoveCallback() {}

  /** The worker must not outlive the element. */
  disconnectedCallback() {
    // An element that is only moved is connected again at once.
    queueMicrotask(async () => {
      if (this.isConnected) return;
      await this.#end();
      if (this.isConnected && !this.#engine && !this.#loading) this.#begin();
    });
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} now
   */
  attributeChangedCallback(name, before, now) {
    if (Object.hasOwn(WRITTEN, name)) rename(this, name);
    if (!this.#built || before === now) return;
    this.#readSettings([name]);
    const idle = this.isConnected && !this.#engine && !this.#loading && !this.#ending;
    if (name === 'kernel') this.#restart();
    else if (idle && (name === 'load' || name === 'model')) this.#begin();
  }

  /** The engine, once it is loaded. */
  get engine() {
    return this.#engine;
  }

  /** The conversation so far. @returns {Message[]} */
  get messages() {
    return this.#conversation.messages;
  }

  /**
   * Loads the model. Errors are shown in the element and told by the event `error`.
   * @returns {Promise<void>}
   */
  start() {
    if (this.#ending) return this.#ending.then(() => this.start());
    if (this.#engine) return Promise.resolve();
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  /** All that is known of the conversation: see restore. @returns {RecordedConversation} */
  get record() {
    return this.#conversation.record;
  }

  /**
   * Asks a question as if it were typed. While the model is loading it waits.
   * @param {string} text
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<Message>} the answer; what was said so far where it was stopped
   * @throws {SpikeError} busy while an answer is being given or a question waits; bad_request
   *   before loading was begun; aborted where a new chat began first; context_full where the
   *   reader has to choose first; what the answer failed with. Who does not wait for the promise
   *   has the event `error`
   */
  send(text, { signal } = {}) {
    /** @type {Promise<Message>} */
    const answer = new Promise((resolve, reject) => {
      if (signal?.aborted) throw aborted('the signal had fired before the call');
      if (this.#conversation.answering || this.#conversation.waiting)
        throw new SpikeError('busy', 'another answer is being given', { retryable: true });
      if (!this.#engine && !this.#loading)
        throw new SpikeError('bad_request', 'no model is being loaded: call start() first');
      this.#take({ text: String(text), signal, resolve, reject });
    });
    answer.catch(() => {});
    return answer;
  }

  /**
   * Takes a question. Before the model is there it waits for it.
   * @param {Question} question
   * @returns {boolean} whether it was taken: not while an answer is being given, nor while another
   *   question waits
   */
  #take(question) {
    if (this.#conversation.answering) return false;
    if (this.#conversation.waiting) {
      this.#line.status = 'Your question before this one waits.';
      // What answers may have failed to come.
      if (this.#engine && !kit()) this.#ask({ text: '' });
      return false;
    }
    this.#conversation.add(question.text);
    if (this.#engine) {
      this.#ask(question);
    } else {
      this.#queued = question;
      this.#line.status = this.#loading
        ? 'Will be answered when the model is ready.'
        : 'Will be answered when the model is here: start it above.';
      if (!this.#loading) this.#loader.attract();
    }
    return true;
  }

  /** Has the last question answered. @param {Question} question */
  #ask({ signal, resolve, reject }) {
    const stop = () => this.abort();
    signal?.addEventListener('abort', stop);
    this.#conversation.answerLast().then(
      (message) => {
        if (message) resolve?.(message);
        else reject?.(new SpikeError('context_full', 'the reader has to choose what is forgotten'));
      },
      reject ?? (() => {}), // it is shown
    ).finally(() => signal?.removeEventListener('abort', stop));
    if (signal?.aborted) stop();
  }

  /** Forgets what was asked while loading. */
  #dequeue() {
    const queued = this.#queued;
    this.#queued = null;
    queued?.reject?.(aborted('a new chat began before it was asked'));
  }

  /** Stops the answer being given. */
  abort() {
    this.#conversation.stop();
  }

  /** Begins a new chat. */
  clear() {
    this.#conversation.clear();
    this.#dequeue();
    this.#line.status = this.#engine ? 'New chat.' : '';
  }

  /**
   * Shows another chat, to go on with it.
   * @param {Message[] | RecordedConversation} chat messages, or what `record` gave
   * @returns {Promise<void>}
   * @throws {SpikeError} bad_request, naming the field
   */
  async restore(chat) {
    if (Array.isArray(chat)) return this.#show(newConversation(turnsOf(chat)));
    const chats = await this.#withChats();
    if (chats) await this.#show(chats.read(chat));
  }

  /** @param {RecordedConversation} record */
  #show(record) {
    this.#dequeue();
    this.#line.status = '';
    return this.#conversation.restore(record);
  }

  /**
   * Shows what a link to a chat would play. It is played when the reader says so.
   * @param {string} fragment of an address, with its #
   * @returns {Promise<void>}
   */
  async openLink(fragment) {
    await (await this.#withChats())?.openLink(fragment);
  }

  /** @returns {Promise<Chats | null>} null where it does not come */
  #withChats() {
    this.#chats ??= import('./chats.js').then(({ Chats }) => new Chats({
      conversation: this.#conversation,
      line: this.#line,
      popup: this.#chatsPopup,
      linkPlace: this.#linkPlace,
      engine: () => this.#engine,
      load: () => this.start(),
      clear: () => this.clear(),
      open: (record) => this.#show(record),
      focus: () => this.#composer.focus(),
      keep: (keep) => {
        this.#keeps = keep;
        if (keep) this.#conversation.changed();
      },
      keeps: this.#keeps,
      links: this.links,
    })).catch(() => {
      this.#chats = null;
      this.#line.status = 'What this needs did not come: try again, or reload the page.';
      return null;
    });
    return this.#chats;
  }

  /** @param {RecordedConversation} record */
  #keep(record) {
    if (this.#keeps) this.#withChats().then((chats) => chats?.save(record));
  }

  /** What the buttons for it do. */
  #newChat() {
    this.clear();
    this.#composer.focus();
  }

  /** Gives the engine's memory back. The chat is kept, and the model is offered again. */
  async unload() {
    await this.#end();
    if (this.isConnected && !this.#loading) this.#offer();
  }

  /** Ends the engine, or its loading. @returns {Promise<void>} */
  #end() {
    this.#ending ??= this.#endNow().finally(() => {
      this.#ending = null;
    });
    return this.#ending;
  }

  async #endNow() {
    const [engine, loading] = [this.#engine, this.#loading];
    this.abort();
    this.#loadAbort?.abort();
    this.#engine = null;
    await engine?.unload();
    await loading;
  }

  /** What a connected element without an engine does first. */
  #begin() {
    this.#sight?.disconnect();
    this.#sight = null;
    if (this.load === 'eager') {
      this.start();
      return;
    }
    this.#offer();
    if (this.load !== 'visible') return;
    this.#sight = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      this.#sight?.disconnect();
      if (this.isConnected) this.start();
    });
    this.#sight.observe(this);
  }

  /** Asks before anything large is fetched. */
  #offer() {
    this.#settings.running = null;
    this.#settings.presets = PRESETS; // until the model says which
    this.#line.status = '';
    this.#loader.offer(null);
    this.#loader.element.hidden = false;
    const { model } = this;
    // Loading says what is wrong before it fetches anything.
    if (!toAddress(model)) this.start();
    else
      Promise.all([downloadSize(model), keeping()]).then(([size, kept]) => {
        const idle = !this.#loading && !this.#engine && model === this.model;
        if (idle) this.#loader.offer(size, kept);
      });
  }

  /**
   * Hands attributes on to the settings panel and the text box.
   * @param {readonly string[]} names of those to read
   */
  #readSettings(names) {
    const { kernel, placeholder, preset, seed, steps, temperature } = this;
    /** @type {Partial<Settings>} */
    const settings = {};
    if (names.includes('steps') || names.includes('preset')) {
      const uniform = STEPS.find((one) => one === steps);
      // Of the two the one that has come last, and preset where they come together.
      const last = !preset || !names.includes('preset');
      settings.coding = uniform && last ? 'uniform' : preset ?? STANDARD.coding;
      settings.steps = uniform ?? STANDARD.steps;
    }
    if (names.includes('temperature')) settings.temperature = temperature ?? STANDARD.temperature;
    if (names.includes('seed')) settings.seed = seed;
    if (names.includes('kernel')) settings.kernel = kernel;
    this.#settings.set(settings);
    if (names.includes('placeholder')) this.#composer.placeholder = placeholder;
  }

  async #load() {
    const abort = (this.#loadAbort = new AbortController());
    this.#loader.element.hidden = false;
    this.#settings.loading = true;
    this.#line.status = 'Loading the model.';
    prepareKit();
    this.#line.notices.replaceChildren();
    try {
      const { createEngine: create } = /** @type {typeof SpikeChat} */ (this.constructor);
      const engine = await create({
        model: this.model,
        kernel: this.#settings.value.kernel,
        signal: abort.signal,
        build: this.build,
        onprogress: (progress) => {
          this.#loader.progress(progress);
          this.#tell('progress', progress);
        },
        onprefill: (left) => {
          if (left > 0) this.#line.rate = `reading the question, ${plural(left, 'token')} left`;
        },
        onnotice: ({ message }) => this.#line.addNotice(message),
      });
      // It may have been ended since: this function had to wait for its turn.
      if (abort.signal.aborted) {
        await engine.unload();
        throw aborted('loading was cancelled');
      }
      this.#engine = engine;
    } catch (error) {
      const failure = asSpikeError(error);
      this.#line.status = this.#loader.fail(failure, toAddress(this.model) ?? '');
      this.#tell('error', failure);
      return;
    } finally {
      this.#loadAbort = null;
      this.#settings.loading = false;
    }
    this.#loader.element.hidden = true;
    this.#settings.running = this.#engine.info;
    this.#settings.presets = this.#engine.info.presets;
    this.#line.context = this.#engine.info.context;
    this.#line.status = 'Ready.';
    this.#tell('ready', this.#engine.info);
    // The button that was pressed has gone. Whoever has the focus since keeps it: in a frame that
    // may be the page around. At the top hasFocus says whether the window has it: no matter here.
    const { activeElement, body } = document;
    const free = (window === window.top || document.hasFocus())
      && (activeElement === null || activeElement === body);
    if (this.#pressed && free) this.#composer.focus();
    this.#pressed = false;
    const queued = this.#queued;
    this.#queued = null;
    if (queued && this.#conversation.waiting) this.#ask(queued);
  }

  /** An answer may have found the faster kernel. */
  async #showRunning() {
    const engine = this.#engine;
    // An engine that has gone meanwhile has nothing to show.
    const stats = await engine?.stats().catch(() => null);
    if (!engine || !stats || engine !== this.#engine) return;
    const { kernel, why } = /** @type {{kernel: string, why: string}} */ (stats);
    this.#settings.running = { ...engine.info, kernel, why };
  }

  async #restart() {
    if (!this.#engine) return;
    await this.#end();
    // It may have been removed since, and then nobody would end the new worker.
    if (this.isConnected) await this.start();
  }

  /**
   * @template {keyof SpikeChatEvents} Name
   * @param {Name} name
   * @param {SpikeChatEvents[Name]} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, composed: true }));
  }
}
