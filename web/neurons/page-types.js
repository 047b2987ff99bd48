// What a page of the look needs around it: the types. There is no code.

/** @import { Population } from '../shared/spikes.js' */
/** @import { Reading } from './inspector.js' */
/** @import { Said, Seen, Spot } from './types.js' */
/** @import { Place } from './words-of.js' */

/** @typedef {(read: number, total: number) => void} OnProgress */

/**
 * @template T
 * @typedef {(reading: Reading, onprogress: OnProgress) => Promise<T>} Ask
 */

/**
 * @typedef {object} Around
 * @property {{layers: number, populations: readonly Population[]}} model
 * @property {readonly Said[]} said
 * @property {<T>(page: Page, ask: Ask<T>, show: (result: T) => void) => Promise<void>} run
 * @property {(spot: Spot, expected: Seen) => void} openSpot shows the membrane of its neuron
 * @property {(spot: Spot & {neuron: number}, expected: Seen) => void} askNeuron
 * @property {(spot: Spot, by: number) => Spot} beside the token before or after one
 * @property {(spot: Spot) => boolean} isLast whether the model has read no further
 * @property {(spot: Spot) => string | null} textAt
 * @property {(column: number | null) => void} light
 * @property {(words: readonly {place: Place, strength: number}[]) => void} glow
 * @property {() => void} shrink
 */

/**
 * @typedef {object} Page
 * @property {HTMLElement} element
 * @property {string} title
 * @property {() => unknown} load reads what it is to show
 * @property {() => void} shown it can be seen again
 */
