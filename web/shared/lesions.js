// What is damaged on purpose in one answer: the types. There is no code.

/** @import { Part, PopulationName } from './contract.js' */

/**
 * Lesions of one answer; the model stays as it is, and so does every answer without them. The
 * output and the neurons at its input are never damaged.
 * @typedef {object} Lesions
 * @property {RaisedThreshold[]} [thresholds] where several meet, the last one counts
 * @property {Silence[]} [silenced]
 * @property {number} [dropped_planes] how many of the lowest planes of every layer's weights are
 *   not read; the middle of what they can say stands for them
 */

/**
 * Makes thresholds, and what a unit of code is worth, so many times as high.
 * @typedef {object} RaisedThreshold
 * @property {number} factor 1 to 128: from 30 T on, nothing leaves rest
 * @property {number} [layer] from 0; left out: all
 * @property {PopulationName} [population] left out: all
 */

/**
 * Keeps neurons at rest. It has a layer, or one of its parts, populations or heads; a part or
 * population without layer is that of all layers.
 * @typedef {object} Silence
 * @property {number} [layer] from 0
 * @property {Part} [part]
 * @property {PopulationName} [population]
 * @property {number} [head] attention head from 0, with its layer: what it makes of the values is 0
 */
