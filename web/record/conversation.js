// A conversation as it is kept, whatever for: in this browser's storage, in a file, as a snapshot
// of the element.

/** @import { Message } from '../shared/protocol.js' */
/** @import { RecordedConversation, Turn } from './types.js' */

/** What a conversation says of itself. */
export const FORMAT = 'spikechat-conversation';
export const VERSION = 1;

/** @param {Turn[]} [turns] @returns {RecordedConversation} under a name of its own */
export function newConversation(turns = []) {
  const now = Date.now();
  const id = Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join('');
  return {
    format: FORMAT, version: VERSION, id, title: '', created: now, changed: now, turns,
  };
}

/**
 * @param {readonly Message[]} messages questions and answers in turns; others are passed over
 * @returns {Turn[]}
 */
export function turnsOf(messages) {
  /** @type {Turn[]} */
  const turns = [];
  for (const { role, content } of messages) {
    const last = turns[turns.length - 1];
    if (role === 'user') turns.push({ question: content });
    else if (role === 'assistant' && last && !last.answer)
      last.answer = { text: content, finish_reason: 'stop' };
  }
  return turns;
}

/** @param {readonly Turn[]} turns @returns {Message[]} of those that were answered */
export const messagesOf = (turns) => turns.flatMap(({ question, answer }) =>
  (answer && answer.text !== ''
    ? [
      /** @type {Message} */ ({ role: 'user', content: question }),
      /** @type {Message} */ ({ role: 'assistant', content: answer.text }),
    ]
    : []));
