// Registers <spike-chat> and the <spike-heatmap> inside it. The stable way in.

import { SpikeChat } from './chat/element.js';
import './spike-heatmap.js';

if (!customElements.get('spike-chat')) customElements.define('spike-chat', SpikeChat);

export { SpikeChat };
