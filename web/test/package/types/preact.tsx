/** @jsxImportSource preact */
// The element in Preact.

import { useRef } from 'preact/hooks';
import type { SpikeChat } from 'spikechat/spike-chat';

export function Good() {
  const chat = useRef<SpikeChat>(null);
  return (
    <spike-chat
      ref={chat} key="chat" class="chat" hidden={false} load="eager" maxTokens={3}
      temperature="0.5" seed={undefined} onClick={({ currentTarget }) => currentTarget.start()}
      onready={({ detail }) => detail.layers.toFixed()} onerror={({ detail }) => detail.code}
    >
      The chat has not come yet.
    </spike-chat>
  );
}

export const bad = [
  // @ts-expect-error: there is no such way to load
  <spike-chat load="now" />,
  // @ts-expect-error: the model has no such part
  <spike-chat onready={({ detail }) => detail.layer} />,
];
