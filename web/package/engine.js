// What `import … from 'spikechat'` is in a bundle.

import './place.js';

export * from '../engine.js';
