// What `import 'spikechat/spike-chat'` is in a bundle.

import './place.js';

export * from '../spike-chat.js';
