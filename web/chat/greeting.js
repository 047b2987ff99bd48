// What an empty conversation shows: what this is, what it is not, and three questions to begin
// with.

import { isFramedElsewhere } from '../delivery/keeping.js';
import { h } from '../shared/dom.js';

const EXAMPLES = [
  'What is a neuron?',
  'Write a short poem about the sea.',
  'Give me three tips for a good night’s sleep.',
];

/**
 * @param {(question: string) => void} onexample
 * @returns {HTMLElement}
 */
export function greeting(onexample) {
  return h(
    'div',
    { class: 'greeting' },
    h('h2', {}, 'A small language model that runs on spikes, in your browser.'),
    h(
      'p',
      {},
      'It works here as a spiking neural network, on your own processor. ',
      'Models of this size write fluently and are often wrong: ',
      'do not rely on what it says. ',
      isFramedElsewhere()
        ? 'Nothing you type leaves your browser by us; the page around this chat can read it.'
        : 'Nothing you type leaves this page.',
    ),
    h(
      'div',
      { class: 'examples', role: 'group', 'aria-label': 'Examples' },
      ...EXAMPLES.map((example) =>
        h(
          'button',
          { class: 'example', type: 'button', onclick: () => onexample(example) },
          example,
        ),
      ),
    ),
  );
}
