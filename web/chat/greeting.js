// What an empty conversation shows: what this is, what it is not, and three questions to begin
// with.

import { isFramedElsewhere } from '../delivery/keeping.js';
import { h } from '../shared/dom.js';
import { words } from '../words/words.js';

/**
 * @param {(question: string) => void} onexample
 * @param {HTMLElement} recorded place of a recording
 * @returns {HTMLElement}
 */
export function greeting(onexample, recorded) {
  return h(
    'div',
    { class: 'greeting' },
    h('h2', {}, words.greeting.title),
    recorded,
    h(
      'p',
      {},
      [
        words.greeting.what, words.greeting.caution,
        isFramedElsewhere() ? words.greeting.framed : words.greeting.private,
      ].join(words.greeting.space),
    ),
    h(
      'div',
      { class: 'examples', role: 'group', 'aria-label': words.greeting.examples },
      ...words.greeting.questions.map((example) =>
        h(
          'button',
          { class: 'example', type: 'button', dir: 'auto', onclick: () => onexample(example) },
          example,
        ),
      ),
    ),
  );
}
