// Builds elements. Text only ever becomes Text nodes: there is no HTML string in the page.

/**
 * Makes an element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | ((event: any) => void)>} [attributes] `on…`
 *   functions become listeners; true sets an empty attribute, false none
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

/**
 * Fills a shadow root: linked style sheets, and the content hidden until they have come, so that it
 * never shows bare.
 * @param {ShadowRoot} root
 * @param {readonly string[]} sheets their addresses
 * @param {HTMLElement} content
 */
export function fillShadow(root, sheets, content) {
  content.hidden = true;
  let missing = sheets.length;
  const came = () => {
    // Another may have taken its place.
    if (--missing === 0) /** @type {HTMLElement} */ (root.lastElementChild).hidden = false;
  };
  const links = sheets.map((href) =>
    h('link', { rel: 'stylesheet', href, onload: came, onerror: came }),
  );
  root.replaceChildren(...links, content);
}

/**
 * Has radio buttons leave their groups, before they are removed for good. Chromium keeps those that
 * are removed from a shadow tree in their group, and with them all that is around them.
 * @param {Element} around them
 */
export function dissolveGroups(around) {
  for (const radio of around.querySelectorAll('input[type=radio]')) radio.removeAttribute('name');
}

/** What our elements extend. On a server, where nothing of it is used, a class without anything. */
export const BaseElement = /** @type {typeof HTMLElement} */ (
  globalThis.HTMLElement ?? class {}
);

/**
 * Writes an attribute for its property.
 * @param {Element} element
 * @param {string} attribute
 * @param {unknown} value null and undefined remove the attribute
 */
export function setOrRemove(element, attribute, value) {
  if (value === null || value === undefined) element.removeAttribute(attribute);
  else element.setAttribute(attribute, String(value));
}

/**
 * Hands to an element's setters what a page put on it before it was defined. Such a property is the
 * object's own and would hide the setter for good.
 * @param {Element} element being upgraded
 * @param {readonly string[]} names
 */
export function takeOver(element, names) {
  const own = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (element));
  for (const name of names) {
    if (!Object.hasOwn(own, name)) continue;
    const value = own[name];
    delete own[name];
    own[name] = value;
  }
}
