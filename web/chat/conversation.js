// One chat: what was said, turn by turn, and its place in the transcript. What answers comes with
// the answer kit.

import { newConversation, messagesOf } from '../record/conversation.js';
import { SpikeError } from '../shared/errors.js';
import { words } from '../words/words.js';
import { kit, prepareKit } from './answer-kit-loader.js';

/** @import { RecordedConversation, Turn } from '../record/types.js' */
/** @import { Said } from '../neurons/types.js' */
/** @import { Message } from '../shared/protocol.js' */
/** @import { Kit } from './answer-kit-loader.js' */
/** @import { Host, How } from './types.js' */
/** @import { Question } from './question-view.js' */

/**
 * One turn in the transcript.
 * @typedef {{question: Question, answer: InstanceType<Kit['Answer']> | null}} TurnView
 */

/** One chat. */
export class Conversation {
  #host;
  #record = newConversation();
  /** @type {InstanceType<Kit['TurnTools']> | null} */
  #tools = null;
  /** @type {TurnView[]} */
  views = [];
  /** Index of the first turn that the model reads. */
  first = 0;
  /** Stops the answer being given. @type {AbortController | null} */
  abort = null;
  /**
   * What has been opened over the chat, and may need the engine: the chat waits while it does.
   * @type {{readonly running: boolean, stop: () => void, close: () => void} | null}
   */
  beside = null;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
    const { activity: { look }, engine, line, load, lost, transcript } = host;
    look.serve({
      engine,
      load,
      lost,
      answering: () => this.answering,
      said: () => this.#said,
      light: (column) => transcript.highlight(column),
      say: (status) => { line.status = status; },
    });
    transcript.onpick = (column) => look.open((inside) => inside.openToken(column));
  }

  /** What was asked and answered. @returns {Message[]} */
  get messages() {
    return messagesOf(this.abort ? this.turns.slice(0, -1) : this.turns);
  }

  /** A copy of all that is known of it. @returns {RecordedConversation} */
  get record() {
    return structuredClone(this.#record);
  }

  /** Those of the record itself. @returns {Turn[]} */
  get turns() {
    return this.#record.turns;
  }

  get answering() {
    return this.abort !== null || this.beside?.running === true;
  }

  /** Whether the last question waits to be asked. */
  get waiting() {
    const last = this.views[this.views.length - 1];
    return last !== undefined && last.answer === null;
  }

  /** What the model reads, with where it stands. @returns {Said[]} */
  get #said() {
    return this.views.slice(this.first).flatMap(({ question, answer }, i) => {
      const { question: asked, answer: given } = this.turns[this.first + i];
      const one = { text: asked, root: question.text };
      if (answer && given?.text) return [one, { text: given.text, root: answer.text }];
      // Of those without an answer only the last one was read.
      return this.first + i === this.turns.length - 1 ? [one] : [];
    });
  }

  /** Stops the answer being given. */
  stop() {
    this.abort?.abort();
    this.beside?.stop();
  }

  /**
   * Stops the answer being given, or else closes what is open over the chat.
   * @returns {boolean} whether there was either
   */
  interrupt() {
    const { answering, beside } = this;
    if (answering) this.stop();
    else beside?.close();
    return answering || beside !== null;
  }

  /** Begins a new chat. */
  clear() {
    this.#begin(newConversation());
  }

  /**
   * Shows a chat that was kept, to go on with it.
   * @param {RecordedConversation} record
   */
  async restore(record) {
    this.#begin(record);
    const tools = await this.withTools();
    if (record !== this.#record) return;
    tools?.show();
    this.#host.tell('conversation', this.messages);
  }

  /**
   * Shows a chat that went on in an app before this one.
   * @param {RecordedConversation} record
   * @param {boolean} waits whether its last question waits to be asked
   * @param {{first: number, used: number}} read the first turn that the model reads, and how many
   *   tokens all take that it reads
   */
  async goOn(record, waits, { first, used }) {
    this.#record = record;
    if (record.turns.length === 0) return;
    // Without an answer nothing is needed that may not have come yet.
    if (waits && record.turns.length === 1) {
      this.addQuestion(record.turns[0].question);
    } else {
      const tools = await this.withTools();
      if (record !== this.#record) return;
      tools?.show(waits);
      // The reader may have had turns forgotten since the last answer.
      if (first > this.first) this.setFirst(first);
      this.#host.line.used = used;
    }
  }

  /** @param {string} title */
  rename(title) {
    this.#record.title = title;
    this.changed();
  }

  /** @param {string} text a question, which is answered by answerLast */
  add(text) {
    this.beside?.close();
    this.turns.push({ question: text });
    this.addQuestion(text);
    this.changed();
  }

  /**
   * Answers the last question, unless there is no room for it: then the reader chooses first.
   * @param {How} [how]
   * @returns {Promise<Message | null>} null: it waits
   * @throws {SpikeError} aborted where another chat began first; else it is shown as well
   */
  async answerLast(how) {
    const { turns } = this;
    const last = turns[turns.length - 1];
    const tools = await this.withTools();
    if (turns !== this.turns || turns[turns.length - 1] !== last)
      throw new SpikeError('aborted', 'a new chat began before it was asked', { retryable: true });
    return tools ? tools.answerLast(how) : null;
  }

  /**
   * What answers. Where it does not come, the reader is told and can try again.
   * @returns {Promise<InstanceType<Kit['TurnTools']> | null>}
   */
  async withTools() {
    await prepareKit();
    const Tools = kit()?.TurnTools;
    if (Tools) this.#tools ??= new Tools(this, this.#host);
    else this.#host.line.status = words.chat.partMissing;
    return this.#tools;
  }

  /** @param {number} first index of the first turn that the model reads */
  setFirst(first) {
    this.first = first;
    this.#host.transcript.markDropped(first === 0 ? null : this.views[first]?.question ?? 'all');
  }

  /** @param {string} text of a turn that is in the record */
  addQuestion(text) {
    const index = this.views.length;
    const question = this.#host.transcript.addQuestion(text, (now) =>
      this.withTools().then((tools) => tools?.edit(index, now)));
    this.views.push({ question, answer: null });
  }

  /** Takes turns away. @param {number} from index of the first */
  cut(from) {
    for (const { question, answer } of this.views.splice(from)) {
      question.element.remove();
      answer?.element.remove();
    }
    this.turns.splice(from);
    if (this.first > from) this.setFirst(from);
    if (from === 0) this.#host.transcript.showGreeting();
    this.#host.tell('conversation', this.messages);
  }

  /** What was said is to be kept. */
  changed() {
    this.#record.changed = Date.now();
    this.#host.changed(this.#record);
  }

  /** @param {RecordedConversation} record */
  #begin(record) {
    const { transcript, activity, line, tell } = this.#host;
    this.stop();
    this.beside?.close();
    this.#record = record;
    this.views = [];
    this.first = 0;
    transcript.clear();
    activity.clear();
    this.#tools?.hideWarning();
    line.rate = '';
    line.used = 0;
    if (record.turns.length === 0) tell('conversation', []);
  }
}
