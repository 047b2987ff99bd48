// The element in the templates of Vue, which checks them by these types.

import type { GlobalComponents } from 'vue';
import 'spikechat/spike-chat';

type Chat = InstanceType<GlobalComponents['spike-chat']>;

export const good: Chat['$props'] = {
  maxTokens: 3, load: 'eager', temperature: '0.5', class: 'chat', key: 'chat', hidden: true,
};
export const bad: Chat['$props'][] = [
  // @ts-expect-error: there is no such way to load
  { load: 'now' },
  // @ts-expect-error: nor such a property
  { temprature: 1 },
];

export function tell(chat: Chat) {
  if (chat.engine) chat.$emit('ready', new CustomEvent('ready', { detail: chat.engine.info }));
  // @ts-expect-error: nor such an event
  chat.$emit('reday', new CustomEvent('ready'));
}
