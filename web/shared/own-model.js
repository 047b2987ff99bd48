// Models that a reader has made of files of their own. They are in this browser's store alone, at
// an address that no network has (RFC 6761 keeps the name "invalid" from ever being one), so that
// all that is known of a model by its address holds for them too.

const HOST = 'https://own.invalid/';

// A name becomes part of addresses and paths: it begins with no dot, and with no dash either, which
// would make an option of it on a command line.
const NAME = '\\w[\\w.-]{0,127}';

/** What may be the name of a model. */
export const MODEL_NAME = new RegExp(`^${NAME}$`);

/** What the page's own address may name: a model of its site, or one of the reader's. */
export const PAGE_MODEL = new RegExp(`^(own:)?${NAME}$`);

/** @param {string} name @returns {string} the address of its manifest */
export const ownAddress = (name) => `${HOST}${name}/manifest.json`;

/**
 * @param {string} address of a manifest
 * @returns {string | null} the name, where it is the reader's own model
 */
export function ownName(address) {
  if (!address.startsWith(HOST)) return null;
  const [name, file, ...more] = address.slice(HOST.length).split('/');
  return MODEL_NAME.test(name) && file === 'manifest.json' && more.length === 0 ? name : null;
}
