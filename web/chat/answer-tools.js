// What can be done with an answer.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { copyFrom } from './clipboard.js';

/**
 * What the buttons under an answer do.
 * @typedef {object} AnswerTools
 * @property {() => string} source the text as the model wrote it
 * @property {() => void} again gives another answer
 * @property {() => void} goOn goes on where this one was cut
 * @property {() => void} compare opens a comparison of answers to the same question
 * @property {(column: number) => void} inside looks into the model at a token
 * @property {() => void} tour shows how the answer has come about
 * @property {(status: string) => void} say
 * @property {boolean} plain whether text is shown as the model wrote it
 */

/**
 * Puts the buttons into their row. Those of the last answer alone are not shown under others.
 * @param {HTMLElement} row
 * @param {AnswerTools} tools
 * @param {boolean} cut whether the answer can go on
 * @param {number | null} first column of it; null: the answer has none
 */
export function addTools(row, { source, again, goOn, compare, inside, tour, say }, cut, first) {
  const copy = tool(words.answer.copy, () => copyFrom(copy, source(), say));
  row.replaceChildren(
    copy,
    ...(first === null ? [] : [tool(words.neurons.open, () => inside(first))]),
    tool(words.compare.button, compare),
    h('span', { class: 'last-only' },
      ...(first === null ? [] : [tool(words.tour.open, tour)]),
      tool(words.answer.another, again),
      ...(cut ? [tool(words.answer.goOn, goOn)] : [])),
  );
}

/** @param {string} name @param {() => void} onclick */
const tool = (name, onclick) =>
  h('button', { class: 'quiet tool', type: 'button', onclick }, name);
