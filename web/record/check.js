// Checks a conversation that comes from outside, field by field: a file, a link, or this browser's
// storage, which an older page may have written.

import { aDate, isGood } from '../api/request.js';
import { fieldsOf, listOf, number, oneOf, refuse, typed, whole } from '../api/plain.js';
import { MAX_PLANES, STEPS } from '../shared/contract.js';
import { isName } from '../shared/name.js';
import { FORMAT, VERSION } from './conversation.js';

/** @import { Reader } from '../api/plain.js' */
/** @import { AnswerSettings, ModelName, RecordedConversation } from './types.js' */

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
    preset: ofRequest('preset'), steps: oneOf(STEPS), temperature: ofRequest('temperature'),
    top_p: ofRequest('top_p'), seed: ofRequest('seed'), max_tokens: ofRequest('max_tokens'),
    system: text(MAX_TEXT), chat_template_kwargs: ofRequest('chat_template_kwargs'),
    spike: fieldsOf({ date: aDate }),
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

/** @type {Reader<string>} */
const readName = (value, name) => {
  if (isName(value)) return value;
  throw refuse(`${name} must be one plain line of at most 128 bytes`);
};

/** @type {Reader<ModelName>} */
export const readModel = fieldsOf(
  { name: readName, sha256: matching(/^[0-9a-f]{64}$/, 'a sha256 in hexadecimal') },
  ['name', 'sha256'],
);

const RUN = {
  model: readModel,
  settings: readSettings,
  first_turn: whole(0, MAX_TURNS),
  tokens: count,
  context: count,
  spikes: count,
  first_token_ms: time,
  ms: time,
};

const planes = whole(1, MAX_PLANES);
const PRECISION = { planes, of: planes, rows: count, of_rows: count };

const ANSWER = {
  text: text(MAX_TEXT),
  finish_reason: oneOf(['stop', 'length', 'abort']),
  run: fieldsOf(
    { ...RUN, precision: fieldsOf(PRECISION, ['planes', 'of']) }, Object.keys(RUN)),
};

const TURN = {
  question: text(MAX_TEXT),
  answer: fieldsOf(ANSWER, ['text', 'finish_reason']),
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
    if (answer?.run && answer.run.first_turn > i)
      throw refuse(`turns[${i}].answer.run.first_turn is after that turn`);
  });
  return conversation;
}
