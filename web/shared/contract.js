// Numbers and names that page and engine both state, each once in JavaScript. `make check` compares
// them with Go's (tools/setup/agree.mjs).

/** Bytes that the engine takes in one call: a manifest, a request or a shard. */
export const EXCHANGE_BYTES = 4 << 20;

/** Tokens of context where nobody asks for another number. */
export const DEFAULT_CONTEXT = 2048;

/** Tokens of the longest context that a model may have. */
export const MAX_CONTEXT = 1 << 20;

/** Tokens of the largest vocabulary. */
export const MAX_VOCABULARY = 1 << 20;

/** Stop strings of one answer. */
export const MAX_STOPS = 16;

/** The most that one time step can carry of |k|. */
export const STEP_LEVELS = 15;

/** The highest factor of a raised threshold, which silences every neuron. */
export const MAX_RAISE = 128;

/** Entries of each list of lesions. */
export const MAX_LESIONS = 4096;

/** Planes of a matrix. */
export const MAX_PLANES = 8;

/** Halves of a layer. */
export const PARTS = Object.freeze(/** @type {const} */ (['attention', 'feed_forward']));

/** What can be looked at of a conversation that was read. */
export const INSPECTIONS = Object.freeze(
  /** @type {const} */ (['population', 'neuron', 'history', 'alternatives']));

/** Numbers of time steps T. The engine knows 3 too, which the presets alone use. */
export const STEPS = Object.freeze(/** @type {const} */ ([1, 2, 4]));

/** Presets of how activations are coded, from the best answers to the fewest spikes. */
export const PRESETS = Object.freeze(/** @type {const} */ (['best', 'balanced', 'fewest']));

/** The engine's builds, from the fastest on. */
export const BUILDS = Object.freeze(/** @type {const} */ (['relaxed', 'simd', 'plain']));

/** Settings of the kernel: measured while answering, or one of the three. */
export const KERNELS = Object.freeze(/** @type {const} */ (['auto', 'lookup', 'popcount', 'dot']));

/** Threads of one engine. */
export const MAX_THREADS = 8;

/**
 * What `threads_why` says of how their number was chosen. Where one does not start, the error's
 * words stand there.
 */
export const THREADS_WHY = Object.freeze({
  usual: 'the usual one',
  asked: 'asked for',
  alone: 'the page is not isolated: threads cannot share memory',
  unshared: 'the browser has no SharedArrayBuffer: threads cannot share memory',
});

/** Who says a message. */
export const ROLES = Object.freeze(/** @type {const} */ (['system', 'user', 'assistant']));

/** Sets of neurons of a layer, and their names for people. */
export const POPULATIONS = Object.freeze({
  qkv: 'Attention input',
  attn_out: 'Attention output',
  gate_up: 'Feed-forward input',
  down: 'Feed-forward hidden',
});

/** Numbers of a request from the first to the second; the engine takes some that are larger. */
export const RANGES = /** @type {const} */ ({
  max_tokens: [1, MAX_CONTEXT],
  temperature: [0, 2],
  top_p: [0, 1],
  seed: [0, Number.MAX_SAFE_INTEGER],
  top_k: [0, MAX_VOCABULARY],
  min_p: [0, 1],
  repetition_penalty: [1, 10],
  top_logprobs: [0, 20],
});

/** @typedef {typeof STEPS[number]} Steps */
/** @typedef {typeof PRESETS[number]} Preset */
/** @typedef {typeof BUILDS[number]} Build */
/** @typedef {typeof KERNELS[number]} Kernel */
/** @typedef {'auto' | number} Threads */
/** @typedef {typeof ROLES[number]} Role */
/** @typedef {keyof typeof POPULATIONS} PopulationName */
/** @typedef {typeof PARTS[number]} Part */
