// The page around the element: opens it with the model that the address names, "?model=NAME" for
// models/NAME beside the page.

import { keptLanguage } from './chat/language.js';
import { h } from './shared/dom.js';
import { PAGE_MODEL } from './shared/own-model.js';
import { SpikeChat } from './spike-chat.js';
import { beginWith, languageOf, onLanguage } from './words/languages.js';
import { words } from './words/words.js';

// The words for when this module does not come.
document.getElementById('waiting')?.remove();

// The page is in the language that its reader has chosen, here or for all pages.
const language = keptLanguage() ?? languageOf(navigator.languages) ?? 'en';
const nameLanguage = () => { document.documentElement.lang = words.language; };
onLanguage(nameLanguage, true);
const coming = beginWith(language);

const name = new URLSearchParams(location.search).get('model');
// A name, not an address: the page loads models of its own site alone.
const valid = name !== null && PAGE_MODEL.test(name);
if (name === null || valid) {
  const chat = new SpikeChat();
  if (valid) chat.setAttribute('model', name);
  chat.setAttribute('links', '');
  document.body.prepend(chat);
  // iOS lays its keyboard over the page, whose own height stays: only this tells.
  const { visualViewport: seen, document: { documentElement: root } } = window;
  seen?.addEventListener('resize', () => {
    const covered = seen.scale === 1 && seen.height < innerHeight - 1;
    if (!covered) root.style.removeProperty('--seen');
    else root.style.setProperty('--seen', `${seen.height}px`);
  });
  const openLink = () => {
    // Nothing of it is sent: a fragment stays in the browser.
    if (location.hash.startsWith('#chat=')) chat.openLink(location.hash);
  };
  addEventListener('hashchange', openLink);
  openLink();
  const address = () => import('./chat/page-address.js');
  const offline = () => import('./chat/offline.js');
  chat.addEventListener('ready', (event) => {
    address().then(({ stayWith }) => stayWith(chat)).catch(() => {});
    const { detail } = /** @type {CustomEvent} */ (event);
    // The next visit is to work without network, as the model does.
    offline().then(({ keepPage }) => keepPage(chat, detail)).catch(() => {});
  });
  if (navigator.serviceWorker?.controller)
    offline().then(({ offerVersions }) => offerVersions(chat)).catch(() => {});
} else {
  Promise.resolve(coming).then(() => document.body.prepend(
    h('main', { class: 'plain', dir: words.direction },
      h('h1', {}, words.page.noSuchModel),
      h('p', { role: 'alert' },
        words.page.noModelName(name.slice(0, 128)), ' ',
        h('a', { href: './' }, words.page.openStandard))),
  ));
}
