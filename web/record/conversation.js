// A conversation as it is kept, whatever for: in this browser's storage, in a file, as a snapshot
// of the element. It is plain JSON.

/** @import { FinishReason, Message } from '../shared/protocol.js' */
/** @import { Preset, Steps } from '../shared/contract.js' */

export const FORMAT = 'spikechat-conversation';
export const VERSION = 1;

/**
 * What an answer was asked for with: fields of a request, by the same names. With them and the
 * turns before, the same model gives the same answer again.
 * @typedef {object} AnswerSettings
 * @property {Preset} [preset] or steps
 * @property {Steps} [steps]
 * @property {number} temperature
 * @property {number} top_p
 * @property {number} seed
 * @property {number} [max_tokens] none: as many as fit
 * @property {string} [system]
 */

/** @typedef {{name: string, sha256: string}} ModelName sha256 of the manifest, hexadecimal */

/**
 * How an answer was given.
 * @typedef {object} Run
 * @property {ModelName} model
 * @property {AnswerSettings} settings
 * @property {number} first_turn index of the first turn that the model read
 * @property {number} tokens of the answer that were shown
 * @property {number} context tokens in the context at its end
 * @property {number} spikes of all its tokens, layers and populations; 0 where none were counted
 * @property {number} first_token_ms from the question to the first token
 * @property {number} ms from the question to the last token
 */

/**
 * @typedef {object} RecordedAnswer
 * @property {string} text as the model wrote it: Markdown
 * @property {FinishReason} finish_reason `abort` also while it is being given: what is kept then is
 *   what there would be if it had been stopped
 * @property {Run} [run] none where the answer was not given here
 */

/** @typedef {{question: string, answer?: RecordedAnswer}} Turn */

/**
 * @typedef {object} RecordedConversation
 * @property {typeof FORMAT} format
 * @property {typeof VERSION} version
 * @property {string} id
 * @property {string} title
 * @property {number} created milliseconds since 1970
 * @property {number} changed likewise
 * @property {Turn[]} turns
 */

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

/** @param {RecordedConversation} conversation @returns {string} as it is called in lists */
export function titleOf({ title, turns }) {
  if (title) return title;
  const [first = ''] = (turns[0]?.question ?? '').trim().split('\n');
  return first.length > 60 ? `${first.slice(0, 59)}…` : first || 'Empty chat';
}

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

/** @param {readonly Turn[]} turns @returns {Message[]} of those that were answered */
export const messagesOf = (turns) => turns.flatMap(({ question, answer }) =>
  (answer && answer.text !== ''
    ? [
      /** @type {Message} */ ({ role: 'user', content: question }),
      /** @type {Message} */ ({ role: 'assistant', content: answer.text }),
    ]
    : []));
