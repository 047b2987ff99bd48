// The key to the colours of a picture.

import { h } from '../shared/dom.js';

/** @param {[color: string, name: string][]} entries */
export const legend = (entries) => h('p', { class: 'key' }, ...entries.map(([color, name]) =>
  h('span', {}, h('i', { class: color }), name)));
