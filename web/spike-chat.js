// Registers <spike-chat>, and then the <spike-heatmap> inside it, for which the first screen does
// not wait. The stable way in. On a server, where there are no elements, it can be imported and
// does nothing.

import { SpikeChat } from './chat/element.js';

/** @typedef {import('./elements.js').SpikeChatEventMap} SpikeChatEventMap */

const { customElements: registry } = globalThis;
if (registry && !registry.get('spike-chat')) registry.define('spike-chat', SpikeChat);
// Without it the chat goes on, and nothing is drawn.
if (registry) import('./spike-heatmap.js').catch(() => {});

export { SpikeChat };
