// What must hold of the page as it is drawn, whatever state it is in. These functions run in the
// page; they look into open shadow roots, and give a line of text for each fault.

/**
 * Controls that are smaller than a finger wants them: 44 pixels each way. What is in a line of text
 * may be smaller, and what a larger label belongs to (WCAG 2.5.5). So little of the log is none.
 * @returns {string[]}
 */
export function smallTargets() {
  const CONTROLS = 'button, input, select, summary, textarea, a[href], .log';
  const LEAST = 43.5;
  /** @param {Document | ShadowRoot} root @returns {Element[]} */
  const all = (root) => [...root.querySelectorAll('*')].flatMap((element) =>
    [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
  return all(document).filter((element) => element.matches(CONTROLS))
    .flatMap((element) => {
      const label = element.closest('label')
        ?? /** @type {HTMLInputElement} */ (element).labels?.[0];
      const boxes = [element, ...(label ? [label] : [])]
        .map((one) => one.getBoundingClientRect());
      const shown = element.checkVisibility({ visibilityProperty: true });
      const inText = element.matches('a')
        && element.closest('p, li, td')?.textContent?.trim() !== element.textContent?.trim();
      if (!shown || inText || element.matches('.unseen')) return [];
      const width = Math.max(...boxes.map((box) => box.width));
      const height = Math.max(...boxes.map((box) => box.height));
      if (width >= LEAST && height >= LEAST) return [];
      const name = element.getAttribute('aria-label') ?? (element.textContent?.trim()
        || element.id);
      return [`${element.localName} “${name.slice(0, 40)}” has ${width} x ${height} pixels`];
    });
}

/**
 * What is wider than the page, or cut where it cannot be scrolled to.
 * @param {string} rules a style sheet that everything has meanwhile
 * @returns {string[]}
 */
export function cutOff(rules) {
  /** @param {Document | ShadowRoot} root @returns {HTMLElement[]} */
  const all = (root) => /** @type {HTMLElement[]} */ ([...root.querySelectorAll('*')])
    .flatMap((element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  const roots = [document, ...all(document).flatMap(({ shadowRoot }) => shadowRoot ?? [])];
  for (const root of roots) root.adoptedStyleSheets.push(sheet);
  const { clientWidth, scrollWidth } = document.documentElement;
  const wide = scrollWidth > clientWidth
    ? [`the page is ${scrollWidth} wide, the window ${clientWidth}`] : [];
  /** Scrolls sideways by itself. @param {Element | null} element @returns {boolean} */
  const scrolls = (element) => {
    for (let one = element; one; one = one.parentElement
      ?? /** @type {ShadowRoot} */ (one.getRootNode()).host ?? null) {
      if (['auto', 'scroll'].includes(getComputedStyle(one).overflowX)
        && !one.matches('.log, .activity, .popup, .dock')) return true;
    }
    return false;
  };
  const faults = wide.concat(all(document).filter((element) => {
    if (!(element instanceof HTMLElement) || !element.checkVisibility()) return false;
    const box = element.getBoundingClientRect();
    // What is for screen readers alone.
    if (box.width <= 1 || getComputedStyle(element).clipPath !== 'none') return false;
    if (box.right <= clientWidth + 0.5 && box.left >= -0.5) return false;
    return element.closest('.unseen') === null && !scrolls(element);
  }).map((element) => {
    const { left, right } = element.getBoundingClientRect();
    const name = `${element.localName}.${element.className}`;
    return `${name} is from ${left} to ${right} of ${clientWidth}`;
  }), all(document).filter((element) => {
    if (!(element instanceof HTMLElement) || !element.checkVisibility()) return false;
    const WORDS = 'button, label, dt, dd, p, h2, .status, .rate, .context-shown';
    if (!element.matches(WORDS)) return false;
    if (getComputedStyle(element).clipPath !== 'none') return false;
    // A pixel for letters that lean out of their box.
    return element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1
      && getComputedStyle(element).display !== 'inline';
  }).map(({ localName, textContent, scrollWidth: wanted, clientWidth: had }) =>
    `${localName} “${textContent?.slice(0, 40)}” is cut: ${wanted} of ${had}`));
  for (const root of roots) root.adoptedStyleSheets.pop();
  return faults;
}

/**
 * Controls on which the focus would not be seen.
 * @returns {string[]}
 */
export function unseenFocus() {
  const CONTROLS = 'button, input, select, summary, textarea, a[href], [tabindex="0"]';
  /** @param {Document | ShadowRoot} root @returns {HTMLElement[]} */
  const all = (root) => /** @type {HTMLElement[]} */ ([...root.querySelectorAll('*')])
    .flatMap((element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
  /** @param {Element | null | undefined} element */
  const ring = (element) => {
    if (!element) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
  };
  const before = document.activeElement;
  const inner = before?.shadowRoot?.activeElement;
  const faults = all(document)
    .filter((element) => element.matches(CONTROLS) && element.checkVisibility()
      && !/** @type {HTMLButtonElement} */ (element).disabled && element.tabIndex >= 0
      && element.closest('[inert]') === null)
    .flatMap((element) => {
      // Who has it already would be seen as it got it: by a click.
      element.blur();
      element.focus({ focusVisible: true, preventScroll: true });
      const root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
      if (root.activeElement !== element) return [`${element.localName} takes no focus`];
      // The text box has its ring round the composer, a choice round its word.
      const around = element.matches('textarea') ? element.closest('.composer') : null;
      const beside = element.matches('.choices input') ? element.nextElementSibling : null;
      return ring(element) || ring(around) || ring(beside) ? []
        : [`the focus is not seen on ${element.localName} “${
          element.getAttribute('aria-label') ?? element.textContent?.slice(0, 40)}”`];
    });
  /** @type {HTMLElement | null} */ (inner ?? before)?.focus({ preventScroll: true });
  if (!before || before === document.body)
    /** @type {HTMLElement | null} */ (document.activeElement)?.blur();
  return faults;
}
