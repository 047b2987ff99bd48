// The rows of the fault table.

import { ANSWER_ROWS } from './answers.mjs';
import { ENDING_ROWS } from './endings.mjs';
import { SHARD_ROWS } from './shards.mjs';

/** @import { Around } from './visit.mjs' */

/**
 * @typedef {object} Tally
 * @property {number} tried
 * @property {number} passed
 * @property {string[]} failures what went otherwise, each as a line
 * @property {number} [figure] what the row's Beside is about
 */

/**
 * A figure beside the counts of a row.
 * @typedef {object} Beside
 * @property {'most' | 'mean'} of the tries
 * @property {(figure: number) => string} say
 */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {number} full how often it is tried
 * @property {number} short the same in a test
 * @property {Beside} [beside]
 * @property {(around: Around, count: number, tell: (tally: Tally) => void) => Promise<Tally>} run
 */

/** @type {readonly Row[]} */
export const ROWS = [...SHARD_ROWS, ...ANSWER_ROWS, ...ENDING_ROWS];
