// Puts a question otherwise, in its own place.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';

const MAX_ROWS = 8;

/**
 * @param {HTMLElement} place of the question: its other content is hidden meanwhile
 * @param {string} text
 * @param {(text: string) => void} onask
 */
export function editQuestion(place, text, onask) {
  const before = /** @type {HTMLElement[]} */ ([...place.children]);
  const box = h('textarea', {
    'aria-label': words.question.yours,
    dir: 'auto',
    rows: Math.min(MAX_ROWS, text.split('\n').length + 1),
  });
  box.value = text;
  const close = () => {
    editor.remove();
    for (const one of before) one.hidden = false;
    before[before.length - 1]?.focus({ preventScroll: true });
  };
  const ask = () => {
    const asked = box.value.trim();
    if (asked === '') return;
    close();
    onask(asked);
  };
  const editor = h(
    'div',
    {
      class: 'edit',
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const { key, shiftKey, isComposing } = event;
        if (isComposing || event.keyCode === 229) return;
        if (key === 'Escape') {
          // Not for a dialog around us, nor for an answer under way.
          event.preventDefault();
          event.stopPropagation();
          close();
        } else if (key === 'Enter' && !shiftKey && event.target === box
          && !matchMedia('(pointer: coarse)').matches) {
          event.preventDefault();
          ask();
        }
      },
    },
    box,
    h('p', { class: 'hint' }, words.question.hint),
    h(
      'div',
      { class: 'row' },
      h('button', { class: 'primary', type: 'button', onclick: ask }, words.question.again),
      h('button', { class: 'quiet', type: 'button', onclick: close }, words.question.cancel),
    ),
  );
  for (const one of before) one.hidden = true;
  place.append(editor);
  box.focus();
}
