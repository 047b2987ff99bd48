// A chat as the fragment of an address, which no server sees. It holds what is needed to give every
// answer again, and not the answers: what they came to be is there as a check alone, so that nobody
// can put words into the model's mouth.
//
// #chat=1.DATA: the JSON, deflated (raw), in base64url; #chat=0.DATA: not deflated.

import { SpikeError, messageOf, shown } from '../shared/errors.js';
import { words } from '../words/words.js';
import { fieldsOf, listOf, refuse, whole } from '../api/plain.js';
import { readModel, readSettings, text } from './check.js';

/** @import { AnswerSettings, ModelName, RecordedConversation } from './types.js' */

/** What the fragment of such an address begins with. */
export const PREFIX = '#chat=';
/** Characters of a fragment: some programs cut longer addresses. */
export const MAX_LINK = 16_000;
const MAX_BYTES = 256 << 10;
const MAX_LINKED_TURNS = 200;

/**
 * @typedef {object} LinkedTurn
 * @property {string} question
 * @property {AnswerSettings} settings
 * @property {number} first_turn index of the first turn that the model reads
 * @property {number} text_hash of the answer, see hashOf
 * @property {number} spikes of the answer
 */

/** @typedef {{model: ModelName, turns: LinkedTurn[]}} LinkedChat */

const UINT32 = 2 ** 32 - 1;
const TURN = {
  question: text(MAX_BYTES),
  settings: readSettings,
  first_turn: whole(0, MAX_LINKED_TURNS),
  text_hash: whole(0, UINT32),
  spikes: whole(0, Number.MAX_SAFE_INTEGER),
};
const readLink = fieldsOf({
  model: readModel,
  turns: listOf(fieldsOf(TURN, Object.keys(TURN)), {
    least: 1, most: MAX_LINKED_TURNS,
    message: (name) => `${name} must be a list of 1 to ${MAX_LINKED_TURNS} turns`,
  }),
}, ['model', 'turns']);

/** FNV-1a of the UTF-16 units. @param {string} words @returns {number} 32 bits */
export function hashOf(words) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++)
    hash = Math.imul(hash ^ words.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/**
 * What of a chat can be given again: the turns that were answered here, by one model.
 * @param {RecordedConversation} record
 * @returns {LinkedChat}
 * @throws {SpikeError} bad_request where there is nothing, or something that cannot be repeated
 */
export function linkedChatOf(record) {
  const answered = record.turns
    .map(({ question, answer }, index) => ({ question, answer, index }))
    .filter(({ answer }) => answer && answer.text !== '');
  const model = answered.find(({ answer }) => answer?.run)?.answer?.run?.model;
  if (!model) throw refuse(words.link.nothingYet);
  const turns = answered.map(({ question, answer }) => {
    const run = answer?.run;
    if (!answer || !run || run.model.sha256 !== model.sha256)
      throw refuse(words.link.foreign);
    if (run.precision) throw refuse(words.link.early);
    const { settings, tokens, spikes, first_turn: first } = run;
    // Stopped after so many tokens, as if so many had been asked for.
    const cut = answer.finish_reason === 'abort' ? { max_tokens: tokens } : {};
    return {
      question,
      settings: { ...settings, ...cut },
      // Turns without an answer were not read.
      first_turn: answered.filter(({ index }) => index < first).length,
      text_hash: hashOf(answer.text),
      spikes,
    };
  });
  return { model, turns: turns.slice(0, MAX_LINKED_TURNS + 1) };
}

/**
 * @param {LinkedChat} chat
 * @returns {Promise<string>} the fragment, with its #
 * @throws {SpikeError} bad_request where it would be too long
 */
export async function toLink(chat) {
  const bytes = new TextEncoder().encode(JSON.stringify(chat));
  const deflated = await through(bytes, 'CompressionStream').catch(() => null);
  const fragment = PREFIX + (deflated ? `1.${toBase64(deflated)}` : `0.${toBase64(bytes)}`);
  if (fragment.length <= MAX_LINK && bytes.length <= MAX_BYTES) return fragment;
  throw refuse(words.link.tooLong);
}

/**
 * @param {string} fragment with its #
 * @returns {Promise<LinkedChat>}
 * @throws {SpikeError} bad_request, saying what is wrong
 */
export async function fromLink(fragment) {
  const match = /^#chat=([01])\.([\w-]+)$/.exec(fragment);
  if (!match) throw refuse(words.link.damaged);
  if (fragment.length > MAX_LINK) throw refuse(`the link is longer than ${MAX_LINK} characters`);
  try {
    const bytes = fromBase64(match[2]);
    const plain = match[1] === '1' ? await through(bytes, 'DecompressionStream') : bytes;
    const json = new TextDecoder('utf-8', { fatal: true }).decode(plain);
    /** @type {LinkedChat} */
    const chat = readLink(JSON.parse(json), '');
    chat.turns.forEach(({ first_turn: first }, i) => {
      if (first > i) throw refuse(`turns[${i}].first_turn is after that turn`);
    });
    return chat;
  } catch (error) {
    if (error instanceof SpikeError) throw error;
    throw refuse(`${words.link.damaged} (${shown(messageOf(error))})`, error);
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {'CompressionStream' | 'DecompressionStream'} name
 * @returns {Promise<Uint8Array>} at most MAX_BYTES, whatever a few bytes claim to hold
 */
async function through(bytes, name) {
  const Stream = globalThis[name];
  if (!Stream) throw refuse('this browser cannot read compressed links');
  const reader = new Blob([/** @type {BlobPart} */ (bytes)]).stream()
    .pipeThrough(new Stream('deflate-raw')).getReader();
  /** @type {Uint8Array[]} */
  const parts = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MAX_BYTES) {
      await reader.cancel();
      throw refuse(`the link holds more than ${MAX_BYTES} bytes`);
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {Uint8Array} bytes */
function toBase64(bytes) {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @param {string} words */
const fromBase64 = (words) =>
  Uint8Array.from(atob(words.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
