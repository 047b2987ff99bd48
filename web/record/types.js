// A conversation as it is kept: plain JSON. There is no code.

/** @import { FinishReason, Precision } from '../shared/protocol.js' */
/** @import { Preset, Steps } from '../shared/contract.js' */

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
 * @property {{enable_thinking?: boolean}} [chat_template_kwargs] none: as the model has it
 * @property {{date?: string}} [spike] date: that the prompt holds, where the model's chats do
 */

/** @typedef {{name: string, sha256: string}} ModelName sha256 of the manifest, hexadecimal */

/**
 * How an answer was given.
 * @typedef {object} Run
 * @property {ModelName} model
 * @property {AnswerSettings} settings
 * @property {Precision} [precision] that it began with, where not all of the model had come: with
 *   all of it, it would be another
 * @property {number} first_turn index of the first turn that the model read
 * @property {number} tokens of the answer that were shown
 * @property {number} context tokens in the context at its end
 * @property {number} spikes of all its tokens, layers and populations; 0 where none were counted
 * @property {number} first_token_ms from the question to the first token
 * @property {number} ms from the question to the last token
 */

/**
 * @typedef {object} RecordedAnswer
 * @property {string} text as the model wrote it: Markdown
 * @property {FinishReason} finish_reason `abort` also while it is being given: what is kept then is
 *   what there would be if it had been stopped
 * @property {Run} [run] none where the answer was not given here
 */

/** @typedef {{question: string, answer?: RecordedAnswer}} Turn */

/**
 * @typedef {object} RecordedConversation
 * @property {'spikechat-conversation'} format
 * @property {1} version
 * @property {string} id
 * @property {string} title
 * @property {number} created milliseconds since 1970
 * @property {number} changed likewise
 * @property {Turn[]} turns
 */
