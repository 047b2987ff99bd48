// The address of our own page, which names the model.

import { PAGE_MODEL } from '../shared/own-model.js';

/**
 * The reader may have chosen another model than the address names: a reload stays with it. A model
 * that a program has given by its address cannot be named there.
 * @param {Element} chat
 */
export function stayWith(chat) {
  const address = new URL(location.href);
  const model = chat.getAttribute('model');
  if (model && !PAGE_MODEL.test(model)) return;
  if (model === address.searchParams.get('model')) return;
  if (model) address.searchParams.set('model', model);
  else address.searchParams.delete('model');
  history.replaceState(history.state, '', address);
}
