// Tells the engine where a bundler has put its worker. It is imported before anything that might
// start one.

import { placeInBundle } from '../api/own-files.js';

// Vite and webpack look for exactly this expression: they bundle what the worker imports, and put
// its address here.
placeInBundle(
  () => new Worker(
    new URL('../worker/worker.js', import.meta.url), { type: 'module', name: 'spikechat' }),
);
