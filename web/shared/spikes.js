// The spike counts of one token: as the engine writes them, and sorted by kind.

/** The five counts of each population in a token's record, in the order the engine writes them. */
export const COUNTS = /** @type {const} */ (['active', 'strong', 'spikes', 'executed', 'levels']);

/** Neurons that keep a token for those that follow. */
export const CACHE = /** @type {const} */ (['keys', 'values']);

/** The counts of each of these in a layer, which follow. */
export const CACHE_COUNTS = /** @type {const} */ (['active', 'strong', 'spikes']);

/**
 * What ends a token's counts: of looking back over the cache, in the order the engine writes them.
 * 2 ** 32 - 1 is that or more.
 */
export const LOOK_BACK = /** @type {const} */ (['spikes', 'operations', 'dense']);

/**
 * A set of neurons that feed the same matrices, one set per layer.
 * @typedef {object} Population
 * @property {string} name `qkv`, `attn_out`, `gate_up` or `down`
 * @property {number} neurons neurons in one layer
 * @property {number} fan_out synapses of one neuron: synaptic operations are spikes times this
 */

/**
 * Spike counts of the forward pass that produced one token. Each array has layers x populations
 * entries: the entry of layer l and population p is at l * populations.length + p. All of it is
 * plain, so that it crosses as JSON.
 * @typedef {object} Spikes
 * @property {readonly Population[]} populations
 * @property {number} layers
 * @property {number} position of the token in the context
 * @property {number[]} active neurons away from rest (k is not 0)
 * @property {number[]} strong neurons with |k| above 15
 * @property {number[]} spikes binary spikes, counted from rest; times fan_out: synaptic
 *   operations
 * @property {number[]} executed ones in the codes' binary planes, rest level included: what the
 *   popcount kernel adds
 * @property {number[]} levels sum of |k|
 * @property {{spikes: number, operations: number, dense: number}} look_back of all heads: spikes of
 *   this token's keys and values; synaptic operations of looking back over the context; the
 *   multiply-adds these take without spikes. Each at most 2 ** 32 - 1, which means that or
 *   more
 * @property {CacheSpikes | null} [cache] of the neurons that keep this token's keys and values;
 *   null where these stay float. The engine always tells; what others push into a heatmap may not
 */

/**
 * Counts of the neurons that keep keys and values, laid out as those of Spikes.
 * @typedef {object} CacheSpikes
 * @property {readonly Population[]} populations `keys` and `values`; their fan_out is the query
 *   heads that a spike reaches whenever a token looks back
 * @property {number[]} active
 * @property {number[]} strong
 * @property {number[]} spikes
 */

/**
 * @typedef {{layers: number, populations: readonly Population[], cache: readonly Population[]}}
 *   Counted what is counted of a model
 */

/**
 * How many counts a token has.
 * @param {Counted} model
 */
export const countsOf = ({ layers, populations, cache }) =>
  layers * (populations.length * COUNTS.length + cache.length * CACHE_COUNTS.length)
    + LOOK_BACK.length;

/**
 * Sorts a token's counts by kind.
 * @param {Uint32Array} counts layers x populations x COUNTS, layers x cache x CACHE_COUNTS, then
 *   LOOK_BACK; or empty
 * @param {Counted} model
 * @param {number} position
 * @returns {Spikes | null} null when the engine counted nothing (steps 0)
 */
export function toSpikes(counts, { layers, populations, cache: kept }, position) {
  if (counts.length === 0) return null;
  const size = layers * populations.length;
  /** @param {Uint32Array} all @param {number} length @param {number} kinds */
  const sorted = (all, length, kinds) => Array.from({ length: kinds }, (_, kind) =>
    Array.from({ length }, (__, i) => all[i * kinds + kind]));
  const [active, strong, spikes, executed, levels] = sorted(counts, size, COUNTS.length);
  const [backSpikes, operations, dense] = counts.subarray(-LOOK_BACK.length);
  const look_back = { spikes: backSpikes, operations, dense };
  // Looking back over float keys and values is not counted at all.
  const cached = dense === 0 ? [] : sorted(
    counts.subarray(size * COUNTS.length), layers * kept.length, CACHE_COUNTS.length);
  const cache = dense === 0 ? null
    : { populations: kept, active: cached[0], strong: cached[1], spikes: cached[2] };
  return {
    populations, layers, position, active, strong, spikes, executed, levels, look_back, cache,
  };
}
