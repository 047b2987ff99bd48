// The page around the element: opens it with the model that the address names, "?model=NAME" for
// models/NAME beside the page.

import { h } from './shared/dom.js';
import { SpikeChat } from './spike-chat.js';

// The words for when this module does not come.
document.getElementById('waiting')?.remove();

const name = new URLSearchParams(location.search).get('model');
// A name, not an address: the page loads models of its own site alone.
const valid = name !== null && /^[\w.-]{1,128}$/.test(name) && !name.startsWith('.');
if (name === null || valid) {
  const chat = new SpikeChat();
  if (valid) chat.setAttribute('model', `./models/${name}/manifest.json`);
  chat.setAttribute('links', '');
  document.body.prepend(chat);
  const openLink = () => {
    // Nothing of it is sent: a fragment stays in the browser.
    if (location.hash.startsWith('#chat=')) chat.openLink(location.hash);
  };
  addEventListener('hashchange', openLink);
  openLink();
} else {
  document.body.prepend(
    h(
      'p',
      { class: 'plain', role: 'alert' },
      `“${name.slice(0, 128)}” cannot be the name of a model. `,
      h('a', { href: './' }, 'Open the standard model'),
      '.',
    ),
  );
}
