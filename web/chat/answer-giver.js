// Answers turns of a conversation: what the engine gives goes piece by piece to the transcript, the
// record and the activity panel.

import { promptOf } from '../record/prompt.js';
import { h } from '../shared/dom.js';
import { SpikeError, asSpikeError } from '../shared/errors.js';
import { words } from '../words/words.js';
import { adviceFor } from './advice.js';
import { noteOf } from './answer-note.js';
import { Answer } from './answer-view.js';
import { UNKNOWN_SEED, giveAnswer } from './answering.js';
import { usualLevels } from './usual-levels.js';

/** @import { Message } from '../shared/protocol.js' */
/** @import { Spikes } from '../shared/spikes.js' */
/** @import { AnswerTools } from './answer-tools.js' */
/** @import { Progressing } from './answering.js' */
/** @import { Conversation } from './conversation.js' */
/** @import { Host, How } from './types.js' */

/**
 * @typedef {object} Around what a giver of answers needs beside the conversation
 * @property {Pick<AnswerTools, 'again' | 'goOn'>} tools of the last answer
 * @property {(answering: boolean) => void} onchange an answer begins or ends
 * @property {(end: number) => void} makeRoom has the model forget turns before that index
 */

/** What answers. */
export class AnswerGiver {
  #conversation;
  #host;
  #around;
  /** Settles when no answer is being given. @type {Promise<unknown>} */
  over = Promise.resolve();

  /**
   * @param {Conversation} conversation
   * @param {Host} host
   * @param {Around} around
   */
  constructor(conversation, host, around) {
    this.#conversation = conversation;
    this.#host = host;
    this.#around = around;
  }

  /**
   * @param {number} index of the turn
   * @param {How} [how]
   * @returns {Promise<Message>} the answer; what was said so far where it was stopped
   * @throws {SpikeError} shown as well
   */
  give(index, how = {}) {
    const given = this.#give(index, how);
    this.over = given.catch(() => {});
    return given;
  }

