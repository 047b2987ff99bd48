// Tells the engine where a bundler has put its workers. It is imported before anything that might
// start one.

import { placeInBundle } from '../api/own-files.js';

// Vite and webpack look for exactly these expressions: they bundle what a worker imports, and put
// its address here.
placeInBundle(
  () => new Worker(
    new URL('../worker/worker.js', import.meta.url), { type: 'module', name: 'spikechat' }),
  () => new Worker(
    new URL('../packing/worker.js', import.meta.url),
    { type: 'module', name: 'spikechat-packer' }),
);
