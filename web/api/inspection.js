// Reads what a caller wants to look at.

import { INSPECTIONS, MAX_CONTEXT, RANGES } from '../shared/contract.js';
import { index, population } from './lesions.js';
import { fieldsOf, oneOf, refuse, typed, whole } from './plain.js';
import { aSignal } from './signal.js';

/** @import { Inspection } from '../shared/inspection.js' */

// Alternatives where nobody asks for another number.
const TOP = 5;

const PLACE = { kind: oneOf(INSPECTIONS), layer: index, population };
const FIELDS = {
  population: { ...PLACE, position: index },
  neuron: { ...PLACE, neuron: index, position: index },
  history: { ...PLACE, neuron: index },
  alternatives: {
    kind: oneOf(INSPECTIONS),
    // The first token follows nothing.
    position: whole(1, MAX_CONTEXT),
    top: whole(...RANGES.top_logprobs),
  },
};
const readKind = fieldsOf({ ...FIELDS.alternatives, ...FIELDS.neuron }, ['kind']);
const readOptions = fieldsOf({ signal: aSignal, onprogress: typed('function') });

/**
 * @typedef {object} InspectionOptions
 * @property {AbortSignal} [signal] stops a history between two batches
 * @property {(read: number, total: number) => void} [onprogress] tokens of a history
 */

/**
 * @param {unknown} query
 * @param {unknown} options
 * @returns {{query: Inspection, options: InspectionOptions}} copies
 * @throws {SpikeError} bad_request, naming the field
 */
export function checkInspection(query, options) {
  const given = readKind(query, '');
  if (given.kind === 'alternatives') given.top ??= TOP;
  const fields = FIELDS[/** @type {keyof typeof FIELDS} */ (given.kind)];
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(fields, key)) throw refuse(`${key} is not for kind ${given.kind}`);
  }
  return {
    query: fieldsOf(fields, Object.keys(fields))(given, ''),
    options: readOptions(options, 'options'),
  };
}
