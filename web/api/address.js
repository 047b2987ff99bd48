// The address of a model.

import { refuse } from './plain.js';

const hrefOf = /** @type {() => string} */ (
  Object.getOwnPropertyDescriptor(URL.prototype, 'href')?.get
);

/** Addresses in a page are against this one, those in a worker against the worker's. */
const base = () => globalThis.document?.baseURI ?? globalThis.location?.href;

/**
 * Reads an address that a model can be fetched from: of http or https, or of the scheme that the
 * page itself came by, such as an extension's. Shards are fetched beside it, so an address that has
 * nothing beside it is none; and fetch refuses names and passwords.
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
