// What is inside <spike-chat>: its parts, in the words of one language, and how they work together.
// Another language makes another app, which goes on where this one is.

import { dissolveGroups, h } from '../shared/dom.js';
import { newConversation, turnsOf } from '../record/conversation.js';
import { speak } from '../words/languages.js';
import { words } from '../words/words.js';
import { setShowsActivity, showsActivity } from './activity-choice.js';
import { ActivityPanel } from './activity-panel.js';
import { askingOf } from './asking.js';
import { STANDARD } from './attribute-settings.js';
import { ChatsLoader } from './chats-loader.js';
import { Composer } from './composer.js';
import { Conversation } from './conversation.js';
import { keepDraft, readDraft } from './draft.js';
import { EngineView } from './engine-view.js';
import { frame } from './frame.js';
import { greeting } from './greeting.js';
import { keepLanguage } from './language.js';
import { Popup } from './popup.js';
import { Questions } from './questions.js';
import { RecordedPlace } from './recorded-place.js';
import { SettingsPanel } from './settings-panel.js';
import { ShelfLoader } from './shelf-loader.js';
import { StatusLine } from './status-line.js';
import { TourLoader } from './tour-loader.js';
import { Transcript } from './transcript.js';
import { WayBack } from './way-back.js';

/** @import { Saver } from '../record/saver.js' */
/** @import { RecordedConversation } from '../record/types.js' */
/** @import { Message } from '../shared/protocol.js' */
/** @import { Language } from '../words/languages.js' */
/** @import { EngineKeeper } from './engine-keeper.js' */
/** @import { Sent } from './questions.js' */
/** @import { ReflectingElement } from './reflecting-element.js' */
/** @import { Settings } from './settings-panel.js' */
/** @import { Host, Tell } from './types.js' */
/** @import { Gone } from './way-back.js' */

/**
 * @typedef {object} Around what an app needs around it
 * @property {ReflectingElement} element whose attributes count
 * @property {EngineKeeper} keeper
 * @property {() => Promise<void>} start loads the model
 * @property {() => void} restart loads it again
 * @property {(model: string, start: boolean) => Promise<void>} choose another model; start: load it
 * @property {() => void} settled no answer is being given any more
 * @property {Tell} tell
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
 * @property {Sent | null} queued
 * @property {Saver | null} saver
 * @property {boolean} settingsOpen the reader is in the settings
 * @property {string | null} recorded the model whose recording is shown
 */

