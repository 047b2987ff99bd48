// The engine's stable address: createEngine, and what goes with it.
//
//   const engine = await createEngine();
//   for await (const chunk of await engine.chat.completions.create({ messages, stream: true })) …

export { DEFAULT_MODEL, Engine, createEngine } from './api/engine.js';
export { SpikeError } from './shared/errors.js';
