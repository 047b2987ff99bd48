// What a chat is called.

/** @import { RecordedConversation } from './types.js' */

/** @param {RecordedConversation} conversation @returns {string} as it is called in lists */
export function titleOf({ title, turns }) {
  if (title) return title;
  const [first = ''] = (turns[0]?.question ?? '').trim().split('\n');
  return first.length > 60 ? `${first.slice(0, 59)}…` : first || 'Empty chat';
}
