import { flushSync, mount, unmount } from 'svelte';
// Vite makes a module of it.
import App from './App.svelte';

/** @type {import('./app.js').Start} */
export function start(root, first) {
  const app = mount(App, { target: root, props: { first } });
  flushSync();
  return {
    set(change) {
      app.set(change);
      flushSync();
    },
    end: () => unmount(app),
  };
}
