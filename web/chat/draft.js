// What is typed and not sent yet outlives a reload of the page: it is in the tab's own store, which
// goes with the tab, until it is sent. In a frame of another site's page it is not: frames of one
// page share a store, and would mix theirs up. For the same reason the first element of a page has
// it alone.

const NAME = 'spikechat-draft';

/** @type {WeakRef<object> | null} the element that has the draft */
let owner = null;

/** @param {object} element */
const has = (element) => {
  if (window !== window.top) return false;
  owner ??= new WeakRef(element);
  return owner.deref() === element;
};

/** @param {object} element @returns {string} */
export function readDraft(element) {
  try {
    return has(element) ? sessionStorage.getItem(NAME) ?? '' : '';
  } catch {
    return ''; // storage is blocked
  }
}

/** @param {object} element @param {string} text empty: there is none any more */
export function keepDraft(element, text) {
  try {
    if (!has(element)) return;
    if (text === '') sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, text);
  } catch {
    // Storage is blocked, or the text is larger than all of it: it goes with the page.
  }
}
