// A comparison as a file: settings with the seed, answers and their figures.

/** @import { ModelName } from '../record/types.js' */
/** @import { Message } from '../shared/protocol.js' */

/**
 * @param {ModelName} model
 * @param {Message[]} messages that all answers were asked with
 * @param {object[]} answers
 * @returns {string} JSON
 */
export const toJson = (model, messages, answers) => `${JSON.stringify({
  format: 'spikechat-comparison', version: 1, created: Date.now(), model, messages, answers,
}, null, 2)}\n`;
