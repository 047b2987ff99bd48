// The engine's stable address: createEngine, and what goes with it.
//
//   const engine = await createEngine();
//   for await (const chunk of await engine.chat.completions.create({ messages, stream: true })) …

export { DEFAULT_MODEL, Engine, createEngine } from './api/engine.js';
export { SpikeError } from './shared/errors.js';

// What these import, so that it is asked for at once: one after the other it would
// take a round trip each.
import './api/address.js';
import './api/answer-stream.js';
import './api/completion.js';
import './api/inspection.js';
import './api/lesions.js';
import './api/plain.js';
import './api/request.js';
import './api/signal.js';
import './api/start-worker.js';
import './api/worker-link.js';
import './shared/contract.js';
import './shared/policy.js';
import './shared/spikes.js';
