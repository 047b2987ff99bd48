// The layers' numbers beside the cells, the input at the bottom.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { TICKS_HEIGHT } from './plot.js';

const LABEL_EVERY = 5;
const LABEL_HEIGHT = 12;

/**
 * Which layers have a label.
 * @param {number} layers
 * @param {number} cellHeight CSS pixels
 * @returns {number[]}
 */
export function labelled(layers, cellHeight) {
  // Layers that are thin have room for fewer.
  const least = Math.ceil(LABEL_HEIGHT / cellHeight);
  const every = layers <= 6 && least === 1 ? 1 : Math.ceil(least / LABEL_EVERY) * LABEL_EVERY;
  return Array.from({ length: layers }, (_, layer) => layer)
    .filter((layer) => layer === layers - 1 ||
      (layer % every === 0 && (layers - 1 - layer) * cellHeight >= LABEL_HEIGHT));
}

/** Labels at the heights of their layers. */
export class Axis {
  #name = h('span', { class: 'name' });
  element = h('div', { class: 'axis', 'aria-hidden': 'true' });
  #shown = '';

  /** @param {number} layers @param {number} cellHeight CSS pixels */
  draw(layers, cellHeight) {
    const shown = `${layers} ${cellHeight} ${words.language}`;
    if (this.#shown === shown) return;
    this.#shown = shown;
    this.#name.textContent = words.heatmap.layer;
    this.element.replaceChildren(this.#name, ...labelled(layers, cellHeight).map((layer) => {
      const label = h('span', { class: 'number' }, String(layer));
      label.style.bottom = `${TICKS_HEIGHT + (layer + 0.5) * cellHeight}px`;
      return label;
    }));
  }
}
