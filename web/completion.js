// OpenAI's shapes, and the spike counts beside them.

import { COUNTS, LOOK_BACK } from './protocol.js';

/**
 * Spike counts of the forward pass that produced one token. Each array has layers x populations entries: the entry of
 * layer l and population p stands at l * populations.length + p. The arrays are Uint32Array, which JSON.stringify writes
 * as objects: Array.from makes plain arrays of them.
 * @typedef {object} Spikes
 * @property {readonly import('./protocol.js').Population[]} populations
 * @property {number} layers
 * @property {number} position of the token in the context
 * @property {Uint32Array} active neurons away from rest (k is not 0)
 * @property {Uint32Array} strong neurons with |k| above 15
 * @property {Uint32Array} spikes binary spikes, counted from rest; times fan_out: synaptic operations
 * @property {Uint32Array} executed ones in the codes' binary planes, rest level included: what the popcount kernel adds
 * @property {Uint32Array} levels sum of |k|
 * @property {{spikes: number, operations: number, dense: number}} look_back of all heads: spikes of this token's keys and
 *   values; synaptic operations of looking back over the context; the multiply-adds these take without spikes.
 *   Each at most 2 ** 32 - 1, which stands for all that is more
 */

/**
 * @typedef {object} Usage
 * @property {number} prompt_tokens
 * @property {number} completion_tokens tokens sampled, the closing one included
 * @property {number} total_tokens
 * @property {{cached_tokens: number}} prompt_tokens_details prompt tokens kept from the turn before
 */

/**
 * @typedef {object} Chunk
 * @property {string} id
 * @property {'chat.completion.chunk'} object
 * @property {number} created seconds since 1970
 * @property {string} model
 * @property {{index: 0, delta: {role?: 'assistant', content?: string}, finish_reason: import('./protocol.js').FinishReason | null}[]} choices
 * @property {Usage | null} [usage] only with include_usage: null until the last chunk
 * @property {Spikes | null} spike null in a chunk that carries no token, and with steps 0, where nothing spikes
 */

/**
 * @typedef {object} Completion
 * @property {string} id
 * @property {'chat.completion'} object
 * @property {number} created
 * @property {string} model
 * @property {{index: 0, message: {role: 'assistant', content: string}, finish_reason: import('./protocol.js').FinishReason}[]} choices
 * @property {Usage} usage
 * @property {Spikes[]} spike one entry a token; none with steps 0
 */

/** @typedef {{id: string, created: number, model: string}} Head what all chunks of an answer share */

/**
 * Sorts a token's counts by kind.
 * @param {Uint32Array} counts layers x populations x COUNTS, then LOOK_BACK; or empty
 * @param {{layers: number, populations: readonly import('./protocol.js').Population[]}} model
 * @param {number} position
 * @returns {Spikes | null} null when the engine counted nothing (steps 0)
 */
export function toSpikes(counts, { layers, populations }, position) {
  if (counts.length === 0) return null;
  const size = layers * populations.length;
  const [active, strong, spikes, executed, levels] = COUNTS.map((_, kind) => {
    const out = new Uint32Array(size);
    for (let i = 0; i < size; i++) out[i] = counts[i * COUNTS.length + kind];
    return out;
  });
  const [backSpikes, operations, dense] = counts.subarray(-LOOK_BACK.length);
  return { populations, layers, position, active, strong, spikes, executed, levels, look_back: { spikes: backSpikes, operations, dense } };
}

/**
 * A chunk of a streamed answer.
 * @param {Head} head
 * @param {{role?: 'assistant', content?: string}} delta
 * @param {import('./protocol.js').FinishReason | null} finishReason
 * @param {Spikes | null} spike
 * @param {boolean} includeUsage
 * @returns {Chunk}
 */
export function toChunk(head, delta, finishReason, spike, includeUsage) {
  /** @type {Chunk} */
  const chunk = {
    id: head.id, object: 'chat.completion.chunk', created: head.created, model: head.model,
    choices: [{ index: 0, delta, finish_reason: finishReason }], spike,
  };
  return includeUsage ? { ...chunk, usage: null } : chunk;
}

/**
 * The chunk after the last one, for include_usage: no choices, only the sums.
 * @param {Head} head
 * @param {Usage} usage
 * @returns {Chunk}
 */
export function toUsageChunk(head, usage) {
  return { id: head.id, object: 'chat.completion.chunk', created: head.created, model: head.model, choices: [], usage, spike: null };
}

/**
 * A whole answer.
 * @param {Head} head
 * @param {string} content
 * @param {import('./protocol.js').FinishReason} finishReason
 * @param {Usage} usage
 * @param {Spikes[]} spike
 * @returns {Completion}
 */
export function toCompletion(head, content, finishReason, usage, spike) {
  return {
    id: head.id, object: 'chat.completion', created: head.created, model: head.model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: finishReason }], usage, spike,
  };
}

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
