// What can be looked at of a conversation that was read: the types. There is no code.

/** @import { PopulationName } from './contract.js' */
/** @import { TokenLogprob } from './logprob.js' */

/**
 * What is asked: all neurons of a population at one token, one neuron's membrane at one token, one
 * neuron at all tokens, or the `top` (0 to 20, default 5) likeliest tokens at a position from 1
 * on. Tokens are read once more, as they were in the last answer. A token's position counts from 0
 * through the whole conversation, marks of the chat template included; what was read at position p
 * predicted the token at p + 1, and is what a chunk of position p + 1 tells in its counts.
 * @typedef {(
 *   {kind: 'population', layer: number, population: PopulationName, position: number} |
 *   {kind: 'neuron', layer: number, population: PopulationName, neuron: number, position: number} |
 *   {kind: 'history', layer: number, population: PopulationName, neuron: number} |
 *   {kind: 'alternatives', position: number, top?: number}
 * )} Inspection
 */

/**
 * @typedef {object} ReadToken
 * @property {number} position
 * @property {number} token its id
 * @property {string} text characters that it completes, or the name of a mark
 */

/**
 * All neurons of a population at one token. k = q - z is a neuron's code from rest.
 * @typedef {object} PopulationSpikes
 * @property {ReadToken} token
 * @property {number} group_size neurons that share a threshold and rest level, side by side
 * @property {number[]} thresholds by group
 * @property {number[]} rest rest level z by group
 * @property {number[]} steps T by group
 * @property {number[]} codes q by neuron
 * @property {number[][]} spikes graded spikes from rest, -15 to 15 with the sign of k, by time step
 *   and neuron: what the counts count
 * @property {number} lowest the k of the first bar of the histogram
 * @property {number[]} histogram how many neurons have k = lowest, lowest + 1 and so on
 */

/**
 * One neuron at one token.
 * @typedef {object} NeuronTrace
 * @property {ReadToken} token
 * @property {number} activation x
 * @property {number} code q
 * @property {number} rest z
 * @property {number} steps T
 * @property {number} threshold θ, in the activation's unit
 * @property {number} value θ (q - z): what the layer gets in place of x
 * @property {number[]} potentials the membrane's before each time step, in thresholds, and what is
 *   left at last: 0
 * @property {number[]} fired the graded spike of each time step, by which the potential is reset;
 *   they sum to the code
 * @property {number[]} spikes likewise from rest; they sum to q - z
 */

/**
 * One neuron at every token of the conversation; each list goes by token.
 * @typedef {object} NeuronHistory
 * @property {ReadToken[]} tokens
 * @property {number[]} activations x
 * @property {number[]} codes q
 * @property {number[]} rest z
 * @property {number[]} steps T
 * @property {number[]} thresholds
 */

/**
 * How likely the token at a position was, and its alternatives, as `logprobs` tells it.
 * @typedef {TokenLogprob & {position: number}} Alternatives
 */

/** @typedef {PopulationSpikes | NeuronTrace | NeuronHistory | Alternatives} Inspected */

/**
 * What Go answers to a batch of a history.
 * @typedef {NeuronHistory & {next: number, total: number}} HistoryBatch
 */