  /**
   * @param {number} index
   * @param {How} how
   * @returns {Promise<Message>}
   */
  async #give(index, { settings: asked, first, goOn = false }) {
    const conversation = this.#conversation;
    const { activity, busy, line } = this.#host;
    const engine = this.#host.engine();
    if (!engine) throw new SpikeError('aborted', 'the engine has gone', { retryable: true });
    if (first !== undefined && first !== conversation.first) conversation.setFirst(first);
    const { turns } = conversation;
    const settings = asked ?? this.#host.settings();
    const abort = (conversation.abort = new AbortController());
    busy(true);
    this.#around.onchange(true);
    const { planes, of } = engine.info.precision;
    // With a seed it is to come again: that takes all of the model.
    const waits = settings.seed !== null && planes < of;
    line.status = waits ? words.chat.waitsForModel : words.chat.answering;
    const old = goOn ? turns[index].answer : undefined;
    const view = (goOn && conversation.views[index].answer) || this.addAnswer(index);
    if (old) view.reopen();
    activity.begin(usualLevels.of(engine.info, this.#host.model(), settings));
    const before = old?.run?.tokens ?? 0;
    /** @param {Progressing} so */
    const keep = (so) => this.#keep(index, so, {
      ...settings, seed: so.seed, ...(so.date ? { spike: { date: so.date } } : {}),
    });
    /** @param {string} piece @param {Spikes | null} counts @param {Progressing} so */
    const ontoken = (piece, counts, so) => {
      // An answer to an old chat is read to its end, and not shown.
      if (turns !== conversation.turns) return;
      line.used = so.context;
      // With its seed an answer comes as it came before, up to where it was cut.
      if (so.tokens <= before) {
        line.rate = words.chat.goingOver(before);
        if (so.tokens === before && so.text !== old?.text) view.rewrite(so.text);
        return;
      }
      view.append(piece, activity.add(piece, counts));
      if (activity.rate > 0) line.rate = words.chat.rate(activity.rate);
      keep(so);
      conversation.changed();
      this.#host.tell('token', { text: piece, spike: counts });
    };
    try {
      const messages = promptOf(turns.slice(0, index + 1), conversation.first, settings.system);
      const so = await giveAnswer(engine, { messages, settings, signal: abort.signal }, ontoken);
      /** @type {Message} */
      const message = { role: 'assistant', content: so.text };
      // A new chat may have begun while this answer was being stopped.
      if (turns !== conversation.turns) return message;
      line.used = so.context;
      const said = so.text.split(/\s+/).filter(Boolean).length;
      line.status = so.reason === 'abort' ? words.chat.stopped(said) : words.chat.done(said);
      // Stopped while it went over what had been said: that stays.
      if (so.tokens >= before) keep(so);
      this.finish(index);
      // An answer stopped before its first word leaves nothing to go on from.
      if (turns[index].answer?.text === '') delete turns[index].answer;
      conversation.changed();
      conversation.abort = null;
      if (so.text !== '') this.#host.tell('conversation', conversation.messages);
      this.#host.tell('message', { ...message });
      return message;
    } catch (error) {
      this.#failed(asSpikeError(error), turns === conversation.turns ? index : null);
      throw asSpikeError(error);
    } finally {
      conversation.abort = null;
      busy(false);
      activity.look.answered();
      if (turns === conversation.turns) this.#around.onchange(false);
    }
  }

  /**
   * @param {number} index
   * @param {Progressing} so
   * @param {import('../record/types.js').AnswerSettings} settings
   */
  #keep(index, { reason, seed: _, date: __, text, ...counted }, settings) {
    const info = this.#host.engine()?.info;
    if (!info) return;
    const { name, sha256 } = info;
    this.#conversation.turns[index].answer = {
      text,
      finish_reason: reason ?? 'abort',
      run: {
        model: { name, sha256 }, settings, first_turn: this.#conversation.first, ...counted,
      },
    };
  }

  /** Shows how an answer went. @param {number} index */
  finish(index) {
    const { turns, views } = this.#conversation;
    const { answer } = turns[index];
    if (!answer) {
      views[index].answer?.finish('', false);
      return;
    }
    const { finish_reason: reason, run, text } = answer;
    const context = this.#host.engine()?.info.context ?? this.#host.line.context;
    const full = reason === 'length' && run !== undefined && run.context >= context;
    const cut = reason !== 'stop' && !full && run !== undefined && text !== '';
    views[index].answer?.finish(noteOf(answer, full), cut);
  }

  /**
   * Says what went wrong, and offers the way on.
   * @param {SpikeError} error
   * @param {number | null} index of the turn; null where it is not shown any more
   */
  #failed(error, index) {
    const { line, lost, clear, tell } = this.#host;
    const { title, advice } = adviceFor(error.code);
    // These leave no engine to ask again.
    const dead =
      error.code === 'engine_crashed' || error.code === 'out_of_memory' || error.code === 'timeout';
    if (dead) lost();
    if (index !== null) {
      const again = dead
        ? button(words.answer.startAgain, () => this.resume(index))
        : button(words.answer.tryAgain, () => this.retry(index));
      const forget = button(words.guard.forget, () =>
        this.retry(index, () => this.#around.makeRoom(index)));
      const actions = error.code === 'context_full'
        ? [...(index > this.#conversation.first ? [forget] : []), button(words.chat.newChat, clear)]
        : [again];
      this.#conversation.views[index].answer?.fail(
        { title, detail: `${advice} (${error.code}: ${error.message})` }, actions);
    }
    line.status = title;
    tell('error', error);
  }

  /**
   * Answers a turn whose answer failed or never came.
   * @param {number} index
   * @param {() => void} [prepare]
   */
  async retry(index, prepare = () => {}) {
    const conversation = this.#conversation;
    const { turns } = conversation;
    // While loading, the reader may ask something else or begin a new chat.
    const free = () =>
      !conversation.answering && turns === conversation.turns && index < turns.length;
    if (!free()) return;
    await this.#host.load();
    if (!this.#host.engine() || !free()) return;
    this.takeBack(index);
    prepare();
    await this.give(index).catch(() => {}); // it is shown
  }

  /**
   * Starts an engine in the place of one that died, and goes on with what it was saying.
   * @param {number} index of the turn
   */
  async resume(index) {
    const conversation = this.#conversation;
    const { turns } = conversation;
    const { text = '', run } = turns[index]?.answer ?? {};
    // Its precision does not tell: the rest may have come between the question and its answer.
    if (!run || text === '' || run.settings.seed === UNKNOWN_SEED) {
      await this.retry(index);
      return;
    }
    await this.#host.load();
    const free = !conversation.answering && turns === conversation.turns && index < turns.length;
    if (!this.#host.engine() || !free) return;
    this.#host.transcript.focusFrom(conversation.views[index].answer?.element);
    const how = { settings: run.settings, first: run.first_turn, goOn: true };
    await this.give(index, how).catch(() => {}); // it is shown
  }

  /** @param {number} index of its turn */
  addAnswer(index) {
    const { activity: { look }, transcript, line, plain } = this.#host;
    const view = new Answer(transcript, {
      source: () => this.#conversation.turns[index]?.answer?.text ?? '',
      ...this.#around.tools,
      compare: () => this.#host.compare(index),
      tour: this.#host.tour,
      inside: (column) => { look.open((opened) => opened.openToken(column)); },
      say: (status) => { line.status = status; },
      plain: plain(),
    });
    transcript.insert(view.element, this.#conversation.views[index].question);
    this.#conversation.views[index].answer = view;
    return view;
  }

  /** Takes an answer away, from the record too. @param {number} index */
  takeBack(index) {
    delete this.#conversation.turns[index].answer;
    const gone = this.#conversation.views[index].answer?.element;
    this.#host.transcript.focusFrom(gone);
    gone?.remove();
    this.#conversation.views[index].answer = null;
  }
}

/** @param {string} name @param {() => void} onclick */
const button = (name, onclick) => h('button', { class: 'quiet', type: 'button', onclick }, name);
