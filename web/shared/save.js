// Files that the reader keeps.

import { h } from './dom.js';

/**
 * Hands a file to the browser, which saves it as it saves others.
 * @param {string} name
 * @param {Blob} content
 */
export function saveFile(name, content) {
  const address = URL.createObjectURL(content);
  h('a', { href: address, download: name }).click();
  // The browser takes it after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
