// The address of our own page, which names the model.

/**
 * The reader may have chosen another model than the address names: a reload stays with it.
 * @param {Element} chat
 */
export function stayWith(chat) {
  const address = new URL(location.href);
  const model = chat.getAttribute('model');
  if (model === address.searchParams.get('model')) return;
  if (model) address.searchParams.set('model', model);
  else address.searchParams.delete('model');
  history.replaceState(history.state, '', address);
}
