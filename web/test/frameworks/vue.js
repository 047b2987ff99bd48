import { createApp, nextTick, shallowReactive } from 'vue';
// @ts-expect-error: Vite makes a module of it
import App from './App.vue';

/** @type {import('./app.js').Start} */
export function start(root, first) {
  const state = shallowReactive({ ...first });
  const app = createApp(App, { state });
  app.mount(root);
  return {
    set(change) {
      Object.assign(state, change);
      return nextTick();
    },
    end: () => app.unmount(),
  };
}
