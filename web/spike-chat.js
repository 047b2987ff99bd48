// Registers <spike-chat> and the <spike-heatmap> inside it. The stable way in. On a server, where
// there are no elements, it can be imported and does nothing.

import { SpikeChat } from './chat/element.js';
import './spike-heatmap.js';

/** @typedef {import('./elements.js').SpikeChatEventMap} SpikeChatEventMap */

const { customElements: registry } = globalThis;
if (registry && !registry.get('spike-chat')) registry.define('spike-chat', SpikeChat);

export { SpikeChat };
