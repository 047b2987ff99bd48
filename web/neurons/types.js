// What looking into neurons needs around it: the types. There is no code.

/** @import { Engine } from '../api/engine.js' */
/** @import { PopulationName } from '../shared/contract.js' */
/** @import { NeuronTrace } from '../shared/inspection.js' */
/** @import { Spikes } from '../shared/spikes.js' */

/** @typedef {{text: string, spikes: Spikes}} Column a token of the heatmap, as it came */

/** @typedef {{text: string, root: Node}} Said a message, and where it stands on the page */

/**
 * @typedef {object} LookHost
 * @property {readonly Column[]} columns
 * @property {() => Engine | null} engine
 * @property {() => boolean} answering
 * @property {() => Promise<void>} load starts the model
 * @property {() => readonly Said[]} said what the model last read and answered, in turns
 * @property {(column: number | null) => void} light lights the word of a column
 * @property {(small: boolean) => void} shrink leaves the head of it alone, or all
 * @property {() => void} close goes back to the heatmap
 * @property {() => void} lost the engine has stopped
 * @property {(status: string) => void} say
 */

/**
 * A place to look at. The token at a position was chosen when the one before it was read: it is
 * that reading which is looked at.
 * @typedef {object} Spot
 * @property {number} position of the token that came next, from 1 on
 * @property {number | null} column of the heatmap that has its counts; null: none is known
 * @property {boolean} picked whether the reader pointed at that column; else it may be of another
 *   token that once had the position
 * @property {number} layer
 * @property {PopulationName} population
 * @property {number | null} neuron null: the one that fired most
 */

/** @typedef {Pick<NeuronTrace, 'code' | 'rest' | 'threshold'>} Seen of a neuron, before */
