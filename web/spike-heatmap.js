// Registers <spike-heatmap>.

import { SpikeHeatmap } from './heatmap/element.js';

if (!customElements.get('spike-heatmap')) customElements.define('spike-heatmap', SpikeHeatmap);

export { SpikeHeatmap };
