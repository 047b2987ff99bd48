// The engine and the element without a framework.

import { SpikeError, createEngine } from 'spikechat';
import type { Chunk, CompletionRequest, EngineOptions, Spikes } from 'spikechat';
import 'spikechat/spike-chat';
import type { SpikeChat, SpikeChatEventMap } from 'spikechat/spike-chat';
import { SpikeHeatmap } from 'spikechat/spike-heatmap';

const options: EngineOptions = {
  model: new URL('http://localhost/m.json'), preset: 'fewest', kernel: 'auto', context: 256,
  onprogress: ({ phase, loaded, total }) => `${phase} ${loaded / total}`,
};
const engine = await createEngine(options);
const request: CompletionRequest = { messages: [{ role: 'user', content: 'Hello' }] };

const whole = await engine.chat.completions.create({ ...request, stream: false });
export const text: string = whole.choices[0].message.content;
export const seed: number = whole.spike.seed;
for await (const chunk of await engine.chat.completions.create({ ...request, stream: true })) {
  const piece: Chunk = chunk;
  const counts: Spikes | null = piece.spike?.spikes ? piece.spike : null;
  new SpikeHeatmap().push(piece.choices[0].delta.content ?? '', counts);
}

// @ts-expect-error: there is no such option
createEngine({ modle: '' });
// @ts-expect-error: nor such a preset
createEngine({ preset: 'worst' });
// @ts-expect-error: nor such a role
engine.chat.completions.create({ messages: [{ role: 'robot', content: '' }] });
// @ts-expect-error: an answer that is not streamed is one completion
for await (const chunk of await engine.chat.completions.create(request)) String(chunk);
// @ts-expect-error: a text is no number
export const number: number = whole.choices[0].message.content;

/** What a caller can do about an error: the codes are known. */
export function again(error: unknown): boolean {
  // @ts-expect-error: no code is called so
  if (error instanceof SpikeError && error.code === 'of_line') return true;
  return error instanceof SpikeError && (error.retryable || error.code === 'offline');
}

const chat: SpikeChat = document.createElement('spike-chat');
chat.seed = 7;
chat.seed = undefined;
chat.threads = 2;
chat.threads = 'auto';
chat.model = new URL('http://localhost/m.json');
export const model: string = chat.model;
// @ts-expect-error: a number, and not its text
chat.seed = '7';
// @ts-expect-error: nor another word
chat.threads = 'all';
// @ts-expect-error: there is no such way to load
chat.load = 'now';
// @ts-expect-error: only to be read
chat.messages = [];

chat.addEventListener('ready', ({ detail }) => detail.presets.length);
chat.addEventListener('token', ({ detail: { text: piece, spike } }) => [piece, spike?.spikes]);
chat.addEventListener('error', ({ detail }) => detail.retryable);
chat.addEventListener('click', ({ clientX }) => clientX);
const told = ({ detail }: SpikeChatEventMap['message']) => detail.content;
chat.addEventListener('message', told);
chat.removeEventListener('message', told);
// @ts-expect-error: a message has no such part
chat.addEventListener('message', ({ detail }) => detail.text);
// @ts-expect-error: SpikeError, not the browser's event
chat.addEventListener('error', ({ lineno }) => lineno);

const heatmap = document.querySelector('spike-heatmap');
heatmap?.addEventListener('spike-column', ({ detail: { column } }) => heatmap.highlight(column));
// @ts-expect-error: there is no such measure
if (heatmap) heatmap.measure = 'loud';
