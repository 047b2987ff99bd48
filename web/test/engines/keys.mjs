// Input as W3C WebDriver has it: both of its protocols take the same lists of actions.

/** Keys that are no characters, by the code points that WebDriver gives them. */
export const KEYS = Object.freeze({ enter: '\uE007', escape: '\uE00C' });

/**
 * Strikes keys one after the other.
 * @param {string} keys
 */
export const keyActions = (keys) => [{
  type: 'key', id: 'keyboard',
  actions: [...keys].flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]),
}];

/**
 * Clicks at a place of the page.
 * @param {number} x
 * @param {number} y
 */
export const clickActions = (x, y) => [{
  type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' },
  actions: [
    { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 },
    { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 },
  ],
}];
