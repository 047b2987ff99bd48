// Keys of the element's own fields. To the page around it they seem to come from the element, which
// is no text field, so that its shortcuts would take what is typed.

const FIELDS = 'input, select, textarea';
// What a page around us needs wherever the focus is: its dialogs move the focus, and close.
const PASSED = ['Tab', 'Escape'];

/**
 * Keeps the keys of fields inside.
 * @param {ShadowRoot} root whose own listeners have heard them by then
 */
export function keepKeys(root) {
  for (const type of /** @type {const} */ (['keydown', 'keypress', 'keyup'])) {
    root.addEventListener(type, (event) => {
      const { key } = /** @type {KeyboardEvent} */ (event);
      const [target] = event.composedPath();
      if (target instanceof Element && target.matches(FIELDS) && !PASSED.includes(key))
        event.stopPropagation();
    });
  }
}
