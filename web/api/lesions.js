// Reads the lesions of a request.

import {
  MAX_CONTEXT, MAX_LESIONS, MAX_PLANES, MAX_RAISE, PARTS, POPULATIONS,
} from '../shared/contract.js';
import { fieldsOf, listOf, number, oneOf, refuse, whole } from './plain.js';

/** @import { PopulationName } from '../shared/contract.js' */
/** @import { Lesions, RaisedThreshold, Silence } from '../shared/lesions.js' */
/** @import { Reader } from './plain.js' */

// How many layers, heads and neurons there are, the engine knows.
export const index = whole(0, MAX_CONTEXT);
export const population = oneOf(/** @type {PopulationName[]} */ (Object.keys(POPULATIONS)));

/** @type {Reader<RaisedThreshold>} */
const threshold = fieldsOf(
  { factor: number(1, MAX_RAISE), layer: index, population }, ['factor']);

const fieldsOfSilence = fieldsOf({ layer: index, part: oneOf(PARTS), population, head: index });

/** @type {Reader<Silence>} */
const silence = (value, name) => {
  /** @type {Silence} */
  const given = fieldsOfSilence(value, name);
  const { layer, part, population: neurons, head } = given;
  const named = [part, neurons, head].filter((one) => one !== undefined).length;
  if (named > 1) throw refuse(`${name} must have one of part, population and head`);
  if (named === 0 && layer === undefined) throw refuse(`${name} names nothing to silence`);
  if (head !== undefined && layer === undefined) throw refuse(`${name}.head needs a layer`);
  return given;
};

const bounds = {
  least: 0, most: MAX_LESIONS,
  message: (/** @type {string} */ name) => `${name} must be a list of at most ${MAX_LESIONS}`,
};

/** @type {Reader<Lesions>} */
export const lesions = fieldsOf({
  thresholds: listOf(threshold, bounds),
  silenced: listOf(silence, bounds),
  dropped_planes: whole(0, MAX_PLANES - 1),
});
