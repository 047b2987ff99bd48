// The conversation: questions go to the engine, and its answers piece by piece to the transcript
// and the activity panel.

import { h } from '../shared/dom.js';
import { SpikeError, asSpikeError } from '../shared/errors.js';
import { formatSeconds, plural } from '../shared/format.js';
import { adviceFor } from './advice.js';
import { codingFields, codingTitle } from './coding-choice.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { FinishReason } from '../shared/protocol.js' */
/** @import { ActivityPanel } from './activity-panel.js' */
/** @import { CodingSettings } from './coding-choice.js' */
/** @import { Composer } from './composer.js' */
/** @import { StatusLine } from './status-line.js' */
/** @import { Answer, Transcript } from './transcript.js' */

// What the model's makers advise for chat (model card of SmolLM2-135M-Instruct); the temperature is
// a setting.
const TOP_P = 0.9;

/** @typedef {import('../shared/protocol.js').Message} Message */

/**
 * @typedef {object} Host what a conversation needs around it
 * @property {Transcript} transcript
 * @property {ActivityPanel} activity
 * @property {StatusLine} line
 * @property {Composer} composer
 * @property {() => Engine | null} engine
 * @property {() => CodingSettings & {temperature: number, seed: number | null, system: string |
 *   null, maxTokens: number}} settings maxTokens: 0 for no limit
 * @property {() => Promise<void>} load
 * @property {() => void} lost the engine is gone
 * @property {() => void} clear
 * @property {(name: string, detail: unknown) => void} tell dispatches an event
 */

/** One chat, and the answer being given in it. */
export class Conversation {
  #host;
  /** @type {Message[]} */
  #messages = [];
  /** Counts new chats, so that an answer to an old one is not added to the new. */
  #chat = 0;
  /** @type {AbortController | null} */
  #answering = null;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  /** What was asked and answered. @returns {Message[]} */
  get messages() {
    return this.#messages.map((message) => ({ ...message }));
  }

  get answering() {
    return this.#answering !== null;
  }

  /** Stops the answer being given. */
  stop() {
    this.#answering?.abort();
  }

  /** Begins a new chat. */
  clear() {
    const { transcript, activity, line, tell } = this.#host;
    this.stop();
    this.#chat++;
    this.#messages = [];
    transcript.clear();
    activity.clear();
    line.rate = '';
    line.used = 0;
    tell('conversation', []);
  }

  /**
   * Begins a new chat with what was said in another, whose heatmap is gone.
   * @param {readonly Message[]} messages questions and answers in turns
   */
  restore(messages) {
    this.clear();
    for (const { role, content } of messages) {
      if (role === 'user') {
        this.#host.transcript.addQuestion(content);
      } else {
        const view = this.#host.transcript.addAnswer();
        view.append(content, null);
        view.finish('');
      }
      this.#messages.push({ role, content });
    }
    this.#host.tell('conversation', this.messages);
  }

