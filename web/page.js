// The page around the element: opens it with the model that the address names, "?model=NAME" for
// models/NAME beside the page.

import { h } from './shared/dom.js';
import './spike-chat.js';

// The words for when this module does not come.
document.getElementById('waiting')?.remove();

const name = new URLSearchParams(location.search).get('model');
// A name, not an address: the page loads models of its own site alone.
const valid = name !== null && /^[\w.-]{1,128}$/.test(name) && !name.startsWith('.');
if (name === null || valid) {
  const chat = document.createElement('spike-chat');
  if (valid) chat.setAttribute('model', `./models/${name}/manifest.json`);
  document.body.prepend(chat);
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
