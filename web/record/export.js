// A chat as a file, and back.

import { SpikeError, shown } from '../shared/errors.js';
import { formatDate } from '../shared/format.js';
import { words } from '../words/words.js';
import { readConversation } from './check.js';
import { newConversation } from './conversation.js';
import { titleOf } from './title.js';

/** @import { RecordedConversation, Run } from './types.js' */

/** Bytes of a file that is opened. */
export const MAX_FILE = 8 << 20;

/** @param {RecordedConversation} record */
export const toJson = (record) => `${JSON.stringify(record, null, 2)}\n`;

/** @param {number} ms */
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** @param {Run} run */
function howOf({ model, settings, tokens, spikes, first_token_ms: first, ms }) {
  const { preset, steps, temperature, top_p, seed, max_tokens: most, spike } = settings;
  const thinking = settings.chat_template_kwargs?.enable_thinking;
  return [
    `model ${model.name} (${model.sha256.slice(0, 12)})`,
    preset ? `preset ${preset}` : `steps ${steps}`,
    `temperature ${temperature}`,
    `top_p ${top_p}`,
    `seed ${seed}`,
    ...(most === undefined ? [] : [`max_tokens ${most}`]),
    ...(thinking === undefined ? [] : [`enable_thinking ${thinking}`]),
    ...(spike?.date ? [`date ${spike.date}`] : []),
    `${tokens} tokens, ${spikes} spikes`,
    `first token after ${seconds(first)}, all after ${seconds(ms)}`,
  ].join(' · ');
}

/** @param {RecordedConversation} record @returns {string} Markdown */
export function toMarkdown(record) {
  const { turns, created } = record;
  const system = turns.find(({ answer }) => answer?.run?.settings.system)?.answer?.run?.settings;
  return [
    `# ${titleOf(record)}`,
    words.file.about(formatDate(created)),
    ...(system?.system ? [`## ${words.file.instructions}\n\n${system.system}`] : []),
    ...turns.flatMap(({ question, answer }) => [
      `## ${words.file.you}\n\n${question}`,
      ...(answer
        ? [
          `## ${words.file.model}\n\n${answer.text}`,
          ...(answer.run ? [`> ${howOf(answer.run)}`] : []),
        ]
        : []),
    ]),
  ].join('\n\n') + '\n';
}

/** @param {RecordedConversation} record @param {string} ending */
export const fileNameOf = (record, ending) => {
  const words = titleOf(record).normalize('NFKD').replace(/[^\p{L}\p{N}]+/gu, '-');
  return `${words.replace(/^-|-$/g, '').slice(0, 40).toLowerCase() || 'chat'}.${ending}`;
};

/**
 * Reads a file that toJson wrote.
 * @param {string} text
 * @returns {RecordedConversation} under another id, so that it replaces nothing
 * @throws {SpikeError} bad_request, saying what is wrong
 */
export function fromJson(text) {
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const words = cause instanceof Error ? shown(cause.message) : '';
    throw new SpikeError('bad_request', `the file is no JSON: ${words}`, { cause });
  }
  return { ...readConversation(value), id: newConversation().id };
}