  /**
   * @param {string} text a question that is in the transcript already
   * @returns {Promise<Message>} the answer; what was said so far where it was stopped
   * @throws {SpikeError} shown as well
   */
  async answer(text) {
    const { transcript, activity, line, composer, tell } = this.#host;
    const engine = this.#host.engine();
    if (!engine) throw new SpikeError('aborted', 'the engine has gone', { retryable: true });
    const view = transcript.addAnswer();
    const abort = this.#answering = new AbortController();
    composer.answering = true;
    transcript.busy = true;
    line.status = 'Answering.';
    activity.begin();
    const chat = this.#chat;
    try {
      const { content, reason, foot } = await this.#stream(engine, text, view, abort.signal);
      /** @type {Message} */
      const message = { role: 'assistant', content };
      // A new chat may have begun while this answer was being stopped.
      if (chat !== this.#chat) return message;
      const words = content.split(/\s+/).filter(Boolean).length;
      line.status = `${reason === 'abort' ? 'Stopped' : 'Done'}, ${plural(words, 'word')}.`;
      view.finish(foot);
      // An answer stopped before its first word leaves nothing to go on from.
      if (content !== '') {
        this.#messages.push({ role: 'user', content: text }, message);
        tell('conversation', this.messages);
      }
      tell('message', { ...message });
      return message;
    } catch (error) {
      this.#failed(asSpikeError(error), view, text);
      throw asSpikeError(error);
    } finally {
      this.#answering = null;
      composer.answering = false;
      transcript.busy = false;
    }
  }

  /**
   * Asks the engine and shows each piece as it comes.
   * @param {Engine} engine
   * @param {string} text
   * @param {Answer} view
   * @param {AbortSignal} signal
   * @returns {Promise<{content: string, reason: FinishReason | null, foot: string}>} foot: how it
   *   went
   */
  async #stream(engine, text, view, signal) {
    const { activity, line, settings, tell } = this.#host;
    const { coding, steps, temperature, seed: chosen, system, maxTokens } = settings();
    const chat = this.#chat;
    const asked = performance.now();
    let first = 0;
    let content = '';
    let seed = chosen;
    /** @type {FinishReason | null} */
    let reason = null;
    const chunks = await engine.chat.completions.create(
      {
        messages: [
          ...(system ? [/** @type {Message} */ ({ role: 'system', content: system })] : []),
          ...this.#messages,
          { role: 'user', content: text },
        ],
        stream: true,
        stream_options: { include_usage: true },
        ...codingFields({ coding, steps }),
        temperature,
        top_p: TOP_P,
        ...(chosen === null ? {} : { seed: chosen }),
        ...(maxTokens > 0 ? { max_tokens: maxTokens } : {}),
      },
      { signal },
    );
    for await (const { choices: [choice], spike, usage } of chunks) {
      // An answer to an old chat is read to its end, and not shown.
      const shown = chat === this.#chat;
      if (usage && shown) line.used = usage.total_tokens;
      if (!choice) continue;
      reason = choice.finish_reason;
      if (spike && !spike.spikes) seed = spike.seed;
      if (reason) continue;
      const counts = spike?.spikes ? spike : null;
      first ||= performance.now();
      const piece = choice.delta.content ?? '';
      content += piece;
      if (!shown) continue;
      view.append(piece, activity.add(piece, counts));
      if (counts) line.used = counts.position + 1;
      if (activity.rate > 0) line.rate = rateOf(activity.rate);
      tell('token', { text: piece, spike: counts });
    }
    const foot = [
      ...(reason === 'abort'
        ? ['stopped']
        : reason === 'length'
          ? ['cut at the longest length']
          : []),
      ...(first ? [`first token after ${formatSeconds((first - asked) / 1000)}`] : []),
      ...(activity.rate > 0 ? [rateOf(activity.rate)] : []),
      codingTitle({ coding, steps }),
      `seed ${seed}`,
    ].join(' · ');
    return { content, reason, foot };
  }

  /**
   * Says what went wrong, and offers the way on.
   * @param {SpikeError} error
   * @param {Answer} view
   * @param {string} text the question
   */
  #failed(error, view, text) {
    const { line, engine, load, lost, clear, tell } = this.#host;
    const { title, advice } = adviceFor(error.code);
    const full = error.code === 'context_full';
    // These leave no engine to ask again.
    const dead =
      error.code === 'engine_crashed' || error.code === 'out_of_memory' || error.code === 'timeout';
    if (dead) lost();
    const chat = this.#chat;
    // While loading, the reader may ask something else or begin a new chat.
    const free = () => !this.#answering && chat === this.#chat;
    const again = async () => {
      if (!free()) return;
      await load();
      if (!engine() || !free()) return;
      view.element.remove();
      this.answer(text).catch(() => {}); // it is shown
    };
    const action = h(
      'button',
      { class: 'quiet', type: 'button', onclick: full ? clear : again },
      full ? 'New chat' : dead ? 'Start the engine again' : 'Try again',
    );
    view.fail({ title, detail: `${advice} (${error.code}: ${error.message})` }, action);
    line.status = title;
    tell('error', error);
  }
}

/** @param {number} rate */
const rateOf = (rate) => `${rate.toFixed(1)} tokens/s`;
