// The tiny model as version 4 of the format, with chats that hold the date and whose thinking can
// be switched.

import fs from 'node:fs';
import path from 'node:path';

const FOLDER = '/models/thinking';

/** @param {{file: string}} shard */
const fileOf = ({ file }) => file;

/**
 * @param {string} dist the built site
 * @returns {{manifest: string, files: Map<string, Buffer>}} the manifest's path, and every file by
 *   its path
 */
export function thinkingTiny(dist) {
  const folder = path.join(dist, 'models/tiny');
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
  const next = '<|im_end|>\n<|im_start|>';
  const strings = {
    head: '<|im_start|>system\n\0%d %B %Y\0<|im_end|>\n<|im_start|>user\n',
    head_system: '<|im_start|>system\n\0%d %B %Y\0\n\n',
    system_user: `${next}user\n`,
    user_assistant: `${next}assistant\n`,
    assistant_user: `${next}user\n`,
    answer: `${next}assistant\n`,
  };
  delete manifest.chat_template;
  manifest.version = 4;
  manifest.chat = {
    strings,
    thinking: {
      start: '<think>',
      end: '</think>',
      default: 'on',
      switched: { ...strings, answer: `${strings.answer}<think>\n\n</think>\n\n` },
    },
  };
  /** @type {Map<string, Buffer>} */
  const files = new Map();
  // The activity is another manifest's: the page takes it for absent.
  for (const file of ['activity.json', ...manifest.shards.map(fileOf)])
    files.set(`${FOLDER}/${file}`, fs.readFileSync(path.join(folder, file)));
  files.set(`${FOLDER}/manifest.json`, Buffer.from(JSON.stringify(manifest)));
  return { manifest: `${FOLDER}/manifest.json`, files };
}
