// The element in React 19.

import { useRef } from 'react';
import type { SpikeChat } from 'spikechat/spike-chat';
import 'spikechat/spike-chat';

export function Good({ model }: { model?: URL }) {
  const chat = useRef<SpikeChat>(null);
  return (
    <main>
      <spike-chat
        ref={chat} key="chat" className="chat" style={{ height: 300 }} hidden={false} data-x="1"
        load="eager" maxTokens={3} max-tokens="3" temperature="0.5" seed={undefined} preset={null}
        model={model} threads={2} aria-label="Chat" onClick={({ currentTarget }) => currentTarget.start()}
        onready={({ detail }) => detail.layers.toFixed()} onerror={({ detail }) => detail.code}
      >
        The chat has not come yet.
      </spike-chat>
      <spike-heatmap measure="active" onspike-column={({ detail }) => detail.column} />
    </main>
  );
}

export const bad = [
  // @ts-expect-error: there is no such way to load
  <spike-chat load="now" />,
  // @ts-expect-error: nor such a property
  <spike-chat temprature="1" />,
  // @ts-expect-error: no number
  <spike-chat seed="x" />,
  // @ts-expect-error: neither a number nor auto
  <spike-chat threads="all" />,
  // @ts-expect-error: only to be read
  <spike-chat messages={[]} />,
  // @ts-expect-error: the model has no such part
  <spike-chat onready={({ detail }) => detail.layer} />,
  // @ts-expect-error: nor is there such an element
  <spike-caht />,
];
