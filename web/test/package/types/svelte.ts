// The element in the templates of Svelte, which checks them by these types.

import type { SvelteHTMLElements } from 'svelte/elements';
import 'spikechat/spike-chat';

type Chat = SvelteHTMLElements['spike-chat'];

export const good: Chat = {
  maxTokens: 3, load: 'eager', class: 'chat', hidden: true,
  onready: ({ detail }) => detail.layers, onerror: ({ detail }) => detail.code,
};
export const bad: Chat[] = [
  // @ts-expect-error: there is no such way to load
  { load: 'now' },
  // @ts-expect-error: the model has no such part
  { onready: ({ detail }) => detail.layer },
];
