// What Workbox's modules put on a service worker's global object, as far as sw.js uses it. make site
// copies the packages' builds for importScripts to where it imports them from.
export type Workbox = {
  core: Pick<typeof import('workbox-core'), 'setCacheNameDetails'>;
  precaching: typeof import('workbox-precaching');
  routing: Pick<typeof import('workbox-routing'), 'registerRoute'>;
  strategies: Pick<typeof import('workbox-strategies'), 'NetworkFirst'>;
};