/** The app. */
export class App {
  #around;
  #shelf = new ShelfLoader({
    current: () => this.#around.element.model,
    engine: () => this.#engine,
    answering: () => this.conversation.answering,
    choose: (model, start) => this.#around.choose(model, start),
    say: (status) => { this.#line.status = status; },
  });
  #settings = new SettingsPanel(STANDARD, {
    onengine: () => this.#around.restart(),
    onlanguage: (language) => this.#speak(language),
    onactivity: (shown) => {
      setShowsActivity(shown);
      this.#activity.shown = shown;
    },
    ondelete: () => this.engineView.deleteModel(),
    oncompare: () => {
      this.#settingsPopup.toggle(false);
      this.#compare();
    },
  }, this.#shelf.section);
  #settingsPopup = new Popup(
    words.settings.name, 'settings', this.#settings.element, () => this.#shelf.refresh());
  #guardPlace = h('div');
  #wayBack = new WayBack((record) => {
    // What has come instead is not lost either.
    this.#open(record);
    this.#composer.focus();
  });
  #tourPlace = h('div');
  #recordedPlace = h('div', { class: 'recorded-place' });
  #composer = new Composer(
    (text) => this.#asks(text),
    () => this.conversation.stop(),
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
  /** @type {Host} */
  #host = {
    transcript: this.#transcript,
    activity: this.#activity,
    line: this.#line,
    composer: this.#composer,
    guardPlace: this.#guardPlace,
    engine: () => this.#engine,
    model: () => this.#around.element.model,
    settings: () => askingOf(this.#settings.value, this.#around.element),
    plain: () => this.#settings.plain,
    send: (text) => this.questions.take({ text }),
    load: () => this.#around.start(),
    lost: () => this.#lost(),
    clear: () => this.#newChat(),
    tour: () => this.#tour.open(),
    removes: () => this.#wayBack.offer({ what: 'turns', record: this.conversation.record }),
    compare: (turn) => this.#compare(turn),
    busy: (answering) => this.#showBusy(answering),
    changed: (record) => this.#chats.save(record),
    tell: (name, detail) => {
      this.#around.tell(name, detail);
      if (name === 'message') this.engineView.showRunning();
    },
  };
  conversation = new Conversation(this.#host);
  engineView = new EngineView({
    settings: this.#settings,
    line: this.#line,
    recorded: this.#recorded,
    composer: this.#composer,
    answering: () => this.conversation.answering,
    keeper: () => this.#around.keeper,
    model: () => this.#around.element.model,
    start: () => this.#around.start(),
    pick: () => this.#shelf.pick(),
  });
  questions = new Questions({
    conversation: this.conversation,
    line: this.#line,
    engine: () => this.#engine,
    loading: () => this.#around.keeper.loading,
    attract: () => this.engineView.card.attract(),
  });
  #chats = new ChatsLoader({
    conversation: this.conversation,
    line: this.#line,
    engine: () => this.#engine,
    load: () => this.#around.start(),
    clear: () => this.clear(),
    open: (record) => this.#open(record),
    focus: () => this.#composer.focus(),
    links: () => this.#around.element.links,
  });
  element = frame({
    popups: [this.#chats.popup, this.#settingsPopup],
    transcript: this.#transcript.element,
    dock: [
      this.#chats.linkPlace,
      this.#tourPlace,
      this.#shelf.place,
      this.engineView.card.element,
      this.#line.notices,
      this.#guardPlace,
      this.#wayBack.element,
      this.#composer.element,
      this.#line.element,
    ],
    activity: this.#activity.element,
    newChat: () => this.#newChat(),
    leave: () => this.conversation.interrupt(),
  });

  /** Of its words. */
  language = words.language;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
    this.#shelf.takeDrops(this.element);
    this.#activity.shown = showsActivity();
    this.#composer.text = readDraft(around.element);
  }

  /** The engine is gone. */
  #lost() {
    this.#around.keeper.forget();
    this.engineView.offer();
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
    const { conversation, element: app } = this;
    await part.openComparison({ ...this.#host, conversation, app }, turn);
  }

  get #engine() {
    return this.#around.keeper.engine;
  }

  /** That is chosen. */
  get kernel() {
    return this.#settings.value.kernel;
  }

  get threads() {
    return this.#settings.value.threads;
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
    const { queued } = this.questions;
    this.questions.queued = null;
    const writing = this.#composer.hasFocus;
    this.#tour.close();
    this.#activity.look.close();
    this.conversation.beside?.close();
    const before = {
      record: this.conversation.record,
      read: { first: this.conversation.first, used: this.#line.used },
      settings: { ...this.#settings.value, plain: this.#settings.plain },
      draft: this.#composer.text,
      writing,
      gone: this.#wayBack.gone,
      queued,
      saver: this.#chats.saver,
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
    this.#chats.saver = saver;
    this.#recorded.takeOver(recorded);
    this.#settings.set(settings);
    this.#settings.plain = settings.plain;
    this.#composer.text = draft;
    if (writing) this.#composer.focus();
    if (gone) this.#wayBack.offer(gone);
    this.engineView.takeOver();
    this.conversation.goOn(record, queued !== null, read);
    this.questions.queued = queued;
    if (settingsOpen) {
      this.#settingsPopup.toggle(true);
      this.#settings.focusLanguage();
    }
  }

  /** Begins a new chat. */
  clear() {
    this.#tour.close();
    this.conversation.clear();
    this.questions.drop();
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
    const taken = this.questions.take({ text });
    if (taken) this.#wayBack.withdraw();
    return taken;
  }

  /** Another chat takes the place of this one. */
  #leaveChat() {
    if (this.#chats.keeps) this.#wayBack.withdraw();
    else this.#wayBack.offer({ what: 'chat', record: this.conversation.record });
  }

  /** Shows a chat in the place of this one. @param {RecordedConversation} record */
  #open(record) {
    this.#leaveChat();
    return this.#show(record);
  }

  /**
   * Shows another chat, to go on with it.
   * @param {Message[] | RecordedConversation} chat messages, or what `record` gave
   * @throws {SpikeError} bad_request, naming the field
   */
  async restore(chat) {
    if (Array.isArray(chat)) return this.#show(newConversation(turnsOf(chat)));
    const chats = await this.#chats.load();
    if (chats) await this.#show(chats.read(chat));
  }

  /** @param {RecordedConversation} record */
  #show(record) {
    this.#tour.close();
    this.questions.drop();
    this.#line.status = '';
    return this.conversation.restore(record);
  }

  /** @param {string} fragment of an address, with its # */
  async openLink(fragment) {
    await (await this.#chats.load())?.openLink(fragment);
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

  /** Does what the reader wanted while the model was loading. */
  goOn() {
    if (this.#settingsPopup.open) this.#shelf.refresh();
    this.engineView.goOn(this.questions.queued !== null);
    this.questions.askQueued();
  }
}
