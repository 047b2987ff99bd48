// The questions of one chat on their way to an answer: one of them waits while there is no model.

import { SpikeError } from '../shared/errors.js';
import { words } from '../words/words.js';
import { kit } from './answer-kit-loader.js';
import { aborted } from './engine-keeper.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { Message } from '../shared/protocol.js' */
/** @import { Conversation } from './conversation.js' */
/** @import { StatusLine } from './status-line.js' */

/**
 * @typedef {object} Sent a question, and who wants to hear of its answer
 * @property {string} text
 * @property {AbortSignal} [signal]
 * @property {(message: Message) => void} [resolve]
 * @property {(error: SpikeError) => void} [reject]
 */

/**
 * @typedef {object} Host
 * @property {Conversation} conversation
 * @property {StatusLine} line
 * @property {() => Engine | null} engine
 * @property {() => boolean} loading whether the model is being loaded
 * @property {() => void} attract shows the reader what loads it
 */

/** Takes questions, and has them answered. */
export class Questions {
  #host;
  /** Waits for the model; it is in the conversation already. @type {Sent | null} */
  queued = null;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  /**
   * Takes a question. Before the model is there it waits for it.
   * @param {Sent} question
   * @returns {boolean} whether it was taken: not while an answer is being given, nor while another
   *   question waits
   */
  take(question) {
    const { conversation, line, engine, loading, attract } = this.#host;
    if (conversation.answering) return false;
    if (conversation.waiting) {
      line.status = words.chat.anotherWaits;
      // What answers may have failed to come.
      if (engine() && !kit()) this.#ask({ text: '' });
      return false;
    }
    conversation.add(question.text);
    if (engine()) {
      this.#ask(question);
    } else {
      this.queued = question;
      line.status = loading() ? words.chat.waitsForModel : words.chat.waitsForStart;
      if (!loading()) attract();
    }
    return true;
  }

  /** The model is here: asks what has waited for it. */
  askQueued() {
    const { queued } = this;
    this.queued = null;
    if (queued && this.#host.conversation.waiting) this.#ask(queued);
  }

  /** Forgets what was asked while loading. */
  drop() {
    const { queued } = this;
    this.queued = null;
    queued?.reject?.(aborted('a new chat began before it was asked'));
  }

  /** Has the last question answered. @param {Sent} question */
  #ask({ signal, resolve, reject }) {
    const { conversation } = this.#host;
    const stop = () => conversation.stop();
    signal?.addEventListener('abort', stop);
    conversation.answerLast().then(
      (message) => {
        if (message) resolve?.(message);
        else reject?.(new SpikeError('context_full', 'the reader has to choose what is forgotten'));
      },
      reject ?? (() => {}), // it is shown
    ).finally(() => signal?.removeEventListener('abort', stop));
    if (signal?.aborted) stop();
  }
}
