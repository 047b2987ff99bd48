// Lets words of the conversation glow without touching its elements, which may still be growing:
// the browser paints ranges of text (CSS Custom Highlight API). Where it cannot, nothing glows.

/** @import { Said } from './types.js' */
/** @import { Place } from './words-of.js' */

/** How bright, from the faintest on: the names are those of look.css. */
const LEVELS = ['spike-glow-1', 'spike-glow-2', 'spike-glow-3'];

/** Not part of what was said. */
const ADDED = '.code-head, .unseen, [role=img]';

/** What glows for one chat. A page may have several. */
export class Glow {
  /** @type {[string, Range][]} */
  #lit = [];

  /**
   * @param {readonly Said[]} said
   * @param {readonly {place: Place, strength: number}[]} words strength: 0 to 1
   */
  show(said, words) {
    this.clear();
    if (!('highlights' in CSS)) return;
    for (const [message, { text, root }] of said.entries()) {
      const own = words.filter(({ place }) => place.message === message);
      const spots = own.length > 0 ? spotsOf(root, text) : [];
      for (const { place: { start, end }, strength } of own) {
        const inside = spots.slice(start, end).flatMap((spot) =>
          (spot && spot.node.data[spot.offset].trim() !== '' ? [spot] : []));
        if (inside.length === 0) continue;
        const [first, last] = [inside[0], inside[inside.length - 1]];
        const range = new Range();
        range.setStart(first.node, first.offset);
        range.setEnd(last.node, last.offset + 1);
        const level = Math.min(LEVELS.length - 1, Math.floor(strength * LEVELS.length));
        const name = LEVELS[Math.max(0, level)];
        const highlight = CSS.highlights.get(name) ?? new Highlight();
        highlight.add(range);
        CSS.highlights.set(name, highlight);
        this.#lit.push([name, range]);
      }
    }
  }

  clear() {
    for (const [name, range] of this.#lit) CSS.highlights.get(name)?.delete(range);
    this.#lit = [];
  }
}

/**
 * Where each character of a message stands. Those of its Markdown that are not shown have no place.
 * @param {Node} root
 * @param {string} text
 * @returns {({node: Text, offset: number} | undefined)[]}
 */
function spotsOf(root, text) {
  /** @type {({node: Text, offset: number} | undefined)[]} */
  const spots = Array.from({ length: text.length });
  let at = 0;
  for (const node of textsIn(root)) {
    for (let offset = 0; offset < node.data.length; offset++) {
      const found = text.indexOf(node.data[offset], at);
      if (found < 0) continue;
      spots[found] = { node, offset };
      at = found + 1;
    }
  }
  return spots;
}

/** @param {Node} root @returns {Text[]} */
function textsIn(root) {
  if (root instanceof Text) return [root];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT,
    (node) => (node instanceof Text ? NodeFilter.FILTER_ACCEPT
      : node instanceof Element && node.matches(ADDED) ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_SKIP));
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    found.push(/** @type {Text} */ (node));
  return found;
}
