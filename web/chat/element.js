// <spike-chat>: the whole chat over engine.js.
//
// Attributes, by when they are read. Each is a property as well (max-tokens is maxTokens).
//   when the element is first connected, and when they change: preset (best, balanced, fewest), or
//   steps (T of all neurons alike), kernel, threads, temperature, seed, placeholder. What the
//   reader chooses in the settings panel later counts in their place
//   whenever it is connected, and when it changes: load (click; visible: as soon as it can be seen;
//   eager; where the reader saves data nothing large but after a click)
//   whenever a model is loaded: model (the manifest's address), build
//   for every answer: system, max-tokens
//   always: theme (auto, light, dark), hidden
//   when the first element of a page is connected, and when it changes: lang. Without it that of
//   what is around counts (web/chat/language.js). A page has one language: others follow
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
import { isSmall, savesData } from '../delivery/saved-data.js';
import { newConversation } from '../record/conversation.js';
import { fillShadow, setOrRemove } from '../shared/dom.js';
import { EXCHANGE_BYTES } from '../shared/contract.js';
import { SpikeError } from '../shared/errors.js';
import { beginWith, onLanguage, speak } from '../words/languages.js';
import { words } from '../words/words.js';
import { App } from './app.js';
import { SETTING_ATTRIBUTES, settingsFrom } from './attribute-settings.js';
import { EngineKeeper, aborted } from './engine-keeper.js';
import { keepKeys } from './keys.js';
import { languageFor } from './language.js';
import { ReflectingElement, WRITTEN, rename } from './reflecting-element.js';

/** @import { RecordedConversation } from '../record/types.js' */
/** @import { Message } from '../shared/protocol.js' */
/** @import { SpikeChatEvents } from './events.js' */

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

/** The element. Registered by spike-chat.js. */
export class SpikeChat extends ReflectingElement {
  /** Another where the engine runs elsewhere. */
  static createEngine = createEngine;

  static observedAttributes = [
    ...SETTING_ATTRIBUTES, 'lang', 'load', 'model', 'placeholder', ...Object.keys(WRITTEN),
  ];

