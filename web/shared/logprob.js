// How likely a token was. There is no code.

/**
 * A token and the natural logarithm of its probability, in OpenAI's shape.
 * @typedef {object} Logprob
 * @property {string} token its text; a byte that is no character by itself is `\\x` and two digits
 * @property {number} logprob of the model's own distribution: at temperature 1, before top_p and
 *   all else that changes a draw
 * @property {number[] | null} bytes of its text; null for a token that writes none, such as the one
 *   that ends a turn
 */

/**
 * @typedef {Logprob & {top_logprobs: Logprob[]}} TokenLogprob a sampled token, and the likeliest
 *   ones of its place, the likeliest first
 */

export {};
