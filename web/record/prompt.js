// The messages that a turn is asked with.

import { messagesOf } from './conversation.js';

/** @import { Message } from '../shared/protocol.js' */
/** @import { Turn } from './types.js' */

/**
 * What the model reads before it answers a turn.
 * @param {readonly Turn[]} turns up to the one that is asked
 * @param {number} first index of the first that it reads
 * @param {string} [system]
 * @returns {Message[]}
 */
export function promptOf(turns, first, system) {
  const before = turns.slice(first, -1).filter(({ answer }) => answer && answer.text !== '');
  return [
    ...(system ? [/** @type {Message} */ ({ role: 'system', content: system })] : []),
    ...messagesOf(before),
    { role: 'user', content: turns[turns.length - 1].question },
  ];
}
