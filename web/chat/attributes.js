// Numbers in the attributes of <spike-chat>.

import { isGood } from '../api/request.js';

/** @typedef {'steps' | 'temperature' | 'seed' | 'max_tokens' | 'threads'} NumberField */

/**
 * The number that an attribute holds.
 * @param {string | null} text
 * @param {NumberField} field of the request, or of the engine's options, that it is for
 * @returns {number | undefined} undefined where the attribute is not there, or the engine would
 *   refuse it with every question
 */
export function numberOf(text, field) {
  // Number('') is 0.
  if (text === null || text.trim() === '') return undefined;
  const value = Number(text);
  return isGood(field, value) ? value : undefined;
}
