// Registers <spike-heatmap>.

import { SpikeHeatmap } from './heatmap/element.js';

/** @typedef {import('./elements.js').SpikeHeatmapEventMap} SpikeHeatmapEventMap */

const { customElements: registry } = globalThis;
if (registry && !registry.get('spike-heatmap')) registry.define('spike-heatmap', SpikeHeatmap);

export { SpikeHeatmap };
