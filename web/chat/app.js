// What is inside <spike-chat>: its parts, in the words of one language, and how they work together.
// Another language makes another app, which goes on where this one is.

import { toAddress } from '../api/address.js';
import { DEFAULT_MODEL } from '../api/own-files.js';
import { downloadSize } from '../delivery/download-size.js';
import { keeping } from '../delivery/keeping.js';
import { dissolveGroups, h } from '../shared/dom.js';
import { SpikeError } from '../shared/errors.js';
import { PRESETS } from '../shared/contract.js';
import { newConversation, turnsOf } from '../record/conversation.js';
import { speak } from '../words/languages.js';
import { words } from '../words/words.js';
import { setShowsActivity, showsActivity } from './activity-choice.js';
import { ActivityPanel } from './activity-panel.js';
import { kit, prepareKit } from './answer-kit-loader.js';
import { STANDARD } from './attribute-settings.js';
import { codingFields } from './coding-choice.js';
import { Composer } from './composer.js';
import { Conversation } from './conversation.js';
import { aborted } from './engine-keeper.js';
import { keepDraft, readDraft } from './draft.js';
import { frame } from './frame.js';
import { greeting } from './greeting.js';
import { keepsChats } from './keeping.js';
import { keepLanguage } from './language.js';
import { LoadingCard } from './loading-card.js';
import { Popup } from './popup.js';
import { RecordedPlace } from './recorded-place.js';
import { SettingsPanel } from './settings-panel.js';
import { TourLoader } from './tour-loader.js';
import { StatusLine } from './status-line.js';
import { Transcript } from './transcript.js';
import { WayBack } from './way-back.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { Saver } from '../record/saver.js' */
/** @import { RecordedConversation } from '../record/types.js' */
/** @import { Message, Progress } from '../shared/protocol.js' */
/** @import { Language } from '../words/languages.js' */
/** @import { ErrorCode } from '../shared/errors.js' */
/** @import { Chats } from './chats.js' */
/** @import { EngineKeeper } from './engine-keeper.js' */
/** @import { ReflectingElement } from './reflecting-element.js' */
/** @import { Settings } from './settings-panel.js' */
/** @import { Tell } from './types.js' */
/** @import { Gone } from './way-back.js' */

// What the model's makers advise for chat (model card of SmolLM2-135M-Instruct).
const TOP_P = 0.9;

/**
 * @typedef {object} Around what an app needs around it
 * @property {ReflectingElement} element whose attributes count
 * @property {EngineKeeper} keeper
 * @property {() => Promise<void>} start loads the model
 * @property {() => void} restart loads it again
 * @property {() => void} settled no answer is being given any more
 * @property {Tell} tell
 */

/**
 * @typedef {object} Question
 * @property {string} text
 * @property {AbortSignal} [signal]
 * @property {(message: Message) => void} [resolve]
 * @property {(error: SpikeError) => void} [reject]
 */

/**
 * What another app goes on with.
 * @typedef {object} Before
 * @property {RecordedConversation} record
 * @property {Settings & {plain: boolean}} settings
 * @property {{first: number, used: number}} read of it by the model: see Conversation.goOn
 * @property {string} draft in the text box
 * @property {boolean} writing the reader is in there
 * @property {Gone | null} gone what the reader can have back
 * @property {Question | null} queued
 * @property {Saver | null} saver
 * @property {boolean} settingsOpen the reader is in the settings
 * @property {string | null} recorded the model whose recording is shown
 */

/** The app. */
export class App {
  #around;
  /** @type {Question | null} waits for the model; it is in the conversation already */
  #queued = null;
  /** @type {Promise<Chats | null> | null} */
  #chats = null;
  /** @type {Saver | null} of what was kept so far */
  #saver = null;
  #keeps = keepsChats();
  /** The reader pressed the button that loads, so that what follows may move the focus. */
  #pressed = false;

