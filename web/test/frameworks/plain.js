// No framework: HTML with attributes, and a script that listens, sets properties and moves.

const EVENTS = ['ready', 'progress', 'token', 'message', 'error'];

/** @param {import('./app.js').State} state @returns {Element} */
function make({ model, load, maxTokens, placeholder, seed, temperature, tell }) {
  const template = document.createElement('template');
  template.innerHTML = `<spike-chat model="${model}" load="${load}" max-tokens="${maxTokens}"
    placeholder="${placeholder}" seed="${seed}" temperature="${temperature}">Not yet</spike-chat>`;
  const [chat] = document.importNode(template.content, true).children;
  for (const name of EVENTS) chat.addEventListener(name, tell);
  return chat;
}

/** @type {import('./app.js').Start} */
export function start(root, first) {
  let state = first;
  /** @type {Map<string, Element>} */
  const kept = new Map();

  function show() {
    const { shown, order, tell: _, ...settings } = state;
    if (!shown) kept.delete('chat');
    for (const key of order) {
      if (kept.has(key) || (key === 'chat' && !shown)) continue;
      kept.set(key, key === 'chat' ? make(state) : document.createElement('p'));
    }
    Object.assign(kept.get('chat') ?? {}, settings);
    root.replaceChildren(...order.flatMap((key) => kept.get(key) ?? []));
  }

  show();
  return {
    set(change) {
      state = { ...state, ...change };
      show();
    },
    end: () => root.replaceChildren(),
  };
}
