// A table that is made when it is unfolded: it may have a row for each neuron.

import { h } from '../shared/dom.js';

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export const table = (head, rows) => h('table', {},
  h('thead', {}, h('tr', {}, ...head.map((name) => h('th', { scope: 'col' }, name)))),
  h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map((cell) => h('td', {}, cell))))));

/**
 * @param {string} name
 * @param {() => readonly HTMLElement[]} make
 */
export function fold(name, make) {
  const body = h('div', { class: 'folded', tabindex: 0, role: 'region', 'aria-label': name });
  const details = h('details', {
    ontoggle: () => {
      if (details.open && body.childElementCount === 0) body.append(...make());
    },
  }, h('summary', {}, name), body);
  return details;
}
