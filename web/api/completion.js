// OpenAI's shapes, and the spike counts beside them.

/** @import { TokenLogprob } from '../shared/logprob.js' */
/** @import { FinishReason } from '../shared/protocol.js' */
/** @import { Spikes } from '../shared/spikes.js' */
/** @import { AnswerSeed, Chunk, Completion, Usage } from './types.js' */

/**
 * @typedef {{id: string, created: number, model: string}} Common what all chunks of an answer share
 */

/**
 * A chunk of a streamed answer.
 * @param {Common} common
 * @param {{role?: 'assistant', content?: string}} delta
 * @param {FinishReason | null} finishReason
 * @param {Spikes | AnswerSeed | null} spike
 * @param {boolean} includeUsage
 * @param {TokenLogprob[] | null} [logprobs] null where they were not asked for
 * @returns {Chunk}
 */
export function toChunk(common, delta, finishReason, spike, includeUsage, logprobs = null) {
  /** @type {Chunk} */
  const chunk = {
    id: common.id, object: 'chat.completion.chunk', created: common.created, model: common.model,
    choices: [{ index: 0, delta, logprobs: toLogprobs(logprobs), finish_reason: finishReason }],
    spike,
  };
  return includeUsage ? { ...chunk, usage: null } : chunk;
}

/**
 * The chunk after the last one, for include_usage: no choices, only the sums.
 * @param {Common} common
 * @param {Usage} usage
 * @param {AnswerSeed} sampled
 * @returns {Chunk}
 */
export function toUsageChunk(common, usage, sampled) {
  return {
    id: common.id,
    object: 'chat.completion.chunk',
    created: common.created,
    model: common.model,
    choices: [],
    usage,
    spike: sampled,
  };
}

/**
 * A whole answer.
 * @param {Common} common
 * @param {string} content
 * @param {FinishReason} finishReason
 * @param {Usage} usage
 * @param {Completion['spike']} spike
 * @param {TokenLogprob[] | null} [logprobs] null where they were not asked for
 * @returns {Completion}
 */
export function toCompletion(common, content, finishReason, usage, spike, logprobs = null) {
  return {
    id: common.id,
    object: 'chat.completion',
    created: common.created,
    model: common.model,
    choices: [{
      index: 0,
      message: { role: 'assistant', content, refusal: null },
      logprobs: toLogprobs(logprobs),
      finish_reason: finishReason,
    }],
    usage,
    spike,
  };
}

/** @param {TokenLogprob[] | null} content */
const toLogprobs = (content) => (content === null ? null : { content, refusal: null });

/**
 * @param {number} prompt
 * @param {number} cached
 * @param {number} completion
 * @returns {Usage}
 */
export function toUsage(prompt, cached, completion) {
  return {
    prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached },
  };
}
