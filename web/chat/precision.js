// With how much of the model an answer is given, in words.

import { formatList } from '../shared/format.js';
import { words } from '../words/words.js';

/** @import { Precision } from '../shared/protocol.js' */

/**
 * @param {(planes: number, of: number) => string} say what has come of the planes
 * @param {Precision} precision of which something is missing
 * @returns {string} with the tokens that the model knows, where these are not all
 */
export const earlyText = (say, { planes, of, rows = 0, of_rows: all = 0 }) =>
  formatList([say(planes, of), ...(rows < all ? [words.chat.used(rows, all)] : [])]);
