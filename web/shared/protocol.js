// Every message between the page (api/worker-link.js) and the worker (worker/worker.js), each
// listed once. Both sides import the types from here; there is no code. Messages are plain objects
// told apart by `type`; a token message carries only the new piece.

/** @import { Build, Kernel, Preset, Role, Threads } from './contract.js' */
/** @import { ErrorCode, ErrorRecord } from './errors.js' */
/** @import { Inspected, Inspection } from './inspection.js' */
/** @import { Lesions } from './lesions.js' */
/** @import { TokenLogprob } from './logprob.js' */
/** @import { Population } from './spikes.js' */

/**
 * The model as Go describes it once the manifest is open.
 * @typedef {object} ModelInfo
 * @property {string} name
 * @property {string} license
 * @property {number} layers
 * @property {number} heads attention heads of a layer
 * @property {number} hidden
 * @property {number} vocab
 * @property {number} context longest context in tokens
 * @property {Population[]} populations
 * @property {Population[]} cache the neurons that keep keys and values; their fan_out is the query
 *   heads that a kept spike reaches whenever a token looks back
 * @property {Preset[]} presets those that the model can do: one without a ranking of its neurons
 *   has `best` alone
 * @property {ChatInfo} chat
 * @property {{file: string, bytes: number, sha256: string}[]} shards in loading order
 * @property {number} bytes all shards together
 * @property {string} sha256 of the manifest, hexadecimal
 */

/**
 * What a model's chats can have.
 * @typedef {object} ChatInfo
 * @property {boolean} system whether a system text becomes part of the prompt
 * @property {boolean} dates whether the prompt holds the date
 * @property {{start: string, end: string, default?: 'on' | 'off'}} [thinking] the marks of
 *   reasoning, and whether the model reasons where nobody says; without `default` it cannot be
 *   switched. None: the model does not reason
 */

/**
 * What has come of embedding and output: upper planes, of how many, and first rows, which are the
 * tokens that the model knows. Before all planes have come, which are the last, answers are a
 * little worse. Records of early answers from before rows were counted have none.
 * @typedef {{readonly planes: number, readonly of: number, readonly rows?: number,
 *   readonly of_rows?: number}} Precision
 */

/**
 * What the loaded engine runs.
 * @typedef {object} KernelInfo
 * @property {string} kernel `lookup`, `popcount` or `dot`
 * @property {string} prompt_kernel what runs prompts: the same, or `dot`
 * @property {string} why how the kernel was chosen
 * @property {number} context tokens of context in use
 * @property {boolean} simd whether this wasm build holds SIMD
 * @property {Precision} precision
 */

/**
 * How many threads run.
 * @typedef {object} ThreadsInfo
 * @property {number} threads
 * @property {string} threads_why how their number was chosen
 */

/** @typedef {{role: Role, content: string}} Message */

/**
 * One answer's settings as Go takes them. A field left out takes Go's default: preset `best`,
 * and everything else off.
 * @typedef {object} AnswerRequest
 * @property {Message[]} messages
 * @property {Preset} [preset] never beside steps
 * @property {number} [steps] T of all neurons alike: 1, 2 or 4; 0 leaves activations uncoded
 * @property {number} [cache_steps] T of keys and values: 1, 2 or 4; 0 leaves them float; left out,
 *   as preset or steps say
 * @property {number} [cache_share] 0 to 1: part of the key and value heads that has cache_steps;
 *   only with cache_low
 * @property {number} [cache_low] T of the other heads: 1, 2 or 4; only with cache_share
 * @property {number} [max_tokens]
 * @property {number} [temperature]
 * @property {number} [top_p]
 * @property {number} [top_k]
 * @property {number} [min_p]
 * @property {number} [repetition_penalty]
 * @property {number} [seed]
 * @property {string[]} [stop]
 * @property {number} [top_logprobs] tokens come with their logprobs, and this many alternatives
 * @property {boolean} [thinking] only for a model whose thinking can be switched
 * @property {string} [date] of today, such as 2026-11-30: for a model whose chats hold it
 * @property {Lesions} [lesions]
 * @property {boolean} [aside] the conversation is to stay as it is
 */

