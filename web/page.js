// The page around the element: opens it with the model that the address names, "?model=NAME" for models/NAME beside the page.

import './spike-chat.js';

const name = new URLSearchParams(location.search).get('model');
// A name, not an address: the page loads models of its own site alone.
const known = name !== null && /^[\w.-]{1,128}$/.test(name) && !name.startsWith('.');
const chat = document.createElement('spike-chat');
if (known) chat.setAttribute('model', `./models/${name}/manifest.json`);
document.body.prepend(chat);
