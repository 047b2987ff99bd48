// Where the parts of the chat stand: the head with its panels, the conversation, the dock and the
// picture; and what keys and presses outside the panels do.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';

/** @import { Popup } from './popup.js' */

/**
 * @param {object} parts
 * @param {readonly Popup[]} parts.popups the buttons of the head, in their order
 * @param {HTMLElement} parts.transcript
 * @param {readonly HTMLElement[]} parts.dock
 * @param {HTMLElement} parts.activity
 * @param {() => void} parts.newChat
 * @param {() => boolean} parts.leave stops the answer being given, or else closes what is open over
 *   the chat; false where there is neither
 * @returns {HTMLElement}
 */
export function frame({ popups, transcript, dock, activity, newChat, leave }) {
  const [first, ...others] = popups.map(({ button }) => button);
  return h(
    'div',
    {
      class: 'app',
      part: 'panel',
      lang: words.language,
      dir: words.direction,
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const { key, isComposing } = event;
        if (key !== 'Escape' || isComposing) return;
        const open = popups.find((popup) => popup.open);
        if (open) {
          open.toggle(false);
          open.button.focus();
        } else if (!leave()) {
          return;
        }
        // It has been used: a dialog around the element is not to close as well.
        event.preventDefault();
        event.stopPropagation();
      },
      onpointerdown: (/** @type {PointerEvent} */ event) => {
        const path = event.composedPath();
        for (const popup of popups) if (!popup.isIn(path)) popup.toggle(false);
      },
    },
    h(
      'header',
      { part: 'header' },
      h('span', { class: 'mark', 'aria-hidden': 'true' },
        ...Array.from({ length: 9 }, () => h('i'))),
      h('h1', {}, 'SpikeChat'),
      first,
      h('button', { class: 'quiet', type: 'button', onclick: newChat }, words.chat.newChat),
      ...others,
      h('slot', { name: 'header' }),
      ...popups.map(({ element }) => element),
    ),
    h('main', {}, transcript),
    h('section', { class: 'dock', 'aria-label': words.chat.yourMessage }, ...dock),
    activity,
  );
}
