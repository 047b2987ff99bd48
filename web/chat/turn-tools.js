// What a reader can do with a conversation beside asking on: put a question otherwise, have another
// answer or more of it, have the model forget the oldest turns, open a chat that was kept.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { AnswerGiver } from './answer-giver.js';
import { ContextGuard, firstKept, leavesNoRoom, tokensFrom } from './context-guard.js';

/** @import { Message } from '../shared/protocol.js' */
/** @import { Conversation } from './conversation.js' */
/** @import { Host, How } from './types.js' */

/** The tools of one conversation. */
export class TurnTools {
  #conversation;
  #host;
  #guard;
  #giver;

  /**
   * @param {Conversation} conversation
   * @param {Host} host of it
   */
  constructor(conversation, host) {
    this.#conversation = conversation;
    this.#host = host;
    this.#guard = new ContextGuard(() => this.dropOldest(), host.clear);
    host.guardPlace.replaceChildren(this.#guard.element);
    this.#giver = new AnswerGiver(conversation, host, {
      tools: { again: () => this.#again(), goOn: () => this.#goOn() },
      onchange: (answering) => {
        if (answering) this.#guard.hide();
        else this.#guard.show(host.line.used, this.#context);
      },
      makeRoom: (end) => this.#makeRoom(end),
    });
  }

  get #turns() {
    return this.#conversation.turns;
  }

  get #context() {
    return this.#host.engine()?.info.context ?? this.#host.line.context;
  }

  /**
   * Answers the last question, unless there may be no room for it: then the reader chooses first.
   * @param {How} [how]
   * @returns {Promise<Message | null>} null: it waits
   * @throws {import('../shared/errors.js').SpikeError} shown as well
   */
  async answerLast(how) {
    if (this.#conversation.answering) return null;
    const last = this.#turns.length - 1;
    return !how && this.#mustChoose(last) ? null : this.#giver.give(last, how);
  }

  /** Another chat begins. */
  hideWarning() {
    this.#guard.hide();
  }

  /** @param {number} last index of the question */
  #mustChoose(last) {
    const used = this.#usedBefore(last);
    if (last <= this.#conversation.first) return false;
    if (!leavesNoRoom(used, this.#turns[last].question, this.#context)) return false;
    this.#guard.show(used, this.#context, true);
    this.#host.line.status = words.guard.choose;
    return true;
  }

  /** Has the model forget the oldest turns, as many as make room. */
  dropOldest() {
    const conversation = this.#conversation;
    const { guardPlace, line, transcript } = this.#host;
    if (conversation.answering) return;
    transcript.focusFrom(guardPlace);
    const { waiting } = conversation;
    this.#makeRoom(waiting ? this.#turns.length - 1 : this.#turns.length);
    this.#guard.hide();
    line.status = words.guard.forgotten;
    if (waiting) this.answerLast().catch(() => {}); // it is shown
  }

  /** @param {number} end index after the last turn that may be dropped */
  #makeRoom(end) {
    const conversation = this.#conversation;
    const before = this.#turns.slice(0, end);
    // At least one, or nothing would have changed.
    const kept = Math.max(firstKept(before, this.#context), conversation.first + 1);
    conversation.setFirst(Math.min(end, kept));
    this.#host.line.used = tokensFrom(before, conversation.first);
  }

  /** Tokens that the turns before one take. @param {number} index */
  #usedBefore(index) {
    const { first } = this.#conversation;
    const before = this.#turns.slice(0, index);
    const run = before[index - 1]?.answer?.run;
    return run && run.first_turn === first ? run.context : tokensFrom(before, first);
  }

  /**
   * Asks something else in a question's place.
   * @param {number} turn
   * @param {string} text
   */
  async edit(turn, text) {
    const conversation = this.#conversation;
    const turns = this.#turns;
    conversation.stop();
    await this.#giver.over;
    if (turns !== this.#turns) return;
    this.#host.removes();
    conversation.cut(turn);
    this.#host.line.used = this.#usedBefore(turn);
    this.#guard.hide();
    if (!this.#host.send(text)) this.#host.composer.text = text;
  }

  /** Another answer to the last question. */
  async #again() {
    const { line, settings } = this.#host;
    const asking = settings();
    if (asking.temperature === 0) {
      line.status = words.answer.same;
      return;
    }
    // The seed that was chosen has given the answer that is there.
    const seed = crypto.getRandomValues(new Uint32Array(1))[0];
    await this.#repeat({ settings: { ...asking, seed } });
  }

  /** Goes on with the last answer, which was cut. */
  async #goOn() {
    const { answer } = this.#turns[this.#turns.length - 1];
    if (!answer?.run) return;
    const { settings: { max_tokens: cut, ...settings }, tokens, first_turn: first } = answer.run;
    const more = this.#host.settings().max_tokens;
    const most = answer.finish_reason === 'abort' ? cut : more && tokens + more;
    await this.#repeat({
      settings: most === undefined ? settings : { ...settings, max_tokens: most },
      first,
      goOn: true,
    });
  }

  /** Answers the last question once more. @param {How} how */
  async #repeat(how) {
    const conversation = this.#conversation;
    const turns = this.#turns;
    const last = turns.length - 1;
    const free = () =>
      !conversation.answering && turns === this.#turns && last === turns.length - 1;
    if (!free()) return;
    await this.#host.load();
    if (!this.#host.engine() || !free()) return;
    if (how.goOn) this.#host.transcript.focusFrom(conversation.views[last].answer?.element);
    else this.#giver.takeBack(last);
    await this.#giver.give(last, how).catch(() => {}); // it is shown
  }

  /**
   * Shows the turns of a chat that was kept, with which the conversation has begun.
   * @param {boolean} [waits] whether the last question waits to be asked
   */
  show(waits = false) {
    this.#host.transcript.fill(() => this.#addTurns(waits));
  }

  /** @param {boolean} waits */
  #addTurns(waits) {
    const conversation = this.#conversation;
    const turns = this.#turns;
    const last = turns.length - 1;
    turns.forEach(({ question, answer }, i) => {
      conversation.addQuestion(question);
      if (!answer) return;
      this.#giver.addAnswer(i).rewrite(answer.text);
      this.#giver.finish(i);
    });
    const run = turns[last]?.answer?.run;
    conversation.setFirst(run?.first_turn ?? 0);
    this.#host.line.used = run?.context ?? tokensFrom(turns, 0);
    if (last < 0 || turns[last].answer || waits) return;
    this.#giver.addAnswer(last).fail(
      { title: words.answer.noneTitle, detail: words.answer.noneDetail },
      [h('button', {
        class: 'quiet', type: 'button', onclick: () => this.#giver.retry(last),
      }, words.answer.give)],
    );
  }
}
