// Numbers and names that page and engine both state, each once in JavaScript. `make check` compares
// them with Go's.

/** Bytes that the engine takes in one call: a shard, a manifest or a request. */
export const EXCHANGE_BYTES = 4 << 20;

/** Bytes of the largest manifest. */
export const MAX_MANIFEST_BYTES = 4 << 20;

/** Tokens of context where nobody asks for another number. */
export const DEFAULT_CONTEXT = 2048;

/** Presets of how activations are coded, from the best answers to the fewest spikes. */
export const PRESETS = Object.freeze(/** @type {const} */ (['best', 'balanced', 'fewest']));

/** The engine's builds, from the fastest on. */
export const BUILDS = Object.freeze(/** @type {const} */ (['relaxed', 'simd', 'plain']));

/** @typedef {typeof PRESETS[number]} Preset */
/** @typedef {typeof BUILDS[number]} Build */
/** @typedef {'auto' | 'lookup' | 'popcount' | 'dot'} Kernel */
/** @typedef {'system' | 'user' | 'assistant'} Role */
