// Registers <spike-chat> and the <spike-heatmap> inside it. The stable way in.

import './spike-heatmap.js';
import { SpikeChat } from './chat-element.js';

if (!customElements.get('spike-chat')) customElements.define('spike-chat', SpikeChat);

export { SpikeChat };
