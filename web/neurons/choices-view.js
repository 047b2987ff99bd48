// What else could have come at a place: likely tokens, their chances, and the one that came.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { chancesOf } from './figures.js';
import { percent, tokenLabel } from './labels.js';

/** @import { Alternatives } from '../shared/inspection.js' */

/** The view. */
export class ChoicesView {
  element = h('div', { class: 'chances' });

  /**
   * @param {Alternatives} told
   * @param {string | null} read the token before, as it is called
   */
  show(told, read) {
    const { allOthers, chance, choices, choicesExact, choicesSay, exact } = words.neurons;
    const { chances, rest } = chancesOf(told);
    /** @param {string} word @param {number} share @param {boolean} chosen */
    const row = (word, share, chosen) => {
      const bar = h('i');
      bar.style.inlineSize = `${100 * share}%`;
      return h('tr', chosen ? { class: 'chosen' } : {},
        h('th', { scope: 'row', dir: 'auto' }, word,
          ...(chosen ? [h('b', {}, ` ✓ ${chance.chosen}`)] : [])),
        h('td', { class: 'bar', 'aria-hidden': 'true' }, bar),
        h('td', {}, percent(share)));
    };
    this.element.replaceChildren(
      ...(read === null ? [] : [h('p', {}, choicesSay(read))]),
      h('table', { 'aria-label': choices },
        h('thead', { class: 'unseen' }, h('tr', {}, h('th', { scope: 'col' }, chance.word),
          h('td', { 'aria-hidden': 'true' }), h('th', { scope: 'col' }, chance.chance))),
        h('tbody', {},
          ...chances.map((one) => row(tokenLabel(one.token), one.chance, one.chosen)),
          row(allOthers, rest, false))),
      h('details', {}, h('summary', {}, exact), h('p', {}, choicesExact)),
    );
  }
}
