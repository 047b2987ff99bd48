// The list of the site's models (tools/setup/models-json.mjs), which lies beside its modules.

import { fetchBytes } from '../delivery/fetch.js';
import { MODEL_NAME } from '../shared/own-model.js';

/** @typedef {{name: string, bytes: number, license: string}} SiteModel */

const LIST = new URL('../models.json', import.meta.url).href;
/** Bound of worker/store_native.go. */
const MOST_BYTES = 1 << 20;

/** @returns {Promise<SiteModel[] | null>} null where it does not come */
export async function siteModels() {
  try {
    const bytes = await fetchBytes(LIST, { limit: MOST_BYTES, revalidate: true, hurry: true });
    const { models } = JSON.parse(new TextDecoder().decode(bytes));
    return models.filter((/** @type {any} */ { name, bytes: size, license }) =>
      MODEL_NAME.test(name) && Number.isSafeInteger(size) && typeof license === 'string');
  } catch {
    return null;
  }
}