/**
 * Where loading is. `loaded` and `total` are bytes of the model, from the manifest: never of the
 * wire.
 * @typedef {object} Progress
 * @property {'engine' | 'manifest' | 'shards' | 'prepare' | 'ready'} phase
 * @property {number} loaded bytes as they arrive, from the network or this browser's storage; falls
 *   back when a shard is fetched again
 * @property {number} total bytes of all shards; 0 until the manifest is read
 * @property {number} cached how many of `loaded` came from this browser's storage
 * @property {boolean} waiting the network is away; loading goes on when it is back
 */

/**
 * @typedef {'stop' | 'length' | 'abort'} FinishReason
 */

// Page to worker.

/**
 * @typedef {{type: 'load', model: string, build: 'auto' | Build, kernel: Kernel, context: number,
 *   threads: Threads, useCache: boolean, early: boolean}} LoadMessage early: ready as soon as a
 *   chat can begin
 */
/** @typedef {{type: 'cancel'}} CancelMessage ends loading; answered when what has come is kept */
/** @typedef {{type: 'resume'}} ResumeMessage loads the rest of the model, which failed before */
/** @typedef {{type: 'ask', id: number, request: AnswerRequest}} AskMessage */
/** @typedef {{type: 'stop', id: number}} StopMessage seen between two tokens */
/** @typedef {{type: 'stats', id: number}} StatsMessage */
/** @typedef {{type: 'inspect', id: number, query: Inspection}} InspectMessage */
/**
 * @typedef {LoadMessage | CancelMessage | ResumeMessage | AskMessage | StopMessage |
 *   StatsMessage | InspectMessage} ToWorker
 */

// Worker to page.

/**
 * @typedef {{type: 'alive', lock: string}} AliveMessage names a Web Lock that the worker, or
 *   one of its further threads, holds as long as it lives
 */
/** @typedef {{type: 'progress'} & Progress} ProgressMessage */
/**
 * @typedef {{type: 'notice', code: ErrorCode, message: string}} NoticeMessage loading goes on, but
 *   the reader should know
 */
/**
 * @typedef {{
 *   type: 'ready', model: ModelInfo, kernel: KernelInfo & ThreadsInfo, build: Build,
 * }} ReadyMessage
 */
/** @typedef {{type: 'cancelled'}} CancelledMessage nothing more is fetched or kept */
/**
 * @typedef {{type: 'precision', precision: Precision}} PrecisionMessage after an early `ready`,
 *   more has come; in the end all of it
 */
/**
 * @typedef {{type: 'begun', id: number, prompt_tokens: number, cached_tokens: number,
 *   precision: Precision}} BegunMessage
 */
/**
 * @typedef {{type: 'prefill', id: number, left: number}} PrefillMessage prompt tokens still to do
 */
/**
 * @typedef {object} TokenMessage
 * @property {'token'} type
 * @property {number} id of the answer
 * @property {number} token
 * @property {string} text what this token made complete; may be empty
 * @property {number} position in the context
 * @property {Uint32Array} counts as many as countsOf in shared/spikes.js says; or none with steps
 *   0; transferred. The last three are there only where the layers are coded: with steps 0 nothing
 *   is told of looking back either, whatever cache_steps is
 * @property {TokenLogprob[]} [logprobs] of the tokens whose text begins in this one, where the
 *   request asked for them
 */
/**
 * @typedef {object} DoneMessage
 * @property {'done'} type
 * @property {number} id
 * @property {FinishReason} reason
 * @property {number} completion_tokens
 * @property {number} prefill_ms
 * @property {number} decode_ms all steps after the prompt
 */
/** @typedef {{type: 'stats', id: number, stats: Record<string, unknown>}} StatsAnswerMessage */
/**
 * @typedef {{type: 'inspecting', id: number, read: number, total: number}} InspectingMessage tokens
 *   of a history that were read again
 */
/** @typedef {{type: 'inspected', id: number, result: Inspected}} InspectedMessage */
/**
 * @typedef {{type: 'failed', id: number | null, error: ErrorRecord}} FailedMessage one call failed
 *   (null: loading, or after an early `ready` the rest of it); the worker lives on
 */
/**
 * @typedef {{type: 'crashed', error: ErrorRecord}} CrashedMessage the engine is gone and everything
 *   pending with it
 */
/**
 * @typedef {AliveMessage | ProgressMessage | NoticeMessage | ReadyMessage | CancelledMessage |
 *   PrecisionMessage | BegunMessage | PrefillMessage | TokenMessage | DoneMessage |
 *   StatsAnswerMessage | InspectingMessage | InspectedMessage | FailedMessage |
 *   CrashedMessage} FromWorker
 */
