// The page without network: a service worker that keeps the files of one version of it by Workbox,
// each compared with the hash that the build knew. Models are none of them: the engine keeps those
// itself.
//
// A tab gets all its files from one version. Another one is installed beside it, and takes its
// place when no tab uses the old one any more, or when the reader wants it and has one tab alone.
// The address has a parameter, build: which module of the engine this browser runs.

/** @import { Workbox } from './vendor/workbox.js' */

/** Hashes by address, against this file; tools/setup/shell.mjs puts them here. */
const FILES = /** @type {Record<string, string>} */ ({});
/** The same of what packs the reader's own files: kept from when it is wanted first. */
const PACKER = /** @type {Record<string, string>} */ ({});

/**
 * @typedef {object} Scope what is used of a service worker's global object
 * @property {(...addresses: string[]) => void} importScripts
 * @property {ServiceWorkerRegistration} registration
 * @property {() => Promise<void>} skipWaiting
 * @property {Clients} clients
 * @property {Workbox} workbox
 */
/**
 * @typedef {object} Clients
 * @property {(how: object) => Promise<{id: string, url: string}[]>} matchAll
 * @property {() => Promise<void>} claim
 */
/** @typedef {Event & {waitUntil(work: Promise<unknown>): void}} Lasting */
const scope = /** @type {Scope} */ (/** @type {unknown} */ (self));

scope.importScripts(
  ...['core', 'routing', 'strategies', 'precaching'].map((part) => `vendor/workbox-${part}.js`));
const { core, precaching, routing, strategies } = scope.workbox;

// With the scope behind it, because several deployments may share an origin.
core.setCacheNameDetails({ prefix: 'spikechat' });

const build = new URL(location.href).searchParams.get('build');
const engine = build === 'plain' ? './spikechat.wasm' : `./spikechat-${build}.wasm`;
/** Says that a kept response has to be unpacked. */
const PACKED = 'spikechat-packed';

/**
 * The engine's module with gzip, which takes a quarter of the room. Its hash has been compared.
 * @param {Response} response
 */
function pack(response) {
  if (!response.url.endsWith('.wasm') || typeof CompressionStream !== 'function') return response;
  const headers = new Headers(response.headers);
  headers.set(PACKED, 'gzip');
  return new Response(response.body?.pipeThrough(new CompressionStream('gzip')), { headers });
}

/** @param {Response} response as it was kept */
function unpack(response) {
  if (!response.headers.has(PACKED)) return response;
  const headers = new Headers(response.headers);
  headers.delete(PACKED);
  return new Response(response.body?.pipeThrough(new DecompressionStream('gzip')), { headers });
}

/**
 * @param {string} [cacheName] that of the page where it is left out
 * @returns {InstanceType<Workbox['precaching']['PrecacheController']>}
 */
function keeper(cacheName) {
  const controller = new precaching.PrecacheController({
    cacheName,
    plugins: [{
      // The page has brought most of them a moment ago: the browser asks whether they are the same.
      requestWillFetch: async ({ request }) => new Request(request, { cache: 'no-cache' }),
      // What Workbox does itself where nobody else says what may be kept.
      cacheWillUpdate: async ({ response }) => (response.status < 400 ? pack(response) : null),
      cachedResponseWillBeUsed: async ({ cachedResponse }) =>
        cachedResponse && unpack(cachedResponse),
    }],
  });
  routing.registerRoute(new precaching.PrecacheRoute(controller, {
    // "?model=NAME" is for the page's script.
    ignoreURLParametersMatching: [/./],
    cleanURLs: false,
    urlManipulation: ({ url }) =>
      (url.pathname.endsWith('/index.html') ? [new URL('./', url)] : []),
  }));
  return controller;
}

/** @param {Record<string, string>} list hashes by address */
const entries = (list) => Object.entries(list)
  .filter(([url]) => !url.startsWith('./spikechat') || !url.endsWith('.wasm') || url === engine)
  .map(([url, hash]) => ({ url, revision: hash, integrity: `sha256-${hash}` }));

keeper().precache(entries(FILES));

// What is asked for and not there Workbox fetches, compares and keeps. It is deleted with the page:
// its name ends alike.
const packerCache = `spikechat-packer-${scope.registration.scope}`;
const packer = keeper(packerCache);
packer.addToCacheList(entries(PACKER));

/** @param {Event} event that lasts meanwhile */
const keepPacker = (event) => Promise.all(packer.getCachedURLs().flatMap((url) => {
  const cacheKey = packer.getCacheKeyForURL(url) ?? '';
  const params = { cacheKey, integrity: packer.getIntegrityForCacheKey(cacheKey) };
  return packer.strategy.handleAll({
    event: /** @type {any} */ (event), request: new Request(url), params,
  });
}));

addEventListener('install', (event) => {
  // Who has had it gets that of this version with the page.
  /** @type {Lasting} */ (event).waitUntil((async () => {
    if (!await caches.has(packerCache)) return;
    if ((await (await caches.open(packerCache)).keys()).length > 0)
      await packer.install(/** @type {any} */ (event));
  })());
});
addEventListener('activate', (event) => {
  packer.activate(/** @type {any} */ (event));
});
// What layers usually fire lies beside a model and is named by no hash.
routing.registerRoute(({ url }) => url.pathname.endsWith('/activity.json'),
  new strategies.NetworkFirst());

// The tab that brought it had its files from the network, and what comes later in it would be of
// another version after a deployment, or not come without network.
addEventListener('activate', (event) => {
  /** @type {Lasting} */ (event).waitUntil(scope.clients.claim());
});

addEventListener('message', (event) => {
  const { data, source } = /** @type {{data: unknown, source: any}} */ (event);
  if (data === 'keep packer') {
    // Where one does not come it is fetched when it is wanted.
    /** @type {Lasting} */ (/** @type {Event} */ (event)).waitUntil(
      keepPacker(event).catch(() => {}));
  }
  if (data !== 'activate') return;
  const work = (async () => {
    const all = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const others = all.filter(({ id, url }) =>
      id !== source?.id && url.startsWith(scope.registration.scope));
    // Their modules that come later would be of this version.
    if (others.length > 0) source?.postMessage('others');
    else await scope.skipWaiting();
  })();
  /** @type {Lasting} */ (/** @type {Event} */ (event)).waitUntil(work);
});
