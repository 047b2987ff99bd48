// The engine's stable address: createEngine, and what goes with it.
//
//   const engine = await createEngine();
//   for await (const chunk of await engine.chat.completions.create({ messages, stream: true })) …

export { DEFAULT_MODEL, Engine, createEngine } from './api/engine.js';
export { deleteModelInCache, hasModelInCache } from './api/model-cache.js';
export { openModelFile, rankModel } from './api/model-file.js';
export { ownModels } from './delivery/own-models.js';
export { SpikeError } from './shared/errors.js';

/** @typedef {import('./api/answer-stream.js').AnswerStream} AnswerStream */
/** @typedef {import('./api/types.js').CacheSteps} CacheSteps */
/** @typedef {import('./api/types.js').Chunk} Chunk */
/** @typedef {import('./api/types.js').Completion} Completion */
/** @typedef {import('./api/types.js').CompletionRequest} CompletionRequest */
/** @typedef {import('./api/types.js').EngineInfo} EngineInfo */
/** @typedef {import('./api/types.js').EngineOptions} EngineOptions */
/** @typedef {import('./api/types.js').RequestMessage} RequestMessage */
/** @typedef {import('./api/types.js').Usage} Usage */
/** @typedef {import('./shared/contract.js').Build} Build */
/** @typedef {import('./shared/contract.js').Kernel} Kernel */
/** @typedef {import('./shared/contract.js').Preset} Preset */
/** @typedef {import('./shared/contract.js').Steps} Steps */
/** @typedef {import('./shared/errors.js').ErrorCode} ErrorCode */
/** @typedef {import('./shared/protocol.js').FinishReason} FinishReason */
/** @typedef {import('./shared/protocol.js').Progress} Progress */
/** @typedef {import('./shared/spikes.js').Population} Population */
/** @typedef {import('./shared/spikes.js').Spikes} Spikes */

// What these import, so that it is asked for at once: one after the other it would
// take a round trip each.
import './api/address.js';
import './api/answer-stream.js';
import './api/completion.js';
import './api/inspection.js';
import './api/lesions.js';
import './api/model-cache.js';
import './api/own-files.js';
import './api/plain.js';
import './api/request.js';
import './api/signal.js';
import './api/start-worker.js';
import './api/worker-end.js';
import './api/worker-link.js';
import './delivery/keeping.js';
import './delivery/locks.js';
import './delivery/room.js';
import './delivery/shard-cache.js';
import './delivery/shard-lists.js';
import './shared/contract.js';
import './shared/name.js';
import './shared/own-model.js';
import './shared/policy.js';
import './shared/spikes.js';
