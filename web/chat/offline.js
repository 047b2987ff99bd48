// The page without network: keeps its files with the service worker, and offers a new version of
// them when there is one. Never needed: where a browser has none, or refuses it, all else works.

import { toAddress } from '../api/address.js';
import { DEFAULT_MODEL } from '../api/own-files.js';
import { CACHE } from '../delivery/shard-cache.js';
import { BESIDE, activityOf } from '../delivery/shard-lists.js';
import { h } from '../shared/dom.js';
import { ownName } from '../shared/own-model.js';
import { words } from '../words/words.js';

/** @import { EngineInfo } from '../api/types.js' */
/** @import { SpikeChat } from './element.js' */

const WORKER = new URL('../sw.js', import.meta.url);
// What of the chat goes over the reload into a new version: in the tab's own store.
const GOING_ON = 'spikechat-going-on';

/**
 * Has the browser keep the page, where it keeps the model.
 * @param {SpikeChat} chat
 * @param {EngineInfo} info of the engine that it runs
 */
export async function keepPage(chat, { build, presets }) {
  const { serviceWorker } = navigator;
  if (!serviceWorker || !await caches.has(CACHE)) return;
  const worker = new URL(WORKER);
  worker.searchParams.set('build', build);
  const { scope } = await serviceWorker.register(worker, { updateViaCache: 'none' });
  // The page asks for these before it has the worker: what packs files, where it has packed one,
  const manifest = toAddress(chat.model ?? DEFAULT_MODEL);
  if (manifest && ownName(manifest)) {
    (await serviceWorker.ready).active?.postMessage('keep packer');
    return;
  }
  // and what layers usually fire. Who has no ranking has no such file.
  if (!manifest || presets.length < 2) return;
  const cache = await caches.open(`${BESIDE}${scope}`);
  await cache.add(activityOf(manifest));
}

/**
 * Offers new versions of the page in it.
 * @param {SpikeChat} chat
 */
export async function offerVersions(chat) {
  await goOn(chat);
  const registration = await leaveIfGone();
  if (!registration) return;
  const offer = () => {
    if (registration.waiting) showOffer(chat, registration);
  };
  const watch = () => registration.installing?.addEventListener('statechange', offer);
  registration.addEventListener('updatefound', watch);
  // The browser looks for a new one by itself as well, and may have found it before.
  watch();
  offer();
  await registration.update();
}

/**
 * A site that has no such worker any more is another one: its pages are not to be ours for ever.
 * @returns {Promise<ServiceWorkerRegistration | null>} null where there is none, or none any more
 */
async function leaveIfGone() {
  const registration = await navigator.serviceWorker.getRegistration(WORKER);
  // That of the folder around is for another deployment.
  if (registration?.scope !== new URL('./', WORKER).href) return null;
  if (!await isGone()) return registration;
  await registration.unregister();
  const kept = (await caches.keys()).filter((name) => name.endsWith(registration.scope));
  await Promise.all(kept.map((name) => caches.delete(name)));
  return null;
}

async function isGone() {
  // Browsers follow no redirect to a service worker, so a site that has moved could never end it.
  const asked = fetch(WORKER, { cache: 'no-store', redirect: 'manual' });
  const response = await asked.catch(() => null);
  if (!response) return false;
  const type = response.headers.get('content-type') ?? '';
  return response.type === 'opaqueredirect' || response.status === 404 || response.status === 410 ||
    type.startsWith('text/html');
}

/** @param {SpikeChat} chat */
async function goOn(chat) {
  try {
    const kept = sessionStorage.getItem(GOING_ON);
    sessionStorage.removeItem(GOING_ON);
    if (kept) await chat.restore(JSON.parse(kept));
  } catch {
    // Storage is blocked, or it is of a version that this one does not read.
  }
}

/**
 * @param {SpikeChat} chat
 * @param {ServiceWorkerRegistration} registration whose new version waits
 */
function showOffer(chat, registration) {
  if (document.querySelector('.new-version')) return;
  const text = h('span', { role: 'status' }, words.page.newVersion);
  let taken = false;
  const take = () => {
    registration.waiting?.postMessage('activate');
    if (taken) return;
    taken = true;
    navigator.serviceWorker.addEventListener('message', () => {
      text.textContent = words.page.closeOthers;
    });
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      try {
        if (chat.messages.length > 0)
          sessionStorage.setItem(GOING_ON, JSON.stringify(chat.record));
      } catch {
        // Storage is blocked: the chat ends.
      }
      location.reload();
    }, { once: true });
  };
  const bar = h('div', { class: 'new-version', dir: words.direction },
    text,
    h('button', { type: 'button', class: 'take', onclick: take }, words.page.takeVersion),
    h('button', {
      type: 'button', class: 'later', 'aria-label': words.link.close, onclick: () => bar.remove(),
    }, '×'));
  document.body.prepend(bar);
}
