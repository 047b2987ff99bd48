// The frame's first word. It imports next to nothing, so that it is said before the chat has come:
// a page that hears nothing takes the frame away.

import { isOpen } from './messages.js';

/** @import { Hello, Open } from './messages.js' */

/**
 * What the page around answers, and the port to it.
 * @type {Promise<Open & {port: MessagePort}>}
 */
export const opened = new Promise((resolve) => {
  addEventListener('message', function answer(event) {
    if (!isOpen(event, parent)) return;
    removeEventListener('message', answer);
    resolve({ ...event.data, port: event.ports[0] });
  });
});

/** @type {Hello} */
const hello = { spikechat: 'hello' };
// For whoever is around: there is nothing in it.
if (parent !== window) parent.postMessage(hello, '*');
