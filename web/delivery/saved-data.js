// What may be downloaded without asking where the reader's connection is to carry little.

import { downloadSize } from './download-size.js';

/** More than this is asked about, in bytes. */
const MOST = 20e6;

/**
 * Whether the reader saves data, or is on a mobile network, as far as the browser tells: Chromium
 * knows both, others neither.
 * @returns {boolean}
 */
export function savesData() {
  const { connection } = /** @type {{connection?: {saveData?: boolean, type?: string}}} */ (
    navigator);
  return connection?.saveData === true || connection?.type === 'cellular'
    || matchMedia('(prefers-reduced-data: reduce)').matches;
}

/**
 * @param {string} model address of a manifest
 * @returns {Promise<boolean>} whether little of it is missing; false where that is not known
 */
export async function isSmall(model) {
  const size = await downloadSize(model);
  return size !== null && size.bytes - size.cached <= MOST;
}
