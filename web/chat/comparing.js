// Opens the comparison of a turn's answers over the chat, which waits meanwhile. Loaded when
// somebody asks for it.

import { ComparisonView } from '../compare/view.js';
import { promptOf } from '../record/prompt.js';
import { SpikeError } from '../shared/errors.js';
import { words } from '../words/words.js';
import { adviceFor } from './advice.js';
import { textSink } from './answer-text.js';
import { giveAnswer } from './answering.js';
import { copyFrom } from './clipboard.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { Conversation } from './conversation.js' */
/** @import { Host as ChatHost } from './types.js' */

/**
 * @typedef {Pick<ChatHost, 'line' | 'composer' | 'load' | 'lost' | 'busy' | 'plain' | 'settings'> &
 *   {conversation: Conversation, engine: () => Engine | null, app: HTMLElement}} Host
 *   app: the element around all parts of the chat
 */

/**
 * @param {Host} host
 * @param {number} [turn] its index; left out: the last one
 */
export async function openComparison(host, turn) {
  const { conversation, line, composer, load, lost, busy, plain, settings, app } = host;
  const say = (/** @type {string} */ status) => { line.status = status; };
  const { turns } = conversation;
  const index = turn ?? turns.length - 1;
  if (index < 0) {
    say(words.compare.nothing);
    composer.focus();
    return;
  }
  const wanted = turns[index];
  const root = /** @type {ShadowRoot} */ (app.getRootNode());
  const opener = /** @type {HTMLElement | null} */ (root.activeElement);
  await load();
  if (!host.engine() || conversation.turns !== turns || turns[index] !== wanted) return;
  if (conversation.answering) {
    say(words.compare.busy);
    return;
  }
  conversation.beside?.close();

  const run = wanted.answer?.run ?? null;
  const now = settings();
  // Of an answer that did not come from here, or never came, nothing is known.
  const asking = run?.settings
    ?? { ...now, seed: now.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] };
  const first = run?.first_turn ?? Math.min(conversation.first, index);
  const messages = promptOf(turns.slice(0, index + 1), first, asking.system);
  const log = /** @type {HTMLElement | null} */ (app.querySelector('.log'));
  const scrolled = log?.scrollTop ?? 0;
  const view = new ComparisonView({ question: wanted.question, messages, settings: asking, run }, {
    engine: host.engine,
    load,
    lost,
    give: async (asked, ontoken) => {
      const engine = host.engine();
      if (!engine) throw new SpikeError('aborted', 'the engine has gone', { retryable: true });
      return giveAnswer(engine, asked, (...token) => {
        line.rate = ''; // the question has been read
        ontoken(...token);
      });
    },
    sink: (text, { oncopy, onspan }) => textSink(text, { oncopy, onspan }, plain()),
    advice: adviceFor,
    copy: (button, text) => copyFrom(button, text, say),
    say,
    onrunning: (running) => {
      busy(running);
      line.rate = '';
      if (!running) settle();
    },
    onclose: () => {
      const inside = view.element.contains(root.activeElement);
      view.element.remove();
      app.classList.remove('comparing');
      if (log) log.scrollTop = scrolled;
      settle();
      if (!inside) return;
      if (opener?.isConnected && opener.checkVisibility?.() !== false) opener.focus();
      else log?.focus({ preventScroll: true });
      say('');
    },
  });
  const settle = () => {
    if (!view.running && !view.element.isConnected && conversation.beside === view)
      conversation.beside = null;
  };
  conversation.beside = view;
  app.classList.add('comparing');
  app.querySelector('main')?.append(view.element);
  say('');
}