  #loader = new LoadingCard(
    () => {
      this.#pressed = true;
      this.#around.start();
    },
    () => this.#around.keeper.cancel(),
  );
  #settings = new SettingsPanel(STANDARD, {
    onkernel: () => this.#around.restart(),
    onlanguage: (language) => this.#speak(language),
    onactivity: (shown) => {
      setShowsActivity(shown);
      this.#activity.shown = shown;
    },
    oncompare: () => {
      this.#settingsPopup.toggle(false);
      this.#compare();
    },
  });
  #settingsPopup = new Popup(words.settings.name, 'settings', this.#settings.element);
  #chatsPopup = new Popup(
    words.chats.name, 'chats', h('p', { class: 'hint' }, words.chat.oneMoment),
    () => this.#withChats().then((chats) => chats?.showPanel()));
  #guardPlace = h('div');
  #linkPlace = h('div');
  #wayBack = new WayBack((record) => {
    // What has come instead is not lost either.
    this.#leaveChat();
    this.#show(record);
    this.#composer.focus();
  });
  #tourPlace = h('div');
  #recordedPlace = h('div', { class: 'recorded-place' });
  #composer = new Composer(
    (text) => this.#asks(text),
    () => this.stop(),
    (text) => keepDraft(this.#around.element, text),
  );
  #line = new StatusLine();
  #activity = new ActivityPanel(
    (column) => this.#transcript.highlight(column), () => this.#tour.open());
  #transcript = new Transcript(
    greeting((question) => {
      if (!this.#asks(question)) this.#composer.text = question;
    }, this.#recordedPlace),
    (column) => {
      this.#transcript.highlight(column);
      this.#activity.highlight(column);
    },
  );
  #recorded = new RecordedPlace(
    this.#recordedPlace, this.#transcript, this.#activity, () => this.#around.element.model);
  #tour = new TourLoader(this.#tourPlace, {
    activity: this.#activity,
    settings: this.#settingsPopup.button,
    word: (column) => this.#transcript.spans.get(column) ?? null,
    say: (status) => { this.#line.status = status; },
  });
  #conversation = new Conversation({
    transcript: this.#transcript,
    activity: this.#activity,
    line: this.#line,
    composer: this.#composer,
    guardPlace: this.#guardPlace,
    engine: () => this.#engine,
    model: () => this.#around.element.model,
    settings: () => this.#asking(),
    plain: () => this.#settings.plain,
    send: (text) => this.take({ text }),
    load: () => this.#around.start(),
    lost: () => this.#lost(),
    clear: () => this.#newChat(),
    tour: () => this.#tour.open(),
    removes: () => this.#keepWayBack('turns'),
    compare: (turn) => this.#compare(turn),
    busy: (answering) => this.#showBusy(answering),
    changed: (record) => this.#keep(record),
    tell: (name, detail) => {
      this.#around.tell(name, detail);
      if (name === 'message') this.#showRunning();
    },
  });
  element = frame({
    popups: [this.#chatsPopup, this.#settingsPopup],
    transcript: this.#transcript.element,
    dock: [
      this.#linkPlace,
      this.#tourPlace,
      this.#loader.element,
      this.#line.notices,
      this.#guardPlace,
      this.#wayBack.element,
      this.#composer.element,
      this.#line.element,
    ],
    activity: this.#activity.element,
    newChat: () => this.#newChat(),
    leave: () => {
      const { answering } = this;
      const { beside } = this.#conversation;
      if (answering) this.stop();
      else beside?.close();
      return answering || beside !== null;
    },
  });

  /** Of its words. */
  language = words.language;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
    this.#activity.shown = showsActivity();
    this.#composer.text = readDraft(around.element);
  }

  /** What the settings and attributes say to ask with. */
  #asking() {
    const { coding, steps, temperature, seed } = this.#settings.value;
    const { system, maxTokens } = this.#around.element;
    return {
      ...codingFields({ coding, steps }),
      temperature,
      top_p: TOP_P,
      seed,
      ...(maxTokens ? { max_tokens: maxTokens } : {}),
      ...(system ? { system } : {}),
    };
  }

  /** The engine is gone. */
  #lost() {
    this.#around.keeper.forget();
    this.offer();
  }

  /** @param {boolean} answering */
  #showBusy(answering) {
    if (answering) this.#tour.close();
    this.#composer.answering = answering;
    this.#transcript.busy = answering;
    this.#settings.answering = answering;
    this.#activity.answering = answering;
    if (!answering) this.#around.settled();
  }

  /** @param {number} [turn] whose answers are compared; left out: the last one */
  async #compare(turn) {
    // What it points at is out of sight now.
    this.#tour.close();
    const part = await import('./comparing.js').catch(() => null);
    if (!part) {
      this.#line.status = words.chat.partMissing;
      return;
    }
    await part.openComparison({
      conversation: this.#conversation,
      line: this.#line,
      composer: this.#composer,
      engine: () => this.#engine,
      settings: () => this.#asking(),
      plain: () => this.#settings.plain,
      load: () => this.#around.start(),
      lost: () => this.#lost(),
      busy: (answering) => this.#showBusy(answering),
      app: this.element,
    }, turn);
  }

  get #engine() {
    return this.#around.keeper.engine;
  }

  get answering() {
    return this.#conversation.answering;
  }

  /** Whether a question waits to be asked. */
  get waiting() {
    return this.#conversation.waiting;
  }

  get messages() {
    return this.#conversation.messages;
  }

  get record() {
    return this.#conversation.record;
  }

  /** That is chosen. */
  get kernel() {
    return this.#settings.value.kernel;
  }

  /** @param {string} placeholder of the text box */
  set placeholder(placeholder) {
    this.#composer.placeholder = placeholder;
  }

  /** @param {Partial<Settings>} settings */
  set settings(settings) {
    this.#settings.set(settings);
  }

  /** Ends this app: another goes on with what it gives. @returns {Before} */
  leave() {
    const queued = this.#queued;
    this.#queued = null;
    const writing = this.#composer.hasFocus;
    this.#tour.close();
    this.#activity.look.close();
    this.#conversation.beside?.close();
    const before = {
      record: this.record,
      read: { first: this.#conversation.first, used: this.#line.used },
      settings: { ...this.#settings.value, plain: this.#settings.plain },
      draft: this.#composer.text,
      writing,
      gone: this.#wayBack.gone,
      queued,
      saver: this.#saver,
      settingsOpen: this.#settingsPopup.open,
      recorded: this.#recorded.model,
    };
    dissolveGroups(this.element);
    return before;
  }

  /** Goes on where another app was. @param {Before} before */
  takeOver(before) {
    const { record, read, settings, draft, writing, gone, queued, saver } = before;
    const { settingsOpen, recorded } = before;
    this.#saver = saver;
    this.#recorded.takeOver(recorded);
    this.#settings.set(settings);
    this.#settings.plain = settings.plain;
    this.#composer.text = draft;
    if (writing) this.#composer.focus();
    if (gone) this.#wayBack.offer(gone);
    const { keeper } = this.#around;
    if (keeper.loading) {
      this.showLoading();
      if (keeper.progress) this.showProgress(keeper.progress);
    } else if (this.#engine) {
      this.#showEngine(this.#engine);
    } else {
      this.offer();
    }
    this.#conversation.goOn(record, queued !== null, read);
    this.#queued = queued;
    if (settingsOpen) {
      this.#settingsPopup.toggle(true);
      this.#settings.focusLanguage();
    }
  }

  /**
   * Takes a question. Before the model is there it waits for it.
   * @param {Question} question
   * @returns {boolean} whether it was taken: not while an answer is being given, nor while another
   *   question waits
   */
  take(question) {
    if (this.answering) return false;
    if (this.waiting) {
      this.#line.status = words.chat.anotherWaits;
      // What answers may have failed to come.
      if (this.#engine && !kit()) this.#ask({ text: '' });
      return false;
    }
    this.#conversation.add(question.text);
    if (this.#engine) {
      this.#ask(question);
    } else {
      const { loading } = this.#around.keeper;
      this.#queued = question;
      this.#line.status = loading ? words.chat.waitsForModel : words.chat.waitsForStart;
      if (!loading) this.#loader.attract();
    }
    return true;
  }

  /** Has the last question answered. @param {Question} question */
  #ask({ signal, resolve, reject }) {
    const stop = () => this.stop();
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
  stop() {
    this.#conversation.stop();
  }

  /** Begins a new chat. */
  clear() {
    this.#tour.close();
    this.#conversation.clear();
    this.#dequeue();
    this.#line.status = this.#engine ? words.chat.isNew : '';
  }

  /** What the buttons for it do. */
  #newChat() {
    this.#leaveChat();
    this.clear();
    this.#composer.focus();
  }

  /** The reader asks. @param {string} text */
  #asks(text) {
    const taken = this.take({ text });
    if (taken) this.#wayBack.withdraw();
    return taken;
  }

  /** Another chat takes the place of this one. */
  #leaveChat() {
    if (this.#keeps) this.#wayBack.withdraw();
    else this.#keepWayBack('chat');
  }

  /** What is here goes, and the reader can have it back. @param {Gone['what']} what */
  #keepWayBack(what) {
    const { record } = this;
    if (record.turns.length > 0) this.#wayBack.offer({ what, record });
  }

  /**
   * Shows another chat, to go on with it.
   * @param {Message[] | RecordedConversation} chat messages, or what `record` gave
   * @throws {SpikeError} bad_request, naming the field
   */
  async restore(chat) {
    if (Array.isArray(chat)) return this.#show(newConversation(turnsOf(chat)));
    const chats = await this.#withChats();
    if (chats) await this.#show(chats.read(chat));
  }

  /** @param {RecordedConversation} record */
  #show(record) {
    this.#tour.close();
    this.#dequeue();
    this.#line.status = '';
    return this.#conversation.restore(record);
  }

  /** @param {string} fragment of an address, with its # */
  async openLink(fragment) {
    await (await this.#withChats())?.openLink(fragment);
  }

  /** @returns {Promise<Chats | null>} null where it does not come */
  #withChats() {
    this.#chats ??= import('./chats.js').then(({ Chats }) => {
      const chats = new Chats({
        conversation: this.#conversation,
        line: this.#line,
        popup: this.#chatsPopup,
        linkPlace: this.#linkPlace,
        engine: () => this.#engine,
        load: () => this.#around.start(),
        clear: () => this.clear(),
        open: (record) => {
          this.#leaveChat();
          return this.#show(record);
        },
        focus: () => this.#composer.focus(),
        keep: (keep) => {
          this.#keeps = keep;
          if (keep) this.#conversation.changed();
        },
        keeps: this.#keeps,
        links: this.#around.element.links,
      }, this.#saver);
      this.#saver = chats.saver;
      return chats;
    }).catch(() => {
      this.#chats = null;
      this.#line.status = words.chat.partMissing;
      return null;
    });
    return this.#chats;
  }

  /** @param {RecordedConversation} record */
  #keep(record) {
    if (this.#keeps) this.#withChats().then((chats) => chats?.save(record));
  }

  /**
   * What the reader chose in the settings. The words make another app of it.
   * @param {Language} language
   */
  async #speak(language) {
    keepLanguage(language);
    await speak(language);
    // They did not come: the choice is as before.
    this.#settings.showLanguage();
    if (this.language !== language) this.#line.status = words.chat.languageMissing;
  }

  /** Asks before anything large is fetched. */
  offer() {
    const { element: { model }, keeper, start } = this.#around;
    this.#settings.running = null;
    this.#settings.presets = PRESETS; // until the model says which
    this.#line.status = '';
    this.#loader.offer(null);
    this.#loader.element.hidden = false;
    // Loading says what is wrong before it fetches anything.
    if (!toAddress(model)) {
      start();
    } else {
      if (this.#recorded.model === null) this.#recorded.expect(model === DEFAULT_MODEL);
      Promise.all([downloadSize(model), keeping()]).then(([size, kept]) => {
        const idle = !keeper.loading && !this.#engine && model === this.#around.element.model;
        if (!idle) return;
        this.#loader.offer(size, kept);
        this.#recorded.offer(size?.sha256 ?? null, size !== null && size.cached < size.bytes);
      });
    }
  }

  /** Loading has begun. */
  showLoading() {
    this.#loader.element.hidden = false;
    this.#settings.loading = true;
    this.#line.status = words.chat.loading;
    this.#recorded.loading();
    prepareKit();
    this.#line.notices.replaceChildren();
  }

  /** @param {Progress} progress */
  showProgress(progress) {
    this.#loader.progress(progress);
  }

  /** @param {number} left tokens of the question that are still to read */
  showReading(left) {
    // What is read beside the conversation is nobody's question.
    if (left > 0 && this.answering) this.#line.rate = words.chat.reading(left);
  }

  /** @param {{code: ErrorCode, message: string}} notice of the engine */
  showNotice({ code, message }) {
    /** @type {Partial<Record<ErrorCode, string>>} */
    const known = words.notices;
    this.#line.addNotice(known[code] ?? message);
  }

  /** @param {SpikeError} error of loading */
  showFailure(error) {
    this.#settings.loading = false;
    this.#line.status = this.#loader.fail(error, toAddress(this.#around.element.model) ?? '');
  }

  /** The model is loaded. @param {Engine} engine */
  showReady(engine) {
    this.#showEngine(engine);
    this.#line.status = words.chat.ready;
  }

  /** @param {Engine} engine */
  #showEngine(engine) {
    const { info } = engine;
    this.#recorded.ready(engine);
    this.#settings.loading = false;
    this.#loader.element.hidden = true;
    this.#settings.running = info;
    this.#settings.presets = info.presets;
    this.#line.context = info.context;
  }

  /** Does what the reader wanted while the model was loading. */
  goOn() {
    // The button that was pressed has gone. Whoever has the focus since keeps it: in a frame that
    // may be the page around. At the top hasFocus says whether the window has it: no matter here.
    const { activeElement, body } = document;
    const free = (window === window.top || document.hasFocus())
      && (activeElement === null || activeElement === body);
    if (this.#pressed && free) this.#composer.focus();
    const queued = this.#queued;
    // A page that has loaded the model itself may want to ask it first, and without SIMD a question
    // would have to wait for seconds.
    if (this.#pressed && !queued && this.#engine?.info.simd) this.#recorded.check();
    this.#pressed = false;
    this.#queued = null;
    if (queued && this.waiting) this.#ask(queued);
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
}
