// A conversation as it is kept, whatever for: in this browser's storage, in a file, as a snapshot
// of the element. It is plain JSON. What comes from outside is checked field by field.

import { isGood } from '../api/request.js';
import { fieldsOf, listOf, number, oneOf, refuse, typed, whole } from '../api/plain.js';

/** @import { Message } from '../shared/protocol.js' */
/** @import { Preset, Steps } from '../shared/contract.js' */
/** @import { Reader } from '../api/plain.js' */

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
 * @typedef {object} RecordedAnswer
 * @property {string} text as the model wrote it: Markdown
 * @property {'stop' | 'length' | 'abort'} finish_reason `abort` also while it is being given: what
 *   is kept then is what there would be if it had been stopped
 * @property {ModelName} model
 * @property {AnswerSettings} settings
 * @property {number} first_turn index of the first turn that the model read
 * @property {number} tokens of the answer that were shown
 * @property {number} context tokens in the context at its end
 * @property {number} spikes of all its tokens, layers and populations; 0 where none were counted
 * @property {number} first_token_ms from the question to the first token
 * @property {number} ms from the question to the last token
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

const MAX_TURNS = 2000;
const MAX_TEXT = 1 << 20;
const MAX_TITLE = 200;
const MAX_TIME = 8.64e15; // of a Date

/** @param {number} most UTF-16 units @returns {Reader<string>} */
export const text = (most) => (value, name) => {
  const given = typed('string')(value, name);
  if (given.length <= most) return given;
  throw refuse(`${name} has ${given.length} characters, at most ${most}`);
};

/** @param {RegExp} pattern @param {string} words @returns {Reader<string>} */
const matching = (pattern, words) => (value, name) => {
  const given = typed('string')(value, name);
  if (pattern.test(given)) return given;
  throw refuse(`${name} must be ${words}`);
};

/** @param {string} field of a request @returns {Reader<any>} */
const ofRequest = (field) => (value, name) => {
  if (isGood(field, value)) return value;
  throw refuse(`${name} is none that the engine takes`);
};

const count = whole(0, Number.MAX_SAFE_INTEGER);
const time = number(0, MAX_TIME);

const settingsFields = fieldsOf(
  {
    preset: ofRequest('preset'), steps: oneOf([1, 2, 4]), temperature: ofRequest('temperature'),
    top_p: ofRequest('top_p'), seed: ofRequest('seed'), max_tokens: ofRequest('max_tokens'),
    system: text(MAX_TEXT),
  },
  ['temperature', 'top_p', 'seed'],
);

/** @type {Reader<AnswerSettings>} */
export const readSettings = (value, name) => {
  const settings = settingsFields(value, name);
  if ((settings.preset === undefined) === (settings.steps === undefined))
    throw refuse(`${name} must have one of preset and steps`);
  return settings;
};

/** @type {Reader<ModelName>} */
export const readModel = fieldsOf(
  { name: text(MAX_TITLE), sha256: matching(/^[0-9a-f]{64}$/, 'a sha256 in hexadecimal') },
  ['name', 'sha256'],
);

const ANSWER = {
  text: text(MAX_TEXT),
  finish_reason: oneOf(['stop', 'length', 'abort']),
  model: readModel,
  settings: readSettings,
  first_turn: whole(0, MAX_TURNS),
  tokens: count,
  context: count,
  spikes: count,
  first_token_ms: time,
  ms: time,
};

const TURN = {
  question: text(MAX_TEXT),
  answer: fieldsOf(ANSWER, Object.keys(ANSWER)),
};

const readFields = fieldsOf(
  {
    format: oneOf([FORMAT]),
    version: oneOf([VERSION]),
    id: matching(/^[\w-]{1,64}$/, 'letters, digits and dashes'),
    title: text(MAX_TITLE),
    created: time,
    changed: time,
    turns: listOf(fieldsOf(TURN, ['question']), {
      least: 0, most: MAX_TURNS,
      message: (name) => `${name} must be a list of at most ${MAX_TURNS} turns`,
    }),
  },
  ['format', 'version', 'id', 'title', 'created', 'changed', 'turns'],
);

/**
 * A checked copy.
 * @param {unknown} value
 * @returns {RecordedConversation}
 * @throws {import('../shared/errors.js').SpikeError} bad_request, naming the field
 */
export function readConversation(value) {
  /** @type {RecordedConversation} */
  const conversation = readFields(value, '');
  conversation.turns.forEach(({ answer }, i) => {
    if (answer && answer.first_turn > i)
      throw refuse(`turns[${i}].answer.first_turn is after that turn`);
  });
  return conversation;
}

/** @param {Turn[]} [turns] @returns {RecordedConversation} under a name of its own */
export function newConversation(turns = []) {
  const now = Date.now();
  const id = Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join('');
  return {
    format: FORMAT, version: VERSION, id, title: '', created: now, changed: now, turns,
  };
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
