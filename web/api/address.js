// The address of a model.

import { MODEL_NAME, ownAddress } from '../shared/own-model.js';
import { DEFAULT_MODEL } from './own-files.js';
import { refuse } from './plain.js';

const hrefOf = /** @type {() => string} */ (
  Object.getOwnPropertyDescriptor(URL.prototype, 'href')?.get
);

/** Addresses in a page are against this one, those in a worker against the worker's. */
const base = () => globalThis.document?.baseURI ?? globalThis.location?.href;

/**
 * Reads the address of a model, or its name: `own:NAME` is one of the reader's own, and a name that
 * does not end in ".json" is that of a folder beside the standard model's. An address is of http
 * or https, or of the scheme that the page itself came by, such as an extension's. Shards are
 * fetched beside it, so an address that has nothing beside it is none; and fetch refuses names and
 * passwords.
 * @param {unknown} value a text or a URL, also of another realm
 * @param {string} name
 * @returns {string} complete
 */
export function anAddress(value, name) {
  let text = value;
  if (typeof value === 'object') {
    try {
      // It throws for anything that is no URL, whatever its prototype.
      text = Reflect.apply(hrefOf, value, []);
    } catch {
      // Said below.
    }
  }
  if (typeof text !== 'string') throw refuse(`${name} must be a string`);
  const own = /^own:(.*)$/.exec(text)?.[1];
  if (own !== undefined && MODEL_NAME.test(own)) return ownAddress(own);
  if (MODEL_NAME.test(text) && !text.toLowerCase().endsWith('.json'))
    return new URL(`../${text}/manifest.json`, DEFAULT_MODEL).href;
  let url;
  try {
    url = new URL(text, base());
  } catch (cause) {
    throw refuse(`${name} is not an address`, cause);
  }
  const { protocol, username, password } = url;
  if (!['http:', 'https:', ownScheme()].includes(protocol)) {
    throw refuse(`${name} must be an address of http or https`);
  }
  if (username || password) {
    throw refuse(`${name} must be an address without user name and password`);
  }
  return url.href;
}

/** @returns {string} the page's scheme, where files can be fetched beside it */
function ownScheme() {
  const { protocol } = new URL(base() ?? 'http://localhost');
  return ['about:', 'blob:', 'data:', 'file:'].includes(protocol) ? 'https:' : protocol;
}

/**
 * @param {string} text
 * @returns {string | null} the address, complete; null where no model can be fetched from it
 */
export function toAddress(text) {
  try {
    return anAddress(text, 'model');
  } catch {
    return null;
  }
}
