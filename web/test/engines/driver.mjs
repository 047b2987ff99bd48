// One way to drive three browser engines. Each has a file of its own.

import { launchChromium } from './chromium.mjs';
import { launchFirefox } from './firefox.mjs';
import { launchWebKit } from './webkit.mjs';

/**
 * One browser with one page and an empty store of its own. Every call rejects where it takes too
 * long.
 * @typedef {object} Driver
 * @property {string} version name and version of the browser, as it tells them
 * @property {(url: string) => Promise<void>} open goes to an address and waits until it is loaded
 * @property {<R, A>(run: (given: A) => R | Promise<R>, given?: A) => Promise<R>} evaluate runs a
 *   function in the page; what goes in and out passes as JSON, and the function may use nothing but
 *   its argument and the page
 * @property {(keys: string) => Promise<void>} type strikes keys, wherever the focus is; KEYS has
 *   those that are no characters
 * @property {(x: number, y: number) => Promise<void>} click presses the mouse, in CSS pixels from
 *   the page's upper left corner
 * @property {(file: string) => Promise<void>} screenshot writes what is seen of the page, as PNG
 * @property {() => Promise<void>} close ends the browser and all that it started
 */

/** @type {Readonly<Record<string, () => Promise<Driver>>>} */
export const ENGINES = Object.freeze({
  chromium: launchChromium,
  firefox: launchFirefox,
  webkit: launchWebKit,
});