  #root = this.attachShadow({ mode: 'open' });
  /** @type {App | null} */
  #app = null;
  /** The words that it is to be in are on their way. @type {Promise<void> | null} */
  #coming = null;
  /** Waits until the element can be seen. @type {IntersectionObserver | null} */
  #sight = null;
  #keeper = new EngineKeeper({
    create: (options) => {
      const { createEngine: create } = /** @type {typeof SpikeChat} */ (this.constructor);
      const { build, model } = this;
      const useCache = this.#app?.engineView.card.keep ?? true;
      const kernel = this.#app?.kernel ?? this.kernel;
      return create({ ...options, early: true, build, model, kernel, useCache });
    },
    threads: () => this.#app?.threads ?? this.threads ?? 'auto',
    onbegin: () => this.#app?.engineView.showLoading(),
    onprogress: (progress) => {
      this.#app?.engineView.card.progress(progress);
      this.#tell('progress', progress);
    },
    onprefill: (left) => this.#app?.engineView.showReading(left),
    onnotice: (notice) => this.#app?.engineView.showNotice(notice),
    onfail: (error) => {
      this.#app?.engineView.showFailure(error);
      this.#tell('error', error);
    },
    onprecision: (engine) => this.#app?.engineView.showPrecision(engine),
    onlate: (error) => {
      this.#app?.engineView.showLate(error);
      this.#tell('error', error);
    },
    onready: (engine) => {
      this.#app?.engineView.showReady(engine);
      this.#tell('ready', engine.info);
      this.#app?.goOn();
    },
  });

  constructor() {
    super();
    keepKeys(this.#root);
  }

  connectedCallback() {
    onLanguage(this.#translate, true);
    this.#translate();
    this.#withApp(() => {
      // An element that was only moved keeps its engine. One whose engine is being ended begins
      // again when that is done.
      if (this.isConnected && this.#keeper.idle) this.#begin();
    });
  }

  /** Moved by moveBefore: nothing has to end. */
  connectedMoveCallback() {}

  /** The worker must not outlive the element. */
  disconnectedCallback() {
    onLanguage(this.#translate, false);
    // An element that is only moved is connected again at once.
    queueMicrotask(async () => {
      if (this.isConnected) return;
      await this.#end();
      if (this.isConnected && !this.#keeper.engine && !this.#keeper.loading) this.#begin();
    });
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} now
   */
  attributeChangedCallback(name, before, now) {
    if (Object.hasOwn(WRITTEN, name)) rename(this, name);
    if (!this.#app || before === now) return;
    this.#read([name]);
    if (name === 'kernel' || name === 'threads') this.#restart();
    else if (name === 'lang') speak(languageFor(this));
    else if (this.isConnected && this.#keeper.idle && (name === 'load' || name === 'model'))
      this.#begin();
  }

  /** The engine, once it is loaded. */
  get engine() {
    return this.#keeper.engine;
  }

  /** The conversation so far. @returns {Message[]} */
  get messages() {
    return this.#app?.conversation.messages ?? [];
  }

  /** All that is known of the conversation: see restore. @returns {RecordedConversation} */
  get record() {
    return this.#app?.conversation.record ?? newConversation();
  }

  /**
   * Loads the model. Errors are shown in the element and told by the event `error`.
   * @returns {Promise<void>}
   */
  start() {
    return this.#withApp(() => this.#keeper.start());
  }

  /**
   * Asks a question as if it were typed. While the model is loading it waits.
   * @param {string} text
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<Message>} the answer; what was said so far where it was stopped
   * @throws {SpikeError} busy while an answer is being given or a question waits; bad_request
   *   before loading was begun, or for a text of more than 4 Mi characters; aborted where a new
   *   chat began first; context_full where the reader has to choose first; what the answer failed
   *   with. Who does not wait for the promise has the event `error`
   */
  send(text, { signal } = {}) {
    const answer = this.#withApp((app) => {
      /** @type {Promise<Message>} */
      const given = new Promise((resolve, reject) => {
        if (signal?.aborted) throw aborted('the signal had fired before the call');
        if (app.conversation.answering || app.conversation.waiting)
          throw new SpikeError('busy', 'another answer is being given', { retryable: true });
        if (!this.#keeper.engine && !this.#keeper.loading)
          throw new SpikeError('bad_request', 'no model is being loaded: call start() first');
        const question = String(text);
        // The engine would refuse it as well, after it had been shown.
        if (question.length > EXCHANGE_BYTES)
          throw new SpikeError('bad_request', `text holds ${question.length} characters, at most `
            + `${EXCHANGE_BYTES}: send less`);
        app.questions.take({ text: question, signal, resolve, reject });
      });
      return given;
    });
    answer.catch(() => {});
    return answer;
  }

  /** Stops the answer being given. */
  abort() {
    this.#app?.conversation.stop();
  }

  /** Begins a new chat. */
  clear() {
    this.#app?.clear();
  }

  /**
   * Shows another chat, to go on with it.
   * @param {Message[] | RecordedConversation} chat messages, or what `record` gave
   * @returns {Promise<void>}
   * @throws {SpikeError} bad_request, naming the field
   */
  restore(chat) {
    return this.#withApp((app) => app.restore(chat));
  }

  /**
   * Shows what a link to a chat would play. It is played when the reader says so.
   * @param {string} fragment of an address, with its #
   * @returns {Promise<void>}
   */
  openLink(fragment) {
    return this.#withApp((app) => app.openLink(fragment));
  }

  /** Gives the engine's memory back. The chat is kept, and the model is offered again. */
  async unload() {
    await this.#end();
    if (this.isConnected && !this.#keeper.loading) this.#app?.engineView.offer();
  }

  /**
   * Does what needs the app: at once where its words are there, as those of English are.
   * @template T
   * @param {(app: App) => T | Promise<T>} work
   * @returns {Promise<T>}
   */
  #withApp(work) {
    if (!this.#app) {
      this.#coming ??= beginWith(languageFor(this));
      if (this.#coming) return this.#coming.then(() => work(this.#app ?? this.#build()));
    }
    const done = work(this.#app ?? this.#build());
    return done instanceof Promise ? done : Promise.resolve(done);
  }

  /** Builds the app in the words that are there. @returns {App} */
  #build() {
    const app = this.#makeApp();
    fillShadow(this.#root, SHEETS, app.element);
    return app;
  }

  #makeApp() {
    this.#app = new App({
      element: this,
      keeper: this.#keeper,
      start: () => this.start(),
      restart: () => this.#restart(),
      choose: (model, start) => this.#choose(model, start),
      // The language may have changed meanwhile. What ends the answer has its last words first.
      settled: () => { setTimeout(this.#translate); },
      tell: (name, detail) => this.#tell(name, detail),
    });
    this.#read(SpikeChat.observedAttributes);
    return this.#app;
  }

  /** Goes on in other words where there are others now. */
  #translate = () => {
    const before = this.#app;
    // An answer under way ends where it is shown, and the words follow then.
    if (!before || before.language === words.language || before.conversation.answering) return;
    const left = before.leave();
    const now = this.#makeApp();
    now.element.hidden = before.element.hidden;
    before.element.replaceWith(now.element);
    now.takeOver(left);
  };

  /** Ends the engine, or its loading. */
  #end() {
    this.#app?.conversation.stop();
    return this.#keeper.end();
  }

  async #restart() {
    if (!this.#keeper.engine) return;
    await this.#end();
    // It may have been removed since, and then nobody would end the new worker.
    if (this.isConnected) await this.start();
  }

  /**
   * Another model, which the reader has chosen.
   * @param {string} model its name
   * @param {boolean} start whether it is loaded
   */
  async #choose(model, start) {
    await this.#end();
    // Where it is another one that offers it.
    if (model === (this.getAttribute('model') ?? '')) this.#begin();
    else setOrRemove(this, 'model', model || null);
    if (start && this.isConnected) await this.start();
  }

  /** What a connected element without an engine does first. */
  #begin() {
    this.#sight?.disconnect();
    this.#sight = null;
    const { load } = this;
    if (load !== 'eager' || savesData()) this.#app?.engineView.offer();
    if (load === 'eager') this.#startUnasked();
    if (load !== 'visible') return;
    this.#sight = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      this.#sight?.disconnect();
      this.#startUnasked();
    });
    this.#sight.observe(this);
  }

  /** Loads the model, but nothing large where the reader saves data: there it is offered. */
  async #startUnasked() {
    const { model } = this;
    if (savesData() && !await isSmall(model)) return;
    if (this.isConnected && this.#keeper.idle && model === this.model) this.start();
  }

  /** Hands attributes on. @param {readonly string[]} names of those to read */
  #read(names) {
    if (!this.#app) return;
    this.#app.settings = settingsFrom(this, names);
    if (names.includes('placeholder')) this.#app.placeholder = this.placeholder;
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
