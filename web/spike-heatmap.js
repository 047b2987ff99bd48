// Registers <spike-heatmap>.

import { SpikeHeatmap } from './heatmap/element.js';

const { customElements: registry } = globalThis;
if (registry && !registry.get('spike-heatmap')) registry.define('spike-heatmap', SpikeHeatmap);

export { SpikeHeatmap };
