// A picture in which the pointer and the arrow keys move from item to item: neurons, codes, tokens.
// Sizes and places are CSS pixels.

import { h } from '../shared/dom.js';

/**
 * @typedef {object} Ink
 * @property {CanvasRenderingContext2D} context in CSS pixels
 * @property {number} width
 * @property {number} height
 * @property {(name: string) => string} color of a variable of look.css
 */

/**
 * @typedef {object} Picture
 * @property {number} items how many there are; none: nothing to move in
 * @property {(width: number) => {width: number, height: number}} size for the room there is
 * @property {(ink: Ink, at: number | null) => void} draw at: the item that is lit
 * @property {(x: number, y: number) => number} itemAt -1: none
 * @property {() => number} stride items from one row to the next
 */

/** The widest and highest canvas of all browsers has more. */
const MAX_DEVICE_PX = 16_000;
/** At most 30 drawings a second. */
const LEAST_MS = 32;

/** A canvas with a cursor. */
export class Plot {
  /** @type {Picture | null} */
  #picture = null;
  #onpoint;
  #onpick;
  /** @type {number | null} */
  #at = null;
  #frame = 0;
  #drawn = 0;
  #room = 0;
  #canvas = h('canvas', { ontransitionend: () => this.draw() });
  element;

  /**
   * @param {{label: string, kind?: string, onpoint?: (at: number | null, spoken: boolean) => void,
   *   onpick?: (at: number) => void}} how kind: what it is called where it can be moved in;
   *   onpoint: another item is lit, spoken: by a key; onpick: one was chosen
   */
  constructor({ label, kind, onpoint = () => {}, onpick = () => {} }) {
    this.#onpoint = onpoint;
    this.#onpick = onpick;
    /** @type {Parameters<typeof h>[1]} */
    const live = kind === undefined ? { role: 'img' } : {
      role: 'group', tabindex: 0, 'aria-roledescription': kind,
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      onpointermove: (/** @type {PointerEvent} */ event) => this.#point(event),
      onpointerleave: () => this.#light(null),
      onclick: (/** @type {PointerEvent} */ event) => {
        this.#point(event);
        if (this.#at !== null) this.#onpick(this.#at);
      },
      onblur: () => this.#light(null),
    };
    // Time and neurons run to the right in every language.
    this.element = h('div', { class: 'picture', dir: 'ltr', 'aria-label': label, ...live },
      this.#canvas);
    new ResizeObserver(() => {
      if (this.element.clientWidth !== this.#room) this.draw();
    }).observe(this.element);
  }

  /** @param {string} label */
  set label(label) {
    this.element.setAttribute('aria-label', label);
  }

  /** @param {Picture} picture */
  show(picture) {
    this.#picture = picture;
    this.#at = null;
    // At once: what is below it has its place then.
    this.#draw();
  }

  /** Draws in a next frame; any number of calls make one drawing. */
  draw() {
    this.#frame ||= requestAnimationFrame((now) => {
      this.#frame = 0;
      if (now - this.#drawn < LEAST_MS) {
        this.draw();
        return;
      }
      this.#drawn = now;
      this.#draw();
    });
  }

  #draw() {
    const picture = this.#picture;
    const room = this.#room = this.element.clientWidth;
    if (!picture || room === 0) return;
    const { width, height } = picture.size(room);
    const ratio = Math.min(window.devicePixelRatio || 1, MAX_DEVICE_PX / width);
    const canvas = this.#canvas;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext('2d');
    if (!context) return;
    const style = getComputedStyle(canvas);
    context.scale(ratio, ratio);
    context.font = `11px ${style.fontFamily}`;
    picture.draw(
      { context, width, height, color: (name) => style.getPropertyValue(`--${name}`) }, this.#at);
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    // Other than 1 where a page around us has a transform or zoom.
    const [x, y] = [width / this.#canvas.offsetWidth || 1, height / this.#canvas.offsetHeight || 1];
    const at = this.#picture?.itemAt((event.clientX - left) / x, (event.clientY - top) / y) ?? -1;
    this.#light(at < 0 || at >= (this.#picture?.items ?? 0) ? null : at);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const picture = this.#picture;
    if (!picture || picture.items === 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = this.#at ?? 0;
    const stride = picture.stride();
    /** @type {Record<string, number>} */
    const moves = {
      ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - stride, ArrowDown: at + stride,
      Home: 0, End: picture.items - 1, PageUp: at - 10 * stride, PageDown: at + 10 * stride,
    };
    if (event.key === 'Enter' || event.key === ' ') {
      if (this.#at !== null) this.#onpick(this.#at);
    } else if (Object.hasOwn(moves, event.key)) {
      // The first key only shows where the cursor is.
      const to = this.#at === null ? at : moves[event.key];
      this.#light(Math.max(0, Math.min(picture.items - 1, to)), true);
      this.#reveal(picture);
    } else {
      return;
    }
    event.preventDefault();
    // A page around us may have shortcuts on the same keys.
    event.stopPropagation();
  }

  /** Scrolls a wide picture to the cursor. @param {Picture} picture */
  #reveal({ items }) {
    const { scrollWidth, clientWidth } = this.element;
    if (scrollWidth > clientWidth)
      this.element.scrollLeft = scrollWidth * ((this.#at ?? 0) + 0.5) / items - clientWidth / 2;
  }

  /** @param {number | null} at @param {boolean} [spoken] */
  #light(at, spoken = false) {
    if (at === this.#at) return;
    this.#at = at;
    this.draw();
    this.#onpoint(at, spoken);
  }
}
