// What a chat is called.

import { words } from '../words/words.js';

/** @import { RecordedConversation } from './types.js' */

const BREAKS = /[\s\p{Cc}\p{Zl}\p{Zp}]+/gu;
/**
 * What turns the text around or is not seen, but for what joins letters and emoji or chooses their
 * form.
 */
const UNSEEN = /\p{Cs}|(?![\u200c\u200d\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}/gu;
/** One of these at least is seen. */
const SEEN = /(?!\u2800)[\p{L}\p{N}\p{P}\p{S}]/u;

/** @param {string} text from anywhere @returns {string} on one line; empty where nothing is seen */
function lineOf(text) {
  const line = text.replace(BREAKS, ' ').replace(UNSEEN, '').trim();
  return SEEN.test(line) ? line : '';
}

/** @param {RecordedConversation} conversation @returns {string} as it is called in lists */
export function titleOf({ title, turns }) {
  const [first = ''] = (turns[0]?.question ?? '').trim().split('\n', 1);
  const long = first.length > 60;
  const start = lineOf(long ? first.slice(0, 59) : first);
  return lineOf(title) || (start && (long ? `${start}…` : start)) || words.chats.empty;
}
